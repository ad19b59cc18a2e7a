public import SyncModel

/// A word or cue with the time that its transcript states, on the recording's timeline by the transcript's offset.
public struct StatedItem: Sendable {
    /// Its index in the transcript, as in `FindingItem`.
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

/// The result for one item.
public struct ItemTrust: Sendable, Hashable {
    public var index: Int
    /// Seconds to add to the item beyond the common offset; nil: cannot be determined.
    public var move: Double?
    /// The probability that time and text of the item are right; nil: cannot be determined.
    public var trust: Double?
    public var flags: [FindingItem.Flag]
}

/// Items aligned together, as indices into a list of stated items: words between two pauses, or one cue.
struct Passage: Hashable {
    /// The judged items.
    var core: Range<Int>
    /// The core with the words just before and after it, which are spoken in the audio that is examined.
    var all: Range<Int>

    /// Seconds of audio before and after; words moved by more are lost.
    static let room = 0.6
    private static let longest = 5.5
    static let pause = 0.25
    private static let leastWords = 4
    private static let mostContext = 3

    /// - Parameter single: each item is a separate passage, as for cues.
    static func of(_ items: [StatedItem], single: Bool) -> [Passage] {
        if single { return items.indices.map { Passage(core: $0..<$0 + 1, all: $0..<$0 + 1) } }
        var cores: [Range<Int>] = []
        var (start, end) = (0.0, 0.0)
        for (place, item) in items.enumerated() {
            let count = cores.last?.count ?? 0
            // A step back is another speaker, or another part of the file.
            let breaks =
                cores.isEmpty || item.start - end > 1 || item.start < end - 1.5 || item.end - start > longest
                || item.start - end > pause && count >= leastWords && item.end - start > 2
            if breaks {
                cores.append(place..<place + 1)
                (start, end) = (item.start, item.end)
            } else {
                cores[cores.count - 1] = cores[cores.count - 1].lowerBound..<place + 1
                (start, end) = (min(start, item.start), max(end, item.end))
            }
        }
        return cores.map { Passage(core: $0, all: widened($0, items)) }
    }

    /// Words between two pauses, however few or many.
    static func units(_ items: [StatedItem]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var end = 0.0
        for (place, item) in items.enumerated() {
            if let last = result.last, item.start - end <= pause, item.start >= end - 1.5 {
                result[result.count - 1] = last.lowerBound..<place + 1
                end = max(end, item.end)
            } else {
                result.append(place..<place + 1)
                end = item.end
            }
        }
        return result
    }

    private static func widened(_ core: Range<Int>, _ items: [StatedItem]) -> Range<Int> {
        let span = Passage.span(core, items)
        var (first, last) = (core.lowerBound, core.upperBound - 1)
        while first > 0, core.lowerBound - first < mostContext, items[first - 1].end > span.start - 0.5,
            items[first - 1].start > span.start - 2
        { first -= 1 }
        while last < items.count - 1, last + 1 - core.upperBound < mostContext, items[last + 1].start < span.end + 0.5,
            items[last + 1].end < span.end + 2
        {
            last += 1
        }
        return first..<last + 1
    }

    static func span(_ places: Range<Int>, _ items: [StatedItem]) -> TimeSpan {
        TimeSpan(start: items[places].map(\.start).min() ?? 0, end: items[places].map(\.end).max() ?? 0)
    }

    static func seconds(_ places: Range<Int>, _ items: [StatedItem]) -> Double {
        let span = span(places, items)
        return span.end - span.start
    }
}
