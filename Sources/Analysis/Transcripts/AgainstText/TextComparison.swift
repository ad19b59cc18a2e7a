import Foundation

/// Measures the offset of one timed text against another: by common words, or by times alone.
struct TextComparison {
    enum Way: String { case words, times }

    /// One segment with a separate offset.
    struct Piece {
        /// Seconds of subject time.
        var start: Double
        var end: Double
        /// Seconds to add after the factor, at subject time 0; its standard error.
        var offset: Double
        var error: Double
        var matches: Int
    }

    let way: Way
    /// `t_reference = factor * t_subject + offset`.
    let factor: Double
    let factorError: Double
    let rateName: String?
    let pieces: [Piece]
    /// Scatter of matches around the segments, as a standard deviation in seconds.
    let scatter: Double
    /// Cues of the subject that have a counterpart, and all that overlap the reference.
    let matched: Int
    let beside: Int
    /// Subject cues without a counterpart and reference cues without one, by index.
    let extra: [Int]
    let missing: [Int]
    /// Words that differ between counterparts.
    let differing: [Difference]
    /// Of the subject's words, those that the reference has too, anywhere; and those matched in order.
    let sharedVocabulary: Double
    let matchedWords: Double
    let wordCount: Int
    /// Words in runs that both texts have once, in the order of both; and their share of the shorter text.
    let anchored: Int
    let anchoredShare: Double
    /// Whether both are in one language, by common words.
    let isOneLanguage: Bool
    /// Peak of the histogram of start differences; nil: too few cues.
    let height: Double?

    struct Difference {
        /// Seconds of subject time.
        let time: Double
        let subject: String
        let reference: String
    }

    /// Least share of common words of two texts in one language.
    static let oneLanguage = 0.45
    /// Least number of words in common runs for a comparison by words, and their share.
    static let leastAnchored = 9
    static let leastShare = 0.08
    /// Largest difference of the starts of corresponding cues, in seconds.
    private static let near = 0.35
    private static let mostDifferences = 200

