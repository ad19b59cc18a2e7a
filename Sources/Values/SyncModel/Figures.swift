/// Figures as they stand in sentences.
package enum Figures {
    /// "0.4 ms", "62 ms", "1.53 s", "3 days".
    package static func size(milliseconds: Double) -> String {
        let size = abs(milliseconds)
        guard size.isFinite else { return "an unknown time" }
        if size < 10 { return "\(decimals(size, 1)) ms" }
        if size < 1000 { return "\(decimals(size, 0)) ms" }
        if size < 10_000_000 { return "\(decimals(size / 1000, 2)) s" }
        return size < 172_800_000 ? "\(decimals(size / 3_600_000, 1)) hours" : "\(decimals(size / 86_400_000, 0)) days"
    }

    package static func size(_ seconds: Double) -> String { size(milliseconds: seconds * 1000) }

    package static func decimals(_ value: Double, _ count: Int) -> String {
        guard abs(value) < 1e15 else { return "\(value)" }
        let unit = (0..<count).reduce(1) { unit, _ in unit * 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let rest = String(scaled % unit)
        return "\(sign)\(scaled / unit)." + String(repeating: "0", count: count - rest.count) + rest
    }

    package static func times(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    package static func median(_ values: some Sequence<Double>) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}
