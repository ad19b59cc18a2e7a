import Container
import MediaIO
public import Plan
public import SyncModel

/// The check `container`: the file's declarations, and the health of its streams. Reads all packets, decodes the audio,
/// and only suspicious segments of the video.
public final class ContainerCheck: ClipCheck {
    public let check = Check.container
    public var method: MethodVersion { ContainerAnalyser.method }
    private let analyser: ContainerAnalyser
    private let isThorough: Bool

    public init(_ settings: CheckSettings) {
        analyser = ContainerAnalyser(tolerance: settings.tolerance, expectation: settings.expectation)
        isThorough = settings.thorough
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        let isStill = clip.file.isStillPicture
        guard clip.video != nil && !isStill || clip.ownAudio != nil else {
            return .findings([analyser.notApplicable(reason(clip))])
        }
        let listener = Listener(self, clip, video: isStill ? nil : clip.video?.index, audio: clip.ownAudio?.index)
        // A short clip is examined as a whole: frames decoded for other checks are reused.
        return StreamHealth.isShort(clip.file.durationSeconds) ? .listen(listener) : .findings([try listener.finding()])
    }

    private final class Listener: PassOnlooker {
        let wants: PassWants = []
        private let check: ContainerCheck
        private let clip: OpenedClip
        private let video: Int?
        private let audio: Int?
        private var notes: StreamNotes?

        init(_ check: ContainerCheck, _ clip: OpenedClip, video: Int?, audio: Int?) {
            self.check = check
            self.clip = clip
            self.video = video
            self.audio = audio
        }

        func passBegins(_ file: MediaFile, showsPictures: Bool) -> PacketSurvey {
            let notes = StreamNotes(video: video, audio: audio)
            notes.begin(file, showsPictures: showsPictures)
            self.notes = notes
            return notes.survey
        }

        func lookOn(_ picture: Picture) { notes?.see(picture) }
        func passEnded() { notes?.finish() }
        func finish(_ tally: MediaTally) throws -> [Finding] { [try finding()] }

        func finding() throws -> Finding {
            let examined = try StreamHealth(
                path: clip.request.clip, region: clip.files.region, isThorough: check.isThorough
            ).examine(video: video, audio: audio, seen: notes)
            // Audio in a separate file is not part of this container.
            guard clip.files.audio == nil, clip.video != nil, clip.ownAudio != nil, video != nil else {
                return check.analyser.notApplicable(check.reason(clip), health: examined.faults)
                    .adding(examined.evidence)
            }
            return check.analyser.finding(examined.facts, health: examined.faults).adding(examined.evidence)
        }
    }

    private func reason(_ clip: OpenedClip) -> String {
        if clip.files.audio != nil { return "the audio is in a separate file" }
        if clip.ownAudio == nil { return "there is no audio" }
        return clip.video == nil ? "there is no video, only audio" : "it is a single image: nothing moves"
    }
}
