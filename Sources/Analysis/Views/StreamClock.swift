import Foundation
import SyncModel

/// The clock of all recordings, from their sound and their pictures together.
///
/// A recording's clock is that of its picture where it has one. Its sound lies where the file puts it, unless its lips,
/// or the pictures of the others, say that it does not: then its sound is brought to its place before it speaks of
/// others, and named.
struct StreamClock {
    let solution: ClockSolver.Solution
    /// The row of the pair table behind each edge.
    let rows: [Int]
    /// By recording: how much later its own sound is than its own picture, in seconds; 0 unless something says
    /// otherwise.
    let ownSound: [Double]
    let notes: [(clip: String, note: Doubt)]

    /// A difference between sound and picture of one recording that is told, in seconds.
    private static let tellable = 0.06

    init(views: [ViewInput], pairs: PairTable) {
        var own = views.map { view in view.hasPicture ? -(view.ownSound?.seconds ?? 0) : 0 }
        // Pictures are compared at one speed: where the sound says that there are two, they say nothing.
        let rows = pairs.rows.indices.filter { index in
            let row = pairs.rows[index]
            return row.measurement.fit != nil
                && (row.measurement.method == .sound
                    || pairs.measurement(row.reference, row.subject, .sound)?.speed == nil)
        }
        let solver = ClockSolver()
        func solve(_ own: [Double]) -> ClockSolver.Solution {
            solver.solve(count: views.count, edges: rows.compactMap { StreamClock.edge(pairs.rows[$0], own) })
        }
        var solution = solve(own)
        var notes: [(clip: String, note: Doubt)] = []
        for (index, view) in views.enumerated() where abs(own[index]) > 0.04 {
            notes.append(
                (
                    view.clip,
                    Doubt(
                        "\(StreamClock.words(own[index])), by lip sync: its audio is moved to its video")
                ))
        }
        // Pictures that agree with each other but not with the sound of one recording.
        for _ in views.indices {
            guard let found = StreamClock.strayingSound(views, pairs, rows, own, solution) else { break }
            own[found.view] += found.seconds
            solution = solve(own)
            notes.append((views[found.view].clip, Doubt(found.words)))
        }
        self.solution = solution
        self.rows = rows
        ownSound = own
        self.notes = notes
    }

    /// What a pair says of the recordings' clocks: sound is moved to where the pictures are.
    private static func edge(_ row: PairTable.Row, _ own: [Double]) -> ClockSolver.Edge? {
        guard var fit = row.measurement.fit else { return nil }
        if row.measurement.method == .sound {
            // A sound that is late by s in its own recording hears everything s too late: its times are s too large.
            fit.offset += own[row.subject] - own[row.reference]
            fit.middle -= own[row.subject]
        }
        let isWeak = row.measurement.method == .picture && row.measurement.confidence > 0.3
        guard row.measurement.isAnswered || isWeak else {
            return ClockSolver.Edge(
                reference: row.reference, subject: row.subject, fit: fit, confidence: 0, isStrong: false)
        }
        return ClockSolver.Edge(
            reference: row.reference, subject: row.subject, fit: fit, confidence: row.measurement.confidence,
            isStrong: row.measurement.isAnswered)
    }

    /// The recording whose sound disagrees with what pictures say of it, and by how much.
    ///
    /// For every recording whose sound and picture both carry pairs: the difference of picture offset and sound offset
    /// to its partners, where both were answered. One that all its partners agree on is that recording's own; with two
    /// recordings alone it cannot be told whose it is, and it is counted to the further one.
    private static func strayingSound(
        _ views: [ViewInput], _ pairs: PairTable, _ rows: [Int], _ own: [Double], _ solution: ClockSolver.Solution
    ) -> (view: Int, seconds: Double, words: String)? {
        struct Difference { let a, b: Int, seconds: Double }
        var differences: [Difference] = []
        for row in pairs.rows where row.measurement.method == .picture && row.measurement.isAnswered {
            guard let sound = pairs.measurement(row.reference, row.subject, .sound), sound.isAnswered,
                sound.speed == nil,
                let heard = sound.fit,
                let seen = row.measurement.fit
            else { continue }
            let moved = heard.offset(at: seen.middle) + own[row.subject] - own[row.reference]
            let size = seen.offset - moved
            guard abs(size) < 1 else { continue }
            differences.append(
                Difference(
                    a: row.reference, b: row.subject, seconds: abs(size) > max(tellable, 3 * seen.error) ? size : 0))
        }
        var best: (view: Int, seconds: Double, count: Int)?
        for view in views.indices {
            // Positive: its sound is late in its own recording.
            let sizes = differences.filter { $0.a == view || $0.b == view }.map {
                $0.b == view ? $0.seconds : -$0.seconds
            }
            let straying = sizes.filter { $0 != 0 }.sorted()
            guard !straying.isEmpty, straying.count * 2 > sizes.count else { continue }
            let middle = straying[straying.count / 2]
            guard straying.allSatisfy({ abs($0 - middle) < tellable }) else { continue }
            if straying.count > best?.count ?? 0 || straying.count == best?.count && view > best?.view ?? 0 {
                best = (view, middle, straying.count)
            }
        }
        guard let best else { return nil }
        let certainty =
            best.count > 1
            ? "by the video of \(best.count) others"
            : "or its partner's the other way: two recordings alone cannot show whose"
        return (best.view, best.seconds, "\(words(best.seconds)), \(certainty); the clock is that of the video")
    }

    private static func words(_ late: Double) -> String {
        "its audio is \(late > 0 ? "late" : "early") by \(Int((abs(late) * 1000).rounded())) ms in its own recording"
    }
}
