import SignalCore
import SyncModel

@testable import Speakers

/// A conversation whose truth is constructed: who speaks when, and what each voice's print is.
struct MadeVoices {
    /// Speaker, start, end in seconds.
    let truth: [(speaker: String, start: Double, end: Double)]
    let seconds: Double
    /// Speakers that the windows take for one voice.
    var merged: Set<String> = []
    /// How far prints lie from their voice's own, and how alike the voices are.
    var noise: Float = 0.3
    var likeness: Float = 0

    static let step = 270.0 / 16000

    /// Turns that alternate between voices, with pauses and some overlap.
    static func alternating(_ speakers: [String] = ["anna", "ben"], turns: Int = 16, seed: UInt64 = 7) -> MadeVoices {
        var random = SplitMix64(seed: seed)
        func uniform(_ low: Double, _ high: Double) -> Double {
            low + (high - low) * Double(random.next() >> 11) / Double(1 << 53)
        }
        var (truth, at) = ([(speaker: String, start: Double, end: Double)](), 1.0)
        for index in 0..<turns {
            let length = uniform(1.5, 4)
            truth.append((speakers[index % speakers.count], at, at + length))
            at += length + (index % 4 == 3 ? -0.4 : uniform(0.2, 1.2))
        }
        return MadeVoices(truth: truth, seconds: at + 2)
    }

    /// Windows of 10 s, the voices' columns exchanged from window to window, as they may be.
    var windows: [VoiceWindow] {
        let speakers = Set(truth.map { merged.contains($0.speaker) ? "" : $0.speaker }).sorted()
        return stride(from: 0.0, to: max(1, seconds - 5), by: 2.5).enumerated().map { number, start in
            let frames = min(589, Int((seconds - start) / MadeVoices.step))
            var activity = FrameMatrix(frames: frames, columns: 3)
            for frame in 0..<frames {
                let time = start + (Double(frame) + 0.5) * MadeVoices.step
                for turn in truth where turn.start <= time && time < turn.end {
                    let place = speakers.firstIndex(of: merged.contains(turn.speaker) ? "" : turn.speaker) ?? 0
                    activity[frame, (place + number) % 3] = 0.97
                }
            }
            for index in activity.values.indices where activity.values[index] == 0 { activity.values[index] = 0.02 }
            return VoiceWindow(start: start, step: MadeVoices.step, activity: activity)
        }
    }

    var sound: SpeakerSound {
        let (truth, noise, likeness) = (truth, noise, likeness)
        let names = Set(truth.map(\.speaker)).sorted()
        return SpeakerSound(windows: windows, seconds: seconds, method: "made") { span in
            let middle = (span.start + span.end) / 2
            guard let turn = truth.first(where: { $0.start <= middle && middle < $0.end }) else { return nil }
            var random = SplitMix64(seed: UInt64(bitPattern: Int64(middle * 1000)))
            var print = (0..<32).map { _ in noise * (Float(random.next() >> 40) / Float(1 << 23) - 1) }
            print[names.firstIndex(of: turn.speaker) ?? 0] += 1
            print[31] += likeness
            return VoiceComparison.unit(print)
        }
    }

    /// The right labels.
    var turns: [SpeakerTurn] {
        truth.enumerated().map { SpeakerTurn(index: $0, speaker: $1.speaker, start: $1.start, end: $1.end) }
    }
}
