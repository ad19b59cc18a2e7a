/// Formats numbers for sentences.
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

    /// The median, the upper one of two; NaN if empty.
    package static func median(_ values: some Sequence<Double>) -> Double {
        var own = Array(values)
        return own.isEmpty ? .nan : selected(own.count / 2, of: &own)
    }

    /// The element at a sorted position, by quickselect (Hoare 1961, Algorithm 65).
    private static func selected(_ place: Int, of values: inout [Double]) -> Double {
        values.withUnsafeMutableBufferPointer { values in
            var (low, high) = (0, values.count - 1)
            // Random pivots: no order of the numbers makes it slow.
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            while low < high {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pivot = values[low + Int(state >> 33) % (high - low + 1)]
                var (left, right) = (low, high)
                while left <= right {
                    while values[left] < pivot { left += 1 }
                    while pivot < values[right] { right -= 1 }
                    guard left <= right else { break }
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
                if place <= right {
                    high = right
                } else if place >= left {
                    low = left
                } else {
                    break
                }
            }
            return values[place]
        }
    }
}
