import Foundation
import SignalCore

/// Aligns English with PocketSphinx's acoustic model (Huggins-Daines et al. 2006), in a separate program.
public final class PocketSphinxAligner: SpeechAlignment {
    public let name = "pocketsphinx"
    private let program: HelperProgram

    /// Probability that a word is found wrongly by its frames' loss against any phones in any order, as a natural
    /// logarithm: right words of the GRID corpus and of hand-labelled recordings are about -0.5, other words about -6.
    private static let lostByFit: [(above: Double, lost: Double)] = [(-1.5, 0.05), (-2.7, 0.1), (-4, 0.25), (-6, 0.5)]
    private static let mostLost = 0.7

    private struct Question: Encodable {
        let words: [String]
        /// 16-bit, little-endian, at 16 kHz.
        let sound: Data
    }

    private struct Answer: Decodable {
        struct Span: Decodable {
            let start: Double
            let end: Double
            let fit: Double

            private enum CodingKeys: String, CodingKey {
                case start = "start_s"
                case end = "end_s"
                case fit
            }
        }
        let words: [Span?]?
        let fit: Double?
        let error: String?
    }

    /// - Parameter program: path of `genlock-word-aligner`.
    public init(program: String) { self.program = HelperProgram(path: program, arguments: []) }

    /// Whether the program finds the library and its model; checked once.
    public private(set) lazy var isThere: Bool =
        program.ask(Question(words: [], sound: Data()), Answer.self).map { $0.error == nil } ?? false

    public func speaks(_ language: String) -> Bool {
        let tag = language.lowercased()
        return (tag == "en" || tag == "eng" || tag.hasPrefix("en-")) && isThere
    }

    public func align(_ passage: SpokenPassage) -> PassageAlignment? {
        // Digital silence has no logarithm, and the words after it are not found: a whisper of noise, the same each
        // time.
        var generator = SplitMix64(seed: 1)
        let sound = passage.samples.map { sample in
            Int16(max(-1, min(1, sample)) * 32750 + Float(generator.index(below: 17)) - 8).littleEndian
        }.withUnsafeBytes { Data($0) }
        guard let answer = program.ask(Question(words: passage.words, sound: sound), Answer.self),
            let words = answer.words,
            words.count == passage.words.count, let fit = answer.fit
        else { return nil }
        let places = words.map { span in
            span.map { span in
                let lost =
                    PocketSphinxAligner.lostByFit.first { span.fit > $0.above }?.lost ?? PocketSphinxAligner.mostLost
                return PassageAlignment.Place(start: span.start, end: span.end, fit: span.fit, lost: lost)
            }
        }
        return PassageAlignment(places: places, fit: fit)
    }
}
