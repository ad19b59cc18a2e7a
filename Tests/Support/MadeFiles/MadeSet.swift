import Foundation
import SyncModel

/// A small set of files in the LeRobot layout, without tables, that goes away with the value.
public final class MadeSet {
    public let root = NSTemporaryDirectory() + "genlock-set-" + UUID().uuidString

    public init(info: [String: Any], files: [String: String] = [:]) throws {
        try put("meta/info.json", String(decoding: JSONSerialization.data(withJSONObject: info), as: UTF8.self))
        for (path, text) in files { try put(path, text) }
    }

    public func put(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: root + "/" + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    public static var info: [String: Any] {
        [
            "codebase_version": "v2.1", "robot_type": "so100", "fps": 30, "total_episodes": 2,
            "features": [
                "observation.state": ["dtype": "float32", "shape": [2]],
                "timestamp": ["dtype": "float32", "shape": [1]], "next.done": ["dtype": "bool", "shape": [1]],
                "observation.images.top": ["dtype": "video", "shape": [96, 96, 3]],
            ],
        ]
    }
    public static let two = """
        {"episode_index": 0, "tasks": ["x"], "length": 90, "recorded_at": "2026-03-01T10:00:00", "operator": "ann"}
        {"episode_index": 1, "tasks": ["x"], "length": 120}
        """
}
