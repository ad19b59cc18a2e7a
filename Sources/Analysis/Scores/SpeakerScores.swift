import SignalCore

/// Scores of speakers' turns against a reference: diarization error rate and its parts (NIST Rich Transcription 2009),
/// Jaccard error rate (DIHARD II), detection of speech, purity and coverage.
///
/// The same numbers as `pyannote.metrics`; names of speakers need not be the same on both sides.
public struct SpeakerScores: Sendable {
    /// Collar: seconds omitted around each boundary of the reference, half of them on either side.
    public var collar = 0.0
    /// Whether overlapping turns of the reference are omitted.
    public var skipsOverlap = false

    public init() {}

    /// Seconds, and the rates derived from them. Parts of several recordings are added before rates are computed.
    public struct Result: Sendable, Hashable {
        public var total = 0.0
        public var correct = 0.0
        public var confusion = 0.0
        public var missed = 0.0
        public var falseAlarm = 0.0
        /// Of the Jaccard error rate: sum over speakers, and how many there are.
        public var speakerError = 0.0
        public var speakers = 0
        /// Of the detection of speech by any speaker.
        public var speech = 0.0
        public var speechMissed = 0.0
        public var speechFalseAlarm = 0.0
        /// Of purity and coverage: seconds of the labels, and of those the most that one label of the other side has.
        public var estimatedSeconds = 0.0
        public var pureSeconds = 0.0
        public var referenceSeconds = 0.0
        public var coveredSeconds = 0.0

        public init() {}

        public var errorRate: Double { SpeakerScores.rate(confusion + missed + falseAlarm, total) }
        public var jaccardErrorRate: Double { speakers == 0 ? 1 : speakerError / Double(speakers) }
        public var detectionErrorRate: Double { SpeakerScores.rate(speechMissed + speechFalseAlarm, speech) }
        public var purity: Double { estimatedSeconds > 0 ? pureSeconds / estimatedSeconds : 1 }
        public var coverage: Double { referenceSeconds > 0 ? coveredSeconds / referenceSeconds : 1 }

        public static func += (left: inout Result, right: Result) {
            left.total += right.total
            left.correct += right.correct
            left.confusion += right.confusion
            left.missed += right.missed
            left.falseAlarm += right.falseAlarm
            left.speakerError += right.speakerError
            left.speakers += right.speakers
            left.speech += right.speech
            left.speechMissed += right.speechMissed
            left.speechFalseAlarm += right.speechFalseAlarm
            left.estimatedSeconds += right.estimatedSeconds
            left.pureSeconds += right.pureSeconds
            left.referenceSeconds += right.referenceSeconds
            left.coveredSeconds += right.coveredSeconds
        }
    }

    /// - Parameter evaluated: what is examined; nil: from the first start to the last end of either side.
    public func scores(
        reference: [ScoredEvent], estimated: [ScoredEvent], evaluated: [(start: Double, end: Double)]? = nil
    ) -> Result {
        let all = reference + estimated
        let extent = all.isEmpty ? [] : [(start: all.map(\.start).min() ?? 0, end: all.map(\.end).max() ?? 0)]
        let whole = left(IntervalSet(evaluated ?? extent), reference)
        let own = SpeakerScores.cropped(reference, whole)
        let others = SpeakerScores.cropped(estimated, whole)
        let names = Array(Set(own.map(\.label))).sorted()
        let otherNames = Array(Set(others.map(\.label))).sorted()
        let meaning = SpeakerScores.mapping(own, others, names, otherNames)
        var result = Result()
        count(own, others, meaning, into: &result)
        jaccard(own, others, names, meaning, into: &result)
        let (speech, heard) = (
            IntervalSet(own.map { ($0.start, $0.end) }), IntervalSet(others.map { ($0.start, $0.end) })
        )
        result.speech = speech.length
        result.speechMissed = heard.gaps(in: speech).length
        result.speechFalseAlarm = speech.gaps(in: whole).intersection(heard).length
        (result.estimatedSeconds, result.pureSeconds) = SpeakerScores.purity(of: estimated, by: reference)
        (result.referenceSeconds, result.coveredSeconds) = SpeakerScores.purity(of: reference, by: estimated)
        return result
    }

    /// What is examined, without collars and overlap.
    private func left(_ whole: IntervalSet, _ reference: [ScoredEvent]) -> IntervalSet {
        guard collar > 0 || skipsOverlap else { return whole }
        var out: [(start: Double, end: Double)] = []
        if collar > 0 {
            for time in reference.flatMap({ [$0.start, $0.end] }) { out.append((time - collar / 2, time + collar / 2)) }
        }
        if skipsOverlap {
            for (index, one) in reference.enumerated() {
                for other in reference[(index + 1)...] {
                    out.append((max(one.start, other.start), min(one.end, other.end)))
                }
            }
        }
        return IntervalSet(out).gaps(in: whole)
    }

