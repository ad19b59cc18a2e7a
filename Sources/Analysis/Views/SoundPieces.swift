import Foundation
import SignalCore

/// Runs of segments that agree on a separate offset: a recorder lost or doubled audio in between.
struct SoundPieces {
    struct Piece: Hashable {
        /// Indices of the first and last segment.
        var windows: ClosedRange<Int>
        /// Seconds by which its offset is above the line.
        var shift: Double
        /// Number of these segments.
        var count: Int
    }

    let windows: [SoundWindow]
    let line: RobustLine
    /// Smaller steps cannot be distinguished from scatter, in seconds.
    static let smallest = 0.003

    /// In order of time; one segment where there is no step.
    var found: [Piece] {
        var runs: [(indices: [Int], values: [Double])] = []
        for index in windows.indices where windows[index].height > SoundFollower.strong {
            let value = windows[index].offset - line.value(at: windows[index].middle)
            if var last = runs.last, let middle = Standardisation.percentile(last.values.map { Float($0) }, 0.5),
                abs(value - middle) < SoundPieces.smallest / 2
            {
                last.indices.append(index)
                last.values.append(value)
                runs[runs.count - 1] = last
            } else {
                runs.append(([index], [value]))
            }
        }
        // A single window is an outlier, not a segment; the interrupted segment continues.
        var pieces: [Piece] = []
        for run in runs where run.indices.count >= 3 {
            let shift = run.values.reduce(0, +) / Double(run.values.count)
            if let last = pieces.last, abs(last.shift - shift) < SoundPieces.smallest {
                let count = last.count + run.indices.count
                let mean = (last.shift * Double(last.count) + shift * Double(run.indices.count)) / Double(count)
                pieces[pieces.count - 1] = Piece(
                    windows: last.windows.lowerBound...run.indices[run.indices.count - 1], shift: mean, count: count)
            } else {
                pieces.append(
                    Piece(
                        windows: run.indices[0]...run.indices[run.indices.count - 1], shift: shift,
                        count: run.indices.count))
            }
        }
        if pieces.isEmpty, let last = windows.indices.last {
            pieces = [Piece(windows: 0...last, shift: 0, count: windows.count)]
        }
        if pieces.count == 1 { pieces[0].shift = 0 }
        return pieces
    }
}
