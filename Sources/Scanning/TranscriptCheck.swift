import Foundation
import MediaIO
import SignalCore
public import SyncModel
import TimedText
import Transcripts

/// The check `transcript`: timed text against the speech in the sound.
///
/// The text is what came with the request, else the subtitles inside the clip.
public final class TranscriptCheck: ClipCheck {
    public let check = Check.transcript
    private let settings: CheckSettings
    private var loaded: TranscriptAnalyser?

    public init(_ settings: CheckSettings) { self.settings = settings }

    public var method: String { get throws { try analyser.model.method } }

    private var analyser: TranscriptAnalyser {
        get throws {
            if let loaded { return loaded }
            let made = TranscriptAnalyser(model: try .packaged(), tolerance: settings.tolerance, expectation: settings.expectation)
            loaded = made
            return made
        }
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        let analyser = try self.analyser
        let (sources, failures) = try gathered(clip)
        let broken = failures.map { file, failure -> Finding in
            var finding = Finding(
                check: .transcript, subject: "text", reference: "audio", verdict: .failed, tolerance: settings.tolerance,
                because: [Doubt("\(failure.message): \(failure.remedy)")], method: analyser.model.method)
            finding.subjectFile = file
            return finding
        }
        if sources.isEmpty { return broken.isEmpty ? .absent : .findings(broken) }
        guard clip.hasSound else {
            let silent = SpeechScores.none
            return .findings(broken + sources.map { $0.finding(analyser, sound: silent, language: settings.language ?? clip.request.language) })
        }
        return .listen(TranscriptListener(analyser, sources, broken, settings.language ?? clip.request.language))
    }

    private func gathered(_ clip: OpenedClip) throws -> ([TranscriptSource], [(String, ClipFailure)]) {
        var (sources, failures): ([TranscriptSource], [(String, ClipFailure)]) = ([], [])
        let files = clip.request.transcriptFiles
        for file in files {
            do {
                sources.append(
                    try TranscriptSource(path: file, frameRate: clip.video?.frameRate, encoding: nil, tier: nil, mediaName: clip.request.clip))
            } catch let failure as ClipFailure { failures.append((file, failure)) }
        }
        if files.isEmpty, !clip.file.subtitleStreams.isEmpty {
            // A file of its own: the clip's pass must find its own at the beginning.
            let file = try MediaFile(path: clip.request.clip, region: clip.request.region)
            for index in file.subtitleStreams {
                guard let track = try? file.subtitles(stream: index), !track.cues.isEmpty else { continue }
                sources.append(TranscriptSource(track: track, media: clip.request.clip))
            }
        }
        return (sources, failures)
    }
}

/// Gathers the speech of a clip during its pass.
private final class TranscriptListener: PassListener {
    let wants: PassWants = .sound
    private let analyser: TranscriptAnalyser
    private let sources: [TranscriptSource]
    private let broken: [Finding]
    private let language: String?
    private var frames = SoundFrameBuilder()

    init(_ analyser: TranscriptAnalyser, _ sources: [TranscriptSource], _ broken: [Finding], _ language: String?) {
        self.analyser = analyser
        self.sources = sources
        self.broken = broken
        self.language = language
    }

    func sound(_ block: SoundBlock) { frames.append(start: block.start, channels: block.channels) }

    func finish(_ tally: MediaTally) -> [Finding] {
        let heard = frames
        frames = SoundFrameBuilder()
        let scores = analyser.model.scores(of: heard.finish())
        return broken + sources.map { $0.finding(analyser, sound: scores, language: language) }
    }
}
