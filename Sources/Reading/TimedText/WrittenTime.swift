import Foundation

/// A time in a text: its seconds and style.
package struct WrittenTime: Sendable, Hashable {
    package let seconds: Double
    package let style: TimeStyle
    package let range: Range<Int>

    /// The field of an item that starts at `anchor`.
    package func field(anchor: Double? = nil, base: Double? = nil, bias: Double = 0) -> TimeField {
        let time = seconds + (base ?? 0) + bias
        return TimeField(range: range, style: style, bias: bias, base: base, time: time, anchor: anchor ?? time)
    }
}

extension EncodedText {
    /// Maximum digits of a number; more are not a time.
    private static let mostDigits = 15

    /// Maximum decimals of a millisecond that are written.
    private static let mostDecimals = 6

    /// A plain decimal number that fills the range, optionally with an exponent; nil if it is not one.
    ///
    /// - Parameter allowsComma: whether a comma may be the decimal mark.
    package func number(
        _ range: Range<Int>, unitSeconds: Double = 1, leastDecimals: Int = 0, allowsComma: Bool = false
    ) -> WrittenTime? {
        let range = trimmed(range)
        guard !range.isEmpty, range.count <= 40 else { return nil }
        var (digits, decimals, point) = (0, 0, UInt8?.none)
        for index in range {
            switch utf8[index] {
            case 0x30...0x39:
                digits += 1
                if point != nil { decimals += 1 }
            case UInt8(ascii: "."), UInt8(ascii: ","):
                guard point == nil, allowsComma || utf8[index] == UInt8(ascii: ".") else { return nil }
                point = utf8[index]
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"): continue
            default: return nil
            }
        }
        let text = point == UInt8(ascii: ",") ? string(range).replacing(",", with: ".") : string(range)
        guard digits > 0, let value = Double(text), value.isFinite, abs(value * unitSeconds) < 1e9 else { return nil }
        let style = TimeStyle.number(
            unitSeconds: unitSeconds, decimals: min(EncodedText.mostDigits, max(decimals, leastDecimals)),
            point: point ?? UInt8(ascii: "."))
        return WrittenTime(seconds: value * unitSeconds, style: style, range: range)
    }

    /// `hh:mm:ss,fff` or `mm:ss.fff` at the start of a range, optionally with a minus; nil if there is none.
    ///
    /// Digits and marks may be full-width. Milliseconds may have decimals: `00:00:01,250.5`.
    ///
    /// - Parameters:
    ///   - frameRate: if given, a last colon or semicolon separates frames.
    ///   - counting: how they are counted; nil: a semicolon means drop-frame, a colon frames of a second.
    ///   - isSpaced: whether blanks are allowed around the marks.
    package func clock(
        at start: Int, before limit: Int, frameRate: Double? = nil, counting: FrameCounting? = nil,
        isSpaced: Bool = false
    ) -> WrittenTime? {
        let minus = minusLength(at: start, before: limit)
        guard let read = clockGroups(at: start + minus, before: limit, isSpaced: isSpaced), let last = read.groups.last,
            read.groups.count >= 2
        else { return nil }
        let groups = read.groups
        let range = start..<read.end
        let sign = minus > 0 ? -1.0 : 1.0
        if groups.count == 4, last.mark == 0x3A || last.mark == 0x3B, let frameRate, frameRate > 0 {
            guard groups[1].value < 60, groups[2].value < 60 else { return nil }
            let counting = counting ?? (last.mark == 0x3B ? .dropping : .ofSecond)
            let seconds = Timecode.seconds(
                groups[0].value, groups[1].value, groups[2].value, last.value, rate: frameRate, counting: counting)
            let style = TimeStyle.clockFrames(rate: frameRate, mark: last.mark, counting: counting)
            return seconds < 1e9 ? WrittenTime(seconds: sign * seconds, style: style, range: range) : nil
        }
        let hasDecimals = last.mark == 0x2C || last.mark == 0x2E || groups.count == 4
        let whole = hasDecimals ? groups.dropLast() : groups[...]
        guard whole.count >= 2, whole.count <= 3, whole.dropFirst().allSatisfy({ $0.value < 60 && $0.mark == 0x3A })
        else { return nil }
        let (hourDigits, minuteDigits) = whole.count == 3 ? (groups[0].digits, 2) : (0, groups[0].digits)
        var fraction = hasDecimals ? last.value / pow(10, Double(last.digits)) : 0
        var style = TimeStyle.clock(
            hourDigits: hourDigits, minuteDigits: minuteDigits, mark: hasDecimals ? last.mark : 0x2E,
            decimals: hasDecimals ? last.digits : 0)
        if let milliseconds = read.decimals {
            fraction = (last.value + milliseconds.value / pow(10, Double(milliseconds.digits))) / 1000
            style = .clockMilliseconds(
                hourDigits: hourDigits, minuteDigits: minuteDigits, mark: last.mark, point: milliseconds.mark,
                decimals: min(milliseconds.digits, EncodedText.mostDecimals))
        }
        let seconds = whole.reduce(0) { $0 * 60 + $1.value } + fraction
        guard seconds < 1e9 else { return nil }
        return WrittenTime(seconds: sign * seconds, style: style, range: range)
    }

