import Foundation
import Reporting
import Statistics
import Storage
import SyncModel

/// The sample that was scanned into a store: a document of kind "sample".
enum SampleDocument {
    static let kind = "sample"
    static let name = "sample"

    static func text(_ frame: SampleFrame) -> String {
        JSONValue.object([
            ("of", .integer(frame.of)), ("clips", .integer(frame.clips)), ("seed", .string(String(frame.seed))),
        ]).compact
    }

    /// The frame of the stores' records; nil: a store is not a sample, or has more or fewer clips than its last sample.
    static func frame(of stores: [String], records: Int) throws -> SampleFrame? {
        guard stores.count == 1, let body = try StoreReader(path: stores[0]).documents(kind: kind).first?.body,
            let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any],
            let of = object["of"] as? Int, let clips = object["clips"] as? Int,
            let seed = (object["seed"] as? String).flatMap(UInt64.init),
            clips == records, clips < of
        else { return nil }
        return SampleFrame(of: of, clips: clips, seed: seed)
    }
}

/// The summary of a sampled scan.
enum SampleSummary {
    static func text(_ records: [ClipRecord], _ frame: SampleFrame) -> String {
        var options = CorpusStatistics.Options()
        options.sample = frame
        let statistics = CorpusStatistics(records, options)
        var lines = StatisticsWords.sample(statistics)
        if let main = statistics.main, main.verdicts.answered >= CorpusReport.leastForBias {
            lines += [StatisticsWords.bias(main), StatisticsWords.misaligned(main)].compactMap { $0 }
        }
        return lines.map { "genlock: " + $0 + "\n" }.joined()
    }
}
