import Foundation

/// A time as it stands in a text: its seconds, and how it is written.
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
    /// The largest number of digits of a number; more are no time.
    private static let mostDigits = 15

    /// A plain decimal number that fills the range, with an exponent perhaps; nil if it is none.
    package func number(_ range: Range<Int>, unitSeconds: Double = 1, leastDecimals: Int = 0) -> WrittenTime? {
        let range = trimmed(range)
        guard !range.isEmpty, range.count <= 40 else { return nil }
        var (digits, decimals, isPastPoint) = (0, 0, false)
        for index in range {
            switch utf8[index] {
            case 0x30...0x39:
                digits += 1
                if isPastPoint { decimals += 1 }
            case UInt8(ascii: "."):
                if isPastPoint { return nil }
                isPastPoint = true
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"): continue
            default: return nil
            }
        }
        guard digits > 0, let value = Double(string(range)), value.isFinite, abs(value * unitSeconds) < 1e9 else {
            return nil
        }
        let style = TimeStyle.number(
            unitSeconds: unitSeconds, decimals: min(EncodedText.mostDigits, max(decimals, leastDecimals)))
        return WrittenTime(seconds: value * unitSeconds, style: style, range: range)
    }

    /// `hh:mm:ss,fff` or `mm:ss.fff` at the beginning of a range; nil if there is none.
    ///
    /// - Parameter frameRate: where it is given, a last colon or semicolon separates frames.
    package func clock(at start: Int, before limit: Int, frameRate: Double? = nil) -> WrittenTime? {
        var index = start
        var groups: [(value: Double, digits: Int, mark: UInt8)] = []
        var mark: UInt8 = 0
        while index < limit, groups.count < 4 {
            var value = 0.0
            let first = index
            while index < limit, utf8[index].isDigit, index - first < EncodedText.mostDigits {
                value = value * 10 + Double(utf8[index] - 0x30)
                index += 1
            }
            guard index > first else { break }
            groups.append((value, index - first, mark))
            guard index + 1 < limit, [0x3A, 0x2C, 0x2E, 0x3B].contains(utf8[index]), utf8[index + 1].isDigit else {
                break
            }
            // After the decimals nothing belongs to it any more.
            if mark == 0x2C || mark == 0x2E { break }
            mark = utf8[index]
            index += 1
        }
        guard let last = groups.last, groups.count >= 2 else { return nil }
        let range = start..<index
        if groups.count == 4, last.mark == 0x3A || last.mark == 0x3B, let frameRate, frameRate > 0 {
            guard groups[1].value < 60, groups[2].value < 60 else { return nil }
            let drops = last.mark == 0x3B
            let seconds = Timecode.seconds(
                groups[0].value, groups[1].value, groups[2].value, last.value, rate: frameRate, drops: drops)
            return seconds < 1e9
                ? WrittenTime(seconds: seconds, style: .clockFrames(rate: frameRate, mark: last.mark), range: range)
                : nil
        }
        let hasDecimals = last.mark == 0x2C || last.mark == 0x2E || groups.count == 4
        let whole = hasDecimals ? groups.dropLast() : groups[...]
        guard whole.count >= 2, whole.count <= 3, whole.dropFirst().allSatisfy({ $0.value < 60 && $0.mark == 0x3A })
        else { return nil }
        let fraction = hasDecimals ? last.value / pow(10, Double(last.digits)) : 0
        let seconds = whole.reduce(0) { $0 * 60 + $1.value } + fraction
        guard seconds < 1e9 else { return nil }
        let style = TimeStyle.clock(
            hourDigits: whole.count == 3 ? groups[0].digits : 0, minuteDigits: whole.count == 3 ? 2 : groups[0].digits,
            mark: hasDecimals ? last.mark : 0x2E, decimals: hasDecimals ? last.digits : 0)
        return WrittenTime(seconds: seconds, style: style, range: range)
    }
}
