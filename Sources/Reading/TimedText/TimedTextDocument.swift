/// One cue, word, phone, turn or event of a timed text.
public struct TimedItem: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable { case cue, word, phone, turn, event }

    /// Its tier, an index into the document's `tiers`.
    public var tier: Int
    public var kind: Kind
    /// Its text without markup; lines are joined by newlines.
    public var text: String
    /// The text as in the file.
    public var raw: String
    /// Stated seconds: a broken item may end before it starts.
    public var start: Double
    public var end: Double
    /// Line of the file, from 1; for binary formats the block.
    public var line: Int
    public var speaker: String?
    /// Its recording, if the format has one.
    public var recording: String? = nil
    /// Whether it is a hidden remark, such as a comment in an ASS script.
    public var isComment = false
    /// Its position in the file; nil: it cannot be rewritten individually.
    var place: ItemPlace?

    public init(
        tier: Int = 0, kind: Kind, text: String, raw: String? = nil, start: Double, end: Double, line: Int,
        speaker: String? = nil
    ) {
        self.tier = tier
        self.kind = kind
        self.text = text
        self.raw = raw ?? text
        self.start = start
        self.end = end
        self.line = line
        self.speaker = speaker
    }
}

/// A series of items: a tier of TextGrid or EAF, a view of a table; most formats have one.
public struct TextTier: Sendable, Hashable {
    public var name: String
    public var language: String?

    public init(name: String, language: String? = nil) {
        self.name = name
        self.language = language
    }
}

/// An unreadable part of a file; the rest was read.
public struct TextFault: Sendable, Hashable {
    /// Line of the file, from 1; for binary formats the block.
    public let line: Int
    /// The fault, in words.
    public let message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}

/// A timed text with its items and original bytes.
///
/// Rewriting changes times only: every byte that is not part of a changed time stays.
///
/// ```swift
/// let late = try document.rewritten { time, _ in time + 0.4 }
/// print(late.bytes.count, late.clamped)
/// ```
public struct TimedTextDocument: Sendable {
    public let format: TimedTextFormat
    public let encoding: TextEncoding
    public let tiers: [TextTier]
    /// In file order.
    public let items: [TimedItem]
    /// Unreadable parts, with their lines.
    public let faults: [TextFault]
    /// Assumptions, in words: a frame rate, a unit.
    public let guesses: [String]
    /// The language stated in the file.
    public let language: String?

    let source: EncodedText
    let fields: [TimeField]
    /// Why the file cannot be written with new times; nil: it can.
    let refusal: TimedTextError?
    /// nil: its items have separate times.
    var sequence: MarkSequence?
    /// nil: it is not SCC.
    var codes: ScenaristCodes?

    /// The items of one tier, in file order.
    public func items(inTier index: Int) -> [TimedItem] { items.filter { $0.tier == index } }
}
