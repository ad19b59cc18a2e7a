import DelimitedText
import Testing

@Suite("Delimited text is read where it lies")
struct DelimitedTokenizerTests {
    /// The texts of all fields, row by row.
    private func texts(_ text: String, _ change: (inout DelimitedDialect) -> Void = { _ in }) -> [[String]] {
        var dialect = DelimitedDialect(separator: UInt8(ascii: ","))
        change(&dialect)
        return Array(text.utf8).withUnsafeBytes { bytes in
            DelimitedTokenizer(bytes, dialect: dialect).map { $0.fields.map($0.text) }
        }
    }

    private func lines(_ text: String, _ change: (inout DelimitedDialect) -> Void = { _ in }) -> [Int] {
        var dialect = DelimitedDialect(separator: UInt8(ascii: ","))
        change(&dialect)
        return Array(text.utf8).withUnsafeBytes { DelimitedTokenizer($0, dialect: dialect).map(\.line) }
    }

    @Test("the examples of RFC 4180, section 2")
    func examples() {
        let plain = [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]
        #expect(texts("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n") == plain)
        #expect(texts("aaa,bbb,ccc\r\nzzz,yyy,xxx") == plain)
        #expect(texts("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx") == plain)
        #expect(texts("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx") == [["aaa", "b\r\nbb", "ccc"], plain[1]])
        #expect(texts("\"aaa\",\"b\"\"bb\",\"ccc\"") == [["aaa", "b\"bb", "ccc"]])
    }

    @Test("an empty text has no rows, one end of a line one, and a separator at the end parts off an empty field")
    func edges() {
        #expect(texts("") == [])
        #expect(texts("\n") == [[""]])
        #expect(texts("\r\n\r\n") == [[""], [""]])
        #expect(texts("a,\n,") == [["a", ""], ["", ""]])
        #expect(texts("\u{FEFF}a") == [["\u{FEFF}a"]])
        #expect(texts("\u{FEFF}a") { $0.skipsMark = true } == [["a"]])
        #expect(texts("\u{FEFF}") { $0.skipsMark = true } == [])
    }

    @Test("ends of lines: those that the dialect names, and only they")
    func lineEnds() {
        let text = "a\rb\nc\r\nd\u{0B}e\u{0C}f\u{85}g\u{2028}h\u{2029}iâ\u{2030}"
        let words = text.split { !$0.isLetter && $0 != "\u{2030}" }.map { [String($0)] }
        #expect(texts(text) { $0.lineEnds = .unicode } == words)
        #expect(texts(text) == [["a"], ["b"], ["c"], [String(text.unicodeScalars.suffix(13).map(Character.init))]])
        #expect(texts(text) { $0.lineEnds = .lineFeed }.map { $0[0] }.prefix(2) == ["a\rb", "c\r"])
        #expect(texts(text) { $0.lineEnds = .none } == [[text]])
    }

