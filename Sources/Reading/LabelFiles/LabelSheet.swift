import Foundation
public import SyncModel
public import TimedText

/// A label file label by label, as a document whose times and names can be changed in place.
///
/// It has the labels that `LabelReader` reads, and also those that it skips as invalid. What the file's places do not
/// confirm cannot be changed, only shown.
public struct LabelSheet: Sendable {
    /// What the labels of a tier of the document have in common; empty: not stated in the file.
    public struct Lane: Sendable, Hashable {
        public var session = "", view = "", annotator = "", tier = ""

        public init(session: String = "", view: String = "", annotator: String = "", tier: String = "") {
            (self.session, self.view, self.annotator, self.tier) = (session, view, annotator, tier)
        }
    }

    public let document: TimedTextDocument
    /// By tier of the document.
    public let lanes: [Lane]
    /// Whether labels such as `background` mean no action, as in files that label every moment.
    public let hasSilence: Bool
    /// Why no label can be changed in place; nil: some can.
    public let reason: String?

    /// - Throws: `ClipFailure` if no label can be read.
    public init(_ source: LabelReader.Source, options: LabelOptions) throws(ClipFailure) {
        let name = source.path.printable
        let text = TextBytes(source.bytes)
        if let format = TimedTextLabels.format(
            String(decoding: text.bytes.prefix(8192), as: UTF8.self), path: source.path)
        {
            let read: TimedTextDocument
            do throws(TimedTextError) {
                read = try TimedTextReader(frameRate: options.rate, format: format).read(source.bytes, name: name)
            } catch {
                throw ClipFailure(code: error.code, message: "\(name) \(error.message)", remedy: error.remedy)
            }
            document = read
            lanes = read.tiers.map { Lane(tier: read.tiers.count > 1 ? $0.name : "") }
            (hasSilence, reason) = (true, nil)
            return
        }
        // Nothing is skipped or renamed: what is compared is what the file has.
        var options = options
        (options.tiers, options.silence, options.synonyms, options.overlapsAllowed) = (nil, [], [:], nil)
        let reader = LabelReader(options: options)
        reader.read(source, named: FileNames(session: ""))
        let corpus = reader.corpus()
        guard corpus.sessions.contains(where: { $0.tracks.contains { !$0.segments.isEmpty } }) else {
            let loss = corpus.problems.first(where: \.isLoss)
            throw ClipFailure(
                code: loss?.code ?? "no-labels",
                message: "\(name) \(loss?.message ?? "has no labels")",
                remedy: loss?.remedy ?? "check that it is the right file")
        }
        let encoded = EncodedText(source.bytes, encoding: LabelSheet.encoding(of: source.bytes, text))
        var entries = LabelEntries(
            source: encoded, options: options,
            readsFrames: corpus.problems.contains { $0.code == "frames-as-seconds" })
        entries.find()
        hasSilence = entries.hasSilence
        if !entries.all.isEmpty, LabelSheet.keys(entries) == LabelSheet.keys(corpus) {
            (document, lanes) = LabelSheet.document(entries, encoded)
            reason = nil
        } else {
            (document, lanes) = LabelSheet.document(corpus, encoded)
            reason = "its format has no separate place for each start, end and name"
        }
    }

    private static func encoding(of bytes: [UInt8], _ text: TextBytes) -> TextEncoding {
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16Little }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16Big }
        return text.encoding == "Windows-1252" ? .windows1252 : .utf8
    }

    // MARK: Agreement with what is compared

    private static func key(_ lane: Lane, _ label: String, _ start: Double, _ end: Double) -> String {
        // The shift keeps frames of usual rates off the edges of the steps.
        let times = [start, end].map { String(($0 * 1e4 + 0.3371).rounded(.down)) }
        return ([lane.session, lane.view, lane.annotator, lane.tier, label] + times).joined(separator: "\u{1}")
    }

    private static func keys(_ entries: LabelEntries) -> Set<String> {
        Set(
            entries.all.filter { entry in
                entry.end >= entry.start && !entry.label.isEmpty
                    && !(entries.hasSilence && LabelOptions.usualSilence.contains(entry.label.lowercased()))
            }.map { key($0.lane, $0.label, $0.start, $0.end) })
    }

    private static func keys(_ corpus: LabelCorpus) -> Set<String> {
        var result: Set<String> = []
        for (lane, segment) in segments(corpus) {
            result.insert(key(lane, corpus.symbols[segment.label], segment.start, segment.end))
        }
        return result
    }

    private static func segments(_ corpus: LabelCorpus) -> [(Lane, LabelSegment)] {
        corpus.sessions.flatMap { session in
            session.tracks.flatMap { track in
                track.segments.map { segment in
                    let lane = Lane(
                        session: session.name, view: track.view, annotator: track.annotator,
                        tier: corpus.symbols[segment.tier])
                    return (lane, segment)
                }
            }
        }
    }

    // MARK: Documents

    /// Lanes in order of their first labels.
    private struct Lanes {
        var all: [Lane] = []
        private var places: [Lane: Int] = [:]

        mutating func place(_ lane: Lane) -> Int {
            if let known = places[lane] { return known }
            all.append(lane)
            places[lane] = all.count - 1
            return all.count - 1
        }

        var names: [String] {
            all.map { lane in
                [lane.session, lane.view, lane.annotator, lane.tier].filter { !$0.isEmpty }.joined(separator: " ")
            }
        }
    }

    private static func document(_ entries: LabelEntries, _ source: EncodedText) -> (TimedTextDocument, [Lane]) {
        var lanes = Lanes()
        let placed = entries.all.map { entry in
            let item = TimedItem(
                tier: lanes.place(entry.lane), kind: .event, text: entry.label, start: entry.start, end: entry.end,
                line: entry.line, speaker: entry.actor.isEmpty ? nil : entry.actor)
            var placed = PlacedItem(item, start: entry.startField, end: entry.endField)
            (placed.repeats, placed.text, placed.line) = (entry.repeats, entry.text, entry.row)
            return placed
        }
        return (TimedTextDocument(placed, tiers: lanes.names, in: source, format: entries.format), lanes.all)
    }

    private static func document(_ corpus: LabelCorpus, _ source: EncodedText) -> (TimedTextDocument, [Lane]) {
        var lanes = Lanes()
        let items = segments(corpus).sorted { ($0.1.row, $0.1.start) < ($1.1.row, $1.1.start) }.map { lane, segment in
            let actor = corpus.symbols[segment.actor]
            return TimedItem(
                tier: lanes.place(lane), kind: .event, text: corpus.symbols[segment.label], start: segment.start,
                end: segment.end, line: Int(segment.row), speaker: actor.isEmpty ? nil : actor)
        }
        return (TimedTextDocument(unplaced: items, tiers: lanes.names, in: source, format: .table), lanes.all)
    }
}
