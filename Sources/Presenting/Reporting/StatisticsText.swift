import Statistics
import SyncModel

/// The statistics of a corpus for a terminal.
enum StatisticsText {
    private static let mostRows = 16
    private static let mostBar = 40
    private static let mostGroups = 8

    /// Blocks of lines, each preceded by an empty line.
    static func lines(_ statistics: CorpusStatistics) -> [String] {
        var lines: [String] = []
        for check in statistics.checks where check.verdicts.answered > 0 {
            lines += self.check(check, isMain: check.check == statistics.main?.check)
        }
        lines += groups(statistics)
        let sample = StatisticsWords.sample(statistics)
        if !sample.isEmpty { lines += [""] + sample }
        if let review = StatisticsWords.review(statistics.review) { lines += ["", review] }
        return lines
    }

    private static func check(_ check: CheckStatistics, isMain: Bool) -> [String] {
        // The bias of the first check is already at the top of the page.
        let bias = isMain ? nil : StatisticsWords.bias(check)
        let told = [
            bias, StatisticsWords.misaligned(check), StatisticsWords.mixture(check), StatisticsWords.trend(check),
        ].compactMap { $0 }
        guard check.verdicts.answered >= CorpusReport.leastForBias else { return [] }
        var lines = ["", "\(check.check.rawValue): \(check.verdicts.answered) of \(check.verdicts.askable) answered"]
        lines += told.map { "  " + $0 }
        if isMain {
            if let speakers = StatisticsWords.speakers(check) { lines.append("  (" + speakers + ")") }
            if let distribution = check.distribution { lines += histogram(distribution) }
        }
        for rate in check.rates.prefix(3) {
            lines.append("  made for another rate, \(rate.name.printable): \(rate.count) clips")
        }
        return lines
    }

    private static func groups(_ statistics: CorpusStatistics) -> [String] {
        guard let main = statistics.main else { return [] }
        var lines: [String] = []
        func list(_ title: String, _ groups: [GroupStatistics], _ words: (GroupStatistics) -> String?) {
            guard !groups.isEmpty else { return }
            lines += ["", title]
            let width = min(48, groups.prefix(mostGroups).map(\.name.printable.count).max() ?? 0)
            for group in groups.prefix(mostGroups) {
                let name = group.name.printable
                lines.append(
                    "  \(name)\(String(repeating: " ", count: max(0, width - name.count)))  \(words(group) ?? "")")
                if !group.sameClips.isEmpty {
                    lines.append(
                        "    the same clips: \(group.sameClips.prefix(3).map(\.printable).joined(separator: ", "))")
                }
            }
            if groups.count > mostGroups { lines.append("  ... and \(groups.count - mostGroups) more") }
        }
        list("groups that differ (\(statistics.comparisons) compared):", statistics.named) {
            StatisticsWords.difference($0, subject: main.subject)
        }
        list("lower answer rate than the others:", statistics.lessAnswered, StatisticsWords.coverage)
        list("more often unpaired than the others:", statistics.moreUnpaired, StatisticsWords.unpaired)
        if lines.isEmpty, statistics.comparisons > 0 {
            lines = [
                "",
                "no group differs (\(statistics.comparisons) compared), and none has a lower answer rate than others",
            ]
        }
        return lines
    }

    /// Bins from late to early, merged to a few rows.
    private static func histogram(_ distribution: OffsetDistribution) -> [String] {
        var (counts, width) = (distribution.counts, distribution.width)
        var start = distribution.start
        while counts.count > mostRows {
            // Pairs that start at even multiples of the width.
            let isOdd = Int((start / width).rounded()) % 2 != 0
            if isOdd {
                counts.insert(0, at: 0)
                start -= width
            }
            counts = stride(from: 0, to: counts.count, by: 2).map {
                counts[$0] + ($0 + 1 < counts.count ? counts[$0 + 1] : 0)
            }
            width *= 2
        }
        guard let most = counts.max(), most > 0 else { return [] }
        var rows: [(String, Int)] = []
        if distribution.below > 0 { rows.append(("later still", distribution.below)) }
        for (index, count) in counts.enumerated() {
            let low = start + Double(index) * width
            let interval = OffsetInterval(Offset(milliseconds: low), Offset(milliseconds: low + width))
            rows.append((OffsetWords.interval(interval), count))
        }
        if distribution.above > 0 { rows.append(("earlier still", distribution.above)) }
        let column = rows.map(\.0.count).max() ?? 0
        return rows.map { name, count in
            let bar = String(repeating: "#", count: count == 0 ? 0 : max(1, min(mostBar, count * mostBar / most)))
            let line =
                """
                  \(String(repeating: " ", count: column - name.count))\(name)  \(bar)\(bar.isEmpty ? "" : " ")\(count)
                """
            return line
        }
    }
}
