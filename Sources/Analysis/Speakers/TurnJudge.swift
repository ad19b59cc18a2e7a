import Foundation
import SyncModel

/// The result for each turn: its boundaries, whether anybody speaks, and whose voice it is.
struct TurnJudge {
    struct Boundary {
        let turn: Int
        let isStart: Bool
        /// The offset to add to the stated time.
        let offset: Offset
    }

    let items: [FindingItem]
    let moved: [Boundary]
    /// Runs of turns whose voice is another name's.
    let exchanged: [(span: TimeSpan, labelled: String, heard: String, turns: Int)]
    let untold: Int

    /// A boundary nearer than this counts as correct, in seconds.
    private static let least = 0.18
    private static let most = 0.2
    private static let leastPurity = 0.5
    private static let leastUnity = 0.55
    /// How much nearer to another name's voice: of 1.5 s of speech and more, and of less.
    private static let excess = 0.12
    private static let shortExcess = 0.18
    private static let leastSeconds = 0.6
    /// Turns with less speech than this share count as without speech.
    private static let leastSpeech = 0.15

    /// The data that turns are judged by.
    struct Facts {
        var turns: [SpeakerTurn]
        /// The speaker of each turn, an index into `names`.
        var speakers: [Int]
        var names: [String]
        /// Boundaries of turns that were found in the audio; empty where turns and audio do not belong together.
        var edges: [TurnEdges.Edge]
        /// Of all turns together, in seconds.
        var offset: Double
        /// Scatter of single boundaries around it, in seconds.
        var deviation: Double
        /// nil: voices were not compared.
        var voices: VoiceComparison?
        var neighbours: VoiceNeighbours?
        var course: SpeechCourse
        var tolerance: Tolerance
    }

