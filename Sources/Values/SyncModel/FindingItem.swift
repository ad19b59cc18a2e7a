/// One cue, word, turn or event of a subject, judged for itself.
public struct FindingItem: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, CaseIterable, Codable { case cue, word, turn, event }

    /// What is wrong with an item, by the contract's names.
    public enum Flag: String, Sendable, CaseIterable, Codable {
        case moved, doubtful
        case wrongText = "wrong-text"
        case noSpeech = "no-speech"
        case overlap
        case tooFast = "too-fast"
        case outOfOrder = "out-of-order"
        case pastEnd = "past-end"
        /// The text that it is held against has no such item.
        case extra
    }

    /// Its place in the subject, counted from 0.
    public let index: Int
    public let kind: Kind
    public let text: String
    /// When the subject says that it is, in subject time, as stated: a broken one may end before it starts.
    public let startSeconds: Double
    public let endSeconds: Double
    /// Its own offset where that can be told.
    public var offset: Offset?
    /// The probability that the item is where and what it claims to be; nil where that was not looked at.
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
