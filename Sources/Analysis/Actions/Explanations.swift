import SignalCore
import SyncModel

/// Explains deviations by shifts common to a track, a view, an annotator or a class; the rest are single boundaries.
///
/// Greedy: the strongest explanation comes first, and each deviation is explained once.
struct Explanations {
    let corpus: LabelCorpus
    let options: ActionsOptions
    private(set) var deviations: [Deviation] = []
    private(set) var findings: [ActionFinding] = []
    private var shifts: [TrackShift] = []
    /// Tracks by attribute, and names of references by session.
    private var references: [Int32: String] = [:]
    private let hasAnnotators: Bool

    /// A shift of all labels of a track, or of their starts or ends.
    private struct TrackShift {
        let session: Int
        let track: Int
        let edge: Edge
        let milliseconds: Double
        let lower: Double
        let upper: Double
        let boundaries: Int
        let other: Int32
    }

    enum Edge { case both, start, end }

    init(corpus: LabelCorpus, options: ActionsOptions) {
        self.corpus = corpus
        self.options = options
        hasAnnotators = corpus.sessions.contains { Set($0.tracks.map(\.annotator)).count > 1 }
    }

    private func track(_ deviation: Deviation) -> LabelTrack {
        corpus.sessions[Int(deviation.session)].tracks[Int(deviation.track)]
    }

    /// Adds the deviations of one track, explained by its drift or shift if there is one.
    mutating func add(_ track: [Deviation], reference: String) {
        guard let first = track.first else { return }
        references[first.session] = reference
        var track = track
        guard track.contains(where: { abs($0.milliseconds) > 1 }) else { return deviations.append(contentsOf: track) }
        let alone = Explanations.independent(track)
        if let drift = CommonDrift(of: alone.map { (track[$0].seconds, Double(track[$0].milliseconds)) }) {
            explain(&track, by: drift, reference)
        } else {
            explainByShift(&track, alone)
        }
        deviations.append(contentsOf: track)
    }

    private mutating func explain(_ track: inout [Deviation], by drift: CommonDrift, _ reference: String) {
        let first = track[0]
        let session = corpus.sessions[Int(first.session)]
        for index in track.indices {
            track[index].rest = Float(
                Double(track[index].milliseconds) - drift.start - drift.slope * track[index].seconds)
            track[index].isExplained = true
        }
        let end = track.map(\.seconds).max() ?? 0
        var finding = ActionFinding(
            kind: .drift, session: session.name, subject: session.tracks[Int(first.track)].name, reference: reference,
            label: "")
        finding.file = corpus.files[safe: session.tracks[Int(first.track)].segments[0].file]
        finding.offset = Offset(milliseconds: drift.start)
        finding.driftPartsPerMillion = drift.slope * 1000
        finding.boundaries = track.count
        finding.detail =
            """
            its labels drift: \(Self.place(drift.start)) at the start, \
            \(Self.place(drift.start + drift.slope * end)) at \(Clock.time(end))
            """
        finding.remedy =
            "check the frame rate that converted frames to times, or give the view's clock with --sync"
        findings.append(finding)
    }

    /// Indices of independent boundaries: a start at which another action ends is excluded.
    private static func independent(_ track: [Deviation]) -> [Int] {
        let ends = Set(track.filter(\.isEnd).map { Int(($0.seconds * 1000).rounded()) })
        return track.indices.filter { track[$0].isEnd || !ends.contains(Int((track[$0].seconds * 1000).rounded())) }
    }

    private mutating func explainByShift(_ track: inout [Deviation], _ alone: [Int]) {
        for edge in [Edge.both, .start, .end] {
            let places = track.indices.filter { edge == .both || track[$0].isEnd == (edge == .end) }
            let counted = edge == .both ? alone : places
            guard edge == .both || places.count >= 4,
                let shift = CommonShift(of: counted.map { track[$0].milliseconds })
            else { continue }
            for place in places {
                track[place].rest = track[place].milliseconds - Float(shift.milliseconds)
                track[place].isExplained = true
            }
            // Where actions follow each other, the end of one is the start of the next and moved with it.
            if edge != .both { release(&track, places) }
            shifts.append(
                TrackShift(
                    session: Int(track[0].session), track: Int(track[0].track), edge: edge,
                    milliseconds: shift.milliseconds, lower: shift.lower, upper: shift.upper,
                    boundaries: places.filter { abs(Double(track[$0].milliseconds) - shift.milliseconds) <= shift.room }
                        .count, other: track[0].other))
            return
        }
    }

    private func release(_ track: inout [Deviation], _ explained: [Int]) {
        let moments = Set(explained.map { Int((track[$0].seconds * 1000).rounded()) })
        for index in track.indices
        where !track[index].isExplained && moments.contains(Int((track[index].seconds * 1000).rounded())) {
            track[index].rest = 0
            track[index].isExplained = true
        }
    }

    /// All findings, after every track has been added.
    mutating func finish() -> [ActionFinding] {
        explainByTracks()
        explainByCorpus()
        ClassShifts.explain(
            &deviations, corpus: corpus, byAnnotator: hasAnnotators, options: options, findings: &findings)
        singles()
        return findings
    }

