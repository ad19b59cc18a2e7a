package import SyncModel

/// The lags of all episodes of a set together: their distribution by joint, and the episodes that differ. Pure.
package struct SetLags: Sendable {
    /// By joint; those that moved in at least five episodes.
    package let joints: [JointLag]
    /// By episode: the median lag of its joints in ms.
    package let lags: [Int: Double]
    package let faults: [Int: [LogFault]]

    private static let leastEpisodes = 5
    /// Episodes needed to say that one of them differs.
    private static let leastCompared = 8
    /// An episode differs from this many rows on, and from so many deviations of the episodes.
    private static let step = 0.75, deviations = 5.0
    /// Share of an episode's joints that must differ, each by this many rows.
    private static let share = 0.6, jointStep = 0.5
    /// Commands are speeds where these explain more in this share of the joints and episodes.
    private static let clearly = 0.6

    /// - Parameters:
    ///   - episodes: by the place of the episode.
    ///   - names: of the joints, in the order of `ActionLags`.
    ///   - columns: names of the columns of commands and states, for sentences.
    package init(
        _ episodes: [Int: ActionLags], names: [String], columns: (action: String, state: String),
        framesPerSecond: Double
    ) {
        let period = 1000 / framesPerSecond
        let places = episodes.keys.sorted()
        var joints: [JointLag] = []
        var medians: [Int: Double] = [:]
        // All joints of a set are commanded alike: what explains more in most joints and episodes is meant.
        var (shown, faster) = (0, 0)
        for own in episodes.values {
            for (position, speed) in zip(own.positions, own.speeds) where position != nil || speed != nil {
                shown += 1
                if speed?.correlation ?? 0 > position?.correlation ?? 0 { faster += 1 }
            }
        }
        let isSpeed = Double(faster) > SetLags.clearly * Double(shown)
        for (joint, name) in names.enumerated() {
            let found = places.compactMap { place in
                episodes[place].flatMap { (isSpeed ? $0.speeds : $0.positions)[joint] }
            }
            guard found.count >= SetLags.leastEpisodes else { continue }
            let rows = found.map(\.rows).sorted()
            let median = Figures.median(rows)
            medians[joint] = median
            func share(_ part: Double) -> Double { rows[Int((Double(rows.count - 1) * part).rounded())] * period }
            joints.append(
                JointLag(
                    joint: name, commandIs: isSpeed ? "velocity" : "position", episodes: rows.count,
                    median: median * period,
                    spread: 1.4826 * Figures.median(rows.map { abs($0 - median) }) * period, low: share(0.05),
                    high: share(0.95)))
        }
        self.joints = joints

        var lags: [Int: Double] = [:]
        var faults: [Int: [LogFault]] = [:]
        var differences: [(place: Int, rows: Double, joints: [Double])] = []
        for place in places {
            guard let own = episodes[place] else { continue }
            if own.isCopy {
                faults[place] = [SetLags.copied(columns)]
                continue
            }
            var (found, deviations) = ([Double](), [Double]())
            for (joint, median) in medians {
                guard let lag = (isSpeed ? own.speeds : own.positions)[joint] else { continue }
                found.append(lag.rows)
                deviations.append(lag.rows - median)
            }
            guard !found.isEmpty else { continue }
            lags[place] = Figures.median(found) * period
            differences.append((place, Figures.median(deviations), deviations))
        }
        if differences.count >= SetLags.leastCompared {
            let scatter = 1.4826 * Figures.median(differences.map { abs($0.rows) })
            let usual = Figures.median(lags.values)
            for one in differences
            where abs(one.rows) >= max(SetLags.step, SetLags.deviations * scatter)
                && Double(one.joints.count { $0 * one.rows > 0 && abs($0) >= SetLags.jointStep })
                    >= SetLags.share * Double(one.joints.count)
            {
                faults[one.place, default: []].append(
                    SetLags.differs(one.rows, usual: usual, period: period, columns: columns))
            }
        }
        self.lags = lags
        self.faults = faults
    }

    private static func copied(_ columns: (action: String, state: String)) -> LogFault {
        LogFault(
            .actionIsState,
            """
            column \(columns.action.printable) equals \(columns.state.printable) in every row: one was copied from \
            the other, and a policy learns from it to stay where it is
            """,
            remedy:
                """
                write the commands that were sent; if none were kept, use the states of the next row, and document it
                """)
    }

    private static func differs(
        _ rows: Double, usual: Double, period: Double, columns: (action: String, state: String)
    ) -> LogFault {
        let count = max(1, Int(abs(rows).rounded()))
        func place(_ milliseconds: Double) -> String {
            "\(Figures.size(milliseconds: milliseconds)) \(milliseconds < 0 ? "before" : "after")"
        }
        return LogFault(
            .lagDiffers,
            """
            \(columns.state.printable) follows \(columns.action.printable) \
            \(Figures.size(milliseconds: rows * period)) \(rows > 0 ? "later" : "earlier") than in the set's other \
            episodes, where it comes \(place(usual)) it: \(count == 1 ? "a row" : "\(count) rows") of difference
            """,
            costMilliseconds: abs(rows) * period,
            remedy:
                """
                move the actions of this episode by \(count == 1 ? "a row" : "\(count) rows") against its states, or \
                omit it: a policy learns one lag from all episodes
                """)
    }
}
