import Foundation

/// Factor and segments fitted to the common content of two texts.
struct FittedText {
    var factor = 1.0
    var factorError = Double.infinity
    var rateName: String?
    var pieces: [TextComparison.Piece] = []
    var scatter = 0.0

    private struct Observation {
        let time: Double
        let other: Double
    }

    private static let factorCost = 12.0
    private static let statesOfWords = 32
    /// Seconds around a segment's offset within which an observation counts.
    private static let near = 0.35

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
            let path = FittedText.path(moves)
            let cost = path.cost + (factor == 1 ? 0 : FittedText.factorCost) + (isFree ? FittedText.factorCost / 2 : 0)
            if cost < best?.cost ?? .infinity { best = (cost, factor, name, path) }
        }
        guard let best else { return }
        (factor, rateName) = (best.factor, best.name)
        func moves() -> [(Double, Double)] { observations.map { ($0.time, $0.other - factor * $0.time) } }
        settle(best.path.pieces, moves())
        refineFactor(moves())
        // A slope that a quotient of frame rates explains is that quotient.
        if let ratio = FrameRates.ratios.first(where: { $0.name == rateName }), ratio.factor != factor {
            factor = ratio.factor
            settle(FittedText.path(moves().map(\.1)).pieces, moves())
        }
    }

    /// The likeliest segments, among the offsets at peaks of the histogram of moves.
    private static func path(_ moves: [Double]) -> PiecePath {
        PiecePath(count: moves.count, offsets: modes(moves)) { PiecePath.cost(moves[$0] - $1) }
    }

    /// Peaks of the histogram of moves.
    private static func modes(_ moves: [Double]) -> [Double] {
        let sorted = moves.sorted()
        var counted: [(offset: Double, count: Int)] = []
        var (low, high) = (0, 0)
        for move in sorted {
            while sorted[low] < move - 0.15 { low += 1 }
            while high < sorted.count, sorted[high] <= move + 0.15 { high += 1 }
            counted.append((sorted[(low + high - 1) / 2], high - low))
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
        // Factors whose peak is nearly as high.
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

    /// Offsets, errors and scatter of the segments.
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
                // Exact where most are exact, and the mean where all scatter (Huber 1964).
                let spread = max(0.01, 1.4826 * FittedText.median(near.map { abs($0 - offset) }))
                let weights = near.map { min(1, 1.345 * spread / max(abs($0 - offset), 1e-9)) }
                offset = zip(near, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
            }
            guard !near.isEmpty else { continue }
            let spread = 1.4826 * FittedText.median(near.map { abs($0 - offset) })
            residuals += near.map { abs($0 - offset) }
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

    /// A drift that one segment shows beyond doubt.
    private mutating func refineFactor(_ moves: [(Double, Double)]) {
        guard pieces.count == 1, let piece = pieces.first else { return }
        let near = moves.filter { abs($0.1 - piece.offset) <= 1.0 }
        guard let line = RobustLine(near.map { ($0.0, $0.1) }), let first = near.first, let last = near.last else {
            return
        }
        factorError = line.slopeError
        let change = abs(line.slope) * (last.0 - first.0)
        // A quotient of frame rates is exact; a further drift must be clear.
        guard abs(line.slope) > 5 * line.slopeError, change > max(0.08, 3 * scatter), near.count >= 20 else {
            if rateName == nil, factor != 1 {
                // Estimated from the same moves.
                rateName = FrameRates.ratio(ppm: (factor - 1) * 1e6, within: max(30, 4e6 * line.slopeError))?.name
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
