import ArgumentParser
import Foundation
import Plan
import SyncModel
import Tuning

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Estimate from a sample how long a corpus scan takes, and find the best settings.",
        discussion: """
            Scans a random sample of the clips with different settings on this machine. Reports where the time goes, \
            which settings to use, and how long the whole corpus takes here and on several machines. Nothing is \
            kept.

              genlock tune clips/
              genlock tune manifest.csv --machines 1,20 --clips 1000000 --price 0.35
            """)

    @Argument(help: "Clips, folders, patterns, manifests, shards.", completion: .file())
    var paths: [String]

    @Option(help: ArgumentHelp("Approximate measuring time, in seconds.", valueName: "seconds"))
    var budget = 120.0

    @Option(help: ArgumentHelp("Maximum number of clips in the sample.", valueName: "n"))
    var sample = 48

    @Option(help: ArgumentHelp("Sampling seed; the same seed selects the same clips.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp("Forecast for these numbers of machines like this one, comma-separated.", valueName: "n,n"))
    var machines = "1"

    @Option(help: ArgumentHelp("Forecast for this many clips of the same kind (default: those named).", valueName: "n"))
    var clips: Int?

    @Option(help: ArgumentHelp("Storage throughput of each machine, in MB/s.", valueName: "mb"))
    var storage: Double?

    @Option(help: ArgumentHelp("Price of a machine per hour; forecasts then include the cost.", valueName: "money"))
    var price: Double?

    @Option(help: ArgumentHelp("Share of machines that stop half-way and are restarted, 0 to 1.", valueName: "share"))
    var failing = 0.0

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    @OptionGroup var checks: CheckOptions
    @OptionGroup var judging: JudgingOptions

    private var fleet: [Int] { machines.split(separator: ",").compactMap { Int($0) } }

    func validate() throws {
        guard budget >= 5 else { throw ValidationError("--budget must be at least 5 seconds") }
        guard sample >= 2 else { throw ValidationError("--sample must be at least 2 clips") }
        guard !fleet.isEmpty, fleet.count == machines.split(separator: ",").count, fleet.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--machines must be a list such as 1,20; not '\(machines)'")
        }
        if let clips, clips < 1 { throw ValidationError("--clips must be at least 1") }
        if let storage, !(storage > 0) { throw ValidationError("--storage must be more than 0 MB/s") }
        if let price, !(price >= 0) { throw ValidationError("--price must be 0 or more") }
        guard (0...1).contains(failing) else { throw ValidationError("--failing must be 0 to 1") }
    }

    func run() throws {
        Interruption.endsTheProgram(saying: "\ngenlock: interrupted; nothing was kept\n")
        var builder = PlanBuilder(
            nulSeparated: false, without: [], duckdb: { Programs.duckdb },
            standardInput: { FileHandle.standardInput.readDataToEndOfFile() })
        let plan = builder.build(paths)
        for problem in plan.problems {
            guard let failure = problem.failure else { continue }
            Console.note("genlock: \(failure.message): \(failure.remedy)\n")
        }
        let known = TuningRun.Corpus(plan)
        tell(missing: known.missing)
        guard known.sizes.count >= 2 else {
            throw Unreadable.ended(
                (known.sizes.isEmpty ? "there is no clip to measure" : "there is only one clip to measure")
                    + ": name at least two that are on disk")
        }
        let tell = { [quiet] (words: String) in if !quiet { Console.note(words + "\n") } }
        tell(
            String(
                format: "measuring a sample of the %ld clips for up to about %.0f s (--budget)", known.sizes.count,
                budget)
        )
        let run = TuningRun(
            corpus: known, settings: try judging.settings(checks), checks: checks.checks, budget: budget,
            most: sample, seed: seed, tell: tell)
        let measured = try Unreadable.told { try run.measure() }
        let report = TuningReport(
            measured,
            forecasts: fleet.map { machines in
                measured.forecast(
                    clips: clips, machines: machines, bytesPerSecond: storage.map { $0 * 1e6 }, failing: failing)
            }, clips: clips ?? known.sizes.count, price: price, paths: paths)
        Console.out(json ? report.json.pretty + "\n" : report.text)
        throw ExitCode((plan.problems.isEmpty && known.missing.isEmpty ? ExitStatus.good : .unreadable).rawValue)
    }

    /// Names the first clips that do not exist, and counts the others.
    private func tell(missing: [String]) {
        for path in missing.prefix(5) {
            Console.note("genlock: \(path.printable) does not exist and is not counted: check the path\n")
        }
        if missing.count > 5 { Console.note("genlock: \(missing.count - 5) more clips do not exist\n") }
    }
}
