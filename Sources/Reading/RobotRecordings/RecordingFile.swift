import Files
import Foundation
public import SyncModel

/// A robot recording on disk, with cameras and logs: a file, or the folder of a ROS 2 bag.
public struct RecordingFile: Sendable, Hashable, Codable {
    /// The path as given by the user.
    public let path: String
    /// Message files, in order.
    public let parts: [String]
    /// Missing files.
    public let missing: [String]

    public init(_ path: String) {
        self.path = path
        let bag = BagFolder(path)
        parts = bag?.files ?? [path]
        missing = bag?.missing ?? []
    }

    private static let endings: Set<String> = ["mcap", "db3", "h5", "hdf5"]

    /// Whether a path is a recording by its extension, or a bag's folder.
    public static func isRecording(_ path: String) -> Bool { isFile(path) || BagFolder(path) != nil }

    /// Whether a path is a message file by its extension.
    public static func isFile(_ path: String) -> Bool { endings.contains(path.endingOfPath.lowercased()) }

    /// Size in bytes; 0 if it cannot be read.
    public var size: Int {
        parts.reduce(0) { sum, part in
            let facts = try? FileManager.default.attributesOfItem(atPath: FetchedFiles.place(part))
            return sum + ((facts?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    /// Passes on every message, in file order.
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
                Reason("\(file.printable) belongs to the bag but is missing: copy it from the bag's source"))
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
                // If one of several fails, the others are still read.
                guard parts.count > 1, error.code != "out-of-memory" else { throw error }
                end.damages.append(Reason("\(error.message); what to do: \(error.remedy)"))
                continue
            }
            end.messages += own.messages
            end.damages += own.damages
        }
        return end
    }
}
