import Foundation
import SyncModel

/// The decision on a measurement: an offset, drift or segments; another text; or why it cannot be determined.
struct TranscriptJudgement {
    let finding: Finding

    /// Deviation of annotators and captioners from the audio, in seconds: the least error of an offset.
    private static let annotatorDeviation = 0.012
    private static let singleDeviation = 0.04
    /// Scatter of cues with exact times, in seconds; and the largest counted excess of others: half of it widens the
    /// inner tolerance, twice of it the outer.
    private static let exact = 0.03
    private static let mostLoose = 0.1
    /// An offset with a larger uncertainty, in seconds, gives no verdict.
    private static let mostUncertain = 0.3
    /// Least number of words for a decision, and for a decision against the text.
    private static let leastWords = OffsetCandidates.leastWords
    private static let leastToRefuse = 80
    /// Fewer cues with audio are hardly evidence against a text.
    private static let leastStretchesToRefuse = 4
    /// Least sum of the words' score, their margin over other words anywhere and the contrast of timing for a text of
    /// the audio, and least score alone.
    private static let needed = 4.5
    private static let least = 2.2
    /// Least score if other words reach as high somewhere in the range. Of 370 texts of other words the highest score
    /// was 2.6.
    private static let leastMargin = 0.4
    private static let enough = 4.5
    /// Least number of different words among a hundred of the text: with fewer, words from elsewhere are not a
    /// comparison.
    private static let leastVariety = 0.42
    /// Limits below which the comparison is evidence against the text.
    private static let wrongBelow = 2.6
    private static let wrongSupport = 3.6
    private static let wrongTogether = 2.5
    /// Least score per second of a right short text.
    private static let leastFit = 0.0

