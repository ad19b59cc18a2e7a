import Files
import Foundation
public import SyncModel

/// A robot set in the LeRobot layout, versions 2.0 to 3.0, from its `meta/info.json`.
///
/// Version 2 has one table per episode and one video per episode and camera; version 3 stores several episodes in one
/// table and one video file. Most recorders count rows instead of timestamping them: row `i` of an episode belongs to
/// video frame `i`.
public struct RobotSet: Sendable, Hashable {
    /// One named feature of the set.
    public struct Feature: Sendable, Hashable {
        public let name: String
        /// The dtype: `float32`, `video`, `image`, `int64`, ...
        public let kind: String
        /// Numbers per row; 1 for a scalar.
        public let width: Int
        /// A name for each of them; empty: not stated.
        public let names: [String]

        public var isVideo: Bool { kind == "video" }
        public var isNumber: Bool {
            kind.hasPrefix("float") || kind.hasPrefix("int") || kind.hasPrefix("uint") || kind == "bool"
        }
    }

    /// The folder with `meta`, `data` and `videos`, as given by the user.
    public let root: String
    /// Such as `v2.1`.
    public let version: String
    public let framesPerSecond: Double
    /// Such as `so100`; nil: not stated.
    public let robot: String?
    public let features: [Feature]
    /// Declared number of episodes, and of their rows; nil: not stated.
    public let totalEpisodes: Int?
    public let totalFrames: Int?
    /// By how much its stamps were moved against the videos; nil: not.
    package let moves: StampMoves?
    package let dataPath: PathPattern
    package let videoPath: PathPattern
    package let chunkSize: Int

    /// Index columns present in every set.
    static let counters: Set<String> = ["timestamp", "frame_index", "episode_index", "index", "task_index"]
    /// Of wider vectors only this many first elements are checked.
    static let widestVector = 64
    /// Maximum size of `info.json`, in bytes.
    private static let largestInfo = 64 << 20

    /// Whether tables and videos have several episodes.
    public var isShared: Bool { version.hasPrefix("v3") }
    public var cameras: [String] { features.filter(\.isVideo).map(\.name) }
    /// Sensor and command channels: all numbers except indices, rewards and flags.
    public var channels: [Feature] {
        features.filter {
            $0.isNumber && !RobotSet.counters.contains($0.name) && !$0.name.hasPrefix("next.") && $0.width <= 4096
        }
    }

    /// The description of a set, if a folder has one.
    ///
    /// - Throws: if it has an unusable one.
    public init(root: String) throws(ClipFailure) {
        let info = root + "/meta/info.json"
        func wrong(_ what: String, _ remedy: String) -> ClipFailure {
            ClipFailure(code: "bad-set", message: "\(info.printable) \(what)", remedy: remedy)
        }
        guard let data = BoundedFile.bytes(info, most: RobotSet.largestInfo) else {
            throw wrong("cannot be read", "check that it is a readable file of less than 64 MB")
        }
        guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
            throw wrong("is not a JSON object", "regenerate the set, or copy its meta folder from the set's source")
        }
        guard let rate = (object["fps"] as? NSNumber)?.doubleValue, rate > 0, rate < 1e5 else {
            throw wrong(
                "does not state the set's frame rate", "add \"fps\": the rate at which the set was recorded"
            )
        }
        let version = (object["codebase_version"] as? String) ?? "v2.0"
        guard version.hasPrefix("v2") || version.hasPrefix("v3") else {
            throw wrong(
                "has version \(version.printable); versions 2.0 to 3.0 are supported",
                "convert the set with LeRobot's scripts")
        }
        let named =
            ["data_path", "video_path"].compactMap { object[$0] as? String }
            + ((object["features"] as? [String: Any]) ?? [:]).keys
        if let outside = named.first(where: { $0.hasPrefix("/") || $0.split(separator: "/").contains("..") }) {
            throw wrong(
                "has a path outside the set: \(outside.printable)",
                "keep data_path, video_path and feature names within the set's folder")
        }
        self.root = root
        moves = StampMoves(root: root)
        self.version = version
        framesPerSecond = rate
        robot = (object["robot_type"] as? String).flatMap { $0.isEmpty ? nil : $0 }
        totalEpisodes = (object["total_episodes"] as? NSNumber)?.intValue
        totalFrames = (object["total_frames"] as? NSNumber)?.intValue
        chunkSize = max(1, (object["chunks_size"] as? NSNumber)?.intValue ?? 1000)
        let shared = version.hasPrefix("v3")
        dataPath = PathPattern(
            (object["data_path"] as? String)
                ?? (shared
                    ? "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
                    : "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"))
        videoPath = PathPattern(
            (object["video_path"] as? String)
                ?? (shared
                    ? "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
                    : "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"))
        features = ((object["features"] as? [String: Any]) ?? [:]).compactMap { name, value in
            guard let value = value as? [String: Any], let kind = value["dtype"] as? String else { return nil }
            let shape = (value["shape"] as? [NSNumber])?.map(\.intValue) ?? [1]
            let width = max(1, shape.reduce(1) { $0 &* max(1, $1) })
            // A list, or an object with one: `{"motors": [...]}`.
            let lists = (value["names"] as? [String: Any]).map { Array($0.values) } ?? [value["names"] as Any]
            let names = lists.count == 1 ? lists[0] as? [String] ?? [] : []
            return Feature(name: name, kind: kind, width: width, names: names.count == width ? names : [])
        }.sorted { $0.name < $1.name }
    }

    /// The sets in a folder and its subfolders, sorted; at most four levels deep, and not inside a set.
    public static func roots(under folder: String) -> [String] {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        func look(_ place: String, _ depth: Int) -> [String] {
            let files = FileManager.default
            if files.fileExists(atPath: place + "/meta/info.json"),
                files.fileExists(atPath: place + "/data") || files.fileExists(atPath: place + "/meta/episodes.jsonl")
                    || files.fileExists(atPath: place + "/meta/episodes")
            {
                return [place]
            }
            guard depth < 4, let names = try? files.contentsOfDirectory(atPath: place) else { return [] }
            return names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
                var isFolder: ObjCBool = false
                guard files.fileExists(atPath: place + "/" + name, isDirectory: &isFolder), isFolder.boolValue else {
                    return []
                }
                return look(place + "/" + name, depth + 1)
            }
        }
        return look(folder, 0)
    }
}

/// A path with placeholders for numbers and names, as in Python's `format`: `chunk-{episode_chunk:03d}/{video_key}`.
package struct PathPattern: Sendable, Hashable {
    private let text: String

    package init(_ text: String) { self.text = text }

    package func path(_ values: [String: PathValue]) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let parts = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1)
            switch parts.first.flatMap({ values[String($0)] }) {
            case .number(let number):
                let digits = String(number)
                let width = parts.count > 1 ? Int(parts[1].filter(\.isNumber)) ?? 0 : 0
                result += String(repeating: "0", count: max(0, min(20, width) - digits.count)) + digits
            case .name(let name): result += name
            case nil: result += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

package enum PathValue {
    case number(Int)
    case name(String)
}
