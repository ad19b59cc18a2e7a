import SignalCore
import SyncModel

/// The measurements of a transcript against a recording, before the decision.
struct TranscriptMeasurement {
    /// A run of the transcript with a separate offset.
    struct Piece {
        let stretches: Range<Int>
        /// Seconds after the factor.
        let offset: Double
        let error: Double
    }

    /// A run that is probably elsewhere.
    struct Suspect {
        let items: Int
        /// As stated.
        let span: TimeSpan
        /// Seconds after the factor; and that of the text there.
        let offset: Double
        let expected: Double
    }

    let units: [SpokenUnit]
    let stretches: [Stretch]
    let isWords: Bool
    let style: CueStyle
    let candidates: OffsetCandidates
    /// The quotient of frame rates that the text's times are multiplied with first.
    let factor: Double
    let line: LineFit
    /// One, or several with separate offsets.
    let pieces: [Piece]
    /// Runs that are not heard at these offsets, and fit another; not proved.
    let suspects: [Suspect]
    let content: WordFit?
    /// For cues: the part of their offset that is habit.
    let habit: CaptionHabit?
    /// Scatter of single cues, or words between two pauses, around the line, in seconds: the precision of the times.
    let scatter: Double
    /// Score per second of text at the best fit of its times; about 40 for the right words in their times.
    let fit: Double

    /// Least length of text for a drift, and for segments, in seconds.
    private static let leastForDrift = 60.0
    private static let leastForWander = 45.0
    /// Least ratio of a drift to its error, and least effect in seconds over the text.
    private static let leastDriftErrors = 4.0
    private static let leastDriftEffect = 0.08
    private static let longText = 600.0
    /// Clocks of recorders differ by no more.
    private static let mostOfClocks = 500e-6
    /// Search range around a cue in seconds, at first and at last.
    private static let firstRoom = 1.0
    private static let room = 0.6
    /// Segments whose words are compared with others.
    private static let mostCompared = 400

    init?(_ text: TranscriptText, scores: SpeechScores, reach: Double, seed: UInt64) {
        let items = text.measured
        let units = items.enumerated().compactMap { SpokenUnit(item: $0, $1) }
        guard !units.isEmpty, scores.frames > 5 else { return nil }
        let isWords = units.count { $0.words.count == 1 } * 2 > units.count
        let stretches = Stretch.stretches(units, areWords: isWords)
        guard
            let candidates = OffsetCandidates(
                units, stretches, isWords: isWords, scores: scores, reach: reach, seed: seed)
        else { return nil }
        (self.units, self.stretches, self.isWords, self.candidates) = (units, stretches, isWords, candidates)
        style = CueStyle(stretches)
        let best = candidates.best
        var fitter = Fitter(
            units: units, stretches: stretches, isWords: isWords, style: style, scores: scores, factor: best.factor)
        var found = fitter.line(near: best.offset)
        func divided(_ fitter: Fitter, _ line: LineFit) -> Pieces.Found {
            Pieces(stretches, sound: scores, reach: reach, factor: fitter.factor).found { line.offset(at: $0) }
        }
        guard let first = found else { return nil }
        var parted =
            stretches.reduce(0) { $0 + $1.words.count } >= OffsetCandidates.leastWords
            ? divided(fitter, first.line) : Pieces.Found(pieces: [], suspects: [])
        if parted.pieces.count > 1, best.factor != 1 || first.line.slope != 0 {
            // A drift or another frame rate may only be a compromise between the segments.
            let plain = Fitter(
                units: units, stretches: stretches, isWords: isWords, style: style, scores: scores, factor: 1)
            if let other = plain.line(near: first.line.offset(at: first.line.centre), slope: false) {
                let otherwise = divided(plain, other.line)
                if otherwise.pieces.count <= parted.pieces.count {
                    (fitter, found, parted) = (plain, other, otherwise)
                }
            }
        }
        guard let found else { return nil }
        let (line, factor) = (found.line, fitter.factor)
        (self.line, self.factor) = (line, factor)
        let parts = parted.pieces
        let fits = parts.map { fitter.piece($0) }
        let pieces =
            parts.count > 1
            ? zip(parts, fits).map { Piece(stretches: $0.stretches, offset: $1.offset, error: $1.error) }
            : [Piece(stretches: stretches.indices, offset: found.line.offset, error: found.line.offsetError)]
        self.pieces = pieces
        let place = TranscriptMeasurement.placing(line, pieces, stretches, factor)
        suspects = parted.suspects.map { suspect in
            let (first, last) = (stretches[suspect.stretches.lowerBound], stretches[suspect.stretches.upperBound - 1])
            let middle = (first.start + last.end) / 2
            return Suspect(
                items: last.units.upperBound - first.units.lowerBound,
                span: TimeSpan(start: first.start, end: last.end), offset: suspect.offset,
                expected: place(middle) - middle * factor)
        }
        let longest = parts.indices.max { parts[$0].stretches.count < parts[$1].stretches.count }
        habit = parts.count > 1 ? longest.flatMap { fits[$0].habit } : found.habit
        fit = fitter.fit(at: found.line)
        scatter = parts.count > 1 ? habit?.scatter ?? 0 : found.habit?.scatter ?? fitter.scatter(about: found.line)
        let step = max(1, Double(stretches.count) / Double(TranscriptMeasurement.mostCompared))
        content = WordFit(
            stretches, chosen: stride(from: 0.0, to: Double(stretches.count), by: step).map { Int($0) },
            sound: scores, room: style.grid == 1 ? 1 : 0.5, seed: seed,
            place: place)
    }

