import SyncModel

/// A correlation curve drawn in letters: how well each offset fits.
enum CurvePicture {
    private static let rows = 4
    private static let levels: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Lines of at most 75 columns; empty where there is no curve.
    static func lines(_ curve: [CurvePoint], marking offset: Offset?) -> [String] {
        guard curve.count > 2, let top = curve.map(\.height).max(), top > 0 else { return [] }
        // Near zero in fine steps, or all that was searched.
        let near = curve.filter { abs($0.offset.milliseconds) <= 600.5 }
        let isNear = offset.map { abs($0.milliseconds) <= 560 } ?? false
        let points = isNear ? near : curve
        let columns = 61
        var heights = [Double](repeating: 0, count: columns)
        for (index, point) in points.enumerated() {
            let column = index * (columns - 1) / max(1, points.count - 1)
            heights[column] = max(heights[column], max(0, point.height) / top)
        }
        var lines: [String] = []
        for row in (0..<rows).reversed() {
            let line = heights.map { height -> Character in
                let filled = height * Double(rows) - Double(row)
                return levels[Int((min(1, max(0, filled)) * 8).rounded())]
            }
            lines.append("  " + String(line))
        }
        guard let first = points.first?.offset.milliseconds, let last = points.last?.offset.milliseconds else { return [] }
        func column(_ milliseconds: Double) -> Int { Int(((milliseconds - first) / (last - first) * Double(columns - 1)).rounded()) }
        var axis = [Character](repeating: "─", count: columns)
        axis[column(0)] = "┼"
        if let offset { axis[min(columns - 1, max(0, column(offset.milliseconds)))] = "▲" }
        lines.append("  " + String(axis))
        let late = "\(Int(abs(first))) ms late", early = "\(Int(last)) ms early"
        let room = max(1, columns / 2 - late.count)
        lines.append("  " + late + String(repeating: " ", count: room) + "0" + String(repeating: " ", count: max(1, columns - late.count - room - 1 - early.count)) + early)
        return lines
    }
}
