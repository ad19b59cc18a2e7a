import Foundation
import TimedText

/// Parses numbers and clock times of label files.
enum TimeNumber {
    private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

    /// Hours, minutes, seconds and frames, `01:02:03:12` (`;` before the frames: drop-frame); nil: not a timecode.
    static func timecode(_ text: String) -> Timecode? {
        guard let match = text.wholeMatch(of: /(\d{1,3}):(\d\d):(\d\d)([:;])(\d\d\d?)/), let hours = Double(match.1),
            let minutes = Double(match.2), let seconds = Double(match.3), let frames = Double(match.5), minutes < 60,
            seconds < 60
        else { return nil }
        return Timecode(hours: hours, minutes: minutes, seconds: seconds, frames: frames, drops: match.4 == ";")
    }

    /// The timecode of a time in seconds; nil: before 0.
    static func timecode(_ seconds: Double, rate: Double, drops: Bool) -> String? {
        guard
            let (hours, minutes, whole, frames) = TimedText.Timecode.split(
                seconds, rate: rate, counting: drops ? .dropping : .ofSecond)
        else {
            return nil
        }
        return String(format: "%02d:%02d:%02d", hours, minutes, whole) + (drops ? ";" : ":")
            + String(format: "%02d", frames)
    }

    struct Timecode {
        let hours: Double, minutes: Double, seconds: Double, frames: Double
        let drops: Bool

        /// In seconds; nil: the frame number exceeds the rate.
        func time(rate: Double) -> Double? {
            frames < rate.rounded()
                ? TimedText.Timecode.seconds(
                    hours, minutes, seconds, frames, rate: rate, counting: drops ? .dropping : .ofSecond) : nil
        }
    }

    static func parse(_ text: String) -> Double? {
        var copy = text.trimmingCharacters(in: .whitespaces)
        return copy.withUTF8 { parse($0) }
    }

    /// `12.5`, `12,5`, `1e3`, `01:02.5`, `01:02:03.250`; nil for anything else.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard !bytes.isEmpty else { return nil }
        if bytes.contains(UInt8(ascii: ":")) {
            var total = 0.0
            let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard parts.count <= 3 else { return nil }
            for (place, part) in parts.enumerated() {
                guard let value = parse(UnsafeBufferPointer(rebasing: part)), value >= 0, place == 0 || value < 60
                else { return nil }
                total = total * 60 + value
            }
            return total
        }
        return plain(bytes) ?? careful(bytes)
    }

    /// Digits with at most one point: exact up to 15 digits, since both sides of the division are.
    private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var mantissa: UInt64 = 0
        var digits = 0
        var decimals = 0
        var point = false
        var index = 0
        let negative = bytes[0] == UInt8(ascii: "-")
        if negative { index = 1 }
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x30, byte <= 0x39 {
                mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
                digits += 1
                if point { decimals += 1 }
            } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","), !point {
                point = true
            } else {
                return nil
            }
            index += 1
        }
        guard digits > 0, digits <= 15 else { return nil }
        let value = Double(mantissa) / powers[decimals]
        return negative ? -value : value
    }

    private static func careful(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        guard bytes.count < 64, bytes.allSatisfy({ "0123456789+-.,eE".utf8.contains($0) }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).replacing(",", with: ".")
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
