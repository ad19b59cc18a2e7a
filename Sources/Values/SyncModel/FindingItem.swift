/// One individually judged cue, word, turn or event of a subject.
public struct FindingItem: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, CaseIterable, Codable { case cue, word, turn, event }

    /// A fault of an item; raw values as in the JSON.
    public enum Flag: String, Sendable, CaseIterable, Codable {
        case moved, doubtful
        case wrongText = "wrong-text"
        case noSpeech = "no-speech"
        case overlap
        case tooFast = "too-fast"
        case outOfOrder = "out-of-order"
        case pastEnd = "past-end"
        /// The compared text has no such item.
        case extra
    }

    /// Its index in the subject, from 0.
    public let index: Int
    public let kind: Kind
    public let text: String
    /// Stated start in subject time; a broken item may end before it starts.
    public let startSeconds: Double
    public let endSeconds: Double
    /// Its own offset, if determined.
    public var offset: Offset?
    /// The probability that the item is correct in time and content; nil if not estimated.
    public var trust: Double?
    public var flags: [Flag]

    public init(
        index: Int, kind: Kind, text: String, startSeconds: Double, endSeconds: Double, offset: Offset? = nil,
        trust: Double? = nil, flags: [Flag] = []
    ) {
        self.index = index
        self.kind = kind
        self.text = text
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
        self.offset = offset
        self.trust = trust
        self.flags = flags
    }
}