    /// A duration as ISO 8601 writes it, of hours, minutes and seconds: `PT1H2M3.5S`; nil if it is none.
    func isoDuration(_ range: Range<Int>) -> WrittenTime? {
        guard range.count > 3, range.count < 40, utf8[range.lowerBound] == UInt8(ascii: "P"),
            utf8[range.lowerBound + 1] == UInt8(ascii: "T")
        else { return nil }
        var (start, seconds) = (range.lowerBound + 2, 0.0)
        var units: [(UInt8, Double)] = [(UInt8(ascii: "H"), 3600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1)]
        while start < range.upperBound {
            guard
                let end = (start..<range.upperBound).first(where: { !utf8[$0].isDigit && utf8[$0] != UInt8(ascii: ".") }
                ),
                let place = units.firstIndex(where: { $0.0 == utf8[end] }), let number = number(start..<end)
            else { return nil }
            seconds += number.seconds * units[place].1
            units.removeSubrange(...place)
            start = end + 1
        }
        return seconds < 1e9 ? WrittenTime(seconds: seconds, style: .isoDuration, range: range) : nil
    }

    private struct ClockGroup {
        let value: Double
        let digits: Int
        /// The mark before it, as ASCII; 0 before the first.
        let mark: UInt8
    }

    /// Numbers between the marks of a clock, the decimals of milliseconds, and their end.
    private func clockGroups(
        at start: Int, before limit: Int, isSpaced: Bool
    ) -> (groups: [ClockGroup], decimals: ClockGroup?, end: Int)? {
        var groups: [ClockGroup] = []
        var (index, mark) = (start, UInt8(0))
        while let number = digits(at: index, before: limit) {
            groups.append(ClockGroup(value: number.value, digits: number.count, mark: mark))
            index = number.end
            let isFraction = mark == 0x2C || mark == 0x2E
            guard groups.count < 4 || isFraction, let next = clockMark(at: index, before: limit, isSpaced: isSpaced)
            else { break }
            if isFraction {
                // Milliseconds with decimals; else it ends here.
                guard next.mark == 0x2C || next.mark == 0x2E, next.mark != mark, number.count <= 3,
                    let decimals = digits(at: next.end, before: limit),
                    decimals.end == limit || utf8[decimals.end] != 0x3A
                else { break }
                // Further digits of a computed number are ignored.
                let end = (decimals.end..<limit).first { !utf8[$0].isDigit } ?? limit
                return (groups, ClockGroup(value: decimals.value, digits: decimals.count, mark: next.mark), end)
            }
            (mark, index) = (next.mark, next.end)
        }
        return groups.isEmpty ? nil : (groups, nil, index)
    }

    /// Digits, ASCII or full-width, at most as many as a time has.
    private func digits(at start: Int, before limit: Int) -> (value: Double, count: Int, end: Int)? {
        var (value, count, index) = (0.0, 0, start)
        while index < limit, count < EncodedText.mostDigits {
            if utf8[index].isDigit {
                value = value * 10 + Double(utf8[index] - 0x30)
                index += 1
            } else if index + 2 < limit, utf8[index] == 0xEF, utf8[index + 1] == 0xBC,
                (0x90...0x99).contains(utf8[index + 2])
            {
                value = value * 10 + Double(utf8[index + 2] - 0x90)
                index += 3
            } else {
                break
            }
            count += 1
        }
        return count == 0 ? nil : (value, count, index)
    }

    /// A mark followed by digits, as ASCII, and the offset of the digits.
    private func clockMark(at start: Int, before limit: Int, isSpaced: Bool) -> (mark: UInt8, end: Int)? {
        var index = start
        if isSpaced { while index < limit, utf8[index].isBlank { index += 1 } }
        guard index < limit else { return nil }
        let mark: UInt8
        if [0x3A, 0x2C, 0x2E, 0x3B].contains(utf8[index]) {
            mark = utf8[index]
            index += 1
        } else if index + 2 < limit, let wide = EncodedText.wideMarks[Array(utf8[index..<index + 3])] {
            mark = wide
            index += 3
        } else {
            return nil
        }
        if isSpaced { while index < limit, utf8[index].isBlank { index += 1 } }
        return digits(at: index, before: limit) == nil ? nil : (mark, index)
    }

    /// Full-width colon, comma, full stop and semicolon, and the ratio sign.
    private static let wideMarks: [[UInt8]: UInt8] = [
        [0xEF, 0xBC, 0x9A]: 0x3A, [0xEF, 0xBC, 0x8C]: 0x2C, [0xEF, 0xBC, 0x8E]: 0x2E, [0xEF, 0xBC, 0x9B]: 0x3B,
        [0xE2, 0x88, 0xB6]: 0x3A,
    ]

    /// Bytes of a minus: the ASCII hyphen, or U+2212.
    private func minusLength(at start: Int, before limit: Int) -> Int {
        guard start < limit else { return 0 }
        if utf8[start] == UInt8(ascii: "-") { return 1 }
        return start + 2 < limit && utf8[start..<start + 3].elementsEqual([0xE2, 0x88, 0x92]) ? 3 : 0
    }
}
