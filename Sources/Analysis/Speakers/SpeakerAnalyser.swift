import Foundation
import SignalCore
public import SyncModel

/// Compares labelled turns with the voices in the audio. The subject is the labels, the reference the audio.
public struct SpeakerAnalyser: Sendable {
    public static let method: MethodVersion = "speakers-1"
    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Segments whose voice is compared; nil: all.
    public let mostPrints: Int?
    public static let usualPrints = 400

    /// Least support of the boundaries, or least agreement of labels and voices; and the least lead over all other
    /// offsets.
    private static let leastSupport = 0.3
    private static let leastAgreement = 0.5
    private static let leastLead = 0.12
    /// The least number of boundaries for an offset.
    private static let leastEdges = 3
    /// Deviation of annotators' common bias from the boundaries in the audio, in seconds.
    private static let habit = 0.015
    /// Boundaries further from the best common offset than this are ignored; and the least deviation of one, in
    /// seconds.
    private static let edgeReach = 0.25
    private static let leastDeviation = 0.015
    private static let manyTurns = 12

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together, mostPrints: Int? = usualPrints)
    {
        self.tolerance = tolerance
        self.expectation = expectation
        self.mostPrints = mostPrints
    }

    public func finding(_ stated: [SpeakerTurn], sound: SpeakerSound) -> Finding {
        guard !stated.isEmpty else { return labels.without(.notApplicable, ["the labels contain no turns"]) }
        let turns = stated.filter(\.isUsable).sorted { ($0.start, $0.end, $0.index) < ($1.start, $1.end, $1.index) }
        guard !turns.isEmpty else { return labels.without(.notApplicable, ["no turn has valid times"]) }
        let course = SpeechCourse(sound.windows, seconds: sound.seconds)
        guard sound.seconds > 0 else { return labels.without(.notApplicable, ["there is no audio"]) }
        guard course.speechSeconds >= 0.5 else {
            return labels.without(.notApplicable, ["there is no speech in the audio"])
        }
        let names = Set(turns.map(\.speaker)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let speakers = turns.map { numbers[$0.speaker] ?? 0 }

        // Where only speech is detected, all turns belong to one speaker.
        let heard = sound.tellsVoices ? turns : SpeakerAnalyser.joined(turns)
        let voices = sound.tellsVoices ? speakers : heard.map { _ in 0 }
        guard
            let place = TurnPlacement(
                heard, speakers: voices, windows: sound.windows,
                edges: VoiceEdges(sound.windows, seconds: sound.seconds), seconds: sound.seconds)
        else {
            return labels.without(.notApplicable, ["no audio was analysed"])
        }
        let isPaired =
            (place.support >= SpeakerAnalyser.leastSupport || place.agreement >= SpeakerAnalyser.leastAgreement)
            && place.lead >= SpeakerAnalyser.leastLead
        let boundaries = TurnEdges(heard, windows: sound.windows, offset: place.offset, seconds: sound.seconds)
        var edges = boundaries.edges
        if !sound.tellsVoices { edges = SpeakerAnalyser.spread(edges, heard, over: turns) }
        let common = MedianOffset(
            edges.filter { $0.purity > 0.5 && $0.unity > 0.5 }.map(\.residual), near: place.offset,
            within: SpeakerAnalyser.edgeReach, leastDeviation: SpeakerAnalyser.leastDeviation)
        let offset = isPaired ? common?.median ?? place.offset : 0

        var comparison: VoiceComparison?
        var looked = 0.0
        if let print = sound.print, isPaired {
            let plan = PrintPlan(turns, course: course, offset: offset, most: mostPrints)
            let prints = plan.looks.compactMap { look in
                print(look.span).map { (turn: look.turn, print: $0, seconds: look.span.length) }
            }
            looked = prints.reduce(0) { $0 + $1.seconds }
            comparison = VoiceComparison(prints, speakers: speakers)
        }
        let judge = TurnJudge(
            TurnJudge.Facts(
                turns: turns, speakers: speakers, names: names, edges: isPaired ? edges : [], offset: offset,
                deviation: common?.deviation ?? 0.05, voices: comparison,
                neighbours: comparison.map {
                    VoiceNeighbours(boundaries.voices, turns, speakers: speakers, voices: $0)
                },
                course: course, tolerance: tolerance))
        let coverage = TurnCoverage(turns, course: course, offset: offset)
        var evidence: [Evidence] = [
            Evidence("method", .text(sound.method)),
            Evidence("turns", .count(stated.count)), Evidence("speakers_labelled", .count(names.count)),
            Evidence("speakers_heard", comparison.map { .count($0.voices) } ?? .unknown),
            Evidence("speech_s", .number(course.speechSeconds, decimals: 1)),
            Evidence("overlap_labelled_s", .number(coverage.overlapLabelled, decimals: 1)),
            Evidence("overlap_heard_s", sound.tellsVoices ? .number(course.overlapSeconds, decimals: 1) : .unknown),
            Evidence("agreement", .number(place.agreement, decimals: 2)),
            Evidence("support", .number(place.support, decimals: 2)),
            Evidence("lead", .number(place.lead, decimals: 2)),
            Evidence("boundaries", .count(edges.count)),
            Evidence("boundary_deviation_ms", common.map { .number($0.deviation * 1000, decimals: 0) } ?? .unknown),
            Evidence("cannot_tell", .count(judge.untold)),
        ]
        if !judge.moved.isEmpty {
            evidence.append(
                Evidence(
                    "moved",
                    .list(
                        judge.moved.prefix(500).map { boundary in
                            .object([
                                Evidence("index", .count(boundary.turn)),
                                Evidence("edge", .text(boundary.isStart ? "start" : "end")),
                                Evidence("offset_ms", .number(boundary.offset.milliseconds, decimals: 0)),
                            ])
                        })))
        }
        if !judge.exchanged.isEmpty {
            evidence.append(
                Evidence(
                    "other_voice",
                    .list(
                        judge.exchanged.prefix(200).map { run in
                            .object([
                                Evidence("start_s", .number(run.span.start, decimals: 3)),
                                Evidence("end_s", .number(run.span.end, decimals: 3)),
                                Evidence("labelled", .text(run.labelled)), Evidence("heard", .text(run.heard)),
                                Evidence("turns", .count(run.turns)),
                            ])
                        })))
        }
        if let comparison {
            evidence.append(Evidence("voices_compared_s", .number(looked, decimals: 1)))
            if !comparison.alike.isEmpty {
                let pairs = comparison.alike.map { $0.sorted().map { names[$0] }.joined(separator: " and ") }.sorted()
                evidence.append(Evidence("voices_alike", .list(pairs.map { .text($0) })))
            }
        }
        if !sound.missing.isEmpty { evidence.append(Evidence("install", .list(sound.missing.map { .text($0) }))) }

        var finding = verdict(place, common, isPaired: isPaired, turns: turns.count, evidence: evidence)
        finding.items = judge.items.sorted { $0.index < $1.index }
        if isPaired { finding.gaps = coverage.gaps }
        return finding
    }

    private func verdict(
        _ place: TurnPlacement, _ common: MedianOffset?, isPaired: Bool, turns: Int, evidence: [Evidence]
    ) -> Finding {
        let figures = String(
            format: "%.2f of the boundaries explained; %.2f above the next best offset, %.2f are needed", place.support,
            place.lead, SpeakerAnalyser.leastLead)
        guard isPaired else {
            let candidate = Offset(seconds: place.offset)
            let evidence = [.candidate(candidate, decimals: 0)] + evidence
            if place.isExhaustive, turns >= SpeakerAnalyser.manyTurns, place.lead < SpeakerAnalyser.leastLead / 2,
                place.support < 0.5
            {
                return labels.without(
                    .unpaired, ["the turns fit these voices no better at one offset than at others (\(figures))"],
                    candidate: candidate, evidence)
            }
            let within = place.isExhaustive ? "" : " within \(Int(TurnPlacement.reach)) s either way"
            return labels.without(
                .inconclusive,
                ["the turns fit the voices hardly better at one offset than at others\(within) (\(figures))"],
                candidate: candidate, evidence)
        }
        guard let common, common.count >= SpeakerAnalyser.leastEdges else {
            return labels.without(
                .inconclusive,
                [
                    """
                    only \(common?.count ?? 0) boundaries are detectable in the audio; \(SpeakerAnalyser.leastEdges) \
                    are \
                    needed
                    """
                ],
                candidate: Offset(seconds: place.offset),
                [.candidate(Offset(seconds: place.offset), decimals: 0)] + evidence)
        }
        let deviation = (common.error * common.error + SpeakerAnalyser.habit * SpeakerAnalyser.habit).squareRoot()
        return labels.at(Offset(seconds: common.median), deviation: deviation, evidence)
    }

    private var labels: LabelFindings {
        LabelFindings(check: .speakers, method: SpeakerAnalyser.method, tolerance: tolerance, expectation: expectation)
    }

    /// All turns as those of one speaker: turns that overlap or touch are one.
    static func joined(_ turns: [SpeakerTurn]) -> [SpeakerTurn] {
        var result: [SpeakerTurn] = []
        for turn in turns {
            if let last = result.last, turn.start <= last.end + 0.2 {
                result[result.count - 1].end = max(last.end, turn.end)
            } else {
                result.append(turn)
            }
        }
        return result
    }

    /// Edges of joined turns as those of the turns that begin or end there.
    private static func spread(_ edges: [TurnEdges.Edge], _ joined: [SpeakerTurn], over turns: [SpeakerTurn])
        -> [TurnEdges.Edge]
    {
        edges.compactMap { edge in
            let place = edge.isStart ? joined[edge.turn].start : joined[edge.turn].end
            guard let turn = turns.firstIndex(where: { abs((edge.isStart ? $0.start : $0.end) - place) < 1e-6 }) else {
                return nil
            }
            return TurnEdges.Edge(
                turn: turn, isStart: edge.isStart, residual: edge.residual, unity: edge.unity, purity: edge.purity)
        }
    }
}
