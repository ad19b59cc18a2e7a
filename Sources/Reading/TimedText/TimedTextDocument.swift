/// One cue, word, phone, turn or event of a timed text.
public struct TimedItem: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable { case cue, word, phone, turn, event }

    /// The tier that it belongs to, an index into the document's `tiers`.
    public var tier: Int
    public var kind: Kind
    /// What it says, without markup; lines are joined by a newline.
    public var text: String
    /// The same as the file writes it.
    public var raw: String
    /// Seconds, as stated: a broken item may end before it starts.
    public var start: Double
    public var end: Double
    /// Line of the file, counted from 1; of binary formats the block.
    public var line: Int
    public var speaker: String?
    /// The recording that it belongs to, where the format names one.
    public var recording: String? = nil
    /// A remark that is not shown, such as a comment of an ASS script.
    public var isComment = false
    /// Where the file writes it; nil: it cannot be written otherwise by itself.
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

/// A row of items that belong together: a tier of TextGrid or EAF, a view of a table; most formats have one.
public struct TextTier: Sendable, Hashable {
    public var name: String
    public var language: String?

    public init(name: String, language: String? = nil) {
        self.name = name
        self.language = language
    }
}

/// A place of a file that could not be read; the rest was.
public struct TextFault: Sendable, Hashable {
    /// Line of the file, counted from 1; of binary formats the block.
    public let line: Int
    /// What is wrong, in words.
    public let message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}

/// A timed text: what it says and when, and the bytes that it came from.
///
/// Written back it changes times only: every byte that is no part of a changed time stays.
public struct TimedTextDocument: Sendable {
    public let format: TimedTextFormat
    public let encoding: TextEncoding
    public let tiers: [TextTier]
    /// In the order of the file.
    public let items: [TimedItem]
    /// What could not be read, with its line.
    public let faults: [TextFault]
    /// What had to be guessed, in words: a frame rate, a unit.
    public let guesses: [String]
    /// The language that the file itself names.
    public let language: String?

    let source: EncodedText
    let fields: [TimeField]
    /// Why the file cannot be written with other times; nil: it can.
    let refusal: TimedTextError?

    /// The items of one tier, in the order of the file.
    public func items(inTier index: Int) -> [TimedItem] { items.filter { $0.tier == index } }
}
