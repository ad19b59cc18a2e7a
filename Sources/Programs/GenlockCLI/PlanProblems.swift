import Foundation
import Plan
import Reporting
import Storage
import SyncModel

/// Inputs of a scan that could not be used, such as rows of a manifest: stored as a document of kind "problems" for
/// each command-line argument, so that later reports name them too.
enum PlanProblems {
    private static let kind = "problems"

    private struct Problem: Codable {
        let clip: String
        let code: String
        let message: String
        let remedy: String
    }

    /// Stores the problems of each argument; for one without problems any more, that it has none.
    static func keep(_ plan: ScanPlan, in store: ScanStore) throws {
        let known = Set(try StoreReader(path: store.path).documents(kind: kind).map(\.name))
        var found: [String: [Problem]] = [:]
        for source in plan.sources {
            found[source.name, default: []] += plan.problems[source.problems].compactMap { report in
                report.failure.map {
                    Problem(clip: report.clip, code: $0.code, message: $0.message, remedy: $0.remedy)
                }
            }
        }
        for (name, problems) in found.sorted(by: { $0.key < $1.key }) where !problems.isEmpty || known.contains(name) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try store.keep(
                document: String(decoding: try encoder.encode(problems), as: UTF8.self), kind: kind, name: name)
        }
    }

    /// The stores' problems as records of failures; if several stores have an argument, the latest counts.
    static func records(of stores: [String]) throws -> [ClipRecord] {
        var latest: [String: (body: String, madeAt: String)] = [:]
        for store in stores {
            for document in try StoreReader(path: store).documents(kind: kind)
            where latest[document.name].map({ $0.madeAt < document.madeAt }) ?? true {
                latest[document.name] = (document.body, document.madeAt)
            }
        }
        return latest.values.flatMap { document in
            ((try? JSONDecoder().decode([Problem].self, from: Data(document.body.utf8))) ?? []).map { problem in
                let failure = ClipFailure(code: problem.code, message: problem.message, remedy: problem.remedy)
                return ClipReport(clip: problem.clip, durationSeconds: nil, outcome: .failed(failure))
                    .record(key: problem.clip)
            }
        }
    }

    /// All clips of the stores and unusable inputs, by key, without duplicate keys.
    static func beside(_ records: [ClipRecord], of stores: [String]) throws -> [ClipRecord] {
        let problems = try self.records(of: stores)
        guard !problems.isEmpty else { return records }
        var keys = Set(records.map(\.key))
        return (records + problems.filter { keys.insert($0.key).inserted }).sorted { $0.key < $1.key }
    }
}
