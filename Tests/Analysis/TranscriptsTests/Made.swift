import Foundation
import SignalCore
import SyncModel

@testable import Transcripts

/// A made recording: frames that say which class of sound they hold, more or less clearly.
struct MadeSpeech {
    static let vocabulary = [
        "water", "mountain", "simple", "garden", "fish", "yellow", "machine", "river", "paper", "silver", "window",
        "basket", "thunder", "pillow",
        "orange", "castle", "number", "forest", "village", "summer", "winter", "hammer", "letter", "kitchen", "bottle",
        "shadow", "ladder", "market",
    ]

    /// Words in sentences of five to nine with pauses between them: (start, end, word) in seconds.
    static func words(seconds: Double, seed: UInt64) -> [[(Double, Double, String)]] {
        var generator = SplitMix64(seed: seed)
        func uniform(_ low: Double, _ high: Double) -> Double {
            low + (high - low) * Double(generator.index(below: 10_000)) / 10_000
        }
        var (time, result): (Double, [[(Double, Double, String)]]) = (uniform(0.5, 2), [])
        while time < seconds - 6 {
            var sentence: [(Double, Double, String)] = []
            for _ in 0..<5 + generator.index(below: 5) {
                let word = vocabulary[generator.index(below: vocabulary.count)]
                let length = Double(word.count) * uniform(0.055, 0.085)
                sentence.append((time, time + length, word))
                time += length + (generator.index(below: 5) == 0 ? uniform(0.05, 0.2) : 0)
            }
            result.append(sentence)
            time += uniform(0.4, 2.5)
        }
        return result
    }

    /// What the model would say of speech with these words, with noise.
    static func scores(_ sentences: [[(Double, Double, String)]], seconds: Double, noise: Double = 1, seed: UInt64 = 5)
        -> SpeechScores
    {
        let units = sentences.joined().enumerated().compactMap { index, word in
            SpokenUnit(
                item: index, TranscriptText.Item(index: index, kind: .word, text: word.2, start: word.0, end: word.1))
        }
        let truth = TextFrames(units)
        var generator = SplitMix64(seed: seed)
        func normal() -> Double {
            (0..<12).reduce(-6) { sum, _ in sum + Double(generator.index(below: 1 << 20)) / Double(1 << 20) }
        }
        var scores = FrameMatrix(frames: 0, columns: LetterClasses.count)
        var speech: [Float] = []
        for frame in 0..<Int(seconds * SpeechScores.rate) {
            let row = frame - truth.first
            let inside = row >= 0 && row < truth.matrix.frames
            var values = (0..<LetterClasses.count).map { column -> Float in
                let share = inside ? Double(truth.matrix[row, column]) : column == 0 ? 1 : 0
                return Float(max(-4, min(3, -2 + 4 * share + noise * normal())))
            }
            let isSilent = !inside || truth.matrix[row, 0] > 0.5
            if isSilent { for column in 1..<LetterClasses.count { values[column] = min(values[column], 0) } }
            scores.append(row: values)
            speech.append(isSilent ? 0.05 : 0.95)
        }
        return SpeechScores(scores: scores, speech: speech)
    }

    static func cues(
        _ sentences: [[(Double, Double, String)]], _ move: (Double) -> Double = { $0 }, lead: Double = 0,
        linger: Double = 0
    ) -> TranscriptText {
        TranscriptText(
            items: sentences.enumerated().map { index, sentence in
                TranscriptText.Item(
                    index: index, kind: .cue, text: sentence.map(\.2).joined(separator: " "),
                    start: move(sentence[0].0 - lead),
                    end: move(sentence[sentence.count - 1].1 + linger))
            })
    }

    static func words(_ sentences: [[(Double, Double, String)]], _ move: (Double) -> Double = { $0 }) -> TranscriptText
    {
        TranscriptText(
            items: sentences.joined().enumerated().map { index, word in
                TranscriptText.Item(index: index, kind: .word, text: word.2, start: move(word.0), end: move(word.1))
            })
    }

    static func analyser(timingOnly: Bool = false) throws -> TranscriptAnalyser {
        TranscriptAnalyser(model: try .packaged(), timingOnly: timingOnly)
    }
}
