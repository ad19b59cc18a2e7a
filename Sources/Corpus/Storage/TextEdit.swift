/// What a person decided of one cue or word of a text.
public struct TextEdit: Sendable, Hashable {
    public enum Action: String, Sendable, CaseIterable {
        /// It is right as it stands.
        case accept
        /// Another start, end or text; what is nil stays.
        case change
        /// Two in its place: the first one ends, and the second one begins, at `start`.
        case split
        /// One with `other`, which is taken away.
        case merge
        /// A new one from `start` to `end` beside it, in its tier.
        case insert
        /// Other words are heard there; the file keeps it.
        case wrongText = "wrong-text"
    }

    /// The text that is meant: a file beside a recording, as its bytes were.
    public struct Subject: Sendable, Hashable {
        public var clip: String
        public var file: String
        /// Changes with the file's bytes.
        public var identity: String

        public init(clip: String, file: String, identity: String) {
            (self.clip, self.file, self.identity) = (clip, file, identity)
        }
    }

    /// In its store; 0: not kept yet.
    public var id: Int64 = 0
    /// Its own name, the same in every store that it is merged into; what a split or an insertion makes is called by
    /// it.
    public var name: String
    public var subject: Subject
    public var action: Action
    /// An item of the file by its number, counted from 0, or one that a split or an insertion made by that edit's name.
    public var item: String
    public var other: String?
    public var start: Double?
    public var end: Double?
    public var text: String?
    /// Of a split, the text of the second one.
    public var second: String?
    /// How the item stood before.
    public var before: State
    public var comment = ""
    public var by: String
    /// UTC.
    public var at = ""

    public struct State: Sendable, Hashable {
        public var start: Double
        public var end: Double
        public var text: String
        /// Its line of the file.
        public var line: Int

        public init(start: Double, end: Double, text: String, line: Int) {
            (self.start, self.end, self.text, self.line) = (start, end, text, line)
        }
    }

    public init(name: String, subject: Subject, action: Action, item: String, before: State, by: String) {
        (self.name, self.subject, self.action, self.item) = (name, subject, action, item)
        (self.before, self.by) = (before, by)
    }
}
