import SyncModel

/// A correlation curve drawn as text: how well each offset fits.
enum CurvePicture {
    private static let rows = 4
    private static let columns = 61
    private static let levels: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Lines of at most 75 columns; empty if there is no curve. The points are at increasing offsets.
    static func lines(_ curve: [CurvePoint], marking offset: Offset?) -> [String] {
        let curve = curve.filter { $0.height.isFinite && abs($0.offset.milliseconds) < 1e9 }
        // Fine steps near zero, or the whole search range.
        let near = curve.filter { abs($0.offset.milliseconds) <= 600.5 }
        let isNear = offset.map { abs($0.milliseconds) <= 560 } ?? false
        let points = isNear && near.count > 2 ? near : curve
        guard points.count > 2, let first = points.first?.offset.milliseconds,
            let last = points.last?.offset.milliseconds,
            last > first, let top = points.map(\.height).max(), top > 0
        else { return [] }
        var lines = pillars(points, top: top)
        func column(_ milliseconds: Double) -> Int? {
            let place = ((milliseconds - first) / (last - first) * Double(columns - 1)).rounded()
            return place >= 0 && place < Double(columns) ? Int(place) : nil
        }
        var axis = [Character](repeating: "─", count: columns)
        if let zero = column(0) { axis[zero] = "┼" }
        if let offset { axis[column(min(last, max(first, offset.milliseconds))) ?? 0] = "▲" }
        lines.append("  " + String(axis))
        lines.append(
            "  " + labels(first: Offset(milliseconds: first), last: Offset(milliseconds: last), zero: column(0)))
        return lines
    }

    /// The heights as rows of blocks: the largest of the points in a column, else interpolated between its neighbours.
    private static func pillars(_ points: [CurvePoint], top: Double) -> [String] {
        let step = Double(points.count - 1) / Double(columns - 1)
        let heights = (0..<columns).map { column -> Double in
            let place = Double(column) * step
            let low = min(points.count - 2, Int(place))
            let share = place - Double(low)
            let between = points[low].height * (1 - share) + points[low + 1].height * share
            let from = max(0, Int((place - step / 2).rounded(.up)))
            let to = min(points.count - 1, Int((place + step / 2).rounded(.down)))
            let own = from <= to ? points[from...to].map(\.height).max() : nil
            return max(0, own ?? between) / top
        }
        return (0..<rows).reversed().map { row in
            let line = heights.map { height -> Character in
                let filled = height * Double(rows) - Double(row)
                return levels[Int((min(1, max(0, filled)) * 8).rounded())]
            }
            let end = line.lastIndex { $0 != " " } ?? -1
            return end < 0 ? "" : "  " + String(line[...end])
        }
    }

    /// Labels of the ends of the axis and its zero.
    private static func labels(first: Offset, last: Offset, zero: Int?) -> String {
        let (left, right) = (OffsetWords.place(first), OffsetWords.place(last))
        var label = left
        if let zero, zero > left.count { label += String(repeating: " ", count: zero - left.count) + "0" }
        return label + String(repeating: " ", count: max(1, columns - label.count - right.count)) + right
    }
}