    /// The mean share of different words in a hundred.
    var variety: Double {
        let words = stretches.flatMap(\.words)
        let runs = stride(from: 0, to: max(1, words.count - 50), by: 100).map { words[$0..<min(words.count, $0 + 100)] }
        let shares = runs.map { Double(Set($0).count) / Double(max(1, $0.count)) }
        return shares.reduce(0, +) / Double(shares.count)
    }

    /// The time in the recording of a time of the transcript.
    var place: (Double) -> Double { TranscriptMeasurement.placing(line, pieces, stretches, factor) }

    private static func placing(_ line: LineFit, _ pieces: [Piece], _ stretches: [Stretch], _ factor: Double)
        -> (Double) -> Double
    {
        guard pieces.count > 1 else { return { $0 * factor + line.offset(at: $0 * factor) } }
        let borders = borders(pieces, stretches)
        return { time in
            let piece = pieces.indices.last { $0 == 0 || borders[$0 - 1] <= time } ?? 0
            return time * factor + pieces[piece].offset
        }
    }

    /// Where one segment ends and the next begins, as stated: the midpoint between their items.
    static func borders(_ pieces: [Piece], _ stretches: [Stretch]) -> [Double] {
        zip(pieces, pieces.dropFirst()).map { before, after in
            (stretches[before.stretches.upperBound - 1].end + stretches[after.stretches.lowerBound].start) / 2
        }
    }

    /// Fits offsets to a hundredth of a second, of words by their times, of cues by where their words begin and end.
    private struct Fitter {
        let units: [SpokenUnit]
        let stretches: [Stretch]
        let isWords: Bool
        let style: CueStyle
        let scores: SpeechScores
        let factor: Double
        let curves: LocalCurves

        init(
            units: [SpokenUnit], stretches: [Stretch], isWords: Bool, style: CueStyle, scores: SpeechScores,
            factor: Double
        ) {
            (self.units, self.stretches, self.isWords, self.style) = (units, stretches, isWords, style)
            (self.scores, self.factor) = (scores, factor)
            curves = LocalCurves(units, factor: factor, scores: scores)
        }

        func fit(at line: LineFit) -> Double {
            let seconds = Double(curves.blocks.reduce(0) { $0 + $1.rows.count }) / SpeechScores.rate
            let total =
                LineFit(
                    curves, chosen: Array(curves.blocks.indices), near: line.offset(at: line.centre), withSlope: false,
                    reach: 0.3)?.total ?? 0
            return total / max(1, seconds)
        }

        func line(near offset: Double, slope: Bool = true) -> (line: LineFit, habit: CaptionHabit?)? {
            let span = ((units.map(\.end).max() ?? 0) - (units.map(\.start).min() ?? 0)) * factor
            let withSlope = slope && span >= leastForDrift
            // A few words are measured by all of their sounds, not by a few edges.
            let words = stretches.reduce(0) { $0 + $1.words.count }
            if isWords || words < OffsetCandidates.leastWords {
                return wordLine(near: offset, withSlope: withSlope, span: span).map { ($0, nil) }
            }
            return cueLine(near: offset, withSlope: withSlope, span: span)
                ?? wordLine(
                    near: offset, withSlope: false, span: span
                ).map { ($0, nil) }
        }

        /// Whether a drift is accepted: far beyond its error, large enough to matter, and for less than ten minutes of
        /// text one typical of clocks or frame rates.
        private func isDrift(_ slope: Double, _ error: Double, _ span: Double) -> Bool {
            guard abs(slope) >= leastDriftErrors * error, span >= leastForDrift else { return false }
            if span >= longText { return true }
            guard abs(slope) * span >= leastDriftEffect else { return false }
            let ppm = (factor * (1 + slope) - 1) * 1e6
            return abs(slope) <= mostOfClocks || FrameRates.ratio(ppm: ppm, within: min(300, 2e6 * error)) != nil
        }

