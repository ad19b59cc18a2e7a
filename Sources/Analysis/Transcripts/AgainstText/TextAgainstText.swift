import Foundation
public import SyncModel

/// Judges the offset of one timed text against another: by common words, or, across languages, by times alone.
public struct TextAgainstText: Sendable {
    public static let method = MethodVersion("texts-1")

    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Words are not compared.
    public let timingOnly: Bool

    /// Least peak of the histogram of start differences if only times are compared, in deviations, and least share of
    /// cues with a counterpart there.
    private static let leastHeight = 9.0
    private static let leastMatched = 0.3
    /// Limits below which two texts of one language are of different speech: share of common runs, peak height, and
    /// least number of words.
    private static let unpairedShare = 0.02
    private static let unpairedHeight = 6.5
    private static let leastWords = 150
    /// Deviation of the times of one speech between annotators, in seconds: in one language, and across languages.
    private static let handDeviation = 0.008
    private static let otherHandDeviation = 0.02
    private static let mostUncertain = 0.3
    private static let exact = 0.03
    private static let mostLoose = 0.1
    private static let mostListed = 500

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together, timingOnly: Bool = false) {
        self.tolerance = tolerance
        self.expectation = expectation
        self.timingOnly = timingOnly
    }

    /// - Parameters:
    ///   - subject: the text to be judged.
    ///   - reference: the one that it is compared with.
    public func finding(_ subject: TranscriptText, reference: TranscriptText) -> Finding {
        let mine = TextComparison.timed(subject)
        guard !mine.isEmpty else { return without("the text contains no items with a valid time") }
        guard !TextComparison.timed(reference).isEmpty else {
            return without("the reference contains no items with a valid time")
        }
        func silent(_ text: TranscriptText) -> TranscriptText {
            TranscriptText(
                items: text.items.map {
                    TranscriptText.Item(index: $0.index, kind: $0.kind, text: "", start: $0.start, end: $0.end)
                })
        }
        let found =
            timingOnly
            ? TextComparison(silent(subject), silent(reference)) : TextComparison(subject, reference)
        return judged(found, mine, reference)
    }

    private func without(_ because: String) -> Finding {
        Finding(
            check: .transcript, subject: .text, reference: .text,
            judgement: Judgement(.notApplicable, tolerance: tolerance), because: [Reason(because)],
            method: TextAgainstText.method)
    }

    private func judged(_ found: TextComparison, _ mine: [TranscriptText.Item], _ reference: TranscriptText) -> Finding
    {
        let longest = found.pieces.max { $0.matches < $1.matches }
        let candidate = longest.map { Offset(seconds: $0.offset) }
        let evidence = [.candidate(nil)] + TextAgainstText.evidence(found, mine.count)
        func refused(_ verdict: Verdict, _ because: [String]) -> Finding {
            Finding(
                check: .transcript, subject: .text, reference: .text,
                judgement: Judgement(verdict, candidate: candidate, tolerance: tolerance),
                because: because.map { Reason($0) },
                evidence: [.candidate(candidate)] + TextAgainstText.evidence(found, mine.count),
                method: TextAgainstText.method)
        }
        let height = found.height ?? 0
        let share = found.beside == 0 ? 0 : Double(found.matched) / Double(found.beside)
        guard let longest, let candidate, isPaired(found, height, share) else {
            let figures = """
                \(percent(found.anchoredShare)) of the words in runs common to both, start times coincide at \
                \(number(height)) standard deviations
                """
            if found.isOneLanguage, found.wordCount >= TextAgainstText.leastWords,
                found.anchoredShare < TextAgainstText.unpairedShare, height < TextAgainstText.unpairedHeight
            {
                return refused(.unpaired, ["the texts say different things at different times (\(figures))"])
            }
            return refused(
                .inconclusive,
                [
                    found.isOneLanguage
                        ? "too little of one text occurs in the other to align them (\(figures))"
                        : """
                        the texts share too few words to compare, and no offset fits their times \
                        (\(figures); \(number(TextAgainstText.leastHeight)) are needed)
                        """
                ])
        }
        let hand = found.way == .words ? TextAgainstText.handDeviation : TextAgainstText.otherHandDeviation
        let deviation = (longest.error * longest.error + hand * hand).squareRoot()
        let interval = OffsetInterval(centre: candidate, halfWidthSeconds: 1.96 * deviation)
        var segments: [OffsetSegment]?
        var worst = candidate
        if found.pieces.count > 1 {
            segments = found.pieces.map {
                OffsetSegment(
                    span: TimeSpan(start: min($0.start, $0.end), end: max($0.start, $0.end)),
                    offset: Offset(seconds: $0.offset))
            }
            worst = expectation.worst(of: found.pieces.map { Offset(seconds: $0.offset) }) ?? candidate
        } else if found.factor != 1 {
            let ends = [mine.first?.start ?? 0, mine.map(\.end).max() ?? 0].map {
                Offset(seconds: longest.offset + (found.factor - 1) * $0)
            }
            worst = expectation.worst(of: ends) ?? candidate
        }
        let exact = TextAgainstText.exact
        let loose = min(
            TextAgainstText.mostLoose, max(0, found.scatter * found.scatter - exact * exact).squareRoot())
        let judging = tolerance.widened(inner: loose / 2, outer: loose * 2)
        let half = OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * deviation)
        guard 1.96 * deviation <= TextAgainstText.mostUncertain else {
            return refused(.inconclusive, ["the offset is uncertain by \(Int((1960 * deviation).rounded())) ms"])
        }
        let verdict = judging.verdict(on: worst, interval: half, expecting: expectation)
        guard verdict.carriesOffset else {
            return refused(verdict, ["the offset is uncertain by \(Int((1960 * deviation).rounded())) ms"])
        }
        let confidence = (found.way == .words ? 0.995 : 0.98) * erf(0.04 / deviation / 2.0.squareRoot())
        var result = Finding(
            check: .transcript, subject: .text, reference: .text,
            judgement: Judgement(
                verdict, offset: candidate, interval: interval, confidence: confidence, tolerance: judging,
                expectation: expectation),
            evidence: evidence + TextAgainstText.lists(found, reference), method: TextAgainstText.method)
        result.worst = worst
        result.segments = segments
        if segments == nil, found.factor != 1 {
            let ppm = (found.factor - 1) * 1e6
            let error = found.factorError.isFinite ? found.factorError * 1e6 : 0
            result.drift = Drift(ppm: ppm, interval: ppm - 1.96 * error...ppm + 1.96 * error)
            result.rate = found.rateName
        }
        result.items = TextAgainstText.items(found, mine)
        result.gaps = TextAgainstText.gaps(found, reference)
        return result
    }

    private func isPaired(_ found: TextComparison, _ height: Double, _ share: Double) -> Bool {
        switch found.way {
        case .words: found.matchedWords >= TextComparison.leastShare && found.matched >= 3
        case .times:
            height >= TextAgainstText.leastHeight && share >= TextAgainstText.leastMatched && found.matched >= 8
        }
    }

    // MARK: Reports

    private static func evidence(_ found: TextComparison, _ items: Int) -> [Evidence] {
        var result = [
            Evidence("method", .text(found.way == .words ? "words of both texts" : "times alone")),
            Evidence("items", .count(items)),
            Evidence("items_beside", .count(found.beside)),
            Evidence("items_matched", .count(found.matched)),
            Evidence("shared_words", .number(found.sharedVocabulary, decimals: 2)),
            Evidence("words_in_common_runs", .number(found.anchoredShare, decimals: 3)),
            Evidence("times_height", .number(found.height ?? .nan, decimals: 1)),
        ]
        if found.scatter > 0 {
            result.append(Evidence("times_scatter_ms", .number(found.scatter * 1000, decimals: 0)))
        }
        return result
    }

    private static func lists(_ found: TextComparison, _ reference: TranscriptText) -> [Evidence] {
        var result = [
            Evidence("missing_items", .count(found.missing.count)), Evidence("extra_items", .count(found.extra.count)),
        ]
        if !found.missing.isEmpty {
            let items = Dictionary(reference.items.map { ($0.index, $0) }) { first, _ in first }
            let list = found.missing.prefix(mostListed).compactMap { items[$0] }.map { item in
                EvidenceValue.object([
                    Evidence("index", .count(item.index)), Evidence("start_s", .number(item.start, decimals: 3)),
                    Evidence("text", .text(item.text)),
                ])
            }
            result.append(Evidence("missing", .list(Array(list))))
        }
        if !found.differing.isEmpty {
            let list = found.differing.map { one in
                EvidenceValue.object([
                    Evidence("time_s", .number(one.time, decimals: 3)), Evidence("text", .text(one.subject)),
                    Evidence("reference", .text(one.reference)),
                ])
            }
            result.append(Evidence("words_differ", .list(list)))
        }
        return result
    }

    private static func items(_ found: TextComparison, _ mine: [TranscriptText.Item]) -> [FindingItem] {
        let extra = Set(found.extra)
        return mine.sorted { $0.index < $1.index }.map { item in
            FindingItem(
                index: item.index, kind: item.kind, text: item.text, startSeconds: item.start, endSeconds: item.end,
                flags: extra.contains(item.index) ? [.extra] : [])
        }
    }

    /// Reference cues that the subject lacks, merged if consecutive, in subject time.
    private static func gaps(_ found: TextComparison, _ reference: TranscriptText) -> [TimeSpan] {
        let items = Dictionary(reference.items.map { ($0.index, $0) }) { first, _ in first }
        func back(_ time: Double) -> Double {
            let piece = found.pieces.first { time < found.factor * $0.end + $0.offset } ?? found.pieces.last
            return (time - (piece?.offset ?? 0)) / found.factor
        }
        var result: [TimeSpan] = []
        for item in found.missing.compactMap({ items[$0] }).sorted(by: { $0.start < $1.start }) {
            let (start, end) = (back(item.start), back(item.end))
            // At segment borders, times of the reference may have no counterpart.
            let span = TimeSpan(start: min(start, end), end: max(start, end))
            if let last = result.last, span.start - last.end < 1 {
                result[result.count - 1] = TimeSpan(start: last.start, end: max(last.end, span.end))
            } else {
                result.append(span)
            }
        }
        return result
    }

    private func percent(_ share: Double) -> String { "\(String(format: "%.1f", 100 * share)) %" }
    private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
