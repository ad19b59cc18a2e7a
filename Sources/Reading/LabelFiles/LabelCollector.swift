public import SyncModel

/// Collects segments of many files, row by row, into a corpus.
///
/// A row has times in seconds; an invalid one is reported with its file and row, and skipped.
public final class LabelCollector {
    /// A segment with its track.
    private struct Entry {
        var segment: LabelSegment
        var session: Symbol
        var view: Symbol
        var annotator: Symbol
        var isInOrder: Bool
    }

    /// The content of one row; names as written, empty if absent.
    struct Row {
        var session = "", view = "", annotator = "", tier = "", actor = "", label = "", note = ""
        var start = 0.0, end = 0.0
        var row = 0
        /// Whether the file sorts its labels by time; false for tools that list them in order of creation.
        var isInOrder = true
    }

    let options: LabelOptions
    private var entries: [Entry] = []
    private var symbols = SymbolTable()
    private var files: [String] = []
    private(set) var problems: [LabelProblem] = []
    /// Number of reports per code for the current file: the first ten of a kind in full, then a count.
    private var said: [String: Int] = [:]
    private var fileSession = "", fileView = "", fileAnnotator = ""
    private var added = 0

    static let mostOfAKind = 10
    /// Problems with one fix for the whole file are reported once.
    private static func most(_ code: String) -> Int { code == "no-rate" ? 1 : mostOfAKind }
    /// Maximum label length, in characters.
    static let longestLabel = 1000

    public init(options: LabelOptions) { self.options = options }

    /// Starts a file; the names are defaults for its rows.
    func open(_ path: String, session: String, view: String, annotator: String) {
        files.append(path)
        (fileSession, fileView, fileAnnotator) = (session, view, annotator)
        said = [:]
        added = 0
    }

    /// Ends a file: reports the number of suppressed problems, and a file without labels.
    func close() {
        for (code, count) in said.sorted(by: { $0.key < $1.key }) where count > Self.most(code) {
            append(
                isLoss: false, code, nil, "\(count - Self.most(code)) more like this",
                "fix those listed, then run again")
        }
        if added == 0, said["unreadable"] == nil, said["empty-file"] == nil, said["unknown-columns"] == nil,
            said["unknown-format"] == nil, said["no-rate"] == nil
        {
            append(isLoss: true, "no-labels", nil, "has no labels", "omit it, or check that it is the right file")
        }
    }

    func problem(isLoss: Bool = true, _ code: String, row: Int?, _ message: String, _ remedy: String) {
        said[code, default: 0] += 1
        if said[code, default: 0] <= Self.most(code) { append(isLoss: isLoss, code, row, message, remedy) }
    }

    private func append(isLoss: Bool, _ code: String, _ row: Int?, _ message: String, _ remedy: String) {
        problems.append(
            LabelProblem(isLoss: isLoss, code: code, file: files.last ?? "", row: row, message: message, remedy: remedy)
        )
    }

    /// Adds a row, or reports why not.
    func add(_ row: Row) {
        guard row.start.isFinite, row.end.isFinite, abs(row.start) < 1e9, abs(row.end) < 1e9 else {
            return problem("bad-time", row: row.row, "has a time that is not a number of seconds", "fix the row")
        }
        guard row.end >= row.start else {
            return problem(
                "end-before-start", row: row.row, "ends (\(shown(row.end)) s) before it starts (\(shown(row.start)) s)",
                "swap or fix the times; the row is skipped")
        }
        var label = row.label
        if label.isEmpty {
            return problem("no-label", row: row.row, "has no label", "add the action's name or delete the row")
        }
        if label.utf8.count > Self.longestLabel, label.count > Self.longestLabel {
            problem(
                isLoss: false, "long-label", row: row.row,
                "has a label of \(label.count) characters; the first \(Self.longestLabel) are kept",
                "check the quotes: a missing one joins the following rows")
            label = String(label.prefix(Self.longestLabel))
        }
        added += 1
        if options.silence.contains(label.lowercased()) { return }
        if let tiers = options.tiers, !tiers.contains(row.tier) { return }
        label = options.synonyms[label] ?? label
        entries.append(
            Entry(
                segment: LabelSegment(
                    start: row.start, end: row.end, label: symbols.symbol(label), actor: symbols.symbol(row.actor),
                    tier: symbols.symbol(row.tier),
                    note: symbols.symbol(row.note), file: Int32(files.count - 1), row: Int32(clamping: row.row)),
                session: symbols.symbol(row.session.isEmpty ? fileSession : row.session),
                view: symbols.symbol(row.view.isEmpty ? fileView : row.view),
                annotator: symbols.symbol(row.annotator.isEmpty ? fileAnnotator : row.annotator),
                isInOrder: row.isInOrder))
    }

    private func shown(_ seconds: Double) -> String { String((seconds * 1000).rounded() / 1000) }