    @Test("where a quote opens, and what follows the closing one")
    func quotes() {
        let text = "a\"b,c\", \"d,e\"f\"\",\"g\"\"h\"i"
        #expect(texts(text) == [["a\"b", "c\"", " \"d", "e\"f\"\"", "g\"hi"]])
        #expect(texts(text) { $0.tail = .dropped } == [["a\"b", "c\"", " \"d", "e\"f\"\"", "g\"h"]])
        #expect(texts(text) { $0.quotes = .none }[0].count == 5)
        #expect(texts(text) { $0.quotes = .afterBlanks } == [["a\"b", "c\"", "d,ef\"\"", "g\"hi"]])
        #expect(texts(text) { $0.quotes = .anywhere } == [["ab,c", " d,ef", "g\"hi"]])
        #expect(texts("\"a\"\"b,c\"") { $0.doublesQuotes = false } == [["a\"b", "c\""]])
        #expect(
            texts("a\rb\r,\"c\r\"\r") {
                $0.quotes = .anywhere
                $0.lineEnds = .lineFeed
                $0.dropsCarriageReturns = true
            } == [["ab", "c\r"]])
    }

    @Test("merged separators make no empty fields, but quotes do")
    func merged() {
        func blanks(_ text: String) -> [[String]] {
            texts(text) {
                $0.separator = UInt8(ascii: " ")
                $0.mergesSeparators = true
            }
        }
        #expect(blanks("  a   b \n\n   \n\"\" \"c  d\"\n") == [["a", "b"], [], [], ["", "c  d"]])
    }

    @Test("rows know the line on which they begin")
    func numbers() {
        #expect(lines("a\n\n\"b\r\nc\rd\"\re\n") == [1, 2, 3, 6])
        #expect(lines("a\n\n\"b\r\nc\rd\"\re\n") { $0.quotedLineEnds = .lineFeed } == [1, 2, 3, 5])
        #expect(lines("\"a\nb") == [1])
    }

    @Test("a quote that stays open is told, with the first of its lines")
    func unclosed() {
        func rows(_ text: String, longest: Int?) -> [String] {
            var dialect = DelimitedDialect(separator: UInt8(ascii: ","))
            dialect.longestQuote = longest
            let bytes = Array(text.utf8)
            return bytes.withUnsafeBytes { raw in
                DelimitedTokenizer(raw, dialect: dialect).map { row in
                    let range = row.isUnclosed ? row.firstLine : row.range
                    return "\(row.line)\(row.isUnclosed ? "!" : ":")" + String(decoding: raw[range], as: UTF8.self)
                }
            }
        }
        #expect(rows("a,\"b\nc\nd", longest: nil) == ["1!a,\"b"])
        #expect(rows("\"a\nb\"\nc", longest: 1) == ["1:\"a\nb\"", "3:c"])
        #expect(rows("\"a\nb\nc\"\nd", longest: 1) == ["1!\"a", "4:d"])
        #expect(rows("\"a\nb\n", longest: 1) == ["1!\"a"])
    }

    @Test("a part of a text is read as if it were all, and its places are those of the whole")
    func part() {
        let bytes = Array("a,b\nc,d\n".utf8)
        let ranges = bytes.withUnsafeBytes { raw in
            DelimitedTokenizer(raw, dialect: DelimitedDialect(separator: UInt8(ascii: ",")), range: 4..<7)
                .map { $0.fields.map(\.range) }
        }
        #expect(ranges == [[4..<5, 6..<7]])
        let empty = bytes.withUnsafeBytes { raw in
            var reader = DelimitedTokenizer(raw, dialect: DelimitedDialect(separator: nil), range: 3..<3)
            var row = reader.blankRow()
            reader.read(into: &row)
            return row.fields.map(\.range)
        }
        #expect(empty == [3..<3])
    }

    @Test("what CSVText writes is read back, whatever the fields hold")
    func roundTrip() {
        var random = Seeded(state: 1)
        let alphabet: [Character] = ["a", "é", ",", "\"", "\n", "\r", "\r\n", " ", ";", "\t", "\0", "#"]
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    String(
                        (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                            alphabet.randomElement(using: &random)
                        })
                }
            }
            let text = rows.map(CSVText.row).joined()
            #expect(texts(text) == rows)
        }
    }

    @Test("any bytes are a text: fields, separators and ends of lines are all of it, in order, in every dialect")
    func anyBytes() {
        var random = Seeded(state: 2)
        let common = Array(",,;\"\"\"\n\n\r\t |ab".utf8) + [0, 0x0B, 0xC2, 0x85, 0xE2, 0x80, 0xA8, 0xEF, 0xBB, 0xBF]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? common.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            let dialect = dialect(&random)
            bytes.withUnsafeBytes { raw in
                var at = dialect.skipsMark && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
                for row in DelimitedTokenizer(raw, dialect: dialect) {
                    #expect(row.range.lowerBound == at)
                    for field in row.fields {
                        #expect(at <= field.range.lowerBound && field.range.upperBound <= row.range.upperBound)
                        // Between two fields stands nothing but separators.
                        #expect(bytes[at..<field.range.lowerBound].allSatisfy { $0 == dialect.separator })
                        #expect(field.range.lowerBound <= field.content.lowerBound)
                        #expect(field.content.upperBound <= field.range.upperBound)
                        if !field.isQuoted, !dialect.dropsCarriageReturns {
                            #expect(row.text(field) == String(decoding: bytes[field.range], as: UTF8.self))
                        }
                        _ = row.text(field)
                        at = field.range.upperBound
                    }
                    #expect(bytes[at..<row.range.upperBound].allSatisfy { $0 == dialect.separator })
                    at = row.range.upperBound
                    // Then the end of the line.
                    let ends: [[UInt8]] = [
                        [0x0D, 0x0A], [0x0A], [0x0D], [0x0B], [0x0C], [0xC2, 0x85], [0xE2, 0x80, 0xA8],
                        [0xE2, 0x80, 0xA9],
                    ]
                    if at < bytes.count {
                        let end = ends.first { bytes[at...].starts(with: $0) }
                        #expect(end != nil)
                        at += end?.count ?? 1
                    }
                }
                #expect(at == bytes.count)
            }
        }
    }

    private func dialect(_ random: inout Seeded) -> DelimitedDialect {
        var dialect = DelimitedDialect(separator: Array(",; \t".utf8).randomElement(using: &random))
        let ends: [DelimitedDialect.LineEnds] = [.none, .lineFeed, .any, .unicode]
        let quotes: [DelimitedDialect.Quotes] = [.none, .atStart, .afterBlanks, .anywhere]
        dialect.lineEnds = ends.randomElement(using: &random) ?? .any
        dialect.quotedLineEnds = Bool.random(using: &random) ? dialect.lineEnds : .lineFeed
        dialect.quotes = quotes.randomElement(using: &random) ?? .none
        dialect.doublesQuotes = Bool.random(using: &random)
        dialect.mergesSeparators = Bool.random(using: &random)
        dialect.tail = Bool.random(using: &random) ? .kept : .dropped
        dialect.longestQuote = Bool.random(using: &random) ? Int.random(in: 0...2, using: &random) : nil
        dialect.skipsMark = Bool.random(using: &random)
        dialect.dropsCarriageReturns = Bool.random(using: &random)
        return dialect
    }
}

/// SplitMix64.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
