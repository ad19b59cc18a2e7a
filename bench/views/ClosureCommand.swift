import ArgumentParser
import Checks
import Foundation
import SignalCore
import SyncModel
import Views

/// Pieces of all cameras of one take put on one clock, each moved by a known amount: what the whole verb says of
/// pictures alone.
struct ClosureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closure", abstract: "All cameras of a take on one clock, in pieces.")

    @Option(parsing: .upToNextOption, help: "Recordings of one take, on one clock.")
    var take: [String]

    @Option(help: "Capture times of the take.")
    var captureTimes: String?

    @Option(help: "Lengths of the pieces in seconds, with commas.")
    var lengths = "3,5,8,12"

    @Option(help: "Times a length.")
    var repeats = 12

    @Option(help: "Where the rows go.")
    var output: String

    func run() throws {
        let table = try captureTimes.map {
            try CaptureTimes(text: String(contentsOfFile: $0, encoding: .utf8), file: $0)
        }
        let own = try take.compactMap { try ViewReader(captureTimes: table).read(path: $0, sound: false).picture }
        var rows = "seconds,repeat,a,b,answered_alone,error_alone_ms,answered,error_ms,ci_ms\n"
        var generator = SplitMix64(seed: 17)
        let analyser = ViewsAnalyser(expectation: .unknown)
        for length in lengths.split(separator: ",").compactMap({ Double($0) }) {
            let low = own.map(\.startSeconds).max() ?? 0
            let high = own.map(\.endSeconds).min() ?? 0
            guard high - low >= length else { continue }
            for turn in 0..<repeats {
                let spare = min(0.35 * length, high - low - length)
                let base = Double.random(in: low...max(low, high - length - spare), using: &generator)
                let starts = own.map { _ in base + Double.random(in: 0...max(1e-6, spare), using: &generator) }
                let views = own.indices.map { index -> ViewInput in
                    var view = ViewInput(clip: "\(index)", durationSeconds: length)
                    view.hasPicture = true
                    // Every piece counts from its own beginning.
                    view.picture = own[index].cut(starts[index]...starts[index] + length).moved(
                        bySeconds: -starts[index])
                    return view
                }
                let pairs = PairTable(
                    rows: PairTable.pairs(of: views).map {
                        PairTable.measure(views, $0.reference, $0.subject, $0.method)
                    })
                let clock = analyser.report(views, pairs: pairs).clock
                for a in own.indices {
                    for b in own.indices where b > a {
                        let truth = starts[b] - starts[a]
                        let alone = pairs.measurement(a, b, .picture)
                        // The pair's own finding: the report with its first as the reference.
                        let order = [a, b] + own.indices.filter { $0 != a && $0 != b }
                        let finding = analyser.report(order.map { views[$0] }, pairs: Self.reordered(pairs, order))
                            .findings[0]
                        let connected = clock[a].group == clock[b].group
                        let error = finding.offset.map { ($0.seconds - truth) * 1000 }
                        let half = finding.interval.map { ($0.upper.milliseconds - $0.lower.milliseconds) / 2 }
                        rows +=
                            [
                                String(length), String(turn), String(a), String(b),
                                alone?.isAnswered == true ? "1" : "0",
                                alone?.fit.map { String(format: "%.1f", ($0.offset - truth) * 1000) } ?? "",
                                connected && error != nil ? "1" : "0",
                                error.map { String(format: "%.1f", $0) } ?? "",
                                half.map { String(format: "%.1f", $0) } ?? "",
                            ].joined(separator: ",") + "\n"
                    }
                }
            }
        }
        try rows.write(toFile: output, atomically: true, encoding: .utf8)
    }

    /// The same pairs of recordings in another order.
    private static func reordered(_ pairs: PairTable, _ order: [Int]) -> PairTable {
        PairTable(
            rows: pairs.rows.map { row in
                let a = order.firstIndex(of: row.reference) ?? 0
                let b = order.firstIndex(of: row.subject) ?? 0
                guard a > b else { return PairTable.Row(reference: a, subject: b, measurement: row.measurement) }
                var turned = row.measurement
                turned.fit = turned.fit?.reversed
                return PairTable.Row(reference: b, subject: a, measurement: turned)
            })
    }
}
