import Foundation
import SignalCore

/// Where one timed text lies on another, measured: by words they share, or by their times alone.
struct TextComparison {
    enum Way: String { case words, times }

    /// One stretch with an offset of its own.
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
    /// How far matches stray from the pieces, as a standard deviation in seconds.
    let scatter: Double
    /// Cues of the subject that have a counterpart, of those that lie beside the reference.
    let matched: Int
    let beside: Int
    /// Subject cues without a counterpart and reference cues that nothing of the subject goes with, by index.
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
    /// Whether both are written in one language, by the words that they share.
    let isOneLanguage: Bool
    /// How far the pile of beginnings rises; nil: too few cues.
    let height: Double?

    struct Difference {
        /// Seconds of subject time.
        let time: Double
        let subject: String
        let reference: String
    }

    /// Of one language, two texts share so much of their words at least.
    static let oneLanguage = 0.45
    /// Words in common runs that a comparison by words needs, and their share.
    static let leastAnchored = 9
    static let leastShare = 0.08
    /// Seconds that two cues' beginnings may differ by where they are one.
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

        // Who goes with whom at that place.
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
                    // Words that stand alike elsewhere are no counterparts.
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
                // A cue that lies within another one is a part of it.
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
            ? TextComparison.differences(words, others, aligned, place).prefix(TextComparison.mostDifferences).map {
                $0
            } : []
    }

    /// Items with a possible time, in its order; of subtitles that are pictures, those without words too.
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

/// Factor and pieces that fit what two texts have in common.
private struct FittedText {
    var factor = 1.0
    var factorError = Double.infinity
    var rateName: String?
    var pieces: [TextComparison.Piece] = []
    var scatter = 0.0
    /// Observations that lie on the pieces.
    var support = 0

    private struct Observation {
        let time: Double
        let other: Double
    }

    private static let factorCost = 12.0
    private static let statesOfWords = 32
    /// Seconds about a piece within which an observation counts for its offset.
    private static let near = 0.35
    /// Seconds by which words inside cues stray.
    private static let insideCues = 0.5

    /// By words.
    init?(words: TextTokens, others: TextTokens, _ alignment: TokenAlignment) {
        var edges: [Observation] = []
        var inside: [Observation] = []
        var ends: [Observation] = []
        for (here, there) in alignment.pairs {
            let (a, b) = (words.tokens[here], others.tokens[there])
            if a.isFirst, b.isFirst {
                edges.append(Observation(time: a.start, other: b.start))
            } else if a.isLast, b.isLast {
                ends.append(Observation(time: a.end, other: b.end))
            } else {
                inside.append(Observation(time: a.start, other: b.start))
            }
        }
        let isExact = edges.count >= 6
        let observations = isExact ? edges : (edges + ends).count >= 6 ? edges + ends : edges + ends + inside
        guard observations.count >= 4 else { return nil }
        fit(observations.sorted { $0.time < $1.time }, candidates: FittedText.factors(observations))
        guard !pieces.isEmpty else { return nil }
    }

    /// 1, the quotients of frame rates that are near, and the slope of all observations together.
    private static func factors(_ observations: [Observation]) -> [(String?, Double)] {
        var result: [(String?, Double)] = [(nil, 1)] + FrameRates.ratios.map { ($0.name, $0.factor) }
        if let line = RobustLine(observations.map { ($0.time, $0.other - $0.time) }), abs(line.slope) < 0.3 {
            result.append((nil, 1 + line.slope))
        }
        return result
    }

    private mutating func fit(_ observations: [Observation], candidates: [(String?, Double)]) {
        var best: (cost: Double, factor: Double, name: String?, path: PiecePath)?
        for (name, factor) in candidates {
            let isFree = name == nil && factor != 1
            let moves = observations.map { $0.other - factor * $0.time }
            let path = PiecePath(count: moves.count, offsets: FittedText.modes(moves)) {
                PiecePath.cost(moves[$0] - $1)
            }
            let cost = path.cost + (factor == 1 ? 0 : FittedText.factorCost) + (isFree ? FittedText.factorCost / 2 : 0)
            if cost < best?.cost ?? .infinity { best = (cost, factor, name, path) }
        }
        guard let best else { return }
        (factor, rateName) = (best.factor, best.name)
        func moves() -> [(Double, Double)] { observations.map { ($0.time, $0.other - factor * $0.time) } }
        settle(best.path, moves())
        refineFactor(moves())
        // A slope that a quotient of frame rates explains is that quotient.
        if let ratio = FrameRates.ratios.first(where: { $0.name == rateName }), ratio.factor != factor {
            factor = ratio.factor
            support = 0
            let values = moves().map(\.1)
            let path = PiecePath(count: values.count, offsets: FittedText.modes(values)) {
                PiecePath.cost(values[$0] - $1)
            }
            settle(path, moves())
        }
    }

