import MediaIO
public import Plan
import SignalCore
import SoundEvents
import Speakers
public import SyncModel
import TimedText

/// The checks `speakers` and `events`: labels of speakers, or of sound events, against the audio.
public final class SoundLabelCheck: ClipCheck {
    public let check: Check
    private let kind: SoundLabels.Kind
    private let settings: CheckSettings
    private var loaded: SpeakerModels?

    public init(_ kind: SoundLabels.Kind, _ settings: CheckSettings) {
        precondition(kind != .text, "texts have a separate check")
        self.kind = kind
        self.settings = settings
        check = kind == .turns ? .speakers : .events
    }

    public var method: MethodVersion { kind == .turns ? SpeakerAnalyser.method : EventAnalyser.method }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        var (labels, broken): ([SoundLabels], [Finding]) = ([], [])
        for file in clip.files.transcripts + (clip.files.labels.map { [$0] } ?? []) {
            guard clip.kind(ofText: file) == kind else { continue }
            do {
                labels.append(
                    try SoundLabels(path: file, frameRate: clip.video?.frameRate, mediaName: clip.request.clip))
            } catch let failure as ClipFailure {
                broken.append(
                    .unreadable(
                        failure, file: file, check: check, subject: .labels, reference: .audio,
                        tolerance: settings.tolerance, method: method))
            }
        }
        guard !labels.isEmpty else { return broken.isEmpty ? .absent : .findings(broken) }
        let collector: any SoundLabelCollector =
            kind == .turns ? TurnCollector(models, settings) : EventCollector(settings)
        guard clip.hasSound else { return .findings(broken + (try collector.findings(labels))) }
        return .listen(LabelListener(collector, labels, broken))
    }

    private var models: SpeakerModels {
        if let loaded { return loaded }
        let made = SpeakerModels(assets: settings.assets)
        loaded = made
        return made
    }
}

/// Analyses a recording once and compares any number of label files with it.
public protocol SoundLabelCollector: AnyObject {
    func append(start: Int, channels: [[Float]]) throws
    /// After the audio: one finding per file. May be called again.
    func findings(_ labels: [SoundLabels]) throws -> [Finding]
}

/// Compares turns with the voices.
public final class TurnCollector: SoundLabelCollector {
    private let collector: SpeakerCollector
    private let analyser: SpeakerAnalyser
    private var heard: SpeakerSound?

    public init(_ models: SpeakerModels, _ settings: CheckSettings) {
        collector = SpeakerCollector(models)
        analyser = SpeakerAnalyser(
            tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs,
            mostPrints: settings.thorough ? nil : SpeakerAnalyser.usualPrints)
    }

    public func append(start: Int, channels: [[Float]]) throws {
        try collector.append(start: start, channels: channels)
    }

    public func findings(_ labels: [SoundLabels]) throws -> [Finding] {
        let sound = try heard ?? collector.finish()
        heard = sound
        return labels.map { $0.completed(analyser.finding($0.turns, sound: sound)) }
    }
}

/// Compares events with the changes of the audio.
public final class EventCollector: SoundLabelCollector {
    private var builder = EventSoundBuilder()
    private var heard: EventSound?
    private let analyser: EventAnalyser

    public init(_ settings: CheckSettings) {
        analyser = EventAnalyser(tolerance: settings.tolerance, expectation: settings.expectation.ofOtherPairs)
    }

    public func append(start: Int, channels: [[Float]]) { builder.append(start: start, channels: channels) }

    public func findings(_ labels: [SoundLabels]) -> [Finding] {
        let sound = heard ?? builder.finish()
        (heard, builder) = (sound, EventSoundBuilder())
        return labels.map { $0.completed(analyser.finding($0.events, sound: sound)) }
    }
}

/// Feeds an analysis from a clip's pass.
private final class LabelListener: PassListener {
    let wants: PassWants = .sound
    private let collector: any SoundLabelCollector
    private let labels: [SoundLabels]
    private let broken: [Finding]

    init(_ collector: any SoundLabelCollector, _ labels: [SoundLabels], _ broken: [Finding]) {
        self.collector = collector
        self.labels = labels
        self.broken = broken
    }

    func sound(_ block: SoundBlock) throws { try collector.append(start: block.start, channels: block.channels) }
    func finish(_ tally: MediaTally) throws -> [Finding] { broken + (try collector.findings(labels)) }
}
