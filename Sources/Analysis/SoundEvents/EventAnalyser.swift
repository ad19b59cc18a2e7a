import Foundation
import SignalCore
public import SyncModel

/// Compares labelled sound events with changes of the audio. The subject is the labels, the reference the audio.
public struct EventAnalyser: Sendable {
    public static let method: MethodVersion = "events-1"
    public let tolerance: Tolerance
    public let expectation: Expectation

    /// Seconds searched either way for the offset of all events, of many and of few.
    private static let reach = 5.0
    private static let shortReach = 1.0
    private static let manyEvents = 8
    /// The least number of onsets for an offset, and their least share.
    private static let leastOnsets = 3
    private static let leastSupport = 0.25
    private static let leastLead = 0.08
    /// Deviation of annotators' common bias from the acoustic onsets, in seconds.
    private static let habit = 0.01

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    public func finding(_ stated: [SoundEvent], sound: EventSound) -> Finding {
        guard !stated.isEmpty else { return labels.without(.notApplicable, ["the labels contain no events"]) }
        let events = stated.filter(\.isUsable).sorted { ($0.start, $0.end, $0.index) < ($1.start, $1.end, $1.index) }
        guard !events.isEmpty else { return labels.without(.notApplicable, ["no event has valid times"]) }
        guard sound.frames > 10 else { return labels.without(.notApplicable, ["there is no audio"]) }
        let changes = SoundChanges(sound)
        let flat = [Double](repeating: 1, count: changes.bands)
        let rises = ChangeCandidates(changes, weights: flat, rising: true)
        guard !rises.all.isEmpty else {
            return labels.without(.notApplicable, ["the audio has no onsets: it is silent or uniform throughout"])
        }

        // First with all bands equal, then each class with the bands in which it rises.
        let reach = events.count >= EventAnalyser.manyEvents ? EventAnalyser.reach : EventAnalyser.shortReach
        guard let first = EventPlacement(events.map { ($0.start, rises) }, reach: reach) else {
            return labels.without(.notApplicable, ["no event has valid times"])
        }
        let profiles = ClassProfiles(events, offset: first.offset, candidates: rises, changes: changes)
        guard let place = EventPlacement(events.map { ($0.start, profiles.rises(of: $0.label)) }, reach: reach) else {
            return labels.without(.notApplicable, ["no event has valid times"])
        }
        let isPlaced =
            place.support >= EventAnalyser.leastSupport && place.support - place.rival >= EventAnalyser.leastLead
        let judge = EventJudge(
            events, profiles: profiles, offset: isPlaced ? place.offset : 0, seconds: sound.seconds,
            tolerance: tolerance)
        var evidence: [Evidence] = [
            Evidence("method", .text("changes of level in the bands of each class")),
            Evidence("events", .count(stated.count)), Evidence("classes", .count(Set(events.map(\.label)).count)),
            Evidence("onsets_told", .count(judge.onsetsTold)), Evidence("ends_told", .count(judge.endsTold)),
            Evidence("cannot_tell", .count(judge.untold)),
            Evidence("support", .number(place.support, decimals: 2)),
            Evidence("support_elsewhere", .number(place.rival, decimals: 2)),
            Evidence("onset_deviation_ms", judge.common.map { .number($0.deviation * 1000, decimals: 0) } ?? .unknown),
            Evidence("end_offset_ms", judge.ends.map { .number($0.median * 1000, decimals: 0) } ?? .unknown),
        ]
        if !judge.moved.isEmpty {
            evidence.append(
                Evidence(
                    "moved",
                    .list(
                        judge.moved.prefix(500).map { boundary in
                            .object([
                                Evidence("index", .count(boundary.event)),
                                Evidence("edge", .text(boundary.isStart ? "start" : "end")),
                                Evidence("offset_ms", .number(boundary.offset.milliseconds, decimals: 0)),
                            ])
                        })))
        }
        var finding = verdict(place, judge, isPlaced: isPlaced, evidence: evidence)
        finding.items = judge.items.sorted { $0.index < $1.index }
        return finding
    }

    private func verdict(_ place: EventPlacement, _ judge: EventJudge, isPlaced: Bool, evidence: [Evidence]) -> Finding
    {
        let candidate = Offset(seconds: judge.common?.median ?? place.offset)
        guard isPlaced, let common = judge.common, common.count >= EventAnalyser.leastOnsets else {
            let figures = String(
                format: "%.2f of the onsets explained at the best offset, %.2f at the next", place.support, place.rival)
            let reason =
                isPlaced
                ? """
                only \(judge.common?.count ?? 0) onsets are detectable in the audio; \(EventAnalyser.leastOnsets) are \
                needed
                """
                : "the onsets fit the audio's changes hardly better at one offset than at others (\(figures))"
            return labels.without(.inconclusive, [reason], candidate: candidate, [.candidate(candidate)] + evidence)
        }
        let deviation = (common.error * common.error + EventAnalyser.habit * EventAnalyser.habit).squareRoot()
        return labels.at(Offset(seconds: common.median), deviation: deviation, evidence)
    }

    private var labels: LabelFindings {
        LabelFindings(check: .events, method: EventAnalyser.method, tolerance: tolerance, expectation: expectation)
    }
}
