package import RobotSets
import SyncModel

/// By how many rows each joint's state follows its command in one episode. Pure.
///
/// Policies are trained on rows, so the lag is counted in rows. Changes of the command are correlated with changes of
/// the state, signs kept, over steps of 40 ms; a command of speeds is correlated as it is. Where rows are lost both
/// jump at once, which is no lag: the lost rows are put in as unknown.
package struct ActionLags: Sendable {
    /// The lag of one joint.
    package struct Lag: Sendable {
        package let rows: Double
        /// Standard error in rows.
        package let error: Double
        /// From 0 to 1.
        package let correlation: Double
    }

    /// By joint, as commands of positions and of speeds; nil: the joint does not show it.
    package let positions: [Lag?]
    package let speeds: [Lag?]
    /// Every command equals the state of its own row, in at least twenty rows with motion.
    package let isCopy: Bool

    /// Searched lags in seconds.
    private static let earliest = 0.3, latest = 1.0
    private static let step = 0.04
    private static let leastCorrelation = 0.6
    /// Largest standard error of a lag, in rows.
    private static let mostError = 0.5
    /// Another peak may reach this share of the highest correlation.
    private static let mostSecond = 0.9
    /// Lags this near to the highest are part of it, in seconds.
    private static let ownWidth = 0.3
    private static let leastRows = 20
    /// Rows are lost where a step of time exceeds so many usual ones; times whose usual step is not the period's,
    /// within this share, are none.
    private static let hole = 1.5, periodShare = 0.2
    /// Largest scatter of the steps of time, as a share of the usual one, for a longer step to be a hole.
    private static let mostScatter = 0.1

    package init(_ rows: CommandRows, framesPerSecond: Double) {
        let step = max(1, Int((ActionLags.step * framesPerSecond).rounded()))
        let joints = rows.actions.indices
        let holes = ActionLags.holes(rows.times, framesPerSecond: framesPerSecond)
        let actions = rows.actions.map { ActionLags.filled($0, holes) }
        let changes = joints.map {
            (
                action: ActionLags.changes(actions[$0], over: step),
                state: ActionLags.changes(ActionLags.filled(rows.states[$0], holes), over: step)
            )
        }
        positions = changes.map {
            ActionLags.lag($0.action, $0.state, step: step, framesPerSecond: framesPerSecond, shift: 0)
        }
        // A change over a step is centred half a step later than its first row.
        speeds = joints.map {
            ActionLags.lag(
                actions[$0].map { $0.isFinite ? $0 : 0 }, changes[$0].state, step: step,
                framesPerSecond: framesPerSecond, shift: Double(step) / 2)
        }
        isCopy = ActionLags.isCopy(rows)
    }

    private static func isCopy(_ rows: CommandRows) -> Bool {
        guard let count = rows.actions.first?.count, count >= leastRows else { return false }
        var moves = false
        for (action, state) in zip(rows.actions, rows.states) {
            var (least, most) = (Float.infinity, -Float.infinity)
            for (one, other) in zip(action, state) {
                guard one == other || one.isNaN && other.isNaN else { return false }
                if one < least { least = one }
                if one > most { most = one }
            }
            if most > least { moves = true }
        }
        return moves
    }

    /// Rows after which others are lost, and how many; none where the times scatter, or are no times of rows.
    private static func holes(_ times: [Float], framesPerSecond: Double) -> [(row: Int, lost: Int)] {
        let steps = zip(times.dropFirst(), times).map { Double($0 - $1) }
        guard steps.count >= leastRows else { return [] }
        let usual = Figures.median(steps)
        let scatter = 1.4826 * Figures.median(steps.map { abs($0 - usual) })
        guard abs(usual * framesPerSecond - 1) <= periodShare, scatter <= mostScatter * usual else { return [] }
        return steps.indices.filter { steps[$0] > hole * usual }.map { row in
            // Beyond the searched lags nothing meets.
            (row, Int(min(steps[row] / usual, latest * framesPerSecond + 1).rounded()) - 1)
        }
    }

    /// The values with those of lost rows, which are not known.
    private static func filled(_ values: [Float], _ holes: [(row: Int, lost: Int)]) -> [Float] {
        guard !holes.isEmpty else { return values }
        var result: [Float] = []
        var start = 0
        for hole in holes where hole.row < values.count {
            result += values[start...hole.row]
            result += [Float](repeating: .nan, count: hole.lost)
            start = hole.row + 1
        }
        return result + values[start...]
    }

    private static func changes(_ values: [Float], over step: Int) -> [Float] {
        guard values.count > step else { return [] }
        return (0..<values.count - step).map {
            let change = values[$0 + step] - values[$0]
            return change.isFinite ? change : 0
        }
    }

    /// - Parameter shift: rows to add to the lag.
    private static func lag(
        _ command: [Float], _ state: [Float], step: Int, framesPerSecond: Double, shift: Double
    ) -> Lag? {
        let count = min(command.count, state.count)
        guard count >= leastRows else { return nil }
        let energy = (energies(command, count), energies(state, count))
        guard energy.0[count] > 0, energy.1[count] > 0 else { return nil }
        let first = -Int((earliest * framesPerSecond).rounded())
        let last = Int((latest * framesPerSecond).rounded())
        var curve: [Double] = []
        for lag in first...last {
            let (low, high) = (max(0, -lag), min(count, count - lag))
            // At least half of the motion of both has to meet.
            guard high - low >= leastRows else {
                curve.append(0)
                continue
            }
            let (one, other) = (energy.0[high] - energy.0[low], energy.1[high + lag] - energy.1[low + lag])
            guard one > 0.5 * energy.0[count], other > 0.5 * energy.1[count] else {
                curve.append(0)
                continue
            }
            var sum: Float = 0
            for row in low..<high { sum += command[row] * state[row + lag] }
            curve.append(Double(sum) / (one * other).squareRoot())
        }
        guard let top = curve.indices.max(by: { curve[$0] < curve[$1] }), top > 0, top < curve.count - 1,
            curve[top] >= leastCorrelation
        else { return nil }
        let apart = Int(ownWidth * framesPerSecond)
        for index in 1..<curve.count - 1
        where abs(index - top) > max(1, apart) && curve[index] > mostSecond * curve[top]
            && curve[index] >= max(curve[index - 1], curve[index + 1])
        {
            return nil
        }
        // What the command does not explain is noise; it moves the peak by as much as the state is steep there.
        var steep = 0.0
        for row in 1..<count - 1 {
            let slope = Double(state[row + 1] - state[row - 1]) / 2
            steep += slope * slope
        }
        guard steep > 0 else { return nil }
        let rest = energy.1[count] * max(0, 1 - curve[top] * curve[top]) / Double(count) * Double(step)
        let error = (rest / steep).squareRoot()
        guard error <= mostError else { return nil }
        let (before, at, after) = (curve[top - 1], curve[top], curve[top + 1])
        let bend = before - 2 * at + after
        let part = bend < 0 ? max(-0.5, min(0.5, 0.5 * (before - after) / bend)) : 0
        return Lag(rows: Double(first + top) + part + shift, error: error, correlation: at)
    }

    /// Sums of squares before each row.
    private static func energies(_ values: [Float], _ count: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: count + 1)
        for row in 0..<count { sums[row + 1] = sums[row] + Double(values[row]) * Double(values[row]) }
        return sums
    }
}
