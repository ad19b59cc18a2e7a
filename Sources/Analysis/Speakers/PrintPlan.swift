import SyncModel

/// The segments of audio from which a turn's voice print is taken: those in which only it is labelled and somebody
/// speaks.
struct PrintPlan {
    struct Look {
        /// Position of the turn.
        let turn: Int
        let span: TimeSpan
    }

    let looks: [Look]

    /// Length of one print in seconds, and the least length.
    static let longest = 1.5
    private static let least = 0.4
    /// Omitted next to a boundary and next to other turns, in seconds.
    private static let guardSeconds = 0.08
    private static let mostOfOneTurn = 6

    /// - Parameter most: the largest number of prints; longer turns first, each turn once before any twice.
    init(_ turns: [SpeakerTurn], course: SpeechCourse, offset: Double, most: Int?) {
        var all: [[TimeSpan]] = []
        for (position, turn) in turns.enumerated() {
            var spans = [(turn.start + offset + PrintPlan.guardSeconds, turn.end + offset - PrintPlan.guardSeconds)]
            for (other, neighbour) in turns.enumerated()
            where other != position && neighbour.start < turn.end && neighbour.end > turn.start {
                let (low, high) = (
                    neighbour.start + offset - PrintPlan.guardSeconds, neighbour.end + offset + PrintPlan.guardSeconds
                )
                spans = spans.flatMap { [($0.0, min($0.1, low)), (max($0.0, high), $0.1)] }.filter { $0.1 > $0.0 }
            }
            let spoken = spans.flatMap { PrintPlan.spoken(course, $0.0, $0.1) }
            all.append(
                Array(
                    spoken.flatMap(PrintPlan.windows).sorted { $0.length > $1.length }.prefix(PrintPlan.mostOfOneTurn)))
        }
        var looks: [Look] = []
        for round in 0..<PrintPlan.mostOfOneTurn {
            let order = all.indices.filter { all[$0].count > round }.sorted {
                (all[$0][round].length, turns[$1].start) > (all[$1][round].length, turns[$0].start)
            }
            for turn in order where looks.count < most ?? .max {
                looks.append(Look(turn: turn, span: all[turn][round]))
            }
        }
        self.looks = looks.sorted { ($0.turn, $0.span.start) < ($1.turn, $1.span.start) }
    }

    /// The runs of speech by one voice within a segment; pauses of up to 0.3 s do not end them.
    private static func spoken(_ course: SpeechCourse, _ start: Double, _ end: Double) -> [(Double, Double)] {
        var runs: [(Double, Double)] = []
        for frame in course.frames(start, end) where course.speech[frame] > 0.5 && course.overlap[frame] < 0.5 {
            let (low, high) = (Double(frame) / SpeechCourse.rate, Double(frame + 1) / SpeechCourse.rate)
            if let last = runs.last, low - last.1 < 0.3 {
                runs[runs.count - 1].1 = high
            } else {
                runs.append((low, high))
            }
        }
        return runs
    }

    private static func windows(_ run: (Double, Double)) -> [TimeSpan] {
        let length = run.1 - run.0
        guard length >= least else { return [] }
        guard length > longest else { return [TimeSpan(start: run.0, end: run.1)] }
        let count = Int((length / 0.75).rounded(.up)) - 1
        let hop = (length - longest) / Double(max(1, count - 1))
        return (0..<count).map { TimeSpan(start: run.0 + Double($0) * hop, end: run.0 + Double($0) * hop + longest) }
    }
}
