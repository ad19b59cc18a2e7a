/// Whether what the aligners found can be believed: words of another text, and sung ones, are found anywhere.
extension WordReport {
    private static let leastWords = 12
    /// Least share of words at their stated times in a text that may be another's; where two aligners find the same
    /// offset for all words; and with a single aligner.
    private static let leastShare = 0.6
    private static let leastShareAgreed = 0.35
    private static let leastShareOfOne = 0.75
    /// The same of the words that are found at all, in a text of the recording.
    private static let leastReliable = 0.5
    private static let leastReliableOfOne = 0.7
    /// Two aligners' offsets of all words this near to each other, in seconds, are the same: those of another text
    /// differ by more.
    private static let nearEachOther = 0.06
    /// Farthest from its stated time that a word, or a cue, counts as there, in seconds.
    private static let nearby = 0.15, nearbyCue = 0.4

    /// The number of words that are where they are stated.
    public func right(areCues: Bool) -> Int {
        items.count { ($0.trust ?? 0) > 0.5 && abs($0.move ?? 0) < (areCues ? Self.nearbyCue : Self.nearby) }
    }

    /// Whether most words are found at their stated times: then the text is of this recording, even if parts are
    /// wrong.
    public func isOfTheRecording(areCues: Bool) -> Bool {
        let right = right(areCues: areCues)
        let offsets = common.map(\.seconds)
        let doAgree = offsets.count >= 2 && (offsets.max() ?? 0) - (offsets.min() ?? 0) < Self.nearEachOther
        let share = doAgree ? Self.leastShareAgreed : aligners.count >= 2 ? Self.leastShare : Self.leastShareOfOne
        return right >= Self.leastWords && Double(right) >= share * Double(looked)
    }

    /// Whether the aligners find most of the words of the recording's own text where they are stated; too few words
    /// tell nothing about them.
    public func isReliable(areCues: Bool) -> Bool {
        let found = looked - untold
        let share = aligners.count >= 2 ? Self.leastReliable : Self.leastReliableOfOne
        return found < Self.leastWords || Double(right(areCues: areCues)) >= share * Double(found)
    }
}
