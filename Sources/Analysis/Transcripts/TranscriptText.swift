public import SyncModel

/// A transcript as input of the analysers.
public struct TranscriptText: Sendable {
    /// One cue or word.
    public struct Item: Sendable, Hashable {
        /// Its position in the file, counted from 0.
        public var index: Int
        public var kind: FindingItem.Kind
        public var text: String
        /// Seconds, as stated.
        public var start: Double
        public var end: Double

        public init(index: Int, kind: FindingItem.Kind, text: String, start: Double, end: Double) {
            self.index = index
            self.kind = kind
            self.text = text
            self.start = start
            self.end = end
        }

        var length: Double { end - start }
    }

    /// In the order of the file.
    public let items: [Item]

    public init(items: [Item]) { self.items = items }

    /// Items that last longer are remarks about the recording, in seconds.
    static let longestItem = 60.0

    /// The measured items: those with words and a valid time, in order of time.
    var measured: [Item] {
        items.filter {
            $0.length > 0 && $0.length <= TranscriptText.longestItem && $0.start.isFinite
                && LetterClasses.hasLetters($0.text)
        }
        .sorted { ($0.start, $0.index) < ($1.start, $1.index) }
    }
}
