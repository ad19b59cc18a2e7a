/// A line of a text without its line end.
struct SourceLine: Sendable {
    /// Counted from 1.
    let number: Int
    let range: Range<Int>
    var isEmpty: Bool { range.isEmpty }
}

extension EncodedText {
    /// The lines, with any line end: CR LF, LF or CR.
    func lines() -> [SourceLine] {
        var result: [SourceLine] = []
        var start = 0
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            if byte == 10 || byte == 13 {
                result.append(SourceLine(number: result.count + 1, range: start..<index))
                if byte == 13, index + 1 < utf8.count, utf8[index + 1] == 10 { index += 1 }
                start = index + 1
            }
            index += 1
        }
        if start < utf8.count { result.append(SourceLine(number: result.count + 1, range: start..<utf8.count)) }
        return result
    }

    /// The range without surrounding white space.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, utf8[low].isBlank { low += 1 }
        while high > low, utf8[high - 1].isBlank { high -= 1 }
        return low..<high
    }

    func isBlank(_ range: Range<Int>) -> Bool { trimmed(range).isEmpty }

    /// Words between blanks, limited in number; the last one extends to the end of the range.
    func words(_ range: Range<Int>, atMost limit: Int = .max) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, utf8[index].isBlank { index += 1 }
            guard index < range.upperBound else { break }
            if result.count + 1 == limit {
                result.append(trimmed(index..<range.upperBound))
                break
            }
            let start = index
            while index < range.upperBound, !utf8[index].isBlank { index += 1 }
            result.append(start..<index)
        }
        return result
    }

    /// The parts between single bytes such as a tab or a comma.
    func parts(_ range: Range<Int>, by separator: UInt8, atMost limit: Int = .max) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where utf8[index] == separator && result.count + 1 < limit {
            result.append(start..<index)
            start = index + 1
        }
        result.append(start..<range.upperBound)
        return result
    }

    /// The first offset of `text`.
    func find(_ text: String, in range: Range<Int>) -> Int? {
        let pattern = Array(text.utf8)
        guard let first = pattern.first, range.count >= pattern.count else { return nil }
        for index in range.lowerBound...(range.upperBound - pattern.count) where utf8[index] == first {
            if utf8[index..<index + pattern.count].elementsEqual(pattern) { return index }
        }
        return nil
    }
}

/// Maps offsets in a text to line numbers.
struct LineIndex: Sendable {
    private let starts: [Int]

    init(_ source: EncodedText) { starts = source.lines().map(\.range.lowerBound) }

    /// The line, from 1, of an offset.
    func line(at offset: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return max(1, low)
    }
}

extension UInt8 {
    var isBlank: Bool { self == 32 || self == 9 || self == 10 || self == 13 || self == 0x0B || self == 0x0C }
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
