/// Numbers as sets state them, which may be anything.
package enum StatedNumber {
    /// A whole number of rows, files or episodes; nil where it is none that could be meant.
    package static func whole(_ value: Double?) -> Int? {
        value.flatMap { $0.isFinite && abs($0) < 1e15 ? Int($0) : nil }
    }
}