    init(_ found: TranscriptMeasurement, text: TranscriptText, sound: SpeechScores, analyser: TranscriptAnalyser) {
        let place = found.place
        var offsetAtZero: Double
        var error: Double
        let factor = found.factor * (1 + found.line.slope)
        let hasPieces = found.pieces.count > 1
        var segments: [OffsetSegment]?
        let first = found.units.map(\.start).min() ?? 0
        let last = found.units.map(\.end).max() ?? 0
        if hasPieces {
            let borders = TranscriptMeasurement.borders(found.pieces, found.stretches)
            let starts = [first] + borders
            let ends = borders + [last]
            segments = found.pieces.enumerated().map { index, piece in
                OffsetSegment(
                    span: TimeSpan(start: min(starts[index], ends[index]), end: max(starts[index], ends[index])),
                    offset: Offset(seconds: piece.offset))
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
        // A single block has no spread: a word's edges are accurate to about this.
        if !error.isFinite { error = TranscriptJudgement.singleDeviation }
        let deviation =
            (error * error + TranscriptJudgement.annotatorDeviation * TranscriptJudgement.annotatorDeviation)
            .squareRoot()
        let offset = Offset(seconds: offsetAtZero)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * deviation)

        // The worst offset where text and audio overlap.
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

        let paired = TranscriptJudgement.pairing(found, sound, timingOnly: analyser.timingOnly)
        var evidence = TranscriptJudgement.evidence(found, sound)
        let coverage = Coverage(
            text, scores: sound, place: paired.isPaired ? place : nil,
            suspects: paired.isPaired ? found.suspects.map(\.span) : [])
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
                    because: paired.reasons.map { Reason($0) },
                    evidence: [.candidate(offset)] + evidence,
                    method: analyser.model.method))
            return
        }
        let half = OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * deviation)
        // Times in whole seconds are accurate to half of one; times with scatter, or with edges blurred by other
        // sounds, are judged as precisely as they are known.
        let grid = (found.style.grid ?? 0) / 2
        let exact = TranscriptJudgement.exact
        let blur = found.habit?.blur ?? 0
        let stray = grid > 0.1 ? 0 : max(0, found.scatter * found.scatter - exact * exact)
        let loose = (stray + blur * blur).squareRoot()
        let tolerance = analyser.tolerance.widened(
            inner: grid + min(TranscriptJudgement.mostLoose, loose) / 2,
            outer: grid + min(TranscriptJudgement.mostLoose, loose) * 2)
        let isKnown = 1.96 * deviation <= TranscriptJudgement.mostUncertain + grid
        var verdict =
            isKnown ? tolerance.verdict(on: worst, interval: half, expecting: analyser.expectation) : .inconclusive
        var reasons = paired.reasons
        // Some cues are probably elsewhere: the rest being right is not enough.
        let suspicion = found.suspects.map { TranscriptJudgement.reason($0) }
        if verdict != .misaligned, !suspicion.isEmpty {
            verdict = .inconclusive
            reasons += suspicion
        } else if !verdict.carriesOffset {
            let guess = OffsetWords.sentence(worst, subject: .text, reference: .audio)
            reasons.append(
                """
                the best guess, \(guess), is uncertain by \(Int((1960 * deviation).rounded())) ms: \
                \(isKnown ? "good and bad offsets are both possible" : "more than a verdict may be")
                """)
        }
        guard paired.isPaired, verdict.carriesOffset else {
            finding = finish(
                Finding(
                    check: .transcript, subject: .text, reference: .audio,
                    judgement: Judgement(
                        .inconclusive, confidence: probability, candidate: offset, tolerance: analyser.tolerance),
                    because: reasons.map { Reason($0) },
                    evidence: [.candidate(offset)] + evidence,
                    method: analyser.model.method))
            return
        }
        var result = Finding(
            check: .transcript, subject: .text, reference: .audio,
            judgement: Judgement(
                verdict, offset: offset, interval: interval, confidence: probability, tolerance: tolerance,
                expectation: analyser.expectation), evidence: [.candidate(nil)] + evidence,
            method: analyser.model.method)
        result.worst = worst
        if hasDrift {
            let error = ppmError.isFinite ? ppmError : 0
            result.drift = Drift(ppm: ppm, interval: ppm - 1.96 * error...ppm + 1.96 * error)
            result.rate = ratio?.name
        }
        result.segments = segments
        result.because += suspicion.map { Reason($0) }
        finding = finish(result)
    }

    private static func reason(_ suspect: TranscriptMeasurement.Suspect) -> String {
        let offset = Offset(seconds: suspect.offset - suspect.expected)
        let way = offset.direction == .early ? "later" : "earlier"
        return """
            \(suspect.items) items, from \(clock(suspect.span.start)) to \(clock(suspect.span.end)), are not heard \
            where \
            the rest of the text puts them, and fit the audio best \(format(abs(offset.seconds))) s \(way): likely, \
            but \
            not proved
            """
    }

    /// Hours, minutes and seconds.
    private static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, min(1e9, seconds)))
        return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    }

    // MARK: Whether they belong together

    struct Pairing {
        var isPaired = false
        var isUnpaired = false
        var probability = 0.0
        var reasons: [String] = []
    }

    private static func pairing(_ found: TranscriptMeasurement, _ sound: SpeechScores, timingOnly: Bool) -> Pairing {
        let score = found.content?.score ?? 0
        // Words outside the audio count too.
        let words = found.stretches.reduce(0) { $0 + $1.words.count }
        let stretches = found.content?.stretches ?? 0
        // Ratio of the best offset to the next best: 1 where timing alone is not informative.
        let contrast = (found.candidates.timing?.height ?? 0) / max(0.2, found.candidates.timing?.rival ?? 0)
        let isSharp = contrast > 1.5 && found.fit > leastFit
        var result = Pairing()
        if timingOnly {
            result.isPaired = isSharp
            result.probability = result.isPaired ? 0.97 : 0.5
            if !result.isPaired {
                result.reasons = ["several offsets fit the timing almost equally well, and words were not compared"]
            }
            return result
        }
        let margin = found.candidates.margin
        let measured = """
            score \(format(score)) for \(words) words in \(stretches) \
            segments\(
            margin.map { ", \(format($0)) above other words anywhere" } ?? "")
            """
        let timing = found.fit > 0 ? min(2, max(0, 4 * (contrast - 1.1))) : 0
        // Without a comparison over the range the score must exceed that of the best of many offsets.
        let support = score + (margin.map { min(4, max(-2, $0)) } ?? (score >= 5 ? 1 : -1)) + timing / 2
        if words < leastWords {
            result.isPaired = (found.fit >= leastFit && score > -2 || score >= least) && contrast >= 1.25
            result.probability = min(0.99, 0.9 + 0.02 * max(0, score + timing))
            if !result.isPaired {
                let reason =
                    contrast < 1.25
                    ? """
                    they fit the audio hardly better at one offset than at others (\(format(contrast)) times; 1.25 are \
                    needed)
                    """
                    : found.fit < leastFit
                        ? """
                        they fit the audio badly even at the best offset (\(format(found.fit)) per second; \
                        \(format(leastFit)) are needed)
                        """
                        : """
                        they fit the audio worse than other words would (score \(format(score)); more than -2 is needed)
                        """
                result.reasons = ["there are only \(words) words, and \(reason)"]
                result.probability = 0.3
            }
        } else if score >= enough
            || score >= least && support >= needed && margin.map({ $0 >= leastMargin }) ?? true
        {
            result.isPaired = true
            result.probability = support >= needed + 1 ? 0.995 : 0.98
        } else if score < wrongBelow, support < wrongSupport, score + (margin ?? 0) < wrongTogether,
            words >= leastToRefuse, stretches >= leastStretchesToRefuse, sound.isFit,
            found.variety >= leastVariety
        {
            result.isUnpaired = true
            result.reasons = ["the words fit the audio no better than words from elsewhere in the text (\(measured))"]
            if isSharp {
                result.reasons.append("the times alone fit at one offset: if it is a translation, use --timing-only")
            }
        } else {
            result.reasons = ["the words fit the audio only slightly better than others (\(measured))"]
            if !sound.isFit { result.reasons.append(sound.unfitness) }
            if words < leastToRefuse || stretches < leastStretchesToRefuse {
                result.reasons.append(
                    """
                    \(words) words in \(stretches) cues with audio are too few to conclude that the audio says other \
                    words (\(leastToRefuse) and \(leastStretchesToRefuse) are needed)
                    """)
            }
            if found.variety < leastVariety {
                result.reasons.append("the text repeats the same words: words from elsewhere in it hardly differ")
            }
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
        _ found: TranscriptMeasurement, _ sound: SpeechScores
    ) -> [Evidence] {
        var result = [
            Evidence("method", .text(found.isWords ? "words" : "cues")),
            Evidence("items", .count(found.units.count)),
            Evidence("speech_seconds", .number(sound.speechSeconds, decimals: 1)),
            Evidence("sound_depth_db", .number(sound.depth, decimals: 1)),
            Evidence("sound_clarity", .number(sound.clarity, decimals: 2)),
            Evidence("words_compared", .count(found.content?.words ?? 0)),
            Evidence("words_score", .number(found.content?.score ?? .nan, decimals: 2)),
            Evidence("words_advantage", .number(found.content?.advantage ?? .nan, decimals: 3)),
            Evidence("words_peak", .number(found.candidates.best.height, decimals: 2)),
            Evidence("words_second_peak", .number(found.candidates.best.rival, decimals: 2)),
            Evidence("words_margin", .number(found.candidates.margin ?? .nan, decimals: 2)),
            Evidence("peak", .number(found.candidates.timing?.height ?? .nan, decimals: 2)),
            Evidence("second_peak", .number(found.candidates.timing?.rival ?? .nan, decimals: 2)),
            Evidence("fit_per_second", .number(found.fit, decimals: 2)),
            Evidence("standard_error_ms", .number(found.line.offsetError * 1000, decimals: 1)),
        ]
        if let name = found.style.name { result.append(Evidence("times_are", .text(name))) }
        if let habit = found.habit {
            result.append(Evidence("cues_open_early_ms", .number(habit.lead * 1000, decimals: 0)))
            result.append(Evidence("cues_stay_ms", .number(habit.linger * 1000, decimals: 0)))
            result.append(Evidence("edges", .count(habit.edges)))
            result.append(Evidence("sharp_edges", .number(habit.sharpness, decimals: 2)))
        }
        if found.scatter > 0 {
            result.append(Evidence("times_scatter_ms", .number(found.scatter * 1000, decimals: 0)))
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
        if coverage.inventions > 0 { result.append(Evidence("as_recognisers_invent", .count(coverage.inventions))) }
        if coverage.counts[.tooFast] != nil { result.append(Evidence("reading_norm", .text(Coverage.readingNorm))) }
        return result
    }
}

extension Tolerance {
    /// The tolerance with its limits widened by some seconds.
    func widened(inner: Double, outer: Double) -> Tolerance {
        func wider(_ edges: Edges) -> Edges {
            Edges(inner: edges.inner + 1000 * inner, outer: edges.outer + 1000 * outer)
        }
        return inner == 0 && outer == 0 ? self : Tolerance(early: wider(early), late: wider(late))
    }
}

extension SpeechScores {
    /// With less depth, words are masked by other sounds; classes are less certain in audio with music, noise or other
    /// voices.
    private static let leastDepth = 16.0
    private static let leastClarity = 0.93

    /// Whether the audio suffices to conclude that words are not in it.
    fileprivate var isFit: Bool { depth >= SpeechScores.leastDepth && clarity >= SpeechScores.leastClarity }

    /// Why not, in words for people.
    fileprivate var unfitness: String {
        """
        the audio is not clear enough to conclude that it says other words: noise, music or other voices are \
        \(String(format: "%.0f", depth)) dB below the speech (\(String(format: "%.0f", SpeechScores.leastDepth)) are \
        needed), and a frame of it carries \(String(format: "%.2f", clarity)) nats \
        (\(String(format: "%.2f", SpeechScores.leastClarity)) are needed)
        """
    }
}
