import Foundation

/// Forced alignment of words with audio: a grammar of the words in order, with any phones before and after.
final class ForcedAligner {
    struct Place: Encodable {
        let start: Double
        let end: Double
        /// As `Result.fit`, over the word's frames.
        let fit: Double

        private enum CodingKeys: String, CodingKey {
            case start = "start_s"
            case end = "end_s"
            case fit
        }
    }

    struct Result: Encodable {
        var words: [Place?]
        /// Mean over the words' frames: log-likelihood minus that of any phones in any order.
        var fit: Double
    }

    private struct Segment {
        let word: String
        let start: Int
        let end: Int
        let score: Double
    }

    private let library: SphinxLibrary
    private let decoder: SphinxLibrary.Decoder
    /// For any phones in any order: there a narrow beam also finds the best path.
    private let anyPhones: SphinxLibrary.Decoder
    /// Tokens by word: the words may have characters that a grammar does not allow.
    private var tokens: [String: String] = [:]
    private var grammars = 0

    static let phones = [
        "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH",
        "K", "L", "M", "N", "NG", "OW",
        "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
    ]
    /// Frames a second.
    private static let rate = 100.0
    /// A unit of the library's scores as a natural logarithm: its base is 1.0001, with ten bits dropped.
    private static let scoreUnit = log(1.0001) * 1024

    /// - Parameter models: folder with `en-us/` and `cmudict-en-us.dict`.
    init(models: String) throws {
        library = try SphinxLibrary()
        guard FileManager.default.fileExists(atPath: models + "/en-us/mdef") else { throw AlignerError.noModel }
        // `-remove_silence no`: otherwise times are up to 0.6 s early. Wide beams: with pruning, noise is aligned badly
        // with high confidence.
        let common = [
            "-hmm", models + "/en-us", "-remove_silence", "no", "-bestpath", "no", "-logfn", "/dev/null", "-dither",
            "no",
        ]
        decoder = try library.decoder(
            common + ["-dict", models + "/cmudict-en-us.dict", "-beam", "0", "-wbeam", "0", "-pbeam", "0"])
        anyPhones = try library.decoder(
            common + ["-dict", "/dev/null", "-beam", "1e-40", "-wbeam", "1e-30", "-pbeam", "1e-40"])
        for decoder in [decoder, anyPhones] {
            for phone in ForcedAligner.phones {
                guard
                    library.addWord(
                        decoder, "_" + phone.lowercased(), phone, phone == ForcedAligner.phones.last ? 1 : 0) >= 0
                else {
                    throw AlignerError.refused("the phone \(phone)")
                }
            }
        }
    }

    /// - Parameter spoken: 16 kHz.
    func align(_ words: [String], on samples: [Int16]) throws -> Result? {
        let known = words.map { token($0) }
        let line = known.compactMap { $0 }
        guard !line.isEmpty else { return nil }
        let loop = ForcedAligner.phones.map { "_" + $0.lowercased() }.joined(separator: " | ")
        guard
            let forced = try decode(
                decoder, samples, "public <u> = <g>* \(line.joined(separator: " ")) <g>*; <g> = \(loop);"),
            let free = try decode(anyPhones, samples, "public <u> = <g>+; <g> = \(loop);")
        else { return nil }
        let spoken = forced.filter { $0.word.hasPrefix("x") }
        guard spoken.count == line.count, let first = spoken.first?.start, let last = spoken.last?.end else {
            return nil
        }
        var places: [Place?] = []
        var next = 0
        for token in known {
            guard token != nil else {
                places.append(nil)
                continue
            }
            let word = spoken[next]
            places.append(
                Place(
                    start: Double(word.start) / ForcedAligner.rate, end: Double(word.end) / ForcedAligner.rate,
                    fit: ForcedAligner.fit([word], from: word.start, to: word.end, against: free)))
            next += 1
        }
        return Result(words: places, fit: ForcedAligner.fit(forced, from: first, to: last, against: free))
    }

    private static func fit(_ forced: [Segment], from first: Int, to last: Int, against free: [Segment]) -> Double {
        let own = forced.filter { $0.start >= first && $0.end <= last }.reduce(0) { $0 + $1.score }
        let any = free.reduce(0.0) { sum, segment in
            let common = min(segment.end, last) - max(segment.start, first)
            return common > 0 ? sum + segment.score * Double(common) / Double(max(1, segment.end - segment.start)) : sum
        }
        return (own - any) / Double(max(1, last - first))
    }

    private func decode(_ decoder: SphinxLibrary.Decoder, _ samples: [Int16], _ rules: String) throws -> [Segment]? {
        // Two alternating names: one in use cannot be replaced.
        let name = "g\(grammars % 2)"
        if decoder == anyPhones { grammars += 1 }
        guard library.setGrammar(decoder, name, "#JSGF V1.0; grammar g; \(rules)") == 0,
            library.setSearch(decoder, name) == 0
        else {
            throw AlignerError.refused("the grammar of the words")
        }
        guard library.startUtterance(decoder) == 0, library.process(decoder, samples, samples.count, 0, 1) >= 0,
            library.endUtterance(decoder) == 0
        else {
            return nil
        }
        var segments: [Segment] = []
        var segment = library.firstSegment(decoder)
        while let current = segment {
            var (start, end, acoustic, language, back) = (Int32(0), Int32(0), Int32(0), Int32(0), Int32(0))
            library.segmentFrames(current, &start, &end)
            _ = library.segmentScore(current, &acoustic, &language, &back)
            if let word = library.segmentWord(current), end >= start {
                segments.append(
                    Segment(
                        word: String(cString: word), start: Int(start), end: Int(end) + 1,
                        score: Double(acoustic) * ForcedAligner.scoreUnit))
            }
            segment = library.nextSegment(current)
        }
        return segments.isEmpty ? nil : segments
    }

    /// The token of a word, from the dictionary with all its pronunciations, else from its spelling; nil: no
    /// pronunciation.
    private func token(_ word: String) -> String? {
        let plain = String(
            word.lowercased().replacingOccurrences(of: "\u{2019}", with: "'").filter {
                $0.isLetter || $0.isNumber || $0 == "'"
            })
        guard !plain.isEmpty else { return nil }
        if let token = tokens[plain] { return token }
        var pronunciations: [String] = []
        var entry = plain
        while pronunciations.count < 6, let phones = library.lookUp(decoder, entry) {
            pronunciations.append(String(cString: phones))
            free(phones)
            entry = "\(plain)(\(pronunciations.count + 1))"
        }
        if pronunciations.isEmpty { pronunciations = Spelling.pronunciation(plain).map { [$0] } ?? [] }
        guard !pronunciations.isEmpty else { return nil }
        let token = "x\(tokens.count)"
        for (index, phones) in pronunciations.enumerated() {
            let name = index == 0 ? token : "\(token)(\(index + 1))"
            guard library.addWord(decoder, name, phones, index == pronunciations.count - 1 ? 1 : 0) >= 0 else {
                return nil
            }
        }
        tokens[plain] = token
        return token
    }
}
