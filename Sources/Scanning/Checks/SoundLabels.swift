import Foundation
import MediaIO
public import SoundEvents
public import Speakers
import SyncModel
public import TimedText
import Transcripts

/// A label file: text, turns of speakers, or events.
public struct SoundLabels: Sendable {
    /// The kind of a file's labels.
    public enum Kind: String, Sendable, CaseIterable { case text, turns, events }

    public let name: String
    public let kind: Kind
    public let document: TimedTextDocument
    /// The items that are compared with the audio, with their positions in the document.
    private let items: [(offset: Int, element: TimedItem)]
    private let notes: [String]

    /// Reads a file.
    ///
    /// - Parameter kind: its kind; nil: by its format and columns.
    /// - Throws: `ClipFailure` in words for people.
    public init(
        path: String, kind: Kind? = nil, frameRate: Double? = nil, encoding: TextEncoding? = nil, tier: String? = nil,
        mediaName: String
    ) throws {
        let document = try TranscriptSource.read(path, TimedTextReader(frameRate: frameRate, encoding: encoding))
        self.document = document
        name = path
        let told = SoundLabels.kind(of: document)
        self.kind = kind ?? told.kind
        var items = Array(document.items.enumerated().filter { !$0.element.isComment })
        if let tier { items = try TranscriptSelection.items(items, ofTier: tier, document, path: path) }
        items = try TranscriptSelection.items(items, ofRecording: mediaName, path: path)
        if kind == nil, tier == nil {
            // Besides turns or events a file may have words: those are ignored.
            let wanted: TimedItem.Kind = self.kind == .turns ? .turn : .event
            let own = items.filter { $0.element.kind == wanted }
            if !own.isEmpty { items = own }
        }
        self.items = items.filter { $0.element.text.contains { !$0.isWhitespace } || $0.element.speaker != nil }
        notes = document.guesses + (kind == nil ? told.notes : [])
    }

    /// The kind of a file; nil: it cannot be read, or is not timed text.
    public static func kind(of path: String) -> Kind? {
        (try? TranscriptSource.read(path, TimedTextReader())).map { kind(of: $0).kind }
    }

    /// The kind of a document, with the assumptions made.
    public static func kind(of document: TimedTextDocument) -> (kind: Kind, notes: [String]) {
        let kinds = document.items.reduce(into: [TimedItem.Kind: Int]()) { $0[$1.kind, default: 0] += 1 }
        let texts = (kinds[.word] ?? 0) + (kinds[.cue] ?? 0) + (kinds[.phone] ?? 0)
        if kinds[.turn] != nil, texts == 0 {
            let isGiven = document.format == .speakerTurns
            return (
                .turns, isGiven ? [] : ["its labels were read as speakers' turns (otherwise: --as text or --as events)"]
            )
        }
        if kinds[.event] != nil, texts == 0 {
            return (.events, ["its labels were read as sound events (otherwise: --as text or --as turns)"])
        }
        return (.text, [])
    }

    /// As turns: the speaker is the item's, else the tier's name, else a name before a colon, else the text itself.
    public var turns: [SpeakerTurn] {
        let tiers = Set(items.map(\.element.tier))
        let isNamed = items.contains { $0.element.speaker != nil }
        let prefixes = items.map { SoundLabels.prefix($0.element.text) }
        let arePrefixed = prefixes.count { $0 != nil } * 2 > items.count
        return items.enumerated().compactMap { position, item in
            let element = item.element
            var name = element.text
            if isNamed {
                guard let speaker = element.speaker, !speaker.isEmpty else { return nil }
                name = speaker
            } else if arePrefixed {
                guard let prefix = prefixes[position] else { return nil }
                name = prefix
            } else if tiers.count > 1 {
                name = document.tiers[element.tier].name
            }
            return SpeakerTurn(
                index: item.offset, speaker: name.trimmingCharacters(in: .whitespacesAndNewlines), start: element.start,
                end: element.end)
        }
    }

    public var events: [SoundEvent] {
        items.map { item in
            SoundEvent(
                index: item.offset, label: item.element.text.trimmingCharacters(in: .whitespacesAndNewlines),
                start: item.element.start,
                end: item.element.end)
        }
    }

    /// A name before a colon, as in "ANNA: Good morning": up to three words, beginning with a capital.
    private static func prefix(_ text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), text.distance(from: text.startIndex, to: colon) <= 40 else {
            return nil
        }
        let name = text[..<colon].trimmingCharacters(in: .whitespaces)
        guard let first = name.first, first.isUppercase, name.split(separator: " ").count <= 3, !name.contains("\n")
        else { return nil }
        return name
    }

    /// The same labels by recording; if the file names none, under the empty name.
    ///
    /// - Throws: `ClipFailure` in words for people.
    public static func byRecording(path: String, kind: Kind) throws -> (
        labels: [String: [(name: String, start: Double, end: Double)]], faults: [TextFault]
    ) {
        let document = try TranscriptSource.read(path, TimedTextReader())
        let recordings = Dictionary(
            grouping: document.items.enumerated().filter { !$0.element.isComment }, by: { $0.element.recording ?? "" })
        let labels = recordings.mapValues { items -> [(name: String, start: Double, end: Double)] in
            let own = SoundLabels(
                name: path, kind: kind, document: document, items: items.map { ($0.offset, $0.element) })
            switch kind {
            case .turns: return own.turns.map { ($0.speaker, $0.start, $0.end) }
            case .events, .text: return own.events.map { ($0.label, $0.start, $0.end) }
            }
        }
        return (labels, document.faults)
    }

    private init(name: String, kind: Kind, document: TimedTextDocument, items: [(offset: Int, element: TimedItem)]) {
        (self.name, self.kind, self.document, self.items, notes) = (name, kind, document, items, [])
    }

    /// A finding with the file's name and the notes on reading it.
    func completed(_ finding: Finding) -> Finding {
        var finding = finding
        finding.subjectFile = name
        var more = [Evidence("format", .text(document.format.rawValue))]
        if !notes.isEmpty { more.append(Evidence("assumed", .list(notes.map { .text($0) }))) }
        if !document.faults.isEmpty {
            more.append(
                Evidence("unread", .list(document.faults.prefix(100).map { .text("line \($0.line): \($0.message)") })))
        }
        return finding.adding(more)
    }
}
