import Container
import MediaIO
public import Plan
public import SyncModel

/// The check `container`: what the file says of itself. Reads all packets and decodes none of them.
public final class ContainerCheck: ClipCheck {
    public let check = Check.container
    public var method: MethodVersion { ContainerAnalyser.method }
    private let analyser: ContainerAnalyser

    public init(_ settings: CheckSettings) {
        analyser = ContainerAnalyser(tolerance: settings.tolerance, expectation: settings.expectation)
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        // Sound in a file of its own has no place in this container.
        guard clip.files.audio == nil, clip.video != nil, clip.ownAudio != nil, !clip.file.isStillPicture else {
            return .findings([analyser.notApplicable(reason(clip))])
        }
        // A file of its own: the pass that decodes begins where this one's file stands.
        let file = try MediaFile(path: clip.request.clip, region: clip.files.region)
        return .findings([analyser.finding(try file.survey(video: clip.video?.index, audio: clip.ownAudio?.index))])
    }

    private func reason(_ clip: OpenedClip) -> String {
        if clip.files.audio != nil { return "the sound lies in a file of its own" }
        if clip.ownAudio == nil { return "there is no sound" }
        return clip.video == nil ? "there is no picture, only sound" : "it is a single picture: nothing moves"
    }
}
