import Assets
import Foundation
import Inference
import SignalCore
public import Speakers
import SyncModel
import Transcripts
import VoiceModels
import Words

/// The speaker models, loaded when the first recording needs them; without them only speech is detected.
public final class SpeakerModels {
    let turns: SpeakerTurnNetwork?
    let voices: VoicePrinter?
    /// Why they are missing, in words; empty: they are available.
    let missing: [String]

    public init(assets root: String) {
        let assets = VoiceAssets(root: root)
        var loaded: (SpeakerTurnNetwork, VoicePrinter)?
        var reasons: [String] = []
        do {
            let lacking = assets.missing
            guard lacking.isEmpty, let path = AssetFolder(root: root).library else {
                throw InferenceError(.modelMissing, lacking.joined(separator: ", ") + " is missing")
            }
            let library = try InferenceLibrary(path: path)
            loaded = (
                try SpeakerTurnNetwork(assets: assets, library: library),
                try VoicePrinter(assets: assets, library: library)
            )
        } catch {
            let said = (error as? InferenceError)?.description ?? "\(error)"
            reasons = ["to distinguish voices: speaker models; \(Installation.remedy(.voices)) (\(said))"]
        }
        (turns, voices) = (loaded?.0, loaded?.1)
        missing = reasons
    }
}

/// Analyses a recording's speakers during decoding.
public final class SpeakerCollector {
    private let models: SpeakerModels
    private var pending: [Float] = []
    /// Timeline index of the first pending sample.
    private var base = 0
    private var end = 0
    private var windows: [VoiceWindow] = []
    private var kept: KeptSound
    private var frames = SoundFrameBuilder()

    private static let rate = 16_000.0
    /// Samples from one window to the next.
    private static let hop = 40_000
    /// The longest gap in samples: half an hour.
    private static let longestHole = 1800 * 16_000
    /// Voices are compared within the first hour: it is kept with two bytes per sample.
    private static let keptSeconds = 3600.0

    public init(_ models: SpeakerModels) {
        self.models = models
        kept = KeptSound(seconds: models.voices == nil ? 0 : SpeakerCollector.keptSeconds)
    }

    /// Adds a run of samples at 16 kHz; `start` counts from the timeline's origin. Gaps are silent.
    ///
    /// - Throws: `ClipFailure` where the network fails.
    public func append(start: Int, channels: [[Float]]) throws {
        guard let count = channels.first?.count, count > 0 else { return }
        kept.append(start: start, channels: channels)
        guard models.turns != nil else {
            frames.append(start: start, channels: channels)
            end = max(end, start + count)
            return
        }
        if start - end > SpeakerCollector.longestHole {
            throw ClipFailure(
                code: "hole-in-sound",
                message: "the audio timestamps have a gap of \((start - end) / Int(SpeakerCollector.rate)) s",
                remedy: "fix the timestamps first: ffmpeg -fflags +genpts -i IN -c copy OUT")
        }
        while start > end {
            let hole = min(start - end, SpeakerCollector.hop)
            pending += repeatElement(0, count: hole)
            end += hole
            try drain()
        }
        let skipped = end - start
        guard skipped < count else { return }
        let share = 1 / Float(channels.count)
        for index in skipped..<count {
            var sum: Float = 0
            for channel in channels { sum += channel[index] }
            pending.append(sum.isFinite ? sum * share : 0)
        }
        end = start + count
        try drain()
    }

    private func drain() throws {
        while pending.count >= SpeakerTurnNetwork.samples {
            try hear()
            pending.removeFirst(SpeakerCollector.hop)
            base += SpeakerCollector.hop
        }
    }

    private func hear() throws {
        guard let network = models.turns else { return }
        do {
            let activity = try network.activity(of: pending)
            let step = Double(SpeakerTurnNetwork.hop) / SpeakerCollector.rate
            let first =
                (Double(base) + SpeakerTurnNetwork.firstCentre - Double(SpeakerTurnNetwork.hop) / 2)
                / SpeakerCollector.rate
            // Padding after the recording's end is not evidence of silence.
            let held = min(activity.frames, Int(((Double(end) / SpeakerCollector.rate - first) / step).rounded(.up)))
            guard held > 0 else { return }
            let values = Array(activity.values.prefix(held * activity.columns))
            windows.append(
                VoiceWindow(start: first, step: step, activity: FrameMatrix(columns: activity.columns, values: values)))
        } catch {
            throw ClipFailure(
                code: error.kind.rawValue, message: "the speaker model failed: \(error.description)",
                remedy: error.remedy)
        }
    }

    /// The result, at the end of the audio.
    public func finish() throws -> SpeakerSound {
        let seconds = Double(end) / SpeakerCollector.rate
        guard models.turns != nil else {
            let scores = try SpeechClasses.packaged().scores(of: frames.finish())
            return SpeakerSound(
                windows: SpeakerCollector.windows(of: scores), seconds: seconds, method: "speech-activity",
                missing: models.missing)
        }
        // The rest, unless a window covered nearly all of it.
        if windows.isEmpty || Double(end) / SpeakerCollector.rate > (windows.last?.end ?? 0) + 0.1 { try hear() }
        pending = []
        let (kept, voices) = (self.kept, models.voices)
        return SpeakerSound(windows: windows, seconds: seconds, method: "pyannote-segmentation-3.0, cam++") { span in
            guard let part = kept.part(from: span.start, to: span.end) else { return nil }
            return try? voices?.print(of: part.samples)
        }
    }

    /// Speech without speakers, as one voice, in windows of 10 s.
    private static func windows(of scores: SpeechScores) -> [VoiceWindow] {
        let activity = scores.activity
        let step = 1 / SoundFrameBuilder.rate
        return stride(from: 0, to: activity.count, by: 250).map { first in
            let part = Array(activity[first..<min(activity.count, first + 500)])
            return VoiceWindow(
                start: (Double(first) - 0.5) * step, step: step, activity: FrameMatrix(columns: 1, values: part))
        }
    }
}
