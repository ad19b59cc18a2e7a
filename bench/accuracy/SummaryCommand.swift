import ArgumentParser
import Foundation
import SignalCore

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Turn rows.csv into the tables of a result, as Markdown.")

    @Argument(help: "Files of rows.")
    var rows: [String]

    @Option(help: "Rows of the studio clips as recorded, to tell which clips are off whatever is done to them.")
    var beside: String?

    func run() throws {
        let trials = try rows.flatMap { try RowFile.read($0) }
        studio(trials.filter { ["moved", "joined"].contains($0.kind) })
        MadeWorseTable(trials, asRecorded: try beside.map { try RowFile.read($0) } ?? trials).show()
        foreign(trials.filter { !$0.isPaired })
        if !Calibration.told(trials).isEmpty {
            let error = Calibration(trials).expectedError
            print(
                """
                \nExpected calibration error of the confidence (10 bins, answers and candidates, true and mismatched \
                weighed alike): \(String(format: "%.3f", error))
                """
            )
        }
        ContainerTable(trials).show()
        WildTable(trials).show()
        LanguageTable(trials).show()
    }

    /// Clips of known truth, 0, whose sound was moved.
    private func studio(_ trials: [Trial]) {
        guard !trials.isEmpty else { return }
        print(
            """
            | trials | n | coverage | within 20 | within 40 ms | within 80 | median | p95 | bias | interval holds | \
            false misaligned |
            """
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        line("talkers left out, 3 s, moved", trials.filter { $0.kind == "moved" && $0.speaker != "s1" })
        line("s1, clips left out, 3 s, moved", trials.filter { $0.kind == "moved" && $0.speaker == "s1" })
        line("all, as recorded", trials.filter { $0.kind == "moved" && $0.movedMilliseconds == 0 })
        for seconds in [6, 9, 15] {
            line("joined to \(seconds) s, moved", trials.filter { $0.kind == "joined" && $0.seconds == seconds })
        }
    }

    /// One row: shares with their 95 % interval.
    private func line(_ name: String, _ trials: [Trial]) {
        guard !trials.isEmpty else { return }
        let sizes = trials.compactMap(\.error).map { Float(abs($0)) }
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
            """
            | \(name) | \(trials.count) | \(Clustered.share(trials) { $0.offset == nil ? 0 : 1 }) | \
            \(Clustered.share(trials, within(20))) 
            """
                + """
                | \(Clustered.share(trials, within(40))) | \(Clustered.share(trials, within(80))) | \
                \(String(format: "%.1f", median)) 
                """
                    + """
                    | \(String(format: "%.1f", p95)) | \(Clustered.milliseconds(trials) { $0.error }) | \
                    \(Clustered.share(trials, holds)) 
                    """
                + "| \(falseFlags) of \(unmoved) |")
    }

    private func foreign(_ foreign: [Trial]) {
        guard !foreign.isEmpty else { return }
        print("\n| sound of another sentence | n | any offset | in-sync | unpaired |\n|---|---|---|---|---|")
        for kind in ["foreign-same", "foreign-other"] {
            for seconds in [3, 6, 9, 15] {
                let some = foreign.filter { $0.kind == kind && $0.seconds == seconds }
                guard !some.isEmpty else { continue }
                func share(_ test: (Trial) -> Bool) -> String {
                    Clustered.percent(Double(some.count(where: test)) / Double(some.count))
                }
                print(
                    """
                    | \(kind == "foreign-same" ? "same talker" : "another talker"), \(seconds) s | \(some.count) | \
                    \(share { $0.offset != nil }) 
                    """
                        + "| \(share { $0.verdict == "in-sync" }) | \(share { $0.verdict == "unpaired" }) |")
            }
        }
    }
}
