import Foundation
public import SyncModel

/// The lag of the measured state after its command: a property of the controller, not a clock fault.
public struct ControllerLag: Sendable {
    /// Seconds by which the state is late; negative: the state is logged before the command that led to it.
    public let seconds: Double
    /// Standard error in seconds.
    public let error: Double
    /// How the command was interpreted: `position`, or `velocity`.
    public let understood: String

    /// Range of lags searched, in seconds.
    private static let range = -1.0...2.0

    /// - Parameters:
    ///   - command: commanded channels of the log.
    ///   - state: measured positions of the same channels; empty if the log has none.
    ///   - speed: measured speeds of the same channels; empty if the log has none.
    ///   - times: times of the rows, increasing, in seconds.
    /// - Returns: nil if no lag stands out.
    public init?(command: [[Double]], state: [[Double]], speed: [[Double]], times: [Double]) {
        let target = ControllerLag.rates(command, times)
        let measured = ControllerLag.rates(state, times)
        var best: (search: LagSearch, understood: String)?
        func consider(_ a: [[Double]], _ timesA: [Double], _ b: [[Double]], _ timesB: [Double], _ understood: String) {
            guard a.count == b.count, let found = ControllerLag.search(a, timesA, b, timesB) else { return }
            if found.height > best?.search.height ?? MotionMatch.leastHeight { best = (found, understood) }
        }
        consider(measured.values, measured.times, target.values, target.times, "position")
        consider(measured.values, measured.times, command, times, "velocity")
        consider(speed, times, target.values, target.times, "position")
        consider(speed, times, command, times, "velocity")
        guard let best, best.search.second <= MotionMatch.mostSecond * best.search.height else { return nil }
        let period = times.count > 1 ? (times[times.count - 1] - times[0]) / Double(times.count - 1) : 1
        seconds = best.search.place / MotionGrid.rate
        error = hypot(best.search.error / MotionGrid.rate, 0.1 * period)
        understood = best.understood
        guard error < MotionMatch.mostError else { return nil }
    }

    /// The lag of the states after the commands, joint by joint, signs kept.
    private static func search(_ a: [[Double]], _ timesA: [Double], _ b: [[Double]], _ timesB: [Double]) -> LagSearch? {
        var grids: [(a: MotionGrid, b: MotionGrid)] = []
        for (one, other) in zip(a, b) {
            guard let x = MotionGrid(times: timesA, component: one, window: 0),
                let y = MotionGrid(times: timesB, component: other, window: 0)
            else { continue }
            grids.append((x, y))
        }
        guard let first = grids.first, grids.allSatisfy({ $0.a.start == first.a.start && $0.b.start == first.b.start })
        else { return nil }
        // Where the grids begin at different times, the later start counts.
        let shift = Int(((first.a.start - first.b.start) * MotionGrid.rate).rounded())
        let (cutA, cutB) = (max(0, -shift), max(0, shift))
        let length = min(first.a.values.count - cutA, first.b.values.count - cutB)
        let lags = Int(range.lowerBound * MotionGrid.rate)...Int(range.upperBound * MotionGrid.rate)
        guard length > Int(MotionMatch.leastOverlap * MotionGrid.rate) + lags.upperBound else { return nil }
        return LagSearch(
            reference: grids.map { Array($0.a.values[cutA..<cutA + length]) },
            subject: grids.map { Array($0.b.values[cutB..<cutB + length]) },
            pairs: grids.indices.map { ($0, $0) }, isSigned: false, leastOverlap: length - lags.upperBound - 1,
            range: lags)
    }

    /// Rate of change of each channel over steps of at least 40 ms, at their middle.
    private static func rates(_ channels: [[Double]], _ times: [Double]) -> (times: [Double], values: [[Double]]) {
        var moments: [Double] = []
        var values = [[Double]](repeating: [], count: channels.count)
        var back = 0
        for row in times.indices {
            while back + 1 < row, times[row] - times[back + 1] >= 0.04 { back += 1 }
            let seconds = times[row] - times[back]
            guard seconds >= 0.02, seconds < 0.5 else { continue }
            let steps = channels.map { ($0[row] - $0[back]) / seconds }
            guard steps.allSatisfy(\.isFinite) else { continue }
            moments.append((times[row] + times[back]) / 2)
            for (index, step) in steps.enumerated() { values[index].append(step) }
        }
        return (moments, values)
    }

    public var evidence: [Evidence] {
        let half = 1.96 * error * 1000
        return [
            Evidence("controller_lag_ms", .number(seconds * 1000, decimals: 1)),
            Evidence(
                "controller_lag_ci95_ms",
                .list([.number(seconds * 1000 - half, decimals: 1), .number(seconds * 1000 + half, decimals: 1)])),
            Evidence("command_is", .text(understood)),
        ]
    }
}