    /// Where moves pile up.
    private static func modes(_ moves: [Double]) -> [Double] {
        let sorted = moves.sorted()
        var counted: [(offset: Double, count: Int)] = []
        var (low, high) = (0, 0)
        for move in sorted {
            while sorted[low] < move - 0.15 { low += 1 }
            while high < sorted.count, sorted[high] <= move + 0.15 { high += 1 }
            counted.append((Double(sorted[(low + high - 1) / 2]), high - low))
        }
        var result: [Double] = []
        for entry in counted.sorted(by: { $0.count > $1.count }) {
            if result.contains(where: { abs($0 - entry.offset) < 0.1 }) { continue }
            result.append(entry.offset)
            if result.count == statesOfWords { break }
        }
        return result
    }

    /// By times alone.
    init?(times: [Double], _ others: [Double], _ pattern: TimePattern) {
        var best: (cost: Double, peak: TimePattern.Peak, path: PiecePath)?
        // Factors whose pile rises nearly as high.
        for factor in [1.0] + FrameRates.ratios.map(\.factor) {
            let peaks = pattern.peaks(factor: factor)
            guard let top = peaks.first, top.height >= 0.5 * pattern.best.height else { continue }
            let offsets = peaks.filter { $0.height >= max(4, 0.25 * top.height) || $0.offset == top.offset }.map(
                \.offset)
            let path = PiecePath(count: times.count, offsets: offsets) { index, offset in
                let place = factor * times[index] + offset
                return TextComparison.nearest(place, others).map { PiecePath.cost($0.distance) } ?? 4
            }
            let cost = path.cost + (factor == 1 ? 0 : FittedText.factorCost)
            if cost < best?.cost ?? .infinity { best = (cost, top, path) }
        }
        guard let best else { return nil }
        (factor, rateName) = (best.peak.factor, best.peak.rateName)
        let factor = self.factor
        // Each cue's nearest, as a move.
        var moves: [(Double, Double)] = []
        var ranges: [PiecePath.Piece] = []
        for piece in best.path.pieces {
            let from = moves.count
            for index in piece.range {
                let place = factor * times[index] + piece.offset
                guard let near = TextComparison.nearest(place, others) else { continue }
                moves.append((times[index], others[near.index] - factor * times[index]))
            }
            ranges.append(PiecePath.Piece(range: from..<moves.count, offset: piece.offset))
        }
        settle(ranges, moves)
        refineFactor(moves)
        guard !pieces.isEmpty else { return nil }
    }

    private mutating func settle(_ path: PiecePath, _ moves: [(Double, Double)]) { settle(path.pieces, moves) }

    /// Offsets, errors and scatter of the pieces.
    private mutating func settle(_ found: [PiecePath.Piece], _ moves: [(Double, Double)]) {
        pieces = []
        var residuals: [Double] = []
        for (place, piece) in found.enumerated() where !piece.range.isEmpty {
            let range = piece.range
            var offset = piece.offset
            var near = range.map { moves[$0].1 }.filter { abs($0 - offset) <= FittedText.near }.sorted()
            if !near.isEmpty { offset = near[near.count / 2] }
            for _ in 0..<10 {
                near = range.map { moves[$0].1 }.filter { abs($0 - offset) <= FittedText.near }
                guard !near.isEmpty else { break }
                // Exact where most are exact, and the mean where all stray (Huber 1964).
                let spread = max(0.01, 1.4826 * FittedText.median(near.map { abs($0 - offset) }))
                let weights = near.map { min(1, 1.345 * spread / max(abs($0 - offset), 1e-9)) }
                offset = zip(near, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
            }
            guard !near.isEmpty else { continue }
            let spread = 1.4826 * FittedText.median(near.map { abs($0 - offset) })
            residuals += near.map { abs($0 - offset) }
            support += near.count
            let start = moves[range.lowerBound].0
            let end =
                place + 1 < found.count ? moves[found[place + 1].range.lowerBound].0 : moves[range.upperBound - 1].0
            pieces.append(
                TextComparison.Piece(
                    start: pieces.last?.end ?? start, end: end, offset: offset,
                    error: max(0.002, 1.25 * spread / Double(near.count).squareRoot()), matches: near.count))
        }
        scatter = 1.4826 * FittedText.median(residuals)
    }

    /// A drift that one piece shows beyond doubt.
    private mutating func refineFactor(_ moves: [(Double, Double)]) {
        guard pieces.count == 1, let piece = pieces.first else { return }
        let near = moves.filter { abs($0.1 - piece.offset) <= 1.0 }
        guard let line = RobustLine(near.map { ($0.0, $0.1) }), let first = near.first, let last = near.last else {
            return
        }
        factorError = line.slopeError
        let change = abs(line.slope) * (last.0 - first.0)
        // A quotient of frame rates is exact; what is left of it has to be plain.
        guard abs(line.slope) > 5 * line.slopeError, change > max(0.08, 3 * scatter), near.count >= 20 else {
            if rateName == nil, factor != 1 {
                // Found from these very moves.
                let name = FrameRates.ratio(ppm: (factor - 1) * 1e6, within: max(30, 4e6 * line.slopeError))?.name
                rateName = name
            }
            return
        }
        factor += line.slope
        rateName = FrameRates.ratio(ppm: (factor - 1) * 1e6, within: max(30, 4e6 * line.slopeError))?.name
        pieces[0].offset = line.value - line.slope * line.centre
        let far = line.slopeError * line.centre
        pieces[0].error = (piece.error * piece.error + far * far).squareRoot()
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[values.count / 2]
    }
}