        private func wordLine(near offset: Double, withSlope: Bool, span: Double) -> LineFit? {
            let all = Array(curves.blocks.indices)
            guard var line = LineFit(curves, chosen: all, near: offset, withSlope: withSlope) else { return nil }
            if line.slope != 0, !isDrift(line.slope, line.slopeError, span),
                let plain = LineFit(curves, chosen: all, near: line.offset, withSlope: false)
            {
                let wander = Fitter.wander(line.slope, line.slopeError, span)
                let slopeError = line.slopeError
                line = plain
                line.slopeError = slopeError
                line.offsetError = (line.offsetError * line.offsetError + wander * wander).squareRoot()
            }
            return line
        }

        /// The error of the offset from a slope that is not a drift.
        private static func wander(_ slope: Double, _ error: Double, _ span: Double) -> Double {
            error.isFinite && span >= leastForWander ? max(0, abs(slope) - 2 * error) * span / 12.0.squareRoot() : 0
        }

        /// Scatter of words between two pauses around a line, in seconds; 0 if few.
        func scatter(about line: LineFit) -> Double {
            let words = stretches.reduce(0) { $0 + $1.words.count }
            guard words >= OffsetCandidates.leastWords else { return 0 }
            let moves = edges(stretches.indices, room) { line.offset(at: $0) }.starts.map {
                $0.move - line.offset(at: $0.time)
            }
            return moves.count < 4 ? 0 : CaptionHabit.spread(moves) ?? 0
        }

        private func edges(_ chosen: Range<Int>, _ room: Double, _ line: @escaping (Double) -> Double) -> CueEdges {
            let factor = factor
            let more = style.grid == 1 ? 0.6 : 0
            return CueEdges(stretches, of: chosen, sound: scores, factor: factor, room: room + more) {
                $0 * factor + line($0 * factor)
            }
        }

        private func cueLine(near offset: Double, withSlope: Bool, span: Double) -> (
            line: LineFit, habit: CaptionHabit?
        )? {
            let wide = edges(stretches.indices, firstRoom) { _ in offset }.starts.map { start -> Float in
                Float(start.move)
            }
            guard let anchor = Standardisation.percentile(wide, 0.5).map({ Double($0) }) else { return nil }
            var found = edges(stretches.indices, withSlope ? firstRoom : room) { _ in anchor }
            var (slope, slopeError, centre, wander) = (0.0, Double.infinity, span / 2, 0.0)
            if let drift = RobustLine(found.starts + (style.isContiguous ? [] : found.ends)) {
                centre = drift.centre
                slopeError = drift.slopeError
                if withSlope, isDrift(drift.slope, drift.slopeError, span) {
                    slope = drift.slope
                    found = edges(stretches.indices, room) { drift.value + slope * ($0 - drift.centre) }
                } else {
                    wander = Fitter.wander(drift.slope, drift.slopeError, span)
                }
            }
            func level(_ moves: [(time: Double, move: Double)]) -> [Double] {
                moves.map { $0.move - slope * ($0.time - centre) }
            }
            guard
                let habit = CaptionHabit(
                    starts: level(found.starts), ends: level(found.ends), style: style, sharpness: found.sharpness,
                    clarity: scores.clarity)
            else {
                return nil
            }
            return (
                LineFit(
                    offset: habit.offset, slope: slope, centre: centre,
                    offsetError: (habit.error * habit.error + wander * wander).squareRoot(),
                    slopeError: slopeError), habit
            )
        }

        func piece(_ piece: Pieces.Piece) -> (offset: Double, error: Double, habit: CaptionHabit?) {
            if isWords {
                let range =
                    stretches[piece.stretches.lowerBound].units
                    .lowerBound..<stretches[piece.stretches.upperBound - 1]
                    .units.upperBound
                let chosen = curves.blocks.indices.filter { range.contains(curves.blocks[$0].units.lowerBound) }
                let fit = LineFit(curves, chosen: chosen, near: piece.offset, withSlope: false, reach: 0.5)
                return (fit?.offset ?? piece.offset, fit?.offsetError ?? .infinity, nil)
            }
            let found = edges(piece.stretches, room) { _ in piece.offset }
            let habit = CaptionHabit(
                starts: found.starts.map(\.move), ends: found.ends.map(\.move), style: style,
                sharpness: found.sharpness,
                clarity: scores.clarity)
            return (habit?.offset ?? piece.offset, habit?.error ?? .infinity, habit)
        }
    }
}
