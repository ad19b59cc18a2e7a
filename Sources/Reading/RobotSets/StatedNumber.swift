/// Validates numbers declared by sets.
package enum StatedNumber {
    /// A number of rows, files or episodes; nil if it is implausible.
    package static func whole(_ value: Double?) -> Int? {
        value.flatMap { $0.isFinite && abs($0) < 1e15 ? Int($0) : nil }
    }
}
