public import SyncModel

/// A word or cue with the time that its transcript states, carried to the recording's timeline by the transcript's own offset.
public struct StatedItem: Sendable {
    /// Its place in the transcript, as in `FindingItem`.
    public var index: Int
    /// Its words, in order: one, or those of a cue.
    public var words: [String]
    /// Seconds.
    public var start: Double
    public var end: Double

    public init(index: Int, words: [String], start: Double, end: Double) {
        self.index = index
        self.words = words
        self.start = start
        self.end = end
    }
}

/// What is said of one item.
public struct ItemTrust: Sendable, Hashable {
    public var index: Int
    /// Seconds to add to the item beyond what all items have in common; nil: cannot be told.
    public var move: Double?
    /// The probability that the item is where and what it claims to be; nil: cannot be told.
    public var trust: Double?
    public var flags: [FindingItem.Flag]
}

/// Items that are aligned at once: words between two pauses, or one cue.
struct Passage {
    var items: [StatedItem]

    /// Seconds of sound before and after; words are moved by no more than this without being lost.
    static let room = 0.6
    private static let longest = 7.0
    private static let pause = 0.25
    private static let leastWords = 4

    var start: Double { items.map(\.start).min() ?? 0 }
    var end: Double { items.map(\.end).max() ?? 0 }
    var words: [String] { items.flatMap(\.words) }

    /// - Parameter single: each item is a passage of its own, as cues are.
    static func of(_ items: [StatedItem], single: Bool) -> [Passage] {
        var result: [Passage] = []
        for item in items where item.end > item.start && !item.words.isEmpty && item.end - item.start < 30 {
            guard !single, var open = result.last else {
                result.append(Passage(items: [item]))
                continue
            }
            let gap = item.start - open.end
            // A step back is another speaker, or another part of the file.
            if gap > 1 || item.start < open.end - 1.5 || item.end - open.start > longest || gap > pause && open.items.count >= leastWords && item.end - open.start > 2 {
                result.append(Passage(items: [item]))
            } else {
                open.items.append(item)
                result[result.count - 1] = open
            }
        }
        return result
    }
}
