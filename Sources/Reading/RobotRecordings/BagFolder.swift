import Files
import Foundation
import SyncModel

/// A ROS 2 bag: a folder with `metadata.yaml` and message files.
public struct BagFolder: Sendable, Hashable {
    public let folder: String
    /// Its message files, in order.
    public let files: [String]
    /// Files in its metadata that are missing.
    public let missing: [String]

    private static let endings: Set<String> = ["mcap", "db3"]
    private static let largestDescription = 8 << 20
    private static let mostFiles = 10_000

    /// nil: the folder is not a bag.
    public init?(_ folder: String) {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        guard let data = BoundedFile.bytes(folder + "/metadata.yaml", most: BagFolder.largestDescription),
            data.range(of: Data("rosbag2_bagfile_information".utf8)) != nil,
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return nil }
        let own = names.filter { BagFolder.endings.contains($0.endingOfPath.lowercased()) }
        let named = BagFolder.named(String(decoding: data, as: UTF8.self))
        let there = Set(own)
        // In the order of the metadata; unlisted files by the numbers in their names.
        let listed = named.filter(there.contains)
        let others = own.filter { !listed.contains($0) }.sorted { BagFolder.comes($0, before: $1) }
        self.folder = folder
        files = (listed + (listed.isEmpty ? others : [])).prefix(BagFolder.mostFiles).map { folder + "/" + $0 }
        missing = named.filter { !there.contains($0) }.map { folder + "/" + $0 }
    }

    /// Names in `relative_file_paths`, as written by rosbag2: a list of plain words, one per line. Paths outside the
    /// folder are skipped.
    static func named(_ text: String) -> [String] {
        var names: [String] = []
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("relative_file_paths:") {
                isInside = true
            } else if isInside, bare.hasPrefix("- ") {
                let name = bare.dropFirst(2).filter { $0 != "\"" && $0 != "'" && $0 != "\r" }
                if !name.isEmpty, !name.contains("/"), name != "..", names.count < mostFiles { names.append(name) }
            } else if isInside {
                break
            }
        }
        return names
    }

    /// `bag_9` before `bag_10`.
    static func comes(_ one: String, before other: String) -> Bool {
        func key(_ name: String) -> (Int, String) {
            let digits = name.withoutEnding.reversed().prefix { $0.isNumber }.reversed()
            return (Int(String(digits)) ?? -1, name)
        }
        return key(one) < key(other)
    }
}
