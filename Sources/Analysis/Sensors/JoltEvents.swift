public import SignalCore
import SyncModel

/// Sudden changes of a force or an acceleration: hits, set-downs, taps.
public struct JoltEvents: Sendable {
    /// In order of time; strength: ratio of the change to the usual change around it.
    public let events: [SuddenEvent]
    /// From the first row to the last, in seconds.
    public let start: Double
    public let end: Double
    /// Usual interval between rows in seconds: an event is between two of them.
    public let period: Double

    /// Least ratio of a change to the usual one.
    private static let leastStrength = 8.0
    /// Within this many seconds one event counts once.
    private static let apart = 0.08
    /// The range that defines what is usual, in seconds either way.
    private static let around = 0.5

    /// - Parameter channels: of one unit, each with one value per time.
    public init?(_ channels: [[Double]], times: [Double]) {
        let rows = times.indices.filter { row in channels.allSatisfy { $0[row].isFinite } }
        guard rows.count > 50, let first = rows.first, let last = rows.last else { return nil }
        start = times[first]
        end = times[last]
        let steps = zip(rows.dropFirst(), rows).map { times[$0] - times[$1] }
        let period = Figures.median(steps)
        guard period > 0, period < 0.05 else { return nil }
        self.period = period
        var moments: [Double] = []
        var changes: [Double] = []
        for (row, before) in zip(rows.dropFirst(), rows) where times[row] - times[before] < 3 * period {
            moments.append((times[row] + times[before]) / 2)
            changes.append(channels.reduce(0) { $0 + ($1[row] - $1[before]) * ($1[row] - $1[before]) }.squareRoot())
        }
        let usual = Figures.median(changes)
        let most = changes.max() ?? 0
        guard most > 0 else { return nil }
        let reach = max(1, Int(JoltEvents.around / period))
        let near = max(1, Int((JoltEvents.apart / period).rounded(.up)))
        var events: [SuddenEvent] = []
        for index in changes.indices where changes[index] > max(3 * usual, 0.02 * most) {
            let about = max(0, index - near)...min(changes.count - 1, index + near)
            guard about.allSatisfy({ changes[$0] < changes[index] || ($0 >= index && changes[$0] == changes[index]) })
            else { continue }
            let level = Figures.median(changes[max(0, index - reach)...min(changes.count - 1, index + reach)])
            let strength = changes[index] / max(level + usual, 1e-3 * most)
            guard strength >= JoltEvents.leastStrength else { continue }
            // It begins with the first change that is a large part of its maximum.
            let begin = about.first { changes[$0] > 0.4 * changes[index] } ?? index
            events.append(SuddenEvent(seconds: moments[begin], strength: strength))
        }
        self.events = events
    }
}

/// Offset of a log's jolts against sudden sounds of a recording.
public struct JoltMatch: Sendable {
    /// Seconds to add to the log's times.
    public private(set) var offset: Double
    /// Standard error in seconds.
    public let error: Double
    public let match: EventMatch
    /// Reasons why it is not accepted.
    public let reasons: [String]

    public var isAnswered: Bool { reasons.isEmpty }

    /// The probability that it is right within 40 ms.
    public var confidence: Double { isAnswered ? min(0.99, 1 - match.chance) : min(0.5, max(0, 0.5 - match.chance)) }

    static let leastPairs = 4
    static let mostChance = 1e-3
    static let leastExclusivity = 0.5
    /// Range of offsets searched, in seconds either way.
    private static let range = 300.0
    /// Sounds and jolts stand out from this share of the strongest ones' strength on.
    private static let share = 0.3

    /// - Parameters:
    ///   - sounds: sudden sounds of the recording, and the analysed interval, in seconds.
    /// - Returns: nil if either side has too few events.
    public init?(jolts: JoltEvents, sounds: [SuddenEvent], heardFrom: Double, heardTo: Double) {
        let own = jolts.events.outstanding(share: JoltMatch.share)
        let others = sounds.outstanding(share: 0.5)
        guard heardTo > heardFrom, own.count >= JoltMatch.leastPairs, others.count >= JoltMatch.leastPairs else {
            return nil
        }
        let reach = max(0.02, 1.5 * jolts.period)
        let range = min(JoltMatch.range, max(jolts.end, heardTo) - min(jolts.start, heardFrom))
        guard
            let match = EventMatch(
                heard: own, seen: others, range: range, reach: reach, heardTime: jolts.start...jolts.end,
                seenTime: heardFrom...heardTo)
        else { return nil }
        self.match = match
        offset = match.offset
        let pairs = Double(match.pairs)
        error = (jolts.period * jolts.period / 12 / pairs + match.spread * match.spread / pairs + 0.004 * 0.004)
            .squareRoot()
        var reasons: [String] = []
        if match.pairs < JoltMatch.leastPairs {
            reasons.append(
                "only \(match.pairs) jolts coincide with sudden sounds at one offset; \(Self.leastPairs) are needed")
        }
        if match.chance > JoltMatch.mostChance {
            reasons.append(
                "\(match.pairs) of \(match.heard) jolts coincide with sudden sounds at one offset, which may be chance")
        }
        if match.exclusivity < JoltMatch.leastExclusivity {
            reasons.append(
                """
                only \(match.pairs) of \(match.heard) jolts match one of \(match.seen) sudden sounds: most have no \
                counterpart
                """
            )
        }
        if match.nearestRival != nil {
            reasons.append(
                "another offset also fits: \(match.rivalPairs) jolts coincide with sounds, against \(match.pairs)")
        }
        self.reasons = reasons
    }

    /// The same match against a reference on whose clock the recording begins at `seconds`.
    public func moved(bySeconds seconds: Double) -> JoltMatch {
        var copy = self
        copy.offset += seconds
        return copy
    }

    var evidence: [Evidence] {
        [
            Evidence("impacts_offset_ms", .number(offset * 1000, decimals: 1)),
            Evidence("impacts_pairs", .count(match.pairs)), Evidence("jolts", .count(match.heard)),
            Evidence("sudden_sounds", .count(match.seen)), Evidence("chance", .number(match.chance, decimals: 6)),
        ]
    }
}
