import SyncModel

/// Compares a table's frame numbers with its times, as in EPIC-KITCHENS: a single rate must relate them, and it must be
/// the video's.
struct FrameAgreement {
    private struct Point {
        let row: Int
        let seconds: Double
        let frame: Double
        let isStart: Bool
    }

    private let start: Int
    private let end: Int
    /// By session, in table order.
    private var points: [(session: String, points: [Point], stated: Double?)] = []
    private var places: [String: Int] = [:]
    /// Whether all times are whole seconds, and so accurate to a second only.
    private var areWhole = true

    /// Minimum number of points for a rate.
    private static let fewest = 4
    /// Minimum time range of a session, in seconds.
    private static let shortest = 5.0
    /// Resolution of written times, in seconds.
    private static let resolution = 0.01
    /// Common frame rates.
    private static let usual: [Double] = [
        15, 24_000.0 / 1001, 24, 25, 30_000.0 / 1001, 30, 48_000.0 / 1001, 48, 50, 60_000.0 / 1001, 60, 90,
        120_000.0 / 1001, 120, 240,
    ]

    /// nil if the table has no frames in addition to times.
    init?(_ columns: ColumnMap, header: [String]) {
        guard columns.units[.start] != .frames, columns.has(.end), columns.units[.end] != .frames else { return nil }
        let frames = columns.furtherTimes(in: header).filter(\.isFrames).map(\.place)
        func place(_ words: [String]) -> Int? {
            frames.first { place in words.contains { header[place].lowercased().contains($0) } }
        }
        guard let start = place(["start", "begin", "onset", "first"]),
            let end = place(["stop", "end", "offset", "last"]), start != end
        else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// - Parameter stated: frame rate from the row or the option.
    mutating func take(_ fields: LabelTable.Row, _ row: LabelCollector.Row, stated: Double?) {
        let session = row.session
        let place = places[session] ?? points.count
        if place == points.count {
            places[session] = place
            points.append((session, [], nil))
        }
        points[place].stated = points[place].stated ?? stated
        for (seconds, column, isStart) in [(row.start, start, true), (row.end, end, false)] {
            guard let frame = fields.number(column), seconds.isFinite, abs(seconds) < 1e9, abs(frame) < 1e12 else {
                continue
            }
            if seconds != seconds.rounded() { areWhole = false }
            points[place].points.append(Point(row: row.row, seconds: seconds, frame: frame, isStart: isStart))
        }
    }

    /// Reports disagreements.
    func finish(_ collector: LabelCollector) {
        for (session, points, stated) in points { judge(session, points, stated, collector) }
    }

    private func judge(_ session: String, _ points: [Point], _ stated: Double?, _ collector: LabelCollector) {
        guard points.count >= Self.fewest, let first = points.map(\.seconds).min(),
            let last = points.map(\.seconds).max(), last - first >= Self.shortest
        else { return }
        let name = session.isEmpty ? "" : "of '\(session.prefix(80))' "
        let order = points.sorted { $0.seconds < $1.seconds }
        // The median of slopes between distant rows: robust against a few wrong rows.
        let half = order.count / 2
        let slopes = (0..<order.count - half).compactMap { place -> Double? in
            let (low, high) = (order[place], order[place + half])
            let seconds = high.seconds - low.seconds
            return seconds > 0.5 ? (high.frame - low.frame) / seconds : nil
        }.sorted()
        guard !slopes.isEmpty else { return }
        let measured = slopes[slopes.count / 2]
        guard measured > 0.5, measured < 2000 else {
            return collector.problem(
                isLoss: false, "frames-disagree", row: points[0].row,
                "has frame numbers and times \(name)that fit no single frame rate; the times are used",
                "recompute one from the other")
        }
        let resolution = areWhole ? 1 : Self.resolution
        let slack = 1.5 + resolution * measured
        // The uncertainty of the rate.
        let doubt = max(3e-4, 2 * slack / ((last - first) * measured))
        let rate = Self.usual.first { abs($0 / measured - 1) <= min(doubt, 4e-3) } ?? measured
        let starts = points.map { $0.frame - rate * $0.seconds }.sorted()
        let first0 = starts[starts.count / 2]
        let wrong = points.filter {
            abs($0.frame - rate * $0.seconds - first0) > slack + doubt * rate * (last - first) / 4
        }
        if wrong.count * 3 > points.count {
            return collector.problem(
                isLoss: false, "frames-disagree", row: wrong[0].row,
                """
                has frame numbers and times \(name)that fit no single frame rate: \(wrong.count) of \(points.count) \
                disagree with \(shown(rate)) fps; the times are used
                """,
                "recompute one from the other")
        }
        for point in wrong {
            collector.problem(
                isLoss: false, "frames-disagree", row: point.row,
                """
                \(point.isStart ? "starts" : "ends") at frame \(Int(point.frame)), which is \
                \(Figures.decimals((point.frame - first0) / rate, 2)) s at the \(shown(rate)) fps of the other rows, \
                but states \(Figures.decimals(point.seconds, 2)) s; the time is used
                """,
                "fix the wrong one")
        }
        guard let stated, stated > 0, abs(stated / rate - 1) > max(doubt, 5e-4) else { return }
        collector.problem(
            isLoss: false, "annotated-at-another-rate", row: points[0].row,
            """
            was annotated at \(shown(rate)) fps but the video is at \(shown(stated)): frames and times \(name)agree \
            at \(shown(rate)) fps, so one of them is for another video, off by \
            \(Figures.decimals(abs(stated / rate - 1) * 100, 1)) % of its time; the times are used
            """,
            """
            compare a label near the end with the video: if its frame is right, use the frames (--column \
            start=START_FRAME --column end=END_FRAME --unit frames --rate \(shown(stated))); if its time is right, \
            multiply the frames by \(Figures.decimals(stated / rate, 4))
            """)
    }

    private func shown(_ rate: Double) -> String {
        var text = Figures.decimals(rate, rate < 100 ? 3 : 2)
        while text.hasSuffix("0"), text.contains(".") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