    private func attribute(_ session: Int, _ track: Int) -> String {
        let track = corpus.sessions[session].tracks[track]
        return hasAnnotators ? track.annotator : track.view
    }

    /// Shifts that most tracks of a view or an annotator share are one finding.
    private mutating func explainByTracks() {
        var totals: [String: Int] = [:]
        for session in corpus.sessions.indices where corpus.sessions[session].tracks.count > 1 {
            for track in corpus.sessions[session].tracks.indices { totals[attribute(session, track), default: 0] += 1 }
        }
        let groups = Dictionary(grouping: shifts) { attribute($0.session, $0.track) }
        var absorbed: Set<Int> = []
        let names = groups.keys.sorted { (groups[$0]?.count ?? 0, $1) > (groups[$1]?.count ?? 0, $0) }
        for name in names {
            let group = groups[name, default: []]
            let median = Quantile.median(group.map(\.milliseconds))
            let alike = group.filter {
                abs($0.milliseconds - median) <= CommonShift.room(median) && $0.edge == group[0].edge
            }
            guard alike.count >= 3, alike.count * 4 >= totals[name, default: 0], alike.count * 2 > group.count else {
                continue
            }
            for index in shifts.indices where isCovered(shifts[index], by: name, median, alike[0].edge) {
                absorbed.insert(index)
            }
            findings.append(common(alike, name, median))
            extend(name, median, alike[0].edge)
        }
        for index in shifts.indices where !absorbed.contains(index) { findings.append(single(shifts[index])) }
    }

    /// Whether a track's own shift is the usual one of its view or annotator; with two tracks, also the opposite one of
    /// the other.
    private func isCovered(_ shift: TrackShift, by name: String, _ median: Double, _ edge: Edge) -> Bool {
        if attribute(shift.session, shift.track) == name {
            return abs(shift.milliseconds - median) <= CommonShift.room(median)
        }
        return shift.other >= 0 && attribute(shift.session, Int(shift.other)) == name
            && abs(shift.milliseconds + median) <= CommonShift.room(median)
    }

    /// Removes a common shift from tracks too small or too noisy to show it alone, where that brings them closer.
    private mutating func extend(_ name: String, _ median: Double, _ edge: Edge) {
        var from = 0
        while from < deviations.count {
            let first = deviations[from]
            var to = from
            while to < deviations.count, deviations[to].session == first.session, deviations[to].track == first.track {
                to += 1
            }
            defer { from = to }
            var shift: Float = 0
            if attribute(Int(first.session), Int(first.track)) == name { shift = Float(median) }
            if first.other >= 0, attribute(Int(first.session), Int(first.other)) == name { shift = Float(-median) }
            let open = (from..<to).filter {
                !deviations[$0].isExplained && (edge == .both || deviations[$0].isEnd == (edge == .end))
            }
            let before = open.reduce(Float(0)) { $0 + abs(deviations[$1].rest) }
            let after = open.reduce(Float(0)) { $0 + abs(deviations[$1].rest - shift) }
            guard shift != 0, after < before else { continue }
            for index in open {
                deviations[index].rest -= shift
                deviations[index].isExplained = true
            }
        }
    }

    private func kind(_ milliseconds: Double) -> ActionFinding.Kind {
        hasAnnotators
            ? (milliseconds < 0 ? .lateAnnotator : .earlyAnnotator) : milliseconds < 0 ? .lateView : .earlyView
    }

    static func words(_ edge: Edge) -> String { edge == .both ? "labels" : edge == .start ? "starts" : "ends" }

    private func common(_ shifts: [TrackShift], _ name: String, _ median: Double) -> ActionFinding {
        var finding = ActionFinding(kind: kind(median), session: "", subject: name, reference: "the others", label: "")
        let sorted = shifts.map(\.milliseconds).sorted()
        let interval = Quantile.medianInterval(sorted: sorted)
        finding.offset = Offset(milliseconds: median)
        finding.interval = OffsetInterval(Offset(milliseconds: interval.lower), Offset(milliseconds: interval.upper))
        finding.boundaries = shifts.map(\.boundaries).reduce(0, +)
        finding.sessions = shifts.count
        finding.detail =
            "its \(Self.words(shifts[0].edge)) are \(Self.place(median)), consistently in \(shifts.count) sessions"
        finding.remedy = "add \(Self.number(median)) ms to its times, or fix its clock"
        return finding
    }

    private func single(_ shift: TrackShift) -> ActionFinding {
        let session = corpus.sessions[shift.session]
        var finding = ActionFinding(
            kind: kind(shift.milliseconds), session: session.name, subject: session.tracks[shift.track].name,
            reference: references[Int32(shift.session)] ?? "", label: "")
        finding.file = corpus.files[safe: session.tracks[shift.track].segments[0].file]
        finding.offset = Offset(milliseconds: shift.milliseconds)
        finding.interval = OffsetInterval(Offset(milliseconds: shift.lower), Offset(milliseconds: shift.upper))
        finding.boundaries = shift.boundaries
        let doubt = shift.other >= 0 ? "; with two tracks, either may be the one that is off" : ""
        finding.detail =
            """
            its \(Self.words(shift.edge)) are \(Self.place(shift.milliseconds)) in this session (\(shift.boundaries) \
            boundaries agree)\(doubt)
            """
        finding.remedy = "add \(Self.number(shift.milliseconds)) ms to its times, or fix its clock"
        return finding
    }

