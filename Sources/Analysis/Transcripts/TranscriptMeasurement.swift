import SignalCore
import SyncModel

/// Everything that was measured of a transcript against a recording, before anything is decided.
struct TranscriptMeasurement {
    let units: [SpokenUnit]
    let isWords: Bool
    /// The offset and factor at which the text as a whole fits best.
    let candidate: OffsetSearch.Candidate
    let line: LineFit
    let pieces: [Segmentation.Piece]
    let curves: LocalCurves
    let content: ContentTest?
    let edges: CueEdges?
    /// Score per second of text at the best fit; about 40 for the right words.
    let fit: Double

    /// Seconds of text from which drift is looked for, and pieces.
    private static let leastForDrift = 40.0

    init?(_ text: TranscriptText, scores: SpeechScores, reach: Double, seed: UInt64) {
        let items = text.measured
        let units = items.enumerated().compactMap { SpokenUnit(item: $0, $1) }
        guard !units.isEmpty, scores.frames > 5 else { return nil }
        self.units = units
        isWords = units.count { $0.words.count == 1 } * 2 > units.count
        let search = OffsetSearch(scores, reach: reach)
        let candidates = search.candidates(units)
        guard let first = candidates.first else { return nil }
        // Ratios close to the best one are told apart by the finer fit.
        var best: (OffsetSearch.Candidate, LocalCurves, LineFit)?
        let close = candidates.filter { $0.value > 0.85 * first.value }.prefix(3)
        for candidate in close {
            let curves = LocalCurves(units, factor: candidate.factor, scores: scores)
            let span = (curves.blocks.last?.time ?? 0) - (curves.blocks.first?.time ?? 0)
            let withSlope = span >= TranscriptMeasurement.leastForDrift
            guard
                let line = LineFit(
                    curves, chosen: Array(curves.blocks.indices), near: candidate.offset, withSlope: withSlope)
            else { continue }
            if best.map({ line.total > $0.2.total }) ?? true { best = (candidate, curves, line) }
        }
        guard let (candidate, curves, fitted) = best else { return nil }
        var line = fitted
        // A drift that is no more than its own error is none.
        if line.slope != 0, abs(line.slope) < 2.5 * line.slopeError,
            let plain = LineFit(curves, chosen: Array(curves.blocks.indices), near: line.offset, withSlope: false)
        {
            let slopeError = line.slopeError
            line = plain
            line.slopeError = slopeError
        }
        var chosen = (candidate, curves, line, Segmentation(curves, line: line, search: search))
        if chosen.3.pieces.count > 1, candidate.factor != 1 || line.slope != 0,
            let plain = candidates.first(where: { $0.factor == 1 })
        {
            // A drift or another frame rate may only be a compromise between the pieces.
            let plainCurves = candidate.factor == 1 ? curves : LocalCurves(units, factor: 1, scores: scores)
            let start = candidate.factor == 1 ? line.offset : plain.offset
            if let plainLine = LineFit(
                plainCurves, chosen: Array(plainCurves.blocks.indices), near: start, withSlope: false)
            {
                let other = Segmentation(plainCurves, line: plainLine, search: search)
                if other.value > chosen.3.value || other.pieces.count < chosen.3.pieces.count {
                    chosen = (plain, plainCurves, plainLine, other)
                }
            }
        }
        self.candidate = chosen.0
        self.curves = chosen.1
        self.line = chosen.2
        let (pieces, factor) = (chosen.3.pieces, chosen.0.factor)
        self.pieces = pieces
        let seconds = Double(self.curves.blocks.reduce(0) { $0 + $1.rows.count }) / SpeechScores.rate
        fit = (pieces.count > 1 ? chosen.3.value : self.line.total) / max(1, seconds)
        let place = TranscriptMeasurement.placing(self.line, pieces, self.curves, factor)
        content = ContentTest(units, scores: scores, seed: seed, place: place)
        edges = isWords ? nil : CueEdges(units, scores: scores, place: place)
    }

    /// The time in the recording of a time of the transcript.
    var place: (Double) -> Double { TranscriptMeasurement.placing(line, pieces, curves, candidate.factor) }

    private static func placing(
        _ line: LineFit, _ pieces: [Segmentation.Piece], _ curves: LocalCurves, _ factor: Double
    ) -> (Double) -> Double {
        guard pieces.count > 1 else { return { $0 * factor + line.offset(at: $0 * factor) } }
        let borders = borders(pieces, curves)
        return { time in
            let subject = time * factor
            let piece = pieces.indices.last { $0 == 0 || borders[$0 - 1] <= subject } ?? 0
            return subject + pieces[piece].offset
        }
    }

    /// Where one piece ends and the next begins, in subject time after the factor: the middle between their items.
    static func borders(_ pieces: [Segmentation.Piece], _ curves: LocalCurves) -> [Double] {
        pieces.dropLast().map { piece in
            Double(curves.blocks[piece.blocks.upperBound - 1].rows.upperBound + curves.text.first) / SpeechScores.rate
        }
    }
}
