import Files
import Foundation
public import SyncModel

/// A recording of a robot on disk: cameras and logs in one. A file, or the folder of a ROS 2 bag.
public struct RecordingFile: Sendable, Hashable, Codable {
    /// The path as the user gave it.
    public let path: String
    /// Files of messages, in their order.
    public let parts: [String]
    /// Files that belong to it and are not there.
    public let missing: [String]

    public init(_ path: String) {
        self.path = path
        let bag = BagFolder(path)
        parts = bag?.files ?? [path]
        missing = bag?.missing ?? []
    }

    private static let endings: Set<String> = ["mcap", "db3", "h5", "hdf5"]

    /// Whether a path is one by the end of its name, or a bag's folder.
    public static func isRecording(_ path: String) -> Bool { isFile(path) || BagFolder(path) != nil }

    /// Whether a path is a file of messages by the end of its name.
    public static func isFile(_ path: String) -> Bool { endings.contains(path.endingOfPath.lowercased()) }

    /// Bytes of it; 0 where it cannot be read.
    public var size: Int {
        parts.reduce(0) { sum, part in
            let facts = try? FileManager.default.attributesOfItem(atPath: FetchedFiles.place(part))
            return sum + ((facts?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    /// Hands out every message of it, in the order in which they lie.
    public func read(_ receive: MessageReceiver) throws(ClipFailure) -> RecordingEnd {
        var end = RecordingEnd()
        guard !parts.isEmpty else {
            throw ClipFailure(
                code: "empty-bag",
                message: "\(path.printable) is a bag without message files (.mcap, .db3)",
                remedy:
                    """
                    copy them from the bag's source; if they are compressed one by one (.zstd), unpack them with \
                    'zstd -d' and fix metadata.yaml
                    """)
        }
        for file in missing {
            end.damages.append(
                Doubt("\(file.printable) belongs to the bag but is missing: copy it from the bag's source"))
        }
        for part in parts {
            let own: RecordingEnd
            do throws(ClipFailure) {
                switch part.endingOfPath.lowercased() {
                case "db3": own = try SQLiteBag(part).read(receive)
                case "h5", "hdf5": own = try HDF5Recording(part).read(receive)
                default: own = try MCAPReader(part).read(receive)
                }
            } catch {
                // Of several the others still tell.
                guard parts.count > 1, error.code != "out-of-memory" else { throw error }
                end.damages.append(Doubt("\(error.message); what to do: \(error.remedy)"))
                continue
            }
            end.messages += own.messages
            end.damages += own.damages
        }
        return end
    }
}
