import Foundation
import SyncModel

/// What is decided of a measurement: an offset, drift or pieces; another text; or why it cannot be told.
struct TranscriptJudgement {
    let finding: Finding

    /// What annotators and captioners differ by from the sound, in seconds: an offset is known no better.
    private static let annotatorDeviation = 0.012
    private static let singleDeviation = 0.04
    /// What the comparison of words and the contrast of timing reach together where the text is that of the sound.
    private static let needed = 2.2
    /// Below this the comparison of words speaks against the text.
    private static let wrongBelow = 1.2
    /// Words that the comparison needs before it decides anything.
    private static let leastWords = 40
    /// Stretches from which the words alone may tell that they are others, and the advantage that right ones have at
    /// least.
    private static let manyStretches = 40
    private static let leastAdvantage = 0.15
    /// Score per second of a short text that lies right.
    private static let leastFit = 8.0

    init(_ found: TranscriptMeasurement, text: TranscriptText, sound: SpeechScores, analyser: TranscriptAnalyser) {
        let place = found.place
        var offsetAtZero: Double
        var error: Double
        var habit: CaptionHabit?
        let factor = found.candidate.factor * (1 + found.line.slope)
        let hasPieces = found.pieces.count > 1
        var segments: [OffsetSegment]?
        let first = found.units.map(\.start).min() ?? 0
        let last = found.units.map(\.end).max() ?? 0
        if let edges = found.edges {
            habit = CaptionHabit(edges, at: hasPieces || factor != 1 ? nil : found.line.offset)
        }
        let correction = habit?.correction ?? 0
        if hasPieces {
            let borders = TranscriptMeasurement.borders(found.pieces, found.curves).map { $0 / found.candidate.factor }
            let starts = [first] + borders
            let ends = borders + [last]
            segments = found.pieces.enumerated().map { index, piece in
                OffsetSegment(
                    span: TimeSpan(start: min(starts[index], ends[index]), end: max(starts[index], ends[index])),
                    offset: Offset(seconds: piece.offset + correction))
            }
            let longest =
                segments?.indices.max { (segments?[$0].span.length ?? 0) < (segments?[$1].span.length ?? 0) } ?? 0
            offsetAtZero = found.pieces[longest].offset
            error = found.pieces[longest].error
        } else {
            offsetAtZero = found.line.offset - found.line.slope * found.line.centre
            let far = found.line.slope != 0 ? found.line.slopeError * found.line.centre : 0
            error = (found.line.offsetError * found.line.offsetError + far * far).squareRoot()
        }
        offsetAtZero += correction
        // A single block has no spread: a word's edges are good to about this.
        if !error.isFinite { error = TranscriptJudgement.singleDeviation }
        let habitError = habit?.error ?? 0
        let deviation =
            (error * error + TranscriptJudgement.annotatorDeviation * TranscriptJudgement.annotatorDeviation
            + habitError * habitError).squareRoot()
        let offset = Offset(seconds: offsetAtZero)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * deviation)

        // The largest offset where text and sound meet.
        var worst = offset
        if let segments {
            worst = analyser.expectation.worst(of: segments.map(\.offset)) ?? offset
        } else if factor != 1 {
            let ends = [first, last].map { Offset(seconds: offsetAtZero + (factor - 1) * $0) }
            worst = analyser.expectation.worst(of: ends) ?? offset
        }
        let ppm = (factor - 1) * 1e6
        let ppmError = found.line.slopeError * 1e6
        let hasDrift = !hasPieces && factor != 1
        let ratio = hasDrift && ppmError < 200 ? FrameRates.ratio(ppm: ppm, within: max(30, 4 * ppmError)) : nil

        let paired = TranscriptJudgement.pairing(found, timingOnly: analyser.timingOnly)
        var evidence = TranscriptJudgement.evidence(found, sound, paired, habit)
        let coverage = Coverage(text, scores: sound, place: paired.isPaired ? place : nil)
        evidence += TranscriptJudgement.evidence(coverage)
        let probability = paired.probability * TranscriptJudgement.within(0.04, deviation)

