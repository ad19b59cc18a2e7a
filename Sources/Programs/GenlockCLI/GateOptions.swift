import ArgumentParser
import Foundation
import Reporting
import Storage
import SyncModel

/// When a corpus fails.
struct GateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Exit 1 only if a rule is met: 'misaligned>1%', 'misaligned+unpaired>=5', 'failed>0'; separate rules with \
            commas.
            """,
            valueName: "rule"))
    var failOn: String?

    @Option(
        help: ArgumentHelp(
            "Compare with this earlier store; exit 1 only if a clip got worse or a new one is faulty.",
            valueName: "store"),
        completion: .file())
    var baseline: String?

    func validate() throws {
        if let failOn {
            do { _ = try FailRule.parse(failOn) } catch let error as FailRuleError {
                throw ValidationError(error.description)
            }
        }
    }

    /// The baseline; nil: none was given. Read before anything is written: it may be the same file.
    func baselineRecords() throws -> [BaselineEntry]? {
        guard let baseline else { return nil }
        return try Unreadable.told {
            try PlanProblems.beside(StoreReader.records(of: [baseline], documents: false), of: [baseline])
                .map { BaselineEntry(key: $0.key, verdict: $0.verdict) }
        }
    }

    /// The exit status; reports on stderr which rule was met and what got worse.
    func status(
        _ tally: VerdictTally, strict: Bool, against baseline: [BaselineEntry]?, now: [BaselineEntry], quiet: Bool
    ) -> ExitStatus {
        var isFaulty = false
        if let baseline {
            let comparison = BaselineComparison(before: baseline, now: now)
            if !quiet || comparison.isWorse { Console.note(comparison.text()) }
            isFaulty = comparison.isWorse
        }
        if let failOn, let rules = try? FailRule.parse(failOn) {
            for rule in rules where rule.isMet(by: tally) {
                Console.note("genlock: failed the rule \(rule.explanation(of: tally))\n")
                isFaulty = true
            }
        }
        if baseline == nil, failOn == nil {
            let faults: [Verdict] =
                strict ? [.misaligned, .unpaired, .marginal, .inconclusive] : [.misaligned, .unpaired]
            isFaulty = faults.contains { tally.count($0) > 0 }
        }
        if isFaulty { return .faulty }
        return tally.count(.failed) > 0 ? .unreadable : .good
    }
}
