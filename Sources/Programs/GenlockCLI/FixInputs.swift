import Fixing
import Foundation
import RobotSets
import Storage
import SyncModel
import TimedText
import Workers

/// The kinds of input.
enum FixInputs {
    private static let textEndings = TimedTextFormat.extensions.union(["json", "jsonl", "csv", "tsv", "txt"])

    static func isText(_ path: String) -> Bool { textEndings.contains(path.endingOfPath.lowercased()) }

    /// Whether it is an SQLite file.
    static func isStore(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 15)).flatMap { $0 } == Data("SQLite format 3".utf8)
    }

    /// Whether it is the folder of a robot set.
    static func isSet(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/meta/info.json") && !RobotSet.roots(under: path).isEmpty
    }

    /// - Parameter views: plans how the recordings of an event are cut.
    static func plan(
        _ stores: [String], _ planner: FixPlanner, views: ([String]) throws -> [FixPlan.Row]
    ) throws -> FixPlan {
        var words: [String: FixPlanner.Word] = [:]
        // People's decisions take precedence over measurements; if several stores have one for a clip, the latest
        // counts.
        for decision in try stores.flatMap({ try StoreReader(path: $0).decisions() }).sorted(by: { $0.at < $1.at }) {
            let offset = decision.offsetMilliseconds.map { Offset(milliseconds: $0) }
            let choice: FixPlanner.Word.Choice =
                switch decision.choice {
                case .accept: .accepted(offset)
                case .correct: offset.map { .corrected($0) } ?? .cannotTell
                case .cannotTell: .cannotTell
                }
            words[decision.key] = FixPlanner.Word(
                by: "\(decision.choice == .accept ? "accepted" : "decided") by \(decision.by)", choice: choice,
                finding: decision.finding)
        }
        let records = try StoreReader.records(of: stores)
        // The stores have been read; the files that they name have not.
        Cell.confine()
        return try planner.plan(records, words: words, views: views)
    }
}
