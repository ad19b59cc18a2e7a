import Foundation
import SignalCore
import SyncModel

/// Frames of a copy that show one of the master several times.
extension FrameMatcher {
    /// How many frames of the copy show one of the master: 1 at equal rates; nil: no whole number.
    var showings: Int? {
        let ratio = copy.frameRate * speed / master.frameRate
        let count = ratio.rounded()
        return count >= 1 && count <= 5 && abs(ratio - count) < 0.002 * count ? Int(count) : nil
    }

    /// Which of the frames that show one of the master it may be, counted from the copy's first frame.
    func phase(of frame: Int) -> Int {
        guard let showings else { return 0 }
        return Int(((copy.times[frame] - copy.start) * copy.frameRate).rounded()) % showings
    }

    /// By how many seconds each frame comes later than the first that showed the same: strong compression shows what
    /// is new only with a repeat now and then. Which phase is the first is what leaves the least deviation; if none
    /// leaves clearly less than no phase at all, such as where frames were interpolated, nothing is late.
    func lateness(_ frames: [(phase: Int, offset: Double, weight: Double)]) -> [Double] {
        let none = [Double](repeating: 0, count: frames.count)
        guard let showings, showings > 1, frames.count >= 20 else { return none }
        let step = speed / copy.frameRate
        func deviation(_ late: [Double]) -> Double {
            let offsets = zip(frames, late).map { $0.offset + $1 }
            let middle = Standardisation.percentile(offsets.map { Float($0) }, 0.5).map { Double($0) } ?? 0
            return zip(frames, offsets).reduce(0) { $0 + $1.0.weight * min(2 * step, abs($1.1 - middle)) }
        }
        // A phase that hardly any frame has is not the first: there a single frame would move all others.
        let total = frames.reduce(0) { $0 + $1.weight }
        let candidates = (0..<showings).filter { first in
            frames.reduce(0) { $0 + ($1.phase == first ? $1.weight : 0) } > 0.15 * total
        }.map { first in frames.map { Double(($0.phase - first + showings) % showings) * step } }
        guard let best = candidates.min(by: { deviation($0) < deviation($1) }) else { return none }
        return deviation(best) < 0.9 * deviation(none) ? best : none
    }
}
