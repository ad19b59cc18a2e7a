import Foundation

/// Parses numbers, times and vectors of logs.
enum LogNumber {
    /// The content of a cell.
    enum Cell: Equatable {
        case empty
        case number(Double)
        case vector([Double])
        case other
    }

    /// - Parameter decimalComma: whether `1,5` is one and a half.
    static func cell(_ bytes: ArraySlice<UInt8>, decimalComma: Bool = false) -> Cell {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        guard let first = bytes.first else { return .empty }
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "(") { return vector(bytes) }
        if let value = number(bytes, decimalComma: decimalComma) { return .number(value) }
        let text = String(decoding: bytes, as: UTF8.self)
        switch text.lowercased() {
        case "nan", "null", "none", "na", "n/a", "-", "inf", "-inf", "+inf": return .empty
        case "true": return .number(1)
        case "false": return .number(0)
        default: return moment(text).map(Cell.number) ?? .other
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, decimalComma: Bool) -> Double? {
        guard bytes.count < 64 else { return nil }
        var buffer = [CChar]()
        buffer.reserveCapacity(bytes.count + 1)
        for byte in bytes {
            switch byte {
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                buffer.append(CChar(byte))
            case UInt8(ascii: ",") where decimalComma: buffer.append(CChar(UInt8(ascii: ".")))
            default: return nil
            }
        }
        buffer.append(0)
        return buffer.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            guard let end, UnsafePointer(end) - start == buffer.count - 1, value.isFinite else { return nil }
            return value
        }
    }

    private static func vector(_ bytes: ArraySlice<UInt8>) -> Cell {
        guard let last = bytes.last, last == UInt8(ascii: "]") || last == UInt8(ascii: ")") else { return .other }
        let inner = bytes.dropFirst().dropLast()
        var values: [Double] = []
        for part in inner.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == UInt8(ascii: ";") }) {
            switch cell(part) {
            case .number(let value): values.append(value)
            case .empty: values.append(.nan)
            default: return .other
            }
        }
        return .vector(values)
    }

    /// A time as seconds since 1970 (`2026-03-01T12:00:00.25Z`, with a blank instead of T, with a zone; UTC without
    /// one) or since midnight (`12:00:00.25`).
    static func moment(_ text: String) -> Double? {
        var rest = Substring(text)
        var days = 0
        if rest.count >= 10, rest.dropFirst(4).first == "-" {
            let parts = rest.prefix(10).split(separator: "-")
            guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
                (1...12).contains(month), (1...31).contains(day)
            else { return nil }
            days = civilDays(year, month, day)
            rest = rest.dropFirst(10)
            if rest.isEmpty { return Double(days) * 86400 }
            guard rest.first == "T" || rest.first == " " || rest.first == "t" else { return nil }
            rest = rest.dropFirst()
        }
        var zone = 0.0
        if rest.last == "Z" || rest.last == "z" {
            rest = rest.dropLast()
        } else if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let digits = rest[sign...].dropFirst().filter(\.isNumber)
            guard digits.count == 2 || digits.count == 4, let hours = Double(digits.prefix(2)) else { return nil }
            zone = (hours * 3600 + (Double(digits.dropFirst(2)) ?? 0) * 60) * (rest[sign] == "-" ? -1 : 1)
            rest = rest[..<sign]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hours = Double(parts[0]), let minutes = Double(parts[1]), minutes < 60
        else { return nil }
        guard let seconds = parts.count == 3 ? Double(parts[2].replacing(",", with: ".")) : 0, seconds < 61 else {
            return nil
        }
        return Double(days) * 86400 + hours * 3600 + minutes * 60 + seconds - zone
    }

    /// Days since 1970-01-01 of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func civilDays(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
