import Foundation
import SyncModel

/// The position and style of a time in a label file, so that it can be rewritten.
struct TimePlace {
    enum Style {
        /// Decimals after a point or a comma; if these cannot represent a time, at least `least`.
        case number(decimals: Int, least: Int, mark: UInt8)
        /// Parts separated by colons, the number of digits of the first, and decimals of the seconds.
        case clock(parts: Int, digits: Int, decimals: Int, mark: UInt8)
        /// Hours, minutes, seconds and frames at this frame rate.
        case timecode(mark: UInt8, rate: Double)
    }

    /// In the file's bytes.
    var range: Range<Int>
    let style: Style
    /// Seconds per unit of the number; 1 for a clock.
    let unit: Double
    /// Seconds to add to the written time: for frames that count from 1, or an inclusive last frame.
    let bias: Double
    /// For a length: the time it counts from, in seconds.
    var base: Double?
    /// The written value, in seconds.
    let written: Double
    /// Whether it counts frames.
    let isFrames: Bool

    /// The actual time, in seconds.
    var time: Double { written + bias + (base ?? 0) }

    /// The finest step of its style, in seconds.
    var step: Double {
        switch style {
        case .number(let decimals, let least, _): unit * pow(10, -Double(max(decimals, least)))
        case .clock(_, _, let decimals, _): pow(10, -Double(max(decimals, Self.millisecond)))
        case .timecode(_, let rate): 1 / rate
        }
    }

    /// Minimum decimals for seconds that do not fit in the existing ones: milliseconds.
    private static let millisecond = 3

    /// A number, clock or timecode that fills a range of bytes, except for blanks; nil: none.
    ///
    /// - Parameter rate: frame rate of timecodes.
    init?(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, unit: Double = 1, isFrames: Bool = false,
        bias: Double = 0, rate: Double? = nil
    ) {
        var range = range
        while let first = range.first, bytes[first] <= 0x20 { range.removeFirst() }
        while let last = range.last, bytes[last] <= 0x20 { range.removeLast() }
        guard !range.isEmpty else { return nil }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        let mark = text.utf8.contains(UInt8(ascii: ",")) ? UInt8(ascii: ",") : UInt8(ascii: ".")
        let decimals =
            text.utf8.lastIndex(of: mark).map { place in
                text.utf8[place...].dropFirst().prefix { (0x30...0x39).contains($0) }.count
            }
            ?? 0
        if let code = TimeNumber.timecode(text) {
            guard let rate, let seconds = code.time(rate: rate) else { return nil }
            (style, written, self.unit) = (
                .timecode(mark: UInt8(ascii: code.drops ? ";" : ":"), rate: rate), seconds, 1
            )
            self.isFrames = false
        } else if let value = TimeNumber.parse(text), value.isFinite {
            if text.contains(":") {
                let parts = text.split(separator: ":")
                (self.unit, written, self.isFrames) = (1, value, false)
                style = .clock(parts: parts.count, digits: parts[0].count, decimals: decimals, mark: mark)
            } else {
                (self.unit, written, self.isFrames) = (unit, value * unit, isFrames)
                let least = isFrames || unit < 1 ? 0 : Self.millisecond
                style = .number(decimals: decimals, least: least, mark: mark)
            }
        } else {
            return nil
        }
        self.range = range
        self.bias = bias
    }

    /// The bytes for another time; `base` is the time that a length counts from; nil: not possible in this style.
    func bytes(time: Double, base: Double?) -> [UInt8]? {
        let seconds = time - bias - (base ?? 0)
        switch style {
        case .number(let written, let least, let mark):
            let decimals = Self.decimals(for: seconds / unit, written, least: least)
            var text = String(format: "%.\(min(15, decimals))f", seconds / unit)
            guard text.utf8.count < 40 else { return nil }
            if text.hasPrefix("-"), !text.contains(where: { ("1"..."9").contains($0) }) { text.removeFirst() }
            return text.utf8.map { $0 == UInt8(ascii: ".") ? mark : $0 }
        case .clock(let parts, let digits, let written, let mark):
            let decimals = Self.decimals(for: seconds, written, least: Self.millisecond)
            let scale = pow(10, Double(decimals))
            let units = (seconds * scale).rounded()
            guard units >= 0, units < 1e14 else { return nil }
            let (whole, fraction) = Int(units).quotientAndRemainder(dividingBy: Int(scale))
            var groups = [whole % 60]
            if parts == 3 { groups.insert(whole / 60 % 60, at: 0) }
            groups.insert(parts == 3 ? whole / 3600 : whole / 60, at: 0)
            let head = groups.enumerated().map { Self.padded($1, $0 == 0 ? digits : 2) }.joined(separator: ":")
            let tail = decimals == 0 ? [] : [mark] + Array(Self.padded(fraction, decimals).utf8)
            return Array(head.utf8) + tail
        case .timecode(let mark, let rate):
            guard let text = TimeNumber.timecode(seconds, rate: rate, drops: mark == UInt8(ascii: ";")) else {
                return nil
            }
            return Array(text.utf8)
        }
    }

    /// The written number of decimals, if sufficient for the value.
    private static func decimals(for value: Double, _ written: Int, least: Int) -> Int {
        let scaled = value * pow(10, Double(written))
        return abs(scaled - scaled.rounded()) < 1e-6 * max(1, abs(scaled)) * 1e-3 ? written : max(written, least)
    }

    private static func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