    /// A common offset of a view or an annotator under scatter: the median of sessions' medians, its interval by
    /// bootstrap over sessions.
    private mutating func explainByCorpus() {
        for edge in [Edge.both, .start, .end] {
            var groups: [String: [Int: [Float]]] = [:]
            for deviation in deviations
            where !deviation.isExplained && (edge == .both || deviation.isEnd == (edge == .end)) {
                groups[attribute(Int(deviation.session), Int(deviation.track)), default: [:]][
                    Int(deviation.session), default: []
                ].append(deviation.rest)
            }
            for (name, sessions) in groups.sorted(by: { $0.key < $1.key }) where sessions.count >= 5 {
                let medians = sessions.sorted { $0.key < $1.key }.map { Quantile.median($0.value) }
                let centre = Quantile.median(medians)
                guard abs(centre) >= CommonShift.smallest else { continue }
                var generator = SampleDraws(seed: options.seed)
                let interval = Bootstrap.interval(medians.count, level: 0.99, &generator) { draw in
                    Quantile.median(draw.map { medians[$0] })
                }
                guard interval.lower * interval.upper > 0 else { continue }
                var count = 0
                for index in deviations.indices
                where !deviations[index].isExplained && (edge == .both || deviations[index].isEnd == (edge == .end))
                    && attribute(Int(deviations[index].session), Int(deviations[index].track)) == name
                {
                    deviations[index].rest -= Float(centre)
                    count += 1
                }
                var finding = ActionFinding(
                    kind: kind(centre), session: "", subject: name, reference: "the others", label: "")
                finding.offset = Offset(milliseconds: centre)
                finding.interval = OffsetInterval(
                    Offset(milliseconds: interval.lower), Offset(milliseconds: interval.upper))
                finding.boundaries = count
                finding.sessions = sessions.count
                finding.detail = "its \(Self.words(edge)) are typically \(Self.place(centre)), with scatter"
                finding.remedy =
                    "show the annotator where actions begin and end, or add \(Self.number(centre)) ms to these times"
                findings.append(finding)
            }
            if edge == .both,
                findings.contains(where: {
                    $0.session.isEmpty && $0.kind == kind(-1) || $0.kind == kind(1) && $0.session.isEmpty
                })
            {
                return
            }
        }
    }

    /// Unexplained boundaries; the end of one action and the start of the next at the same time are one.
    private mutating func singles() {
        var index = 0
        while index < deviations.count {
            var deviation = deviations[index]
            var count = 1
            guard options.isOver(milliseconds: Double(deviation.rest)) else {
                index += 1
                continue
            }
            if deviation.isEnd, index + 1 < deviations.count {
                let next = deviations[index + 1]
                if next.session == deviation.session, next.track == deviation.track, !next.isEnd,
                    abs(next.seconds - deviation.seconds) < 1e-3,
                    abs(next.rest - deviation.rest) < 1
                {
                    count = 2
                }
            }
            let session = corpus.sessions[Int(deviation.session)]
            let segment = session.tracks[Int(deviation.track)].segments[Int(deviation.segment)]
            if abs(deviation.milliseconds) < 1e-3 { deviation.milliseconds = deviation.rest }
            var finding = ActionFinding(
                kind: .movedBoundary, session: session.name, subject: session.tracks[Int(deviation.track)].name,
                reference: references[deviation.session] ?? "", label: corpus.symbols[segment.label])
            finding.file = corpus.files[safe: segment.file]
            finding.rows =
                [Int(segment.row)]
                + (count == 2
                    ? [Int(session.tracks[Int(deviation.track)].segments[Int(deviations[index + 1].segment)].row)] : [])
            finding.seconds = deviation.seconds
            finding.referenceSeconds = deviation.referenceSeconds
            finding.offset = Offset(milliseconds: Double(deviation.milliseconds))
            finding.boundaries = count
            let edge = count == 2 ? "ends, and the next starts," : deviation.isEnd ? "ends" : "starts"
            finding.detail =
                """
                \(edge) at \(Clock.time(deviation.seconds)) here and at \(Clock.time(deviation.referenceSeconds)) there
                """
            finding.remedy = "check both times, and move the boundary to where it is visible"
            findings.append(finding)
            index += count
        }
    }

    static func place(_ milliseconds: Double) -> String {
        let rounded = Int(abs(milliseconds).rounded())
        return rounded == 0 ? "0 ms off" : "\(rounded) ms \(milliseconds < 0 ? "late" : "early")"
    }

    static func number(_ milliseconds: Double) -> String { String(Int(milliseconds.rounded())) }
}
