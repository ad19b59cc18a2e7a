import Foundation
import SignalCore
import SyncModel

/// The result for each event: its onset and end in the audio, and how certain they are.
struct EventJudge {
    struct Boundary {
        let event: Int
        let isStart: Bool
        /// The offset to add to the stated time.
        let offset: Offset
    }

    let items: [FindingItem]
    let moved: [Boundary]
    /// The common offset of onsets, and of ends.
    let common: MedianOffset?
    let ends: MedianOffset?
    let onsetsTold: Int
    let endsTold: Int
    let untold: Int

    /// Least trust from which an onset or an end is reported; more for ends, since sounds fade out.
    private static let leastTrust = 0.7
    private static let leastEndTrust = 0.85
    /// A boundary nearer than this counts as correct, in seconds.
    private static let least = 0.1
    private static let most = 0.25
    private static let leastEnd = 0.2
    /// The least standard deviation of a boundary, in seconds.
    private static let leastDeviation = 0.008

    init(_ events: [SoundEvent], profiles: ClassProfiles, offset: Double, seconds: Double, tolerance: Tolerance) {
        func boundaries(_ offset: Double) -> [(start: EventBoundary?, end: EventBoundary?)] {
            events.map { event in
                let start = EventBoundary(
                    stated: event.start, offset: offset, low: -1,
                    high: max(event.end + offset, event.start + offset + 0.3),
                    candidates: profiles.rises(of: event.label))
                let begun = event.start + (start.map { $0.trust > 0.5 ? $0.residual : offset } ?? offset)
                let end =
                    event.length < 0.05
                    ? nil
                    : EventBoundary(
                        stated: event.end, offset: offset, low: begun + 0.03, high: .infinity,
                        candidates: profiles.falls(of: event.label))
                return (start, end)
            }
        }
        var found = boundaries(offset)
        let first = MedianOffset(
            found.compactMap { $0.start.flatMap { $0.trust > 0.5 ? $0.residual : nil } }, near: offset, within: 0.25,
            leastDeviation: EventJudge.leastDeviation)
        if let first, abs(first.median - offset) > 0.005 { found = boundaries(first.median) }
        let centre = first?.median ?? offset
        let onsets = found.compactMap { $0.start.flatMap { $0.trust >= EventJudge.leastTrust ? $0.residual : nil } }
        let tails = found.compactMap { $0.end.flatMap { $0.trust >= EventJudge.leastEndTrust ? $0.residual : nil } }
        common = MedianOffset(onsets, near: centre, within: 0.25, leastDeviation: EventJudge.leastDeviation)
        ends = MedianOffset(tails, near: centre, within: 0.4, leastDeviation: EventJudge.leastDeviation)
        (onsetsTold, endsTold) = (onsets.count, tails.count)
        let usual = common?.median ?? centre
        let outer = tolerance.outerMilliseconds.upperBound / 1000
        let limit = max(EventJudge.least, outer, min(EventJudge.most, 3 * (common?.deviation ?? 0.05)))
        let endUsual = ends?.median ?? usual
        let endLimit = max(EventJudge.leastEnd, outer, min(2 * EventJudge.most, 3 * (ends?.deviation ?? 0.1)))

        var (items, moved, untold) = ([FindingItem](), [Boundary](), 0)
        var reached: [String: Double] = [:]
        var latest = -Double.infinity
        for (event, boundary) in zip(events, found) {
            var flags: [FindingItem.Flag] = []
            var trust: Double?
            var own: Double?
            if let start = boundary.start, start.trust >= EventJudge.leastTrust {
                own = start.residual
                let away = abs(start.residual - usual)
                let isMoved = away > limit
                if isMoved {
                    moved.append(Boundary(event: event.index, isStart: true, offset: Offset(seconds: start.residual)))
                }
                trust = isMoved ? 1 - start.trust : start.trust
                if isMoved { flags.append(.moved) }
            }
            if let end = boundary.end, end.trust >= EventJudge.leastEndTrust, abs(end.residual - endUsual) > endLimit,
                event.end < seconds - 0.1
            {
                moved.append(Boundary(event: event.index, isStart: false, offset: Offset(seconds: end.residual)))
                if !flags.contains(.moved) { flags.append(.moved) }
                trust = min(trust ?? 1, 1 - end.trust)
                if own == nil || abs((own ?? usual) - usual) <= limit { own = end.residual }
            }
            if trust == nil { untold += 1 }
            if event.start < latest - 0.001 { flags.append(.outOfOrder) }
            if event.start < (reached[event.label] ?? -.infinity) - 0.02 { flags.append(.overlap) }
            if event.end > seconds + 0.25 { flags.append(.pastEnd) }
            latest = event.start
            reached[event.label] = max(reached[event.label] ?? -.infinity, event.end)
            items.append(
                FindingItem(
                    index: event.index, kind: .event, text: event.label, startSeconds: event.start,
                    endSeconds: event.end,
                    offset: own.map { Offset(seconds: $0) }, trust: trust, flags: flags))
        }
        self.items = items
        self.moved = moved
        self.untold = untold
    }
}
