/// A position in a recording as text.
public enum Clock {
    /// Minutes, seconds and a tenth, "1:02.5"; hours where there are any.
    public static func words(_ seconds: Double) -> String {
        let tenths = Int((max(0, min(seconds.isFinite ? seconds : 0, 1e8)) * 10).rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        let (hours, minutes, rest) = (tenths / 36_000, tenths / 600 % 60, "\(two(tenths / 10 % 60)).\(tenths % 10)")
        return hours > 0 ? "\(hours):\(two(minutes)):\(rest)" : "\(minutes):\(rest)"
    }
}
