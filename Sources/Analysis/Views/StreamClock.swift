import Foundation
import SyncModel

/// The clock of all recordings, from their audio and video together.
///
/// A recording's clock is that of its video where it has one. Its audio is assumed to be in sync, unless its lips, or
/// the videos of the others, indicate an offset: then its audio is corrected before it is compared with others, and
/// this is reported.
struct StreamClock {
    let solution: ClockSolver.Solution
    /// The row of the pair table of each edge.
    let rows: [Int]
    /// By recording: how much later its own audio is than its own video, in seconds; 0 by default.
    let ownSound: [Double]
    let notes: [(clip: String, note: Reason)]

    /// A difference between audio and video of one recording that is reported, in seconds.
    private static let tellable = 0.06

    init(views: [ViewInput], pairs: PairTable) {
        var own = views.map { view in view.hasPicture ? -(view.ownSound?.seconds ?? 0) : 0 }
        // Frames are compared at one speed: where audio shows two speeds, they are not used.
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
        var notes: [(clip: String, note: Reason)] = []
        for (index, view) in views.enumerated() where abs(own[index]) > 0.04 {
            notes.append(
                (
                    view.clip,
                    Reason(
                        "\(StreamClock.words(own[index])), by lip sync: its audio is moved to its video")
                ))
        }
        // Videos that agree with each other but not with the audio of one recording.
        for _ in views.indices {
            guard let found = StreamClock.strayingSound(views, pairs, rows, own, solution) else { break }
            own[found.view] += found.seconds
            solution = solve(own)
            notes.append((views[found.view].clip, Reason(found.words)))
        }
        self.solution = solution
        self.rows = rows
        ownSound = own
        self.notes = notes
    }

    /// A pair's measurement of the recordings' clocks: audio is moved to the video.
    private static func edge(_ row: PairTable.Row, _ own: [Double]) -> ClockSolver.Edge? {
        guard var fit = row.measurement.fit else { return nil }
        if row.measurement.method == .sound {
            // Audio that is late by s in its recording has times that are s too large.
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

    /// The recording whose audio disagrees with its video, and by how much.
    ///
    /// For every recording with pairs of both audio and video: the difference of video offset and audio offset to its
    /// partners, where both were answered. A difference to all partners belongs to that recording; with only two
    /// recordings it cannot be determined whose it is, and it is assigned to the later one.
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
            // Positive: its audio is late in its own recording.
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
