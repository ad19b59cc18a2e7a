import Foundation
import SignalCore
import Statistics
import Storage
import SyncModel

/// The corpus statistics against simulated corpora, and stores of any size for measuring reports.
@main
struct StatisticsBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let verb = arguments.first, let path = arguments.dropFirst().first else {
            print("usage: genlock-statistics simulate ROWS.csv | store ROWS.csv CLIPS STORE")
            exit(64)
        }
        let rows = try MeasuredRow.read(path)
        switch (verb, Array(arguments.dropFirst(2))) {
        case ("simulate", _): simulate(rows)
        case ("store", let rest) where rest.count == 2: try store(rows, clips: Int(rest[0]) ?? 0, path: rest[1])
        default: exit(64)
        }
    }

    private static func estimate(_ records: [ClipRecord]) -> CommonBias? { CorpusStatistics(records).main?.bias }

    private static func simulate(_ rows: [MeasuredRow]) {
        print(
            """
            corpus,talkers,seed,bias_ms,ci_low_ms,ci_high_ms,unmoved_ms,first_named,named,comparisons,swaps,\
            swaps_unpaired,swaps_with_offset,mixture
            """
        )
        for namesSpeakers in [true, false] {
            for seed in 1...5 as ClosedRange<UInt64> {
                var plan = SimulatedCorpus.Plan()
                plan.namesSpeakers = namesSpeakers
                let unmoved = estimate(SimulatedCorpus(plan, rows: rows, seed: seed).records)
                (plan.late, plan.encoderLate, plan.swapped) = (30, 80, 0.02)
                let corpus = SimulatedCorpus(plan, rows: rows, seed: seed)
                let statistics = CorpusStatistics(corpus.records)
                row("moved", namesSpeakers, seed, statistics, corpus, unmoved)
            }
        }
        for namesSpeakers in [true, false] {
            for seed in 101...140 as ClosedRange<UInt64> {
                var plan = SimulatedCorpus.Plan()
                plan.namesSpeakers = namesSpeakers
                let corpus = SimulatedCorpus(plan, rows: rows, seed: seed)
                row("without-fault", namesSpeakers, seed, CorpusStatistics(corpus.records), corpus, nil)
            }
        }
        for namesSpeakers in [true, false] {
            var plan = SimulatedCorpus.Plan()
            (plan.late, plan.encoderLate, plan.swapped, plan.namesSpeakers) = (30, 80, 0.02, namesSpeakers)
            let corpus = SimulatedCorpus(plan, rows: rows, seed: 1)
            guard let whole = estimate(corpus.records)?.estimate.milliseconds else { continue }
            for seed in 201...300 as ClosedRange<UInt64> {
                var dice = SplitMix64(seed: seed)
                let drawn = corpus.records.shuffled(using: &dice).prefix(400).sorted { $0.key < $1.key }
                guard let sample = estimate(Array(drawn)) else { continue }
                let (low, high) = (sample.estimate.lower, sample.estimate.upper)
                print(
                    """
                    sample-of-400,\(namesSpeakers ? "known" : "unknown"),\(seed),\(text(sample.estimate.milliseconds)),\
                    \(text(low)),\(text(high)),\(text(whole)),\(low <= whole && whole <= high ? "holds" : "misses"),,,,\
                    ,,
                    """
                )
            }
        }
    }

    private static func row(
        _ kind: String, _ namesSpeakers: Bool, _ seed: UInt64, _ statistics: CorpusStatistics,
        _ corpus: SimulatedCorpus,
        _ unmoved: CommonBias?
    ) {
        guard let estimate = statistics.main?.bias?.estimate else { return }
        let swaps = corpus.swaps.map { corpus.records[$0].verdict }
        let mixture =
            statistics.main?.mixture.map { "\(text($0.other.milliseconds)) ms \(text(100 * $0.other.share)) %" } ?? ""
        print(
            """
            \(kind),\(namesSpeakers ? "known" : "unknown"),\(seed),\(text(estimate.milliseconds)),\
            \(text(estimate.lower)),\(text(estimate.upper)),
            """
                + """
                \(unmoved.map { text($0.estimate.milliseconds) } ?? ""),\(statistics.named.first?.name ?? ""),\
                \(statistics.named.count),
                """
                    + """
                    \(statistics.comparisons),\(swaps.count),\(swaps.count { $0 == .unpaired }),\
                    \(swaps.count { $0.carriesOffset }),\(mixture)
                    """
        )
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }

    /// A store of simulated clips, each with a document as long as a real one.
    private static func store(_ rows: [MeasuredRow], clips: Int, path: String) throws {
        var plan = SimulatedCorpus.Plan()
        (plan.clips, plan.late, plan.encoderLate, plan.swapped, plan.speakers) = (
            clips, 30, 80, 0.02, max(30, clips / 100)
        )
        let padding = String(repeating: "\"evidence\", ", count: 120)
        let store = try ScanStore(path: path, parameters: "{}")
        for (number, record) in SimulatedCorpus(plan, rows: rows, seed: 1).records.enumerated() {
            var record = record
            record.documents = ["{\"check\":\"lips\",\"padding\":[\(padding)0]}"]
            store.add(record, identity: "made \(number)")
            if number % 5000 == 4999 { try store.commit() }
        }
        try store.close()
    }
}
