import SyncModel

/// Finds classes of actions that one view or annotator labels consistently early or late.
enum ClassShifts {
    /// A class of a view or an annotator, both edges or one of them.
    private struct Key: Hashable {
        let name: String
        let label: Symbol
        /// 0: both edges; 1: starts; 2: ends.
        let edge: Int
    }

    /// Least number of boundaries and of sessions.
    private static let fewest = 4
    private static let fewestSessions = 2

    static func explain(
        _ deviations: inout [Deviation], corpus: LabelCorpus, byAnnotator: Bool, options: ActionsOptions,
        findings: inout [ActionFinding]
    ) {
        func name(_ session: Int32, _ track: Int32) -> String {
            let track = corpus.sessions[Int(session)].tracks[Int(track)]
            return byAnnotator ? track.annotator : track.view
        }
        guard deviations.contains(where: { !$0.isExplained && abs($0.rest) >= Float(CommonShift.smallest) }) else {
            return
        }
        var groups: [Key: [Int]] = [:]
        for index in deviations.indices where !deviations[index].isExplained {
            let deviation = deviations[index]
            for edge in 0...2 where edge == 0 || (edge == 2) == deviation.isEnd {
                groups[
                    Key(name: name(deviation.session, deviation.track), label: deviation.label, edge: edge), default: []
                ].append(index)
                // Of two tracks either may be off: the first one by the opposite amount.
                if deviation.other >= 0 {
                    groups[
                        Key(name: name(deviation.session, deviation.other), label: deviation.label, edge: edge),
                        default: []
                    ].append(~index)
                }
            }
        }
        func value(_ place: Int) -> Float { place >= 0 ? deviations[place].rest : -deviations[~place].rest }
        func raw(_ place: Int) -> Int { place >= 0 ? place : ~place }

        while true {
            var best: (key: Key, shift: CommonShift, gain: Int, places: [Int])?
            for (key, all) in groups {
                let places = all.filter { !deviations[raw($0)].isExplained }
                guard places.count >= fewest, Set(places.map { deviations[raw($0)].session }).count >= fewestSessions,
                    let shift = CommonShift(of: places.map(value), share: 0.7)
                else { continue }
                // Both edges explain twice as much as one; a deviation from a majority counts double.
                let gain = shift.inliers.count * 4 + shift.inliers.filter { places[$0] >= 0 }.count
                let isBetter = best.map {
                    gain > $0.gain
                        || (gain == $0.gain
                            && (key.name, corpus.symbols[key.label]) < ($0.key.name, corpus.symbols[$0.key.label]))
                }
                if isBetter ?? true { best = (key, shift, gain, places) }
            }
            guard let best else { return }
            var moments: [Int64: Set<Int>] = [:]
            var sessions: Set<Int32> = []
            for place in best.places {
                let index = raw(place)
                let sign: Float = place >= 0 ? 1 : -1
                deviations[index].isExplained = true
                deviations[index].rest -= sign * Float(best.shift.milliseconds)
                moments[Int64(deviations[index].session) << 32 | Int64(deviations[index].track), default: []].insert(
                    Int((deviations[index].referenceSeconds * 1000).rounded()))
                sessions.insert(deviations[index].session)
            }
            // The neighbours' edges at the same moments moved with it.
            for index in deviations.indices where !deviations[index].isExplained && abs(deviations[index].rest) > 1 {
                let key = Int64(deviations[index].session) << 32 | Int64(deviations[index].track)
                guard let set = moments[key], set.contains(Int((deviations[index].referenceSeconds * 1000).rounded()))
                else { continue }
                deviations[index].isExplained = true
                deviations[index].rest = 0
            }
            findings.append(finding(best.key, best.shift, sessions.count, corpus))
        }
    }

    private static func finding(_ key: Key, _ shift: CommonShift, _ sessions: Int, _ corpus: LabelCorpus)
        -> ActionFinding
    {
        var finding = ActionFinding(
            kind: shift.milliseconds < 0 ? .lateClass : .earlyClass, session: "", subject: key.name,
            reference: "the others", label: corpus.symbols[key.label])
        finding.offset = Offset(milliseconds: shift.milliseconds)
        finding.interval = OffsetInterval(Offset(milliseconds: shift.lower), Offset(milliseconds: shift.upper))
        finding.boundaries = shift.inliers.count
        finding.sessions = sessions
        let edge = key.edge == 0 ? "the boundaries of " : key.edge == 1 ? "the starts of " : "the ends of "
        finding.detail =
            """
            \(edge)this action are \(Explanations.place(shift.milliseconds)) in \(sessions) sessions; other actions \
            are not
            """
        finding.remedy =
            """
            agree on when this action begins and ends, and add \(Explanations.number(shift.milliseconds)) ms to its \
            times in this track
            """
        return finding
    }
}
