import Foundation
import SignalCore
public import SyncModel

/// Measures the offset of sudden sounds against sudden changes in the video: claps, hits, a clapper, a bouncing ball,
/// flash and beep.
///
/// Answers only where several stand out on both sides, match one to one, and could not do so by chance.
public struct ImpactAnalyser: Sendable {
    public static let method: MethodVersion = "impacts-1"
    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Offsets are searched within plus and minus this many seconds.
    public let range: Double

    /// The least number of pairs.
    public static let leastPairs = 3
    /// Sounds and changes stand out that have at least this share of the strongest ones' strength; of changes several
    /// shares are tried, since a falling object is also lifted and caught.
    static let soundShare = 0.5
    static let changeShares = [0.35, 0.55, 0.75]
    /// The chance of the pairs by accident must be below this.
    static let mostChance = 5e-3
    /// This share of all sudden sounds and changes must belong to pairs.
    static let leastExclusivity = 0.7

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together, range: Double = 1.5) {
        self.tolerance = tolerance
        self.expectation = expectation
        self.range = range
    }

    /// Which change in the video was compared with the sound.
    enum Kind: String { case flash, stop }

    /// What was found with one kind of change.
    struct Found {
        let kind: Kind
        let match: EventMatch
        /// Whether all pairs are at the same part of a frame, as with the flashes of a test pattern.
        let isLocked: Bool
    }

    /// The finding on what was heard and seen on the same timeline.
    public func finding(heard: AudioOnsets, seen: VisualOnsets) -> Finding {
        guard seen.pictures > 5 else { return notApplicable(["there is no moving video"]) }
        guard !heard.isSilent else { return notApplicable(["the audio is silent throughout"]) }
        let sounds = heard.events.outstanding(share: ImpactAnalyser.soundShare)
        let counts =
            "\(sounds.count) sudden sounds, \(seen.flashes.count) flashes, \(seen.stops.count) sudden stops of movement"
        guard sounds.count >= ImpactAnalyser.leastPairs else {
            return notApplicable(["too few sudden events: \(counts)"], counts: (heard, seen))
        }
        let found = [Kind.flash, .stop].flatMap { matches($0, sounds, heard, seen) }
        // The one with the fewest reasons against it, of those the least likely by chance.
        let ranked = found.map { (found: $0, reasons: reasons($0, frame: seen.frameSeconds)) }
        let chosen = ranked.min { left, right in
            left.reasons.count != right.reasons.count
                ? left.reasons.count < right.reasons.count : left.found.match.chance < right.found.match.chance
        }
        guard let (best, reasons) = chosen else {
            return notApplicable(["too few sudden events: \(counts)"], counts: (heard, seen))
        }
        let evidence = evidence(best, heard, seen)
        guard reasons.isEmpty else {
            return notApplicable(
                ["no impacts are both seen and heard: \(counts)"] + reasons.prefix(1), evidence: evidence)
        }
        return judged(best, frame: seen.frameSeconds, evidence: evidence)
    }

    /// Whether a part of a clip shows enough to look at more of it.
    public func isPromising(heard: AudioOnsets, seen: VisualOnsets) -> Bool {
        let sounds = heard.events.outstanding(share: ImpactAnalyser.soundShare)
        return [Kind.flash, .stop].flatMap { matches($0, sounds, heard, seen) }
            .contains { $0.match.pairs >= 3 && $0.match.exclusivity >= 0.5 && $0.match.chance < 0.05 }
    }

    private func matches(_ kind: Kind, _ sounds: [SuddenEvent], _ heard: AudioOnsets, _ seen: VisualOnsets) -> [Found] {
        guard heard.end > heard.start, seen.end > seen.start else { return [] }
        var tried: Set<Int> = []
        return ImpactAnalyser.changeShares.compactMap { share in
            let changes = (kind == .flash ? seen.flashes : seen.stops).outstanding(share: share)
            guard changes.count >= ImpactAnalyser.leastPairs, tried.insert(changes.count).inserted else { return nil }
            let match = EventMatch(
                heard: sounds, seen: changes, range: range, reach: max(0.02, 0.75 * seen.frameSeconds),
                heardTime: heard.start...heard.end,
                seenTime: seen.start...seen.end)
            return match.map {
                Found(
                    kind: kind, match: $0, isLocked: kind == .flash && $0.spread < min(0.004, 0.12 * seen.frameSeconds))
            }
        }
    }

    /// Why pairs are not sufficient evidence, each reason with its figure.
    private func reasons(_ found: Found, frame: Double) -> [String] {
        let match = found.match
        var result: [String] = []
        let name = found.kind == .flash ? "flashes" : "stops of movement"
        if match.pairs < ImpactAnalyser.leastPairs {
            result.append(
                "only \(match.pairs) sounds coincide with \(name) at one offset; \(Self.leastPairs) are needed")
        }
        if match.chance > ImpactAnalyser.mostChance {
            result.append(
                """
                \(match.pairs) of \(match.heard) sounds coincide with \(name) at one offset, which may be chance \
                (probability \
                \(share(match.chance)))
                """
            )
        }
        if match.exclusivity < ImpactAnalyser.leastExclusivity {
            result.append(
                """
                only \(match.pairs) of \(match.heard) sounds match one of \(match.seen) \(name): most have no \
                counterpart
                """
            )
        }
        if match.spread > 0.45 * frame + 0.004 {
            result.append(
                """
                the pairs differ by \(Int((match.spread * 1000).rounded())) ms, more than a frame explains
                """
            )
        }
        if let rival = match.nearestRival, !isNearest(match, rival) {
            result.append(
                """
                another offset also fits: \(match.rivalPairs) pairs at \(Int((match.rivalOffset * 1000).rounded())) ms \
                against \(match.pairs) at \(Int((match.offset * 1000).rounded())) ms
                """
            )
        }
        return result
    }

    /// Whether events that repeat regularly leave no real choice: they all match, and every other offset is far larger.
    private func isNearest(_ match: EventMatch, _ rival: Double) -> Bool {
        match.pairs >= 4 && match.exclusivity > 0.85 && abs(match.offset) < 0.35 * rival
    }

    private func judged(_ found: Found, frame: Double, evidence: [Evidence]) -> Finding {
        let match = found.match
        // A flash is first seen in the next frame: half a frame late on average, but not at all where light and sound
        // were made together, frame by frame, as every pair at the same part of a frame shows.
        let seconds = found.kind == .flash && !found.isLocked ? match.offset - frame / 2 : match.offset
        let offset = Offset(seconds: seconds)
        let own = frame / 12.0.squareRoot() / Double(match.pairs).squareRoot()
        let half = 1.96 * (own * own + 0.006 * 0.006).squareRoot()
        let interval =
            found.isLocked
            ? OffsetInterval(Offset(seconds: seconds - frame), Offset(seconds: seconds + 0.006))
            : OffsetInterval(centre: offset, halfWidthSeconds: half)
        let confidence = min(0.99, 1 - match.chance)
        let verdict = tolerance.verdict(on: offset, interval: interval, expecting: expectation)
        guard verdict.carriesOffset else {
            return Finding(
                check: .impacts, subject: .audio, reference: .video,
                judgement: Judgement(
                    .inconclusive, confidence: confidence, candidate: offset, tolerance: tolerance,
                    expectation: expectation),
                because: [
                    Reason(
                        """
                        \(match.pairs) impacts are seen and heard, but frames \(Int((frame * 1000).rounded())) ms \
                        apart leave the offset too uncertain for a verdict
                        """
                    )
                ], evidence: evidence + [.candidate(offset)],
                method: ImpactAnalyser.method)
        }
        return Finding(
            check: .impacts, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: offset, interval: interval, confidence: confidence, tolerance: tolerance,
                expectation: expectation), evidence: evidence, method: ImpactAnalyser.method)
    }

    private func evidence(_ found: Found, _ heard: AudioOnsets, _ seen: VisualOnsets) -> [Evidence] {
        let match = found.match
        return [
            Evidence("kind", .text(found.kind == .flash ? "flashes" : "stops of movement")),
            Evidence("pairs", .count(match.pairs)),
            Evidence("sudden_sounds", .count(match.heard)),
            Evidence("sudden_changes", .count(match.seen)),
            Evidence("chance", .number(match.chance, decimals: 6)),
            Evidence("spread_ms", .number(match.spread * 1000, decimals: 1)),
            Evidence("pairs_at_another_offset", .count(match.rivalPairs)),
            Evidence("frame_ms", .number(seen.frameSeconds * 1000, decimals: 1)),
        ]
    }

    private func notApplicable(_ reasons: [String], counts: (heard: AudioOnsets, seen: VisualOnsets)) -> Finding {
        notApplicable(
            reasons,
            evidence: [
                Evidence("sudden_sounds", .count(counts.heard.events.count)),
                Evidence("flashes", .count(counts.seen.flashes.count)),
                Evidence("stops", .count(counts.seen.stops.count)),
            ])
    }

    /// The finding on a clip with too few sounds for its frames to be examined.
    public func withoutLooking(_ heard: AudioOnsets) -> Finding {
        if heard.isSilent { return notApplicable(["the audio is silent throughout"]) }
        let count = heard.events.outstanding(share: ImpactAnalyser.soundShare).count
        return notApplicable(["too few sudden events: \(count) sudden sounds"])
    }

    /// The finding on a clip that has no impacts, and why.
    public func notApplicable(_ reasons: [String], evidence: [Evidence] = []) -> Finding {
        Finding(
            check: .impacts, subject: .audio, reference: .video,
            judgement: Judgement(.notApplicable, tolerance: tolerance), because: reasons.map { Reason($0) },
            evidence: evidence, method: ImpactAnalyser.method)
    }

    private func share(_ probability: Double) -> String {
        probability < 0.001 ? "under 0.001" : String((probability * 1000).rounded() / 1000)
    }
}
