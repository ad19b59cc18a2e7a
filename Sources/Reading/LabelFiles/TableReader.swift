import Foundation
import SyncModel

/// Reads tables with named columns: CSV, TSV and similar, including EPIC-KITCHENS and BORIS exports.
struct TableReader {
    let options: LabelOptions

    /// Reads every row into the collector; returns false if the header has no times.
    func read(_ table: LabelTable, into collector: LabelCollector) -> Bool {
        var columns: ColumnMap?
        var header: [String] = []
        var sought = 0
        var rows: [(LabelCollector.Row, Double?)] = []
        var isCounted = false
        var row = LabelCollector.Row()
        var units = (start: LabelOptions.Unit.seconds, end: LabelOptions.Unit.seconds)
        var interval = Interval()
        var events = EventPairs()
        var frames: FrameAgreement?
        table.forEachRow { line, fields in
            guard let columns else {
                // BORIS and others write further lines above the header.
                sought += 1
                guard sought <= 60 else { return }
                let names = (0..<fields.count).map { fields.text($0) }
                let map = ColumnMap(header: names, options: options)
                if map.isUsable || EventPairs.isHeader(names) {
                    columns = map
                    header = names
                    events = EventPairs(header: names)
                    units.start = map.units[.start] ?? options.unit ?? .seconds
                    units.end =
                        map.units[map.has(.end) ? .end : .duration] ?? map.units[.start] ?? options.unit ?? .seconds
                    if !map.has(.label) {
                        collector.problem(
                            "unknown-columns", row: line,
                            "has no known column for the action among \(names.joined(separator: ", "))",
                            "specify it: --column label=NAME")
                    }
                    frames = FrameAgreement(map, header: names)
                    isCounted = map.units[.start] == nil && options.unit == nil && !events.isUsable
                }
                return
            }
            guard columns.has(.label) else { return }
            guard !fields.text(0).hasPrefix("#") || fields.count == header.count else { return }
            row.row = line
            row.session = fields.text(columns.place(.session))
            row.view = fields.text(columns.place(.view))
            row.annotator = fields.text(columns.place(.annotator))
            row.tier = fields.text(columns.place(.tier))
            row.actor = fields.text(columns.place(.actor))
            row.label = fields.text(columns.place(.label))
            row.note = fields.text(columns.place(.note))
            if events.isUsable, !columns.isUsable {
                events.take(fields, row, columns, into: collector)
                return
            }
            if let found = timecodes(fields, columns) {
                isCounted = false
                guard let rate = columns.has(.rate) ? fields.number(columns.place(.rate)) : options.rate else {
                    return collector.problem(
                        "no-rate", row: line,
                        "has times as hours:minutes:seconds:frames, but no frame rate is known",
                        "give --rate N, such as --rate 25")
                }
                guard let start = found.start.time(rate: rate), let end = found.end.time(rate: rate) else {
                    return collector.problem(
                        "bad-time", row: line,
                        "has frame numbers beyond the \(Figures.decimals(rate, 3)) fps that are given",
                        "give the rate at which the file was made: --rate N")
                }
                (row.start, row.end) = (start, columns.has(.end) ? end : start + end)
                return collector.add(row)
            }
            guard let start = fields.number(columns.place(.start)),
                let end = columns.has(.end)
                    ? fields.number(columns.place(.end)) : fields.number(columns.place(.duration)).map({ start + $0 })
            else {
                if fields.count < header.count {
                    collector.problem(
                        "short-row", row: line, "has \(fields.count) fields, but the header has \(header.count)",
                        "complete the row")
                } else {
                    let shown =
                        """
                        \(fields.text(columns.place(.start)).prefix(40))', \
                        '\(fields.text(columns.place(columns.has(.end) ? .end : .duration)).prefix(40))
                        """
                    collector.problem(
                        "bad-time", row: line, "has times that are not numbers: '\(shown)'",
                        "use seconds or hours:minutes:seconds")
                }
                return
            }
            (row.start, row.end) = (start, end)
            let rate = columns.has(.rate) ? fields.number(columns.place(.rate)) : nil
            if frames != nil {
                // In addition to frames, these are times.
                isCounted = false
                let scale = units.start == .ms ? 0.001 : 1
                var timed = row
                (timed.start, timed.end) = (row.start * scale, row.end * (units.end == .ms ? 0.001 : 1))
                frames?.take(fields, timed, stated: rate ?? options.rate)
            }
            if isCounted {
                // Seconds or frames can only be decided after all rows.
                interval.see(row)
                if interval.mayBeFrames {
                    rows.append((row, rate))
                } else if !rows.isEmpty {
                    rows.append((row, rate))
                    for (held, _) in rows { collector.add(held) }
                    rows = []
                } else {
                    collector.add(row)
                }
            } else if let timed = inSeconds(row, units.start, units.end, rate ?? options.rate, collector) {
                collector.add(timed)
            }
        }
        guard columns != nil else { return false }
        events.finish(collector)
        frames?.finish(collector)
        if !rows.isEmpty { settle(rows, interval, collector) }
        return true
    }

