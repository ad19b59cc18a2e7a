import Foundation
import SyncModel

/// The `meta/info.json` of a robot set in the LeRobot layout, versions 2.0 to 3.0.
public struct LeRobotSet: Sendable, Hashable {
    /// The folder with `meta`, `data` and `videos`.
    public let root: String
    public let framesPerSecond: Double
    /// Such as `v2.1`.
    public let version: String

    /// The set of a table in `data`: `meta/info.json` is in one of its parent folders.
    ///
    /// - Returns: nil if there is none with a rate.
    public init?(above path: String) {
        var folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
        for _ in 0..<4 {
            let info = folder.appendingPathComponent("meta/info.json")
            if let data = try? Data(contentsOf: info),
                let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
                let rate = (object["fps"] as? NSNumber)?.doubleValue, rate > 0, rate < 1e5
            {
                root = folder.path
                framesPerSecond = rate
                version = (object["codebase_version"] as? String) ?? ""
                return
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}

extension SensorLog {
    /// Joins several episodes of one table in order, as in the set's video files: each starts one sample after the end
    /// of the previous one.
    ///
    /// - Parameter rate: rows per second.
    public func episodesInARow(rate: Double) -> SensorLog {
        guard let episodes = channels[.episode]?.first?.values, episodes.count == times.count,
            let first = episodes.first(where: \.isFinite),
            episodes.contains(where: { $0.isFinite && $0 != first })
        else { return self }
        var moved = times
        var frames = channels[.frame]?.first
        var (shift, frameShift, count) = (0.0, 0.0, 1)
        for row in times.indices.dropFirst() {
            if episodes[row] != episodes[row - 1] {
                count += 1
                if moved[row - 1].isFinite, times[row].isFinite { shift = moved[row - 1] + 1 / rate - times[row] }
                if let before = frames?.values[row - 1], let now = channels[.frame]?.first?.values[row],
                    before.isFinite, now.isFinite
                {
                    frameShift = before + 1 - now
                }
            }
            moved[row] = times[row] + shift
            if let now = frames?.values[row] { frames?.values[row] = now + frameShift }
        }
        var copy = self
        copy.times = moved
        if let frames { copy.channels[.frame] = [frames] }
        copy.notes.append(
            Reason("it has \(count) episodes, which are joined in order, as in the set's videos"))
        return copy
    }
}