    init(_ facts: Facts) {
        let (turns, speakers, names) = (facts.turns, facts.speakers, facts.names)
        let (voices, neighbours, course, offset) = (facts.voices, facts.neighbours, facts.course, facts.offset)
        // Where all boundaries are rough, none is reported as moved for being as rough as the others.
        let limit = max(
            TurnJudge.least, min(TurnJudge.most, 3 * facts.deviation),
            facts.tolerance.outerMilliseconds.upperBound / 1000)
        var starts: [Int: TurnEdges.Edge] = [:]
        var ends: [Int: TurnEdges.Edge] = [:]
        for edge in facts.edges { if edge.isStart { starts[edge.turn] = edge } else { ends[edge.turn] = edge } }
        func isAlike(_ position: Int, _ name: Int) -> Bool {
            voices?.alike.contains([name, speakers[position]]) ?? false
        }
        func isOther(_ position: Int, least: Double) -> Bool {
            guard let voice = voices?.turns[position], let excess = voice.excess, voice.nearest != speakers[position]
            else { return false }
            guard !isAlike(position, voice.nearest) else { return false }
            return excess > least
        }
        let sure = turns.indices.map { position -> Bool in
            guard let seconds = voices?.turns[position]?.seconds, seconds >= TurnJudge.leastSeconds else {
                return false
            }
            return isOther(position, least: seconds >= 1.4 ? TurnJudge.excess : TurnJudge.shortExcess)
        }
        // A short turn alone is not sufficient evidence. Next to exchanged turns it counts as one of them if
        // neighbouring turns of the same voice indicate it, or if it is between two and not nearer to its own name.
        let isExchanged = turns.indices.map { position -> Bool in
            if sure[position] { return true }
            let (before, after) = (position > 0 && sure[position - 1], position + 1 < turns.count && sure[position + 1])
            if before, after, isOther(position, least: 0) { return true }
            guard before || after, (voices?.turns[position]?.seconds ?? 0) < TurnJudge.leastSeconds,
                let name = neighbours?.names[position]
            else { return false }
            return name != speakers[position] && !isAlike(position, name)
        }

        var items: [FindingItem] = []
        var moved: [Boundary] = []
        var untold = 0
        var reached: [Int: Double] = [:]
        var latest = -Double.infinity
        for (position, turn) in turns.enumerated() {
            var flags: [FindingItem.Flag] = []
            var trust: Double?
            func lower(_ value: Double) { trust = (trust ?? 1) * value }
            let share = course.share(turn.start + offset, turn.end + offset)
            let isSilent =
                turn.length >= 0.1 && (share ?? 0) < TurnJudge.leastSpeech && turn.start + offset < course.seconds
            var residuals: [Double] = []
            var worst: Double?
            if isSilent {
                flags.append(.noSpeech)
                lower(0.05)
            } else {
                for edge in [starts[position], ends[position]].compactMap({ $0 })
                where edge.unity >= TurnJudge.leastUnity {
                    let away = edge.residual - offset
                    residuals.append(edge.residual)
                    let isMoved = abs(away) > limit && edge.purity > TurnJudge.leastPurity
                    if isMoved {
                        moved.append(
                            Boundary(turn: turn.index, isStart: edge.isStart, offset: Offset(seconds: edge.residual)))
                        if abs(away) > abs((worst ?? offset) - offset) { worst = edge.residual }
                    }
                    if isMoved || abs(away) <= limit { lower(1 / (1 + exp((abs(away) - limit) / 0.04))) }
                }
                if worst != nil { flags.append(.moved) }
            }
            if isExchanged[position] {
                flags.append(.wrongText)
                lower(0.1)
            } else if let excess = voices?.turns[position]?.excess, let seconds = voices?.turns[position]?.seconds,
                seconds >= TurnJudge.leastSeconds
            {
                lower(1 / (1 + exp((excess - 0.05) / 0.05)))
            }
            if turn.start < latest - 0.001 { flags.append(.outOfOrder) }
            if turn.start < (reached[speakers[position]] ?? -.infinity) - 0.02 { flags.append(.overlap) }
            if turn.end > course.seconds + 0.25 { flags.append(.pastEnd) }
            latest = turn.start
            reached[speakers[position]] = max(reached[speakers[position]] ?? -.infinity, turn.end)
            if trust == nil { untold += 1 }
            let own = worst ?? (residuals.isEmpty ? nil : residuals.reduce(0, +) / Double(residuals.count))
            items.append(
                FindingItem(
                    index: turn.index, kind: .turn, text: turn.speaker, startSeconds: turn.start, endSeconds: turn.end,
                    offset: own.map { Offset(seconds: $0) }, trust: trust, flags: flags))
        }
        self.items = items
        self.moved = moved
        self.untold = untold
        exchanged = TurnJudge.runs(turns, isExchanged, voices, neighbours, names)
    }

    private static func runs(
        _ turns: [SpeakerTurn], _ isExchanged: [Bool], _ voices: VoiceComparison?, _ neighbours: VoiceNeighbours?,
        _ names: [String]
    ) -> [(span: TimeSpan, labelled: String, heard: String, turns: Int)] {
        var result: [(span: TimeSpan, labelled: String, heard: String, turns: Int)] = []
        var position = 0
        while position < turns.count {
            guard isExchanged[position] else {
                position += 1
                continue
            }
            var last = position
            while last + 1 < turns.count, isExchanged[last + 1] { last += 1 }
            let run = position...last
            let labelled = Set(run.map { turns[$0].speaker }).sorted()
            let heard = run.compactMap {
                (voices?.turns[$0]?.seconds ?? 0) >= leastSeconds ? voices?.turns[$0]?.nearest : neighbours?.names[$0]
            }.map { names[$0] }
            let end = run.map { turns[$0].end }.max() ?? turns[last].end
            result.append(
                (
                    TimeSpan(start: turns[position].start, end: max(end, turns[position].start)),
                    labelled.joined(separator: ", "),
                    Set(heard).sorted().joined(separator: ", "), run.count
                ))
            position = last + 1
        }
        return result
    }
}
