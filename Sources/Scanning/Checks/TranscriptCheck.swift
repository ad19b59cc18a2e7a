import Foundation
import MediaIO
public import Plan
import SignalCore
public import SyncModel
import TimedText
import Transcripts
import Words

/// The check `transcript`: timed text against the speech in the audio.
///
/// The text is that of the request, else the subtitles inside the clip.
public final class TranscriptCheck: ClipCheck {
    public let check = Check.transcript
    private let settings: CheckSettings
    private var loaded: TranscriptAnalyser?
    private let words: WordLook?

    public init(_ settings: CheckSettings) {
        self.settings = settings
        words = settings.words ? WordLook(thorough: settings.thorough) : nil
        // Workers may not start programs after their first clip.
        words?.start()
    }

    public var method: MethodVersion { get throws { try analyser.model.method } }

    private var analyser: TranscriptAnalyser {
        get throws {
            if let loaded { return loaded }
            let made = TranscriptAnalyser(
                model: try .packaged(), tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs)
            loaded = made
            return made
        }
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        let analyser = try self.analyser
        let (sources, failures) = try gathered(clip)
        let broken = failures.map { file, failure in
            Finding.unreadable(
                failure, file: file, check: .transcript, subject: .text, reference: .audio,
                tolerance: settings.tolerance, method: analyser.model.method)
        }
        if sources.isEmpty { return broken.isEmpty ? .absent : .findings(broken) }
        guard clip.hasSound else {
            let silent = SpeechScores.none
            return .findings(
                broken
                    + sources.map {
                        $0.finding(analyser, sound: silent, language: settings.language ?? clip.request.language)
                    })
        }
        return .listen(TranscriptListener(analyser, sources, broken, settings.language ?? clip.request.language, words))
    }

    private func gathered(_ clip: OpenedClip) throws -> ([TranscriptSource], [(String, ClipFailure)]) {
        var (sources, failures): ([TranscriptSource], [(String, ClipFailure)]) = ([], [])
        let files = clip.files.transcripts
        for file in files {
            do {
                // Turns and events have separate checks.
                guard clip.kind(ofText: file) ?? .text == .text else { continue }
                sources.append(
                    try TranscriptSource(
                        path: file, frameRate: clip.video?.frameRate, encoding: nil, tier: nil,
                        mediaName: clip.request.clip))
            } catch let failure as ClipFailure { failures.append((file, failure)) }
        }
        // Opened separately: the clip's pass must find its file at the beginning.
        func file() throws -> MediaFile { try MediaFile(path: clip.request.clip, region: clip.files.region) }
        func add(_ track: SubtitleTrack) {
            if !track.cues.isEmpty { sources.append(TranscriptSource(track: track, media: clip.request.clip)) }
        }
        if files.isEmpty, !clip.file.subtitleStreams.isEmpty {
            let file = try file()
            for index in file.subtitleStreams {
                do { add(try file.subtitles(stream: index)) } catch {
                    failures.append((clip.request.clip, ClipFailure(error, of: clip.request.clip)))
                }
            }
        }
        if files.isEmpty, clip.file.mayHoldCaptionData {
            for track in try file().pictureCaptions() { add(track) }
        }
        return (sources, failures)
    }
}

/// Collects the speech of a clip during its pass.
private final class TranscriptListener: PassListener {
    let wants: PassWants = .sound
    private let analyser: TranscriptAnalyser
    private let sources: [TranscriptSource]
    private let broken: [Finding]
    private let language: String?
    private let words: WordLook?
    private var frames = SoundFrameBuilder()
    private var kept: KeptSound?

    init(
        _ analyser: TranscriptAnalyser, _ sources: [TranscriptSource], _ broken: [Finding], _ language: String?,
        _ words: WordLook?
    ) {
        self.analyser = analyser
        self.sources = sources
        self.broken = broken
        self.language = language
        self.words = words
        kept = words.map { _ in KeptSound(seconds: WordLook.keptSeconds) }
    }

    func sound(_ block: SoundBlock) {
        frames.append(start: block.start, channels: block.channels)
        kept?.append(start: block.start, channels: block.channels)
    }

    func finish(_ tally: MediaTally) -> [Finding] {
        let heard = frames
        frames = SoundFrameBuilder()
        let scores = analyser.model.scores(of: heard.finish())
        let sound = kept
        kept = nil
        return broken
            + sources.map { source in
                let finding = source.finding(analyser, sound: scores, language: language)
                guard let words, let sound else { return finding }
                return words.added(to: finding, source: source, sound: sound)
            }
    }
}