    private static func cropped(_ turns: [ScoredEvent], _ whole: IntervalSet) -> [ScoredEvent] {
        turns.flatMap { turn in
            whole.intersection(IntervalSet([(turn.start, turn.end)])).intervals.map {
                ScoredEvent(label: turn.label, start: $0.start, end: $0.end)
            }
        }
    }

    /// For each estimated name the name of the reference that it is mapped to: the longest total agreement.
    private static func mapping(
        _ own: [ScoredEvent], _ others: [ScoredEvent], _ names: [String], _ otherNames: [String]
    ) -> [String: String] {
        var common = otherNames.map { _ in names.map { _ in 0.0 } }
        for one in own {
            guard let column = names.firstIndex(of: one.label) else { continue }
            for other in others where other.start < one.end && other.end > one.start {
                guard let row = otherNames.firstIndex(of: other.label) else { continue }
                let seconds = min(one.end, other.end) - max(one.start, other.start)
                if seconds > IntervalSet.shortest { common[row][column] += seconds }
            }
        }
        var result: [String: String] = [:]
        for (row, column) in Assignment.best(common).enumerated() {
            if let column, common[row][column] > 0 { result[otherNames[row]] = names[column] }
        }
        return result
    }

    /// Segments between any two boundaries: in each as many names are right as both sides have in common.
    private func count(
        _ own: [ScoredEvent], _ others: [ScoredEvent], _ mapping: [String: String], into result: inout Result
    ) {
        enum Change {
            case reference(String, Int)
            case estimated(String, Int)
        }
        var changes: [(time: Double, change: Change)] = []
        for turn in own {
            changes += [(turn.start, .reference(turn.label, 1)), (turn.end, .reference(turn.label, -1))]
        }
        for turn in others {
            // An unmapped name must not match a name of the reference that happens to be equal.
            let name = mapping[turn.label].map { "=" + $0 } ?? "?" + turn.label
            changes += [(turn.start, .estimated(name, 1)), (turn.end, .estimated(name, -1))]
        }
        changes.sort { $0.time < $1.time }
        var (reference, estimated) = ([String: Int](), [String: Int]())
        var (wanted, given) = (0, 0)
        var last = changes.first?.time ?? 0
        for (time, change) in changes {
            let seconds = time - last
            if seconds > 0, wanted + given > 0 {
                let right = reference.reduce(0) { $0 + min($1.value, estimated[$1.key] ?? 0) }
                result.total += seconds * Double(wanted)
                result.correct += seconds * Double(right)
                result.confusion += seconds * Double(min(wanted, given) - right)
                result.missed += seconds * Double(max(0, wanted - given))
                result.falseAlarm += seconds * Double(max(0, given - wanted))
            }
            last = time
            switch change {
            case .reference(let name, let step):
                reference["=" + name, default: 0] += step
                wanted += step
            case .estimated(let name, let step):
                estimated[name, default: 0] += step
                given += step
            }
        }
    }

    private func jaccard(
        _ own: [ScoredEvent], _ others: [ScoredEvent], _ names: [String], _ mapping: [String: String],
        into result: inout Result
    ) {
        let estimated = Dictionary(mapping.map { ($0.value, $0.key) }) { first, _ in first }
        for name in names {
            result.speakers += 1
            guard let other = estimated[name] else {
                result.speakerError += 1
                continue
            }
            let one = IntervalSet(own.filter { $0.label == name }.map { ($0.start, $0.end) })
            let two = IntervalSet(others.filter { $0.label == other }.map { ($0.start, $0.end) })
            let common = one.intersection(two).length
            result.speakerError += (one.length + two.length - 2 * common) / one.union(two).length
        }
    }

    private static func purity(of one: [ScoredEvent], by other: [ScoredEvent]) -> (Double, Double) {
        let names = Dictionary(grouping: one, by: \.label)
        let others = Dictionary(grouping: other, by: \.label)
        var (total, pure) = (0.0, 0.0)
        for name in names.keys.sorted() {
            let own = IntervalSet((names[name] ?? []).map { ($0.start, $0.end) })
            total += own.length
            pure += others.values.map { own.intersection(IntervalSet($0.map { ($0.start, $0.end) })).length }.max() ?? 0
        }
        return (total, pure)
    }

    static func rate(_ error: Double, _ total: Double) -> Double { total > 0 ? error / total : error > 0 ? 1 : 0 }
}
