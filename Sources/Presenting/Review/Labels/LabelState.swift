import Actions
import LabelFiles
import Storage
import SyncModel
import TimedText

/// The labels of a session at one moment of their review, and what is doubtful about them.
struct LabelState {
    /// A label on the timeline.
    struct Label {
        let lane: Int
        let row: TextState.Row
        /// Seconds on the timeline.
        let start: Double
        let end: Double

        var key: String { "\(lane)-\(row.id)" }
    }

    /// What is doubtful, at which labels or in which lane as a whole.
    struct Doubt {
        var kind: String
        var words: String
        var remedy = ""
        /// Keys of labels; empty: of the lane as a whole.
        var labels: [String] = []
        var lane: Int?
        /// The edge of each label that it is about, where it is about one.
        var edges: [String] = []
        /// What the others have instead, on the clock of the label's own camera.
        var offers: [Offer] = []
        var offsetMilliseconds: Double?
    }

    /// What the reference has for a label.
    struct Offer {
        var label: String
        var start: Double?
        var end: Double?
        var text: String?
        /// The lane that lacks the label.
        var missingIn: Int?
    }

    let review: LabelReview
    let states: [Int: TextState]
    let revisions: [Int: TextEditStore.Revision]
    /// In order of their starts.
    let labels: [Label]

    init(_ review: LabelReview, _ states: [Int: TextState], _ revisions: [Int: TextEditStore.Revision]) {
        (self.review, self.states, self.revisions) = (review, states, revisions)
        var labels: [Label] = []
        for (text, state) in states {
            var places: [Int: Int] = [:]
            for (place, lane) in review.lanes.enumerated() where lane.text == text { places[lane.tier] = place }
            for row in state.rows {
                guard let lane = places[state.document.items[row.origin].tier] else { continue }
                let camera = review.cameras[review.lanes[lane].camera]
                labels.append(
                    Label(lane: lane, row: row, start: camera.timeline(row.start), end: camera.timeline(row.end)))
            }
        }
        self.labels = labels.sorted { ($0.start, $0.lane, $0.end, $0.key) < ($1.start, $1.lane, $1.end, $1.key) }
    }

    private func isSilent(_ label: Label) -> Bool {
        review.lanes[label.lane].hasSilence && LabelOptions.usualSilence.contains(label.row.text.lowercased())
    }

    // MARK: What genlock actions finds

    /// The labels of one group of cameras, as `genlock actions` compares them; a row is a label's number, from 1.
    private func corpus() -> LabelCorpus {
        struct Track: Hashable {
            let group: Int
            let view: String
            let annotator: String
        }
        var symbols = SymbolTable()
        var tracks: [Track: [LabelSegment]] = [:]
        for (number, label) in labels.enumerated() {
            let name = label.row.text.replacing("\n", with: " ")
            guard label.end >= label.start, !name.isEmpty, !isSilent(label) else { continue }
            let lane = review.lanes[label.lane]
            let track = Track(
                group: review.cameras[lane.camera].group, view: lane.view, annotator: lane.annotator)
            let actor = states[lane.text]?.document.items[label.row.origin].speaker ?? ""
            tracks[track, default: []].append(
                LabelSegment(
                    start: label.start, end: label.end, label: symbols.symbol(name), actor: symbols.symbol(actor),
                    tier: symbols.symbol(lane.tierName), row: Int32(clamping: number + 1)))
        }
        let groups = Dictionary(grouping: tracks.keys) { $0.group }
        let sessions = groups.sorted { $0.key < $1.key }.map { group, members in
            LabelSession(
                name: "group \(group)",
                tracks: members.sorted { ($0.view, $0.annotator) < ($1.view, $1.annotator) }.map { track in
                    LabelTrack(
                        view: track.view, annotator: track.annotator,
                        segments: (tracks[track] ?? []).sorted {
                            ($0.tier, $0.start, $0.end, $0.row) < ($1.tier, $1.start, $1.end, $1.row)
                        })
                })
        }
        return LabelCorpus(sessions: sessions, symbols: symbols)
    }