    init(_ subject: TranscriptText, _ reference: TranscriptText) {
        let mine = TextComparison.timed(subject)
        let theirs = TextComparison.timed(reference)
        var vocabulary = TextTokens.Vocabulary()
        let words = TextTokens(mine, &vocabulary)
        let others = TextTokens(theirs, &vocabulary)
        let known = Set(others.tokens.map(\.word))
        let shared =
            words.tokens.isEmpty
            ? 0 : Double(words.tokens.count { known.contains($0.word) }) / Double(words.tokens.count)
        sharedVocabulary = shared
        isOneLanguage = shared >= TextComparison.oneLanguage && words.tokens.count >= 8
        let alignment = isOneLanguage ? TokenAlignment(words.tokens.map(\.word), others.tokens.map(\.word)) : nil
        let pattern = TimePattern(mine.map(\.start), theirs.map(\.start))
        height = pattern?.best.height
        let aligned = alignment?.pairs ?? []
        wordCount = words.tokens.count
        let fewer = min(words.tokens.count, others.tokens.count)
        anchored = alignment?.anchored ?? 0
        anchoredShare = fewer == 0 ? 0 : Double(anchored) / Double(fewer)
        let hasWords = anchored >= TextComparison.leastAnchored && anchoredShare >= TextComparison.leastShare
        // By words where there are enough of them, else by times alone.
        let byWords = hasWords ? alignment.flatMap { FittedText(words: words, others: others, $0) } : nil
        let isByWords = byWords != nil
        let byTimes =
            isByWords ? nil : pattern.flatMap { FittedText(times: mine.map(\.start), theirs.map(\.start), $0) }
        way = isByWords ? .words : .times
        let fitted = isByWords ? byWords : byTimes
        factor = fitted?.factor ?? 1
        factorError = fitted?.factorError ?? .infinity
        rateName = fitted?.rateName
        pieces = fitted?.pieces ?? []
        scatter = fitted?.scatter ?? 0

        // Pairs of corresponding cues at that offset.
        let scale = factor
        let found = pieces
        func place(_ time: Double) -> Double {
            let piece = found.first { time < $0.end } ?? found.last
            return scale * time + (piece?.offset ?? 0)
        }
        var partners = [Int](repeating: 0, count: mine.count)
        var theirPartners = [Int](repeating: 0, count: theirs.count)
        if !pieces.isEmpty {
            if isByWords {
                for (here, there) in aligned {
                    let (a, b) = (words.tokens[here], others.tokens[there])
                    // Equal words elsewhere are not counterparts.
                    guard abs(place(a.start) - b.start) < 3 else { continue }
                    partners[a.cue] += 1
                    theirPartners[b.cue] += 1
                }
            } else {
                let starts = theirs.map(\.start)
                for (index, item) in mine.enumerated() {
                    guard let (other, distance) = TextComparison.nearest(place(item.start), starts),
                        abs(distance) <= TextComparison.near
                    else { continue }
                    partners[index] += 1
                    theirPartners[other] += 1
                }
                // A cue within another one is a part of it.
                for (index, item) in theirs.enumerated() where theirPartners[index] == 0 {
                    let middle = (item.start + item.end) / 2
                    if mine.contains(where: { place($0.start) <= middle && middle <= place($0.end) }) {
                        theirPartners[index] = 1
                    }
                }
            }
        }
        let (first, last) = (theirs.first?.start ?? 0, theirs.map(\.end).max() ?? 0)
        let besideMine = mine.indices.filter {
            place(mine[$0].end) > first - 1 && place(mine[$0].start) < last + 1
        }
        beside = besideMine.count
        matched = besideMine.count { partners[$0] > 0 }
        // Half of a cue's words are needed.
        func isMet(_ index: Int, _ partners: [Int], _ tokens: TextTokens, _ counts: [Int: Int]) -> Bool {
            guard isByWords else { return partners[index] > 0 }
            return partners[index] * 2 >= max(1, counts[index] ?? 0) || (counts[index] ?? 0) == 0
        }
        let counts = Dictionary(words.tokens.map { ($0.cue, 1) }, uniquingKeysWith: +)
        let theirCounts = Dictionary(others.tokens.map { ($0.cue, 1) }, uniquingKeysWith: +)
        let isLaid = !pieces.isEmpty
        extra = isLaid ? mine.indices.filter { !isMet($0, partners, words, counts) }.map { mine[$0].index } : []
        let (myFirst, myLast) = (mine.first.map { place($0.start) } ?? 0, mine.map { place($0.end) }.max() ?? 0)
        missing =
            isLaid
            ? theirs.indices.filter {
                theirs[$0].end > myFirst - 60 && theirs[$0].start < myLast + 60
                    && !isMet($0, theirPartners, others, theirCounts)
            }.map { theirs[$0].index } : []
        matchedWords = words.tokens.isEmpty ? 0 : Double(partners.reduce(0, +)) / Double(words.tokens.count)
        differing =
            isByWords && isLaid
            ? Array(TextComparison.differences(words, others, aligned, place).prefix(TextComparison.mostDifferences))
            : []
    }

    /// Items with a valid time, in its order; for image subtitles also those without words.
    static func timed(_ text: TranscriptText) -> [TranscriptText.Item] {
        let measured = text.measured
        guard measured.isEmpty else { return measured }
        return text.items.filter { $0.length > 0 && $0.length <= TranscriptText.longestItem && $0.start.isFinite }
            .sorted { ($0.start, $0.index) < ($1.start, $1.index) }
    }

    static func nearest(_ time: Double, _ ascending: [Double]) -> (index: Int, distance: Double)? {
        var (low, high) = (0, ascending.count)
        while low < high {
            let middle = (low + high) / 2
            if ascending[middle] < time { low = middle + 1 } else { high = middle }
        }
        return [low - 1, low].filter { ascending.indices.contains($0) }
            .map { ($0, time - ascending[$0]) }.min { abs($0.1) < abs($1.1) }
    }

    /// Runs of words between two that are the same, where both texts have some and they are few.
    private static func differences(
        _ words: TextTokens, _ others: TextTokens, _ pairs: [(subject: Int, reference: Int)],
        _ place: (Double) -> Double
    ) -> [Difference] {
        var result: [Difference] = []
        for (here, next) in zip(pairs, pairs.dropFirst()) {
            let (mine, theirs) = (here.subject + 1..<next.subject, here.reference + 1..<next.reference)
            guard !mine.isEmpty || !theirs.isEmpty, mine.count <= 6, theirs.count <= 6 else { continue }
            let token = words.tokens[here.subject]
            guard abs(place(token.start) - others.tokens[here.reference].start) < 3 else { continue }
            result.append(
                Difference(
                    time: mine.isEmpty ? token.end : words.tokens[mine.lowerBound].start,
                    subject: words.spelling[mine].joined(separator: " "),
                    reference: others.spelling[theirs].joined(separator: " ")))
        }
        return result
    }
}
