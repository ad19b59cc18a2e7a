import ArgumentParser
import Foundation
import SignalCore

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Turn rows.csv into the tables of a result, as Markdown.")

    @Argument(help: "The rows.")
    var rows: String

    func run() throws {
        let text = try String(contentsOfFile: rows, encoding: .utf8)
        let trials = text.split(separator: "\n").dropFirst().compactMap { Trial(row: $0) }
        print("| trials | n | coverage | within 20 | within 40 ms | within 80 | median | p95 | bias | interval holds | false misaligned |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        line("talkers left out, 3 s, moved", trials.filter { $0.kind == "moved" && $0.talker != "s1" })
        line("s1, clips left out, 3 s, moved", trials.filter { $0.kind == "moved" && $0.talker == "s1" })
        line("all, as recorded", trials.filter { $0.kind == "moved" && $0.movedMilliseconds == 0 })
        for seconds in [6, 9, 15] { line("joined to \(seconds) s, moved", trials.filter { $0.kind == "joined" && $0.seconds == seconds }) }
        for degradation in Degradation.allCases {
            line("\(degradation.rawValue), 3 s", trials.filter { $0.kind == degradation.rawValue })
        }
        let foreign = trials.filter { !$0.isPaired }
        guard !foreign.isEmpty else { return }
        print("\n| sound of another sentence | n | any offset | in-sync | unpaired |\n|---|---|---|---|---|")
        for kind in ["foreign-same", "foreign-other"] {
            for seconds in [3, 6, 9, 15] {
                let some = foreign.filter { $0.kind == kind && $0.seconds == seconds }
                guard !some.isEmpty else { continue }
                func share(_ test: (Trial) -> Bool) -> String { percent(Double(some.count(where: test)) / Double(some.count)) }
                print("| \(kind == "foreign-same" ? "same talker" : "another talker"), \(seconds) s | \(some.count) | \(share { $0.offset != nil }) | \(share { $0.verdict == "in-sync" }) | \(share { $0.verdict == "unpaired" }) |")
            }
        }
        print("\nExpected calibration error of the confidence (10 bins, answers and candidates, true and mismatched weighed alike): \(String(format: "%.3f", calibrationError(trials)))")
    }

    /// One row: shares with their 95 % interval from a bootstrap over talkers, then over their clips.
    private func line(_ name: String, _ trials: [Trial]) {
        guard !trials.isEmpty else { return }
        let answered = trials.filter { $0.offset != nil }
        let errors = answered.compactMap(\.error)
        let sizes = errors.map { Float(abs($0)) }
        func within(_ limit: Double) -> (Trial) -> Double? { { $0.error.map { abs($0) <= limit ? 1 : 0 } } }
        let median = Standardisation.percentile(sizes, 0.5) ?? .nan
        let p95 = Standardisation.percentile(sizes, 0.95) ?? .nan
        let falseFlags = trials.filter { $0.movedMilliseconds == 0 && $0.verdict == "misaligned" }.count
        let unmoved = trials.filter { $0.movedMilliseconds == 0 }.count
        let holds: (Trial) -> Double? = { trial in
            guard let lower = trial.lower, let upper = trial.upper else { return nil }
            return (lower...upper).contains(-trial.movedMilliseconds) ? 1 : 0
        }
        print(
            "| \(name) | \(trials.count) | \(share(trials) { $0.offset == nil ? 0 : 1 }) | \(share(trials, within(20))) | \(share(trials, within(40))) "
                + "| \(share(trials, within(80))) | \(String(format: "%.1f", median)) | \(String(format: "%.1f", p95)) "
                + "| \(mean(trials, { $0.error })) | \(share(trials, holds)) | \(falseFlags) of \(unmoved) |")
    }

    private func share(_ trials: [Trial], _ value: @escaping (Trial) -> Double?) -> String {
        let (point, low, high) = clustered(trials, value)
        return "\(percent(point)) (\(percent(low))-\(percent(high)))"
    }

    private func mean(_ trials: [Trial], _ value: @escaping (Trial) -> Double?) -> String {
        let (point, low, high) = clustered(trials, value)
        return String(format: "%+.1f (%+.1f to %+.1f)", point, low, high)
    }

    /// Mean of a value over the trials that have one, with a two-stage bootstrap interval: talkers, then clips.
    private func clustered(_ trials: [Trial], _ value: (Trial) -> Double?) -> (Double, Double, Double) {
        var clips: [String: [String: (sum: Double, count: Double)]] = [:]
        for trial in trials {
            guard let value = value(trial) else { continue }
            let old = clips[trial.talker]?[trial.clip] ?? (0, 0)
            clips[trial.talker, default: [:]][trial.clip] = (old.sum + value, old.count + 1)
        }
        let talkers = clips.keys.sorted().map { talker in clips[talker]!.keys.sorted().map { clips[talker]![$0]! } }
        func ratio(_ parts: [(sum: Double, count: Double)]) -> Double {
            parts.reduce(0) { $0 + $1.sum } / max(1e-12, parts.reduce(0) { $0 + $1.count })
        }
        guard !talkers.isEmpty else { return (.nan, .nan, .nan) }
        var generator = SplitMix64(seed: 2026)
        let draws = (0..<500).map { _ -> Float in
            let drawn = (0..<talkers.count).flatMap { _ -> [(sum: Double, count: Double)] in
                let talker = talkers[generator.index(below: talkers.count)]
                return (0..<talker.count).map { _ in talker[generator.index(below: talker.count)] }
            }
            return Float(ratio(drawn))
        }
        return (ratio(talkers.flatMap { $0 }), Standardisation.percentile(draws, 0.025)!, Standardisation.percentile(draws, 0.975)!)
    }

    /// Mean gap between confidence and share of right ones over 10 bins; true and mismatched trials weigh alike.
    private func calibrationError(_ trials: [Trial]) -> Double {
        let told = trials.filter { $0.confidence != nil && ["moved", "joined", "foreign-same", "foreign-other"].contains($0.kind) }
        let paired = Double(told.count(where: \.isPaired)), unpaired = Double(told.count { !$0.isPaired })
        guard paired > 0, unpaired > 0 else { return .nan }
        var bins = [(weight: Double, confidence: Double, right: Double)](repeating: (0, 0, 0), count: 10)
        for trial in told {
            let weight = trial.isPaired ? 0.5 / paired : 0.5 / unpaired
            let bin = min(9, Int(trial.confidence! * 10))
            let error = (trial.offset ?? trial.candidate).map { abs($0 + trial.movedMilliseconds) }
            bins[bin].weight += weight
            bins[bin].confidence += weight * trial.confidence!
            bins[bin].right += trial.isPaired && (error ?? .infinity) <= 40 ? weight : 0
        }
        return bins.reduce(0) { $0 + abs($1.confidence - $1.right) }
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}