    /// The corpus of everything added: sessions and tracks by name. The collector is empty afterwards.
    public func corpus() -> LabelCorpus {
        var rank = [Int32](repeating: 0, count: symbols.names.count)
        for (place, index) in symbols.names.indices.sorted(by: { symbols.names[$0] < symbols.names[$1] }).enumerated() {
            rank[index] = Int32(place)
        }
        func key(_ symbol: Symbol) -> Int32 { rank[Int(symbol.index)] }
        for index in entries.indices.dropFirst() { noteOrder(entries[index - 1], entries[index]) }
        entries.sort { left, right in
            if left.session != right.session { return key(left.session) < key(right.session) }
            if left.view != right.view { return key(left.view) < key(right.view) }
            if left.annotator != right.annotator { return key(left.annotator) < key(right.annotator) }
            if left.segment.tier != right.segment.tier { return left.segment.tier < right.segment.tier }
            if left.segment.start != right.segment.start { return left.segment.start < right.segment.start }
            if left.segment.end != right.segment.end { return left.segment.end < right.segment.end }
            if left.segment.label != right.segment.label { return key(left.segment.label) < key(right.segment.label) }
            return (left.segment.file, left.segment.row) < (right.segment.file, right.segment.row)
        }
        var sessions: [LabelSession] = []
        var index = 0
        while index < entries.count {
            let session = entries[index].session
            var tracks: [LabelTrack] = []
            while index < entries.count, entries[index].session == session {
                let (view, annotator) = (entries[index].view, entries[index].annotator)
                let from = index
                while index < entries.count, entries[index].session == session, entries[index].view == view,
                    entries[index].annotator == annotator
                {
                    index += 1
                }
                let segments = single(entries[from..<index].map(\.segment), of: symbols[view], in: symbols[session])
                tracks.append(LabelTrack(view: symbols[view], annotator: symbols[annotator], segments: segments))
            }
            sessions.append(LabelSession(name: symbols[session], tracks: tracks))
        }
        entries = []
        return LabelCorpus(sessions: sessions, symbols: symbols, files: files, problems: problems)
    }

    /// Reports rows of one track that are not sorted by time: software that reads them in file order gets another
    /// sequence.
    private func noteOrder(_ left: Entry, _ right: Entry) {
        guard left.segment.file == right.segment.file, left.session == right.session, left.view == right.view,
            left.annotator == right.annotator,
            left.segment.tier == right.segment.tier, left.segment.actor == right.segment.actor,
            left.isInOrder, right.isInOrder, right.segment.start < left.segment.start
        else { return }
        let key = "\(right.session.index) \(right.view.index) \(right.annotator.index)"
        guard disordered.insert(key).inserted else { return }
        problems.append(
            LabelProblem(
                isLoss: false, code: "rows-out-of-order", file: files[Int(right.segment.file)],
                row: Int(right.segment.row),
                message:
                    """
                    \(symbols[right.view]) \(symbols[right.annotator]) starts before the row above it: its rows are \
                    not sorted by time
                    """,
                remedy: "sort the rows by start; they were sorted for this comparison"))
    }
    private var disordered: Set<String> = []

    /// The segments of a single file if several have the same track; overlaps and identical rows are reported.
    private func single(_ segments: [LabelSegment], of view: String, in session: String) -> [LabelSegment] {
        var kept = segments
        if let first = segments.map(\.file).min(), let other = segments.first(where: { $0.file != first }) {
            problems.append(
                LabelProblem(
                    isLoss: true, code: "view-twice", file: files[Int(other.file)], row: Int(other.row),
                    message:
                        """
                        has view '\(view)' of session '\(session)', which \(files[Int(first)]) also has; the rows of \
                        the first file are used
                        """,
                    remedy: "remove one, or name the annotators in a column or with --names"))
            kept = segments.filter { $0.file == first }
        }
        guard kept.count > 1 else { return kept }
        var result = [kept[0]]
        result.reserveCapacity(kept.count)
        // The segment of its tier with the latest end so far.
        var furthest = kept[0]
        for segment in kept.dropFirst() {
            let last = result[result.count - 1]
            if last.tier == segment.tier, last.start == segment.start, last.end == segment.end,
                last.label == segment.label, last.actor == segment.actor
            {
                report(segment, "row-twice", "repeats row \(last.row)", "delete one of them; it is counted once")
                continue
            }
            if options.overlapsAllowed == false, furthest.tier == segment.tier, segment.start < furthest.end - 1e-6 {
                report(
                    segment, "overlap",
                    "starts at \(shown(segment.start)) s, before row \(furthest.row) ends at \(shown(furthest.end)) s",
                    "fix one of them, or put them on separate tiers")
            }
            if segment.tier != furthest.tier || segment.end > furthest.end { furthest = segment }
            result.append(segment)
        }
        return result
    }

    private func report(_ segment: LabelSegment, _ code: String, _ message: String, _ remedy: String) {
        said[code, default: 0] += 1
        guard said[code, default: 0] <= Self.mostOfAKind else { return }
        problems.append(
            LabelProblem(
                isLoss: false, code: code, file: files[Int(segment.file)], row: Int(segment.row), message: message,
                remedy: remedy))
    }
}
