/// A person's edit of one cue or word of a text.
public struct TextEdit: Sendable, Hashable {
    public enum Action: String, Sendable, CaseIterable {
        /// It is right unchanged.
        case accept
        /// Another start, end or text; nil: unchanged.
        case change
        /// A split: the first one ends, and the second one begins, at `start`.
        case split
        /// A merge with `other`, which is removed.
        case merge
        /// A new one from `start` to `end` in its tier.
        case insert
        /// Other words are heard there; it stays in the file.
        case wrongText = "wrong-text"
    }

    /// The edited text: a file of a recording, with the state of its bytes.
    public struct Subject: Sendable, Hashable {
        public var clip: String
        public var file: String
        /// Changes with the file's bytes.
        public var identity: String

        public init(clip: String, file: String, identity: String) {
            (self.clip, self.file, self.identity) = (clip, file, identity)
        }
    }

    /// Its id in the store; 0: not stored yet.
    public var id: Int64 = 0
    /// Its own name, the same in every store that it is merged into; items made by a split or an insertion are named by
    /// it.
    public var name: String
    public var subject: Subject
    public var action: Action
    /// An item of the file by its number, counted from 0, or one that a split or an insertion made by that edit's name.
    public var item: String
    /// The one merged into it; of a change of its start or end the item that touches it there and moves along.
    public var other: String?
    public var start: Double?
    public var end: Double?
    public var text: String?
    /// The text of the second one of a split.
    public var second: String?
    /// The item before the edit.
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