    /// - Parameter lengths: of the cameras' recordings, in seconds.
    func doubts(lengths: [Int: Double]) -> [Doubt] {
        var options = ActionsOptions()
        options.tolerance = review.tolerance
        let report = ActionsAnalyser(options: options).analyse(corpus())
        return own(lengths) + report.findings.compactMap { doubt($0, lengths) }
    }

    /// Whether a camera recorded at a time of the timeline.
    private func isRecorded(_ seconds: Double, by camera: Int, _ lengths: [Int: Double]) -> Bool {
        let own = review.cameras[camera].own(seconds)
        return own >= 0 && own <= lengths[camera] ?? .infinity
    }

    /// What is doubtful about a label by itself.
    private func own(_ lengths: [Int: Double]) -> [Doubt] {
        labels.compactMap { label in
            func doubt(_ kind: String, _ words: String, _ remedy: String) -> Doubt {
                Doubt(kind: kind, words: words, remedy: remedy, labels: [label.key])
            }
            if label.row.end < label.row.start {
                return doubt("end-before-start", "ends before it starts", "set its end after its start")
            }
            if label.row.text.isEmpty { return doubt("no-label", "has no name", "name it") }
            if let length = lengths[review.lanes[label.lane].camera], label.row.end > length + 0.5 {
                return doubt(
                    "past-end", "ends after the end of the recording", "check that it is a label of this recording")
            }
            return nil
        }
    }

    private func doubt(_ finding: ActionFinding, _ lengths: [Int: Double]) -> Doubt? {
        let subjects = finding.rows.compactMap(label)
        let references = finding.referenceRows.compactMap(label)
        let lane = review.lanes.indices.first { trackName(review.lanes[$0]) == finding.subject }
        var doubt = Doubt(
            kind: finding.kind.rawValue, words: "\(finding.subject): \(finding.detail)",
            remedy: finding.remedy, labels: subjects.map(\.key), lane: lane)
        doubt.offsetMilliseconds = finding.offset?.milliseconds
        switch finding.kind {
        case .movedBoundary:
            // What the others see while this camera does not record says nothing about its labels.
            if let first = subjects.first, let there = finding.referenceSeconds,
                !isRecorded(there, by: review.lanes[first.lane].camera, lengths)
            {
                return nil
            }
            boundary(finding, subjects, &doubt)
        case .missing:
            if let label = references.first, let lane,
                ![label.start, label.end].contains(where: { isRecorded($0, by: review.lanes[lane].camera, lengths) })
            {
                return nil
            }
            // It is shown at the labels that the others have.
            doubt.labels = references.map(\.key)
            if let label = references.first, let lane {
                let camera = review.cameras[review.lanes[lane].camera]
                doubt.offers = [
                    Offer(
                        label: label.key, start: max(0, camera.own(label.start)), end: camera.own(label.end),
                        text: label.row.text, missingIn: lane)
                ]
            }
        case .renamed, .swapped:
            if subjects.count == references.count {
                doubt.offers = zip(subjects, references).map { Offer(label: $0.key, text: $1.row.text) }
            }
        default: break
        }
        if doubt.labels.isEmpty, doubt.lane == nil { return nil }
        return doubt
    }

    /// A moved boundary: which edges, and where the others have it.
    private func boundary(_ finding: ActionFinding, _ subjects: [Label], _ doubt: inout Doubt) {
        guard let here = finding.seconds, let there = finding.referenceSeconds else { return }
        for (place, label) in subjects.enumerated() {
            // Where one ends and the next starts, the second one starts there.
            let isStart = place > 0 || abs(label.start - here) < abs(label.end - here)
            let own = review.cameras[review.lanes[label.lane].camera].own(there)
            doubt.edges.append(isStart ? "start" : "end")
            doubt.offers.append(Offer(label: label.key, start: isStart ? own : nil, end: isStart ? nil : own))
        }
    }

    private func label(_ row: Int) -> Label? { labels.indices.contains(row - 1) ? labels[row - 1] : nil }

    /// As `LabelTrack.name`.
    private func trackName(_ lane: LabelReview.Lane) -> String {
        LabelTrack(view: lane.view, annotator: lane.annotator, segments: []).name
    }
}
