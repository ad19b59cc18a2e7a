import Foundation

/// The syntax of a time.
package enum TimeStyle: Sendable, Hashable {
    /// `hh:mm:ss.fff`: digits of hours (0: none) and minutes, the decimal mark, and the number of decimals.
    case clock(hourDigits: Int, minuteDigits: Int, mark: UInt8, decimals: Int)
    /// `hh:mm:ss,fff.f`: milliseconds with further decimals after `point`.
    case clockMilliseconds(hourDigits: Int, minuteDigits: Int, mark: UInt8, point: UInt8, decimals: Int)
    /// `hh:mm:ss:ff` at a frame rate.
    case clockFrames(rate: Double, mark: UInt8, counting: FrameCounting)
    /// A number in units of `unitSeconds`, with decimals after `point`.
    case number(unitSeconds: Double, decimals: Int, point: UInt8 = UInt8(ascii: "."))
    /// Four bytes: hours, minutes, seconds, frames.
    case timecodeBytes(rate: Double)
    /// The whole seconds of a time whose fraction is elsewhere, in `nanoseconds`.
    case wholeSeconds
    case nanoseconds
    /// `PT1M2.25S` (ISO 8601).
    case isoDuration
}

/// The position of a time in a file.
package struct TimeField: Sendable, Hashable {
    /// In the UTF-8 text; for binary formats in the bytes.
    let range: Range<Int>
    let style: TimeStyle
    /// Seconds to add to the written number, such as the start of a programme; usually 0.
    var bias = 0.0
    /// The written value is relative to `base`; nil: to 0.
    var base: Double?
    /// Seconds.
    package let time: Double
    /// The start of its item: all times of an item move together.
    var anchor: Double
    /// An end of the recording, as in a TextGrid, that moves only if something would be beyond it.
    var isBoundary = false

    /// The written value in seconds.
    var written: Double { time - (base ?? 0) - bias }
}

extension TimeStyle {
    /// The smallest step of its times, in seconds.
    var step: Double {
        switch self {
        case .clock(_, _, _, let decimals): pow(10, -Double(decimals))
        case .clockMilliseconds(_, _, _, _, let decimals): pow(10, -Double(3 + decimals))
        case .clockFrames(let rate, _, _), .timecodeBytes(let rate): 1 / rate
        case .number(let unit, let decimals, _): unit * pow(10, -Double(decimals))
        case .wholeSeconds, .nanoseconds, .isoDuration: 0.001
        }
    }

    /// The nearest time that it can hold.
    func rounded(_ seconds: Double) -> Double {
        let counting: FrameCounting
        switch self {
        case .clockFrames(_, _, let own): counting = own
        case .timecodeBytes: counting = .ofSecond
        default: return (seconds / step).rounded() * step
        }
        guard let (h, m, s, f) = Timecode.split(seconds, rate: 1 / step, counting: counting) else { return seconds }
        return Timecode.seconds(Double(h), Double(m), Double(s), Double(f), rate: 1 / step, counting: counting)
    }

    /// A time in this style; nil if not representable: in most styles before 0.
    func text(_ seconds: Double) -> [UInt8]? {
        switch self {
        case .clock(let hourDigits, let minuteDigits, let mark, let decimals):
            return TimeStyle.clockText(seconds, hourDigits, minuteDigits, mark, decimals).map { Array($0.utf8) }
        case .clockMilliseconds(let hourDigits, let minuteDigits, let mark, let point, let decimals):
            // Written as seconds with three further digits, the point is before the last ones.
            guard
                let text = TimeStyle.clockText(seconds, hourDigits, minuteDigits, mark, 3 + decimals)
            else { return nil }
            let bytes = Array(text.utf8)
            return bytes.dropLast(decimals) + [point] + bytes.suffix(decimals)
        case .clockFrames(let rate, let mark, let counting):
            guard let (h, m, s, f) = Timecode.split(seconds, rate: rate, counting: counting) else { return nil }
            let separator = String(decoding: [mark], as: UTF8.self)
            return Array((String(format: "%02d:%02d:%02d", h, m, s) + separator + String(format: "%02d", f)).utf8)
        case .number(let unit, let decimals, let point):
            let value = seconds / unit
            guard abs(value) < 1e15 else { return nil }
            let text = String(format: "%.\(decimals)f", value)
            let isZero = !text.contains { ("1"..."9").contains($0) }
            return (text.hasPrefix("-") && isZero ? text.dropFirst() : text[...]).utf8.map {
                $0 == UInt8(ascii: ".") ? point : $0
            }
        case .timecodeBytes(let rate):
            guard let (h, m, s, f) = Timecode.split(seconds, rate: rate, counting: .ofSecond), h < 256 else {
                return nil
            }
            return [UInt8(h), UInt8(m), UInt8(s), UInt8(f)]
        case .wholeSeconds, .nanoseconds:
            let milliseconds = (seconds * 1000).rounded()
            guard milliseconds >= 0, milliseconds < 1e12 else { return nil }
            let (whole, rest) = Int(milliseconds).quotientAndRemainder(dividingBy: 1000)
            return Array(String(self == .wholeSeconds ? whole : rest * 1_000_000).utf8)
        case .isoDuration:
            let milliseconds = (seconds * 1000).rounded()
            guard milliseconds >= 0, milliseconds < 1e12 else { return nil }
            let (whole, rest) = Int(milliseconds).quotientAndRemainder(dividingBy: 1000)
            let (hours, minutes) = (whole / 3600, whole / 60 % 60)
            var fraction = TimeStyle.padded(rest, 3)
            while fraction.hasSuffix("0") { fraction.removeLast() }
            let tail = fraction.isEmpty ? "" : "." + fraction
            let isBare = hours == 0 && minutes == 0
            return Array(
                ("PT" + (hours > 0 ? "\(hours)H" : "") + (minutes > 0 ? "\(minutes)M" : "")
                    + (isBare || whole % 60 > 0 || rest > 0 ? "\(whole % 60)\(tail)S" : "")).utf8)
        }
    }