    /// Start and end (or duration), if both are timecodes.
    private func timecodes(
        _ fields: LabelTable.Row, _ columns: ColumnMap
    ) -> (start: TimeNumber.Timecode, end: TimeNumber.Timecode)? {
        guard fields.number(columns.place(.start)) == nil,
            let start = TimeNumber.timecode(fields.text(columns.place(.start))),
            let end = TimeNumber.timecode(fields.text(columns.place(columns.has(.end) ? .end : .duration)))
        else { return nil }
        return (start, end)
    }

    /// Decides whether whole numbers are frames or seconds.
    private func settle(_ rows: [(LabelCollector.Row, Double?)], _ interval: Interval, _ collector: LabelCollector) {
        guard interval.areFrames else {
            for (row, _) in rows { collector.add(row) }
            return
        }
        guard let rate = rows.first?.1 ?? options.rate else {
            collector.problem(
                "frames-as-seconds", row: rows[0].0.row,
                """
                has times that look like frame numbers (whole, up to \(Int(interval.largest))), but no frame rate; \
                they are skipped
                """,
                "give --unit frames --rate N, or --unit seconds if they are seconds")
            return
        }
        collector.problem(
            isLoss: false, "frames-as-seconds", row: rows[0].0.row,
            "has times that look like frame numbers; they are read as frames at \(rate) fps",
            "give --unit frames (or --unit seconds if they are seconds)")
        for (row, own) in rows {
            if let timed = inSeconds(row, .frames, .frames, own ?? rate, collector) { collector.add(timed) }
        }
    }

    private func inSeconds(
        _ row: LabelCollector.Row, _ startUnit: LabelOptions.Unit, _ endUnit: LabelOptions.Unit, _ rate: Double?,
        _ collector: LabelCollector
    ) -> LabelCollector.Row? {
        var row = row
        func convert(_ value: Double, _ unit: LabelOptions.Unit, isEnd: Bool) -> Double? {
            switch unit {
            case .seconds: return value
            case .ms: return value / 1000
            case .frames:
                guard let rate, rate > 0 else { return nil }
                return (value + (isEnd && options.endsAreInclusive ? 1 : 0)) / rate
            }
        }
        guard let start = convert(row.start, startUnit, isEnd: false), let end = convert(row.end, endUnit, isEnd: true)
        else {
            collector.problem(
                "no-rate", row: row.row, "counts in frames, but no frame rate is known",
                "give --rate N, such as --rate 15")
            return nil
        }
        (row.start, row.end) = (start, end)
        return row
    }

    /// Distinguishes frame numbers from seconds: only whole numbers, and segments far longer than actions.
    private struct Interval {
        private(set) var largest = 0.0
        private(set) var mayBeFrames = true
        private var count = 0, long = 0

        mutating func see(_ row: LabelCollector.Row) {
            largest = max(largest, row.end)
            if row.start != row.start.rounded() || row.end != row.end.rounded() { mayBeFrames = false }
            count += 1
            if row.end - row.start >= 10 { long += 1 }
        }

        /// Only whole numbers, at least six, an end beyond five minutes, and most segments of ten units or longer.
        var areFrames: Bool { mayBeFrames && count >= 3 && largest >= 300 && long * 10 >= count * 6 }
    }
}
