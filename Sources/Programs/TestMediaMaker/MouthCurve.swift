import Files
import Foundation
import SignalCore

extension MediaStudio {
    /// Writes the mouth motion of a talking clip: time in seconds, opening 0...1, spread -1...1, one row per video
    /// frame. Other files have no curve.
    func writeCurve(of item: MediaItem) throws {
        guard case .clip(let clip) = item.recipe, clip.scene == .talkingFace else { return }
        var generator = SplitMix64(seed: clip.seed)
        let performance = Performance(of: try synth.speak(clip.spoken), using: &generator)
        var rows = ["time_s,opening,spread"]
        for index in 0..<clip.clock.frames(before: performance.seconds) {
            let time = clip.clock.time(ofFrame: index)
            let pose = performance.pose(at: time)
            rows.append(String(format: "%.6f,%.4f,%.4f", time, pose.opening, pose.spread))
        }
        let file = folder.appendingPathComponent("\(item.file).mouth.csv").path
        do { try StagedFile.write(Array((rows.joined(separator: "\n") + "\n").utf8), to: file) } catch {
            throw TestMediaError.unwritable(file: file, reason: error.reason)
        }
    }
}