        func finish(_ finding: Finding) -> Finding {
            var finding = finding
            finding.items = coverage.items
            finding.gaps = paired.isPaired ? coverage.gaps : nil
            return finding
        }
        if paired.isUnpaired {
            finding = finish(
                Finding(
                    check: .transcript, subject: .text, reference: .audio,
                    judgement: Judgement(.unpaired, candidate: offset, tolerance: analyser.tolerance),
                    because: paired.reasons.map { Doubt($0) },
                    evidence: [.candidate(offset)] + evidence,
                    method: analyser.model.method))
            return
        }
        let half = OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * deviation)
        let verdict = analyser.tolerance.verdict(on: worst, interval: half, expecting: analyser.expectation)
        var reasons = paired.reasons
        if !verdict.carriesOffset {
            reasons.append("the offset is uncertain by \(Int((1960 * deviation).rounded())) ms: too much for a verdict")
        }
        guard paired.isPaired, verdict.carriesOffset, probability >= 0.5 else {
            if reasons.isEmpty {
                reasons.append(
                    "the best offset is right with a probability of only \(String(format: "%.2f", probability))")
            }
            finding = finish(
                Finding(
                    check: .transcript, subject: .text, reference: .audio,
                    judgement: Judgement(
                        .inconclusive, confidence: probability, candidate: offset, tolerance: analyser.tolerance),
                    because: reasons.map { Doubt($0) },
                    evidence: [.candidate(offset)] + evidence,
                    method: analyser.model.method))
            return
        }
        var result = Finding(
            check: .transcript, subject: .text, reference: .audio,
            judgement: Judgement(
                verdict, offset: offset, interval: interval, confidence: probability, tolerance: analyser.tolerance,
                expectation: analyser.expectation), evidence: [.candidate(nil)] + evidence,
            method: analyser.model.method)
        result.worst = worst
        if hasDrift {
            let error = ppmError.isFinite ? ppmError : 0
            result.drift = Drift(ppm: ppm, interval: ppm - 1.96 * error...ppm + 1.96 * error)
            result.rate = ratio?.name
        }
        result.segments = segments
        finding = finish(result)
    }

    // MARK: Whether they belong together

    struct Pairing {
        var isPaired = false
        var isUnpaired = false
        var probability = 0.0
        var reasons: [String] = []
    }

    private static func pairing(_ found: TranscriptMeasurement, timingOnly: Bool) -> Pairing {
        let score = found.content?.score ?? 0
        let words = found.content?.words ?? 0
        let stretches = found.content?.stretches ?? 0
        let advantage = found.content?.advantage ?? 0
        // How far the best place stands out from the next best: 1 where timing alone tells nothing.
        let contrast = found.candidate.height / max(0.2, found.candidate.rival)
        let isSharp = contrast > 1.5 && found.fit > leastFit
        var result = Pairing()
        if timingOnly {
            result.isPaired = isSharp
            result.probability = result.isPaired ? 0.97 : 0.5
            if !result.isPaired {
                result.reasons = ["several offsets fit the timing nearly alike, and words were not to be compared"]
            }
            return result
        }
        let measured =
            """
            score \(format(score)) of \(words) words in \(stretches) stretches, where right words reach \
            \(format(needed)) and more
            """
        let timing = found.fit > 0 ? min(2, max(0, 4 * (contrast - 1.1))) : 0
        // Much text leaves no doubt that the words are others, however well its times fit.
        let areOtherWords = stretches >= manyStretches && advantage < leastAdvantage
        if words < leastWords {
            result.isPaired = found.fit >= leastFit && contrast >= 1.25 && score > -2
            result.probability = min(0.99, 0.9 + 0.02 * max(0, score + timing))
            if !result.isPaired {
                let doubt =
                    contrast < 1.25
                    ? """
                    they fit the sound hardly better in one place than in others (\(format(contrast)) times; 1.25 are \
                    needed)
                    """
                    : found.fit < leastFit
                        ? """
                        they fit the sound badly even in the best place (\(format(found.fit)) a second; \
                        \(format(leastFit)) are needed)
                        """
                        : """
                        they fit the sound worse than other words would (score \(format(score)); more than -2 is needed)
                        """
                result.reasons = ["\(words) words are few, and \(doubt)"]
                result.probability = 0.3
            }
        } else if score + timing >= needed, !areOtherWords {
            result.isPaired = true
            result.probability = score + timing >= needed + 1 ? 0.995 : 0.98
        } else if areOtherWords || score < wrongBelow && score + timing < needed - 0.7 {
            result.isUnpaired = true
            result.reasons = ["the words fit the sound no better than those of other places in the text (\(measured))"]
            if isSharp {
                result.reasons.append("the times alone fit in one place: if it is a translation, use --timing-only")
            }
        } else {
            result.reasons = ["the words fit the sound only a little better than others (\(measured))"]
            result.probability = 0.3
        }
        return result
    }

    /// The probability that a normal error of this deviation is no larger.
    private static func within(_ limit: Double, _ deviation: Double) -> Double {
        erf(limit / max(deviation, 1e-9) / 2.0.squareRoot())
    }

    private static func format(_ value: Double) -> String { String(format: "%.1f", value) }

    // MARK: Evidence

    private static func evidence(
        _ found: TranscriptMeasurement, _ sound: SpeechScores, _ paired: Pairing, _ habit: CaptionHabit?
    ) -> [Evidence] {
        var result = [
            Evidence("method", .text(found.isWords ? "words" : "cues")),
            Evidence("items", .count(found.units.count)),
            Evidence("speech_seconds", .number(sound.speechSeconds, decimals: 1)),
            Evidence("words_compared", .count(found.content?.words ?? 0)),
            Evidence("words_score", .number(found.content?.score ?? .nan, decimals: 2)),
            Evidence("words_advantage", .number(found.content?.advantage ?? .nan, decimals: 3)),
            Evidence("peak", .number(found.candidate.height, decimals: 2)),
            Evidence("second_peak", .number(found.candidate.rival, decimals: 2)),
            Evidence("fit_per_second", .number(found.fit, decimals: 2)),
            Evidence("standard_error_ms", .number(found.line.offsetError * 1000, decimals: 1)),
        ]
        if let habit {
            result.append(Evidence("cues_open_early_ms", .number(habit.lead * 1000, decimals: 0)))
            result.append(Evidence("cues_stay_ms", .number(habit.linger * 1000, decimals: 0)))
            result.append(Evidence("edges", .count(habit.edges)))
        }
        return result
    }

    private static func evidence(_ coverage: Coverage) -> [Evidence] {
        var result: [Evidence] = []
        for flag in FindingItem.Flag.allCases {
            if let count = coverage.counts[flag] {
                result.append(
                    Evidence("flagged_" + flag.rawValue.replacingOccurrences(of: "-", with: "_"), .count(count)))
            }
        }
        if coverage.counts[.tooFast] != nil { result.append(Evidence("reading_norm", .text(Coverage.readingNorm))) }
        return result
    }
}