    private static func clockText(
        _ seconds: Double, _ hourDigits: Int, _ minuteDigits: Int, _ mark: UInt8, _ decimals: Int
    ) -> String? {
        let scale = pow(10, Double(decimals))
        let units = (seconds * scale).rounded()
        guard units >= 0, units < 1e15 else { return nil }
        let whole = Int(units)
        let (rest, fraction) = whole.quotientAndRemainder(dividingBy: Int(scale))
        let (minutes, s) = rest.quotientAndRemainder(dividingBy: 60)
        let tail = decimals == 0 ? "" : String(decoding: [mark], as: UTF8.self) + padded(fraction, decimals)
        // Without hours, minutes continue beyond 60 if the style allows it (three digits or more do), else an hour is
        // prepended.
        if hourDigits == 0, minutes < 60 || minuteDigits != 2 {
            return "\(padded(minutes, minuteDigits)):\(padded(s, 2))\(tail)"
        }
        let (hours, m) = minutes.quotientAndRemainder(dividingBy: 60)
        return "\(padded(hours, max(hourDigits, hourDigits == 0 ? 2 : 1))):\(padded(m, 2)):\(padded(s, 2))\(tail)"
    }

    private static func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// What the frame numbers of a timecode count.
package enum FrameCounting: Sendable, Hashable {
    /// Frames since the last second of real time.
    case ofSecond
    /// Every frame: a timecode second is a fixed number of frames, which last longer than a second at 23.976 and 29.97
    /// fps.
    case all
    /// Drop-frame at 29.97 and 59.94 fps, so that the timecode follows real time (SMPTE 12M).
    case dropping
}

/// Hours, minutes, seconds and frames.
package enum Timecode {
    /// Real seconds of a timecode.
    package static func seconds(
        _ h: Double, _ m: Double, _ s: Double, _ f: Double, rate: Double, counting: FrameCounting
    ) -> Double {
        let nominal = max(1, rate.rounded())
        let minutes = h * 60 + m
        switch counting {
        case .ofSecond: return minutes * 60 + s + f / rate
        case .all: return ((minutes * 60 + s) * nominal + f) / rate
        case .dropping: break
        }
        let dropped = (nominal / 15).rounded() * (minutes - (minutes / 10).rounded(.down))
        return ((minutes * 60 + s) * nominal + f - dropped) / rate
    }

    package static func split(_ seconds: Double, rate: Double, counting: FrameCounting) -> (Int, Int, Int, Int)? {
        guard seconds > -0.5 / rate, seconds < 1e7, rate > 0, rate < 1e6 else { return nil }
        let nominal = max(1, Int(rate.rounded()))
        if counting != .ofSecond {
            var frame = Int((max(0, seconds) * rate).rounded())
            if counting == .dropping {
                let skip = Int((Double(nominal) / 15).rounded())
                let perTen = nominal * 600 - 9 * skip
                let (tens, rest) = frame.quotientAndRemainder(dividingBy: perTen)
                frame += 9 * skip * tens
                if rest >= nominal * 60 { frame += skip * ((rest - nominal * 60) / (nominal * 60 - skip) + 1) }
            }
            return (frame / (3600 * nominal), frame / (60 * nominal) % 60, frame / nominal % 60, frame % nominal)
        }
        var whole = Int(max(0, seconds).rounded(.down))
        var frame = Int(((max(0, seconds) - Double(whole)) * rate).rounded())
        if frame >= nominal {
            frame = 0
            whole += 1
        }
        return (whole / 3600, whole / 60 % 60, whole % 60, frame)
    }
}
