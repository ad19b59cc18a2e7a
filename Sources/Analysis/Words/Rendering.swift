import Foundation

/// A text spoken by a synthesiser: the audio and the times of its words.
struct Rendering {
    /// Full scale at 1.
    let samples: [Float]
    let sampleRate: Double
    /// One for each word, in seconds; nil for a word that the synthesiser merges with the one before.
    let words: [PassageAlignment.Place?]
    /// From the first word's start to the last word's end.
    let span: ClosedRange<Double>

    private struct Question: Encodable {
        let text: String
        let voice: String
    }

    private struct Answer: Decodable {
        struct Span: Decodable {
            let start: Double
            let end: Double
            let position: Int?

            private enum CodingKeys: String, CodingKey {
                case start = "start_s"
                case end = "end_s"
                case position
            }
        }
        let sampleRate: Double?
        let words: [Span]?
        let sound: Data?
        let error: String?

        private enum CodingKeys: String, CodingKey {
            case sampleRate = "sample_rate"
            case words, sound, error
        }
    }

    /// - Parameter program: `genlock-speech-synth --serve`.
    init?(_ words: [String], voice: String, by program: HelperProgram) {
        var starts: [Int] = []
        var text = ""
        for word in words {
            if !text.isEmpty { text += " " }
            starts.append(text.unicodeScalars.count)
            text += word
        }
        guard let answer = program.ask(Question(text: text, voice: voice), Answer.self), let spans = answer.words,
            let sound = answer.sound,
            let rate = answer.sampleRate, rate >= 8000, !spans.isEmpty, !words.isEmpty
        else { return nil }
        var places = [PassageAlignment.Place?](repeating: nil, count: words.count)
        for span in spans {
            guard let position = span.position, let word = starts.lastIndex(where: { $0 <= position }),
                span.end > span.start
            else { continue }
            places[word] = .init(start: places[word]?.start ?? span.start, end: span.end, lost: 0)
        }
        let found = places.compactMap { $0 }
        guard let first = found.first?.start, let last = found.last?.end, last > first else { return nil }
        samples = sound.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map {
                Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))) / 32768
            }
        }
        sampleRate = rate
        self.words = places
        span = first...last
    }
}
