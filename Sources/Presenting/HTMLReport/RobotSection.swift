import Reporting
import Statistics
import SyncModel

/// Robot sets: the pooled lateness of each robot's logs, by camera and by day; lags of its joints; faults by kind.
enum RobotSection {
    private static let mostDays = 400

    static func html(_ found: EpisodePools) -> String {
        guard !found.isEmpty else { return "" }
        return "<section aria-labelledby=\"robots\"><h2 id=\"robots\">Robot sets</h2>\n"
            + found.pools.filter { $0.day == nil }.map { pool in
                self.pool(
                    pool,
                    days: found.pools.filter { $0.day != nil && $0.robot == pool.robot && $0.camera == pool.camera }
                )
            }.joined() + found.lags.map(lags).joined() + faults(found.faults) + "</section>\n"
    }

    private static func pool(_ pool: EpisodePool, days: [EpisodePool]) -> String {
        let lines = [PoolText.result(pool)] + PoolText.remarks(pool)
        let items = lines.map { "<li>\(Markup.escaped($0.prefix(1).uppercased() + $0.dropFirst()))</li>" }
        let title = Markup.escaped(PoolText.name(pool))
        var text = "<h3>\(title)</h3><ul class=\"lines\">\(items.joined())</ul>\n"
        guard !days.isEmpty else { return text }
        let widest = days.compactMap(\.estimate).map { max(abs($0.lower), abs($0.upper)) }.max() ?? 0
        let rows = days.prefix(mostDays).map { day in
            """
            <tr><th scope="row">\(Markup.escaped((day.day ?? "").printable))</th><td>\
            \(Markup.escaped(PoolText.result(day)))</td><td>\(place(day.estimate, widest: widest))</td></tr>
            """
        }
        text += table("\(title), by day", ["day", "result", "late to early"], rows)
        if days.count > mostDays { text += "<p class=\"note\">and \(days.count - mostDays) more days</p>" }
        return text
    }

    private static func lags(_ set: EpisodePools.SetLag) -> String {
        let name = Markup.escaped(set.robot.map { "robot \($0.printable)" } ?? set.clip.printable)
        let widest = set.joints.map { max(abs($0.low), abs($0.high)) }.max() ?? 0
        let rows = set.joints.map { lag in
            """
            <tr><th scope="row">\(Markup.escaped(lag.joint.printable))</th><td>\(Markup.escaped(LagWords.text(lag)))\
            </td><td>\(spot(lag.median, lag.low...max(lag.low, lag.high), widest: widest))</td></tr>
            """
        }
        return table(
            "Lag of the states after the commands, \(name)", ["joint", "median", "before to after"], rows)
    }

    private static func faults(_ faults: [EpisodePools.FaultCount]) -> String {
        guard !faults.isEmpty else { return "" }
        let rows = faults.map { one in
            """
            <tr><th scope="row">\(one.kind.rawValue)</th><td class="number">\(one.episodes)</td><td>\
            \(Markup.escaped(one.clip.printable))\(one.fault.map(words) ?? "")</td></tr>
            """
        }
        return table("Faults in clocks, tables and videos", ["kind", "episodes", "first in"], rows)
    }

    private static func words(_ fault: LogFault) -> String {
        """
        <br><small>\(Markup.escaped(fault.complaint.printable)); what to do: \
        \(Markup.escaped(fault.remedy.printable))</small>
        """
    }

    /// - Parameter title: as markup.
    private static func table(_ title: String, _ heads: [String], _ rows: [String]) -> String {
        """
        <table class="plain wide forest"><caption>\(title)</caption><thead><tr>\
        \(heads.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead><tbody>
        \(rows.joined(separator: "\n"))
        </tbody></table>

        """
    }

    private static func place(_ estimate: Estimate?, widest: Double) -> String {
        guard let estimate else { return "" }
        return spot(estimate.milliseconds, estimate.lower...max(estimate.lower, estimate.upper), widest: widest)
    }

    /// A value with its range on an axis whose middle is 0.
    private static func spot(_ value: Double, _ range: ClosedRange<Double>, widest: Double) -> String {
        guard widest > 0 else { return "" }
        func x(_ milliseconds: Double) -> String { Markup.place(60 + 54 * max(-1, min(1, milliseconds / widest))) }
        return """
            <svg class="spot" viewBox="0 0 120 16" aria-hidden="true"><line class="axis" x1="60" y1="1" x2="60" \
            y2="15"/><line class="range" x1="\(x(range.lowerBound))" y1="8" x2="\(x(range.upperBound))" y2="8"/>\
            <circle cx="\(x(value))" cy="8" r="4"/></svg>
            """
    }
}
