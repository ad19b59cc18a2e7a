import Foundation
import LabelFiles
import Plan
import SensorLogs
import SyncModel

/// The labels and the sensor log beside a clip: both are often tables, so their content decides.
struct FilesBeside {
    private(set) var labels: String?
    private(set) var log: String?

    /// Logs that can be written again; those of other kinds are read by the program alone.
    private static let endings: Set<String> = ["csv", "tsv", "txt", "jsonl", "ndjson", "npy", "npz"]

    /// - Parameter others: clips that may have files of similar names.
    init(_ clip: ClipRequest, among others: [ClipRequest]) {
        var candidates = FilesBeside.named(like: clip, among: others)
        if let stated = clip.files?.labels {
            if FilesBeside.isLog(stated) {
                candidates.insert(stated, at: 0)
            } else {
                labels = stated
            }
        }
        log = candidates.first { $0 != labels && FilesBeside.isLog($0) }
    }

    /// Files of the clip's folder whose names are its own, or continue it: `take.csv`, `take.imu.csv`, `take_arm.npz`.
    private static func named(like clip: ClipRequest, among others: [ClipRequest]) -> [String] {
        let folder = clip.clip.folderOfPath
        let stem = clip.clip.nameOfPath.withoutEnding
        let longer = others.filter { $0.clip.folderOfPath == folder && $0.clip != clip.clip }
            .map { $0.clip.nameOfPath.withoutEnding }.filter { $0.hasPrefix(stem) && $0.count > stem.count }
        func continues(_ name: String, _ stem: String) -> Bool {
            guard name.hasPrefix(stem), let next = name.dropFirst(stem.count).first else { return false }
            return ".-_ ".contains(next)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let found = names.filter { name in
            endings.contains(name.endingOfPath.lowercased()) && continues(name, stem)
                && !longer.contains { continues(name, $0) }
        }
        return found.sorted().map { folder.isEmpty ? $0 : folder == "/" ? "/" + $0 : folder + "/" + $0 }
    }

    /// Whether a file holds the motion of a sensor, and no labels.
    private static func isLog(_ path: String) -> Bool {
        guard endings.contains(path.endingOfPath.lowercased()), let table = try? LogReader().read(path),
            let log = try? SensorLog(table)
        else { return false }
        let told: Set<SensorLogs.ColumnRole> = [.speed, .acceleration, .position, .gyroscope, .force]
        guard log.channels.keys.contains(where: told.contains) else { return false }
        guard let data = FileManager.default.contents(atPath: path) else { return false }
        let source = LabelReader.Source(path: path, bytes: [UInt8](data))
        return !LabelFileRewriter(options: LabelOptions()).holdsLabels(source)
    }
}
