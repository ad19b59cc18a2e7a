import Checks
import Foundation
import Parquet
import Plan
import Reporting
import RobotSets
import Storage
import SyncModel

/// Robot sets among the inputs of a scan: found by their `meta/info.json`, measured episode by episode.
struct RobotSetScan {
    let source: RobotSetSource
    private let roots: [String]
    /// Folders whose videos are measured with their episodes, and not as clips too.
    let leftOut: [String]
    private let quiet: Bool
    /// Of documents in a store: what a scan found in a whole set, by its folder.
    static let kind = "robot-set"

    /// - Parameters:
    ///   - checks: without `sensor` sets are ordinary folders of clips; with `sensor` beside other named checks they
    ///     are both.
    ///   - store: with what earlier scans found; nil: everything is counted again.
    init(_ paths: [String], checks: [Check], store: String?, quiet: Bool) {
        self.quiet = quiet
        source = RobotSetSource(
            query: TableQuery { sql, about throws(ClipFailure) in
                try ParquetTable.rows(of: sql, about: about, duckdb: Programs.duckdb)
            }, videos: { Errand.videos($0) }, sights: { Errand.sights($0) },
            recall: { root in
                // A file that is no store is refused when it is opened for writing.
                guard let store, FileManager.default.fileExists(atPath: store) else { return nil }
                return (try? StoreReader(path: store).document(kind: RobotSetScan.kind, name: root)).map {
                    Data($0.utf8)
                }
            })
        var isFolder: ObjCBool = false
        let folders =
            checks.contains(.sensor)
            ? paths.filter { FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue }
            : []
        roots = folders.flatMap { RobotSet.roots(under: $0) }
        leftOut = checks == CheckCatalogue.all || checks == [.sensor] ? roots : []
    }

    func add(to plan: inout ScanPlan, choice: RobotSetSource.Choice) {
        for root in roots {
            plan.named(root) { plan in
                source.add(root, choice: choice, to: &plan) { what in
                    if !quiet { Console.note("genlock: \(root.printable): \(what) ...\n") }
                }
            }
        }
        guard !quiet else { return }
        for sample in source.samples where sample.looked < sample.of {
            Console.note(
                """
                genlock: \(sample.root.printable): clocks of all \(sample.of) episodes; video of \(sample.looked) \
                (a random sample; --thorough takes all, --sample N takes N)\n
                """
            )
        }
    }
}

extension ClipRecord {
    /// Whether it is an episode without clock faults whose video was not measured.
    var isPlainEpisode: Bool {
        verdict == .notApplicable && findings.count == 1 && findings[0].method == EpisodeMeasurer.clockMethod
    }
}
