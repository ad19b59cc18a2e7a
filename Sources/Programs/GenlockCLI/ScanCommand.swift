import Actions
import ArgumentParser
import Assets
import Checks
import Fetching
import Files
import Foundation
import MediaIO
import Plan
import Reporting
import Statistics
import Storage
import SyncModel
import Views
import Workers

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Check many clips: one line each, and a summary.",
        discussion: """
            Takes clips, folders, quoted patterns, manifests (.csv, .tsv, .jsonl, .parquet with a column 'media'), \
            WebDataset shards (.tar), LeRobot data sets, robot recordings (.mcap, ROS 2 bags, .h5), clips and \
            manifests at https://, and - for a list on standard input. With --store every result is saved at once: \
            the same command resumes where it stopped, and measures only what changed.

              genlock scan clips/
              genlock scan robot-set/ --store set.sqlite
              genlock scan drives/*.mcap
              genlock scan manifest.csv --store clips.sqlite
              genlock scan clips/ --format jsonl > results.jsonl
              find . -name '*.mp4' -print0 | genlock scan -0 - --fail-on 'misaligned>1%'
            """)

    @Argument(help: "Clips, folders, patterns, manifests, shards; - reads a list from stdin.", completion: .file())
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Compare each clip with its master in this folder, found by name: show.mov for show_720p.mp4.",
            valueName: "folder"), completion: .directory)
    var masters: String?

    @Option(
        help: ArgumentHelp("SQLite file for the results; an existing one is resumed.", valueName: "file"),
        completion: .file())
    var store: String?

    @Flag(help: "Re-measure every clip, whatever is in the store.")
    var force = false

    @Flag(help: "Also re-measure clips that failed before, e.g. by a limit, a crash or a missing disk.")
    var retryFailed = false

    @Flag(help: "If another scan is writing the store, wait for it.")
    var wait = false

    @Flag(help: "Print the plan and unmatched files; measure nothing.")
    var dryRun = false

    @Flag(
        name: .customShort("0"),
        help: "Names in the list on stdin end with NUL, as from 'find -print0'.")
    var nulSeparated = false

    @Flag(
        help: "With - alone: measure rows (JSON or paths) as they arrive; print one JSON line for each, in order.")
    var stream = false

    @Option(help: ArgumentHelp("Process shard I of N.", valueName: "i/n"))
    var shard: String?

    @Option(
        help: ArgumentHelp("Measure a random sample of N clips; a larger one extends it.", valueName: "n")
    )
    var sample: Int?

    @Option(help: ArgumentHelp("Sampling seed; the same seed selects the same clips.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Clips to measure in parallel (default: one per CPU core).", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Threads that decode a clip's video (default: 1).", valueName: "n"))
    var decoderThreads: Int?

    @Option(
        help: ArgumentHelp("Per-clip time limit in seconds (default: 120 plus twice its length).", valueName: "s")
    )
    var clipTimeout: Double?

    @Option(
        help: ArgumentHelp(
            "Per-clip memory limit in MB (default: 4096, or 80 % of RAM / jobs if less).", valueName: "mb"))
    var clipMemory: Int?

    @Option(
        help: ArgumentHelp(
            "Cache size for clips fetched from https://, in MB (default: 10240).", valueName: "mb"))
    var cacheSize: Int?

    @Option(
        help: ArgumentHelp(
            """
            Then run 'genlock adapt' on the store, write the model to this file, and re-measure inconclusive clips.
            """,
            valueName: "file"), completion: .file())
    var adapt: String?

    @OptionGroup var gate: GateOptions
    @OptionGroup var checks: CheckOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            """
            Progress output: auto, lines or json on stderr, none, or prometheus=FILE for a monitor.
            """, valueName: "how"), completion: .list(["auto", "lines", "json", "none", "prometheus="]))
    var progress: ScanProgress.Kind = .auto

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
        if let decoderThreads, !DecoderThreads.range.contains(decoderThreads) {
            throw ValidationError("--decoder-threads must be 1 to \(DecoderThreads.range.upperBound)")
        }
        if let shard, Shard(shard) == nil {
            throw ValidationError("--shard must be i/n with i from 1 to n, such as 2/8; not '\(shard)'")
        }
        if let sample, sample < 1 { throw ValidationError("--sample must be at least 1 clip") }
        if let clipTimeout, !(clipTimeout > 0) { throw ValidationError("--clip-timeout must be more than 0 seconds") }
        if let cacheSize, cacheSize < 1 { throw ValidationError("--cache-size must be at least 1 MB") }
        if let clipMemory, clipMemory < 64 { throw ValidationError("--clip-memory must be at least 64 MB") }
        if stream,
            paths != ["-"] || nulSeparated || dryRun || shard != nil || sample != nil || output.json
                || masters != nil
        {
            throw ValidationError(
                "--stream reads rows from standard input: genlock scan - --stream; it excludes "
                    + "-0, --dry-run, --shard, --sample, --masters and --json")
        }
        if adapt != nil, store == nil || stream || dryRun || checks.lipsModel != nil {
            throw ValidationError("--adapt requires --store, and excludes --stream, --dry-run and --lips-model")
        }
        if store == nil, wait { throw ValidationError("--wait requires --store") }
        if store == nil, retryFailed { throw ValidationError("--retry-failed requires --store") }
        try gate.validate()
    }

    func run() throws {
        let alarm = Interruption.rings()
        if stream { return try runStream(alarm) }
        let sets = RobotSetScan(
            paths, checks: checks.checks, store: force || retryFailed ? nil : store, quiet: output.quiet)
        var builder = PlanBuilder(
            nulSeparated: nulSeparated, without: sets.leftOut, duckdb: { Programs.duckdb },
            standardInput: { FileHandle.standardInput.readDataToEndOfFile() }, fetched: FetchedNames.fetch)
        var plan = builder.build(paths)
        if let masters {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: masters, isDirectory: &isFolder), isFolder.boolValue else {
                throw Unreadable.ended("--masters \(masters) is not a folder: check the path")
            }
            plan.pair(masters: MediaFinder.clips(under: masters).filter(MediaFinder.isMedia))
        }
        let ofGroups = Set(CheckCatalogue.ofGroups)
        if !ofGroups.isDisjoint(with: checks.checks) { plan.addGroups() }
        if ofGroups.isSuperset(of: checks.checks) { plan.keepGroupsOnly() }
        let all = plan.clips.count
        if let sample { plan = plan.sample(sample, seed: seed) }
        let clips = plan.clips.count
        sets.add(to: &plan, choice: RobotSetSource.Choice(sample: sample, seed: seed, isThorough: judging.thorough))
        if let shard = shard.flatMap(Shard.init) { plan = plan.shard(shard) }
        let settings = try judging.settings(checks)
        let parameters = try ScanParameters(checks: checks.checks, settings: settings).document
        let kept = KeptResults(
            force: force, retriesFailed: retryFailed, hasNewLimits: clipTimeout != nil || clipMemory != nil)
        if dryRun {
            Console.out(
                try DryRun(plan: plan, store: store, parameters: parameters, kept: kept).text(listing: !output.quiet))
            throw ExitCode(plan.problems.isEmpty ? ExitStatus.good.rawValue : ExitStatus.unreadable.rawValue)
        }
        if !output.quiet, !plan.unpaired.isEmpty { Console.note(UnpairedFiles.text(plan.unpaired)) }
        let environment = ProcessInfo.processInfo.environment
        if settings.words, !output.quiet, WordLook.Programs(environment: environment).synthesiser == nil {
            Console.note(
                """
                genlock: --words judges no word: genlock-speech-synth is missing; 'genlock doctor' shows how to get \
                it\n
                """)
        }
        let baseline = try gate.baselineRecords()
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let printer = ScanPrinter(
            format: output.json ? .document : output.format == .jsonl ? .lines : .text,
            names: plan.problems.map(\.clip) + plan.clips.map(\.request.clip), quiet: output.quiet)
        let scan = CorpusScan(
            plan, parameters: parameters,
            orders: WorkerOrders(
                checks: checks.checks, settings: settings,
                memoryLimit: clipMemory.map { $0 << 20 } ?? WorkerLimits.defaultMemory(jobs: jobs)),
            options: CorpusScan.Options(
                store: store, wait: wait, kept: kept, jobs: jobs,
                decoderThreads: decoderThreads ?? DecoderThreads.count, clipTimeout: clipTimeout,
                cacheLimit: cacheSize.map { $0 << 20 } ?? FetchCache.standardLimit, alarm: alarm),
            printer: printer,
            progress: ScanProgress(
                kind: output.quiet ? progress.quiet : progress, total: plan.problems.count + plan.clips.count))
        scan.documents = sets.source.documents.map {
            (kind: RobotSetScan.kind, name: $0.root, body: String(decoding: $0.document, as: UTF8.self))
        }
        scan.prepare = { sets.source.filled($0, isMeasured: $1) }
        scan.sample = clips == 0 ? nil : sample.map { SampleFrame(of: all, clips: min($0, all), seed: seed) }
        if let worker = Programs.otherWorker {
            Console.note(
                """
                genlock: \(Programs.workerVariable) is set: the clips are measured by \(worker.printable), not by \
                genlock; unset it to measure with genlock\n
                """)
        }
        let outcome: CorpusScan.Outcome
        do { outcome = try scan.run() } catch { throw ScanCommand.told(error) }
        if scan.failedBefore > 0, !output.quiet {
            Console.note(
                """
                genlock: \(scan.failedBefore) of the failures are from earlier scans; --retry-failed re-measures them\n
                """)
        }
        if outcome.isInterrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
        printer.finish()
        let together = PoolText.lines(EpisodePools(scan.episodes)).map { $0 + "\n" }.joined()
        if output.format == .text, !output.json {
            Console.out(together)
        } else if !output.quiet {
            Console.note(together)
        }
        if let frame = scan.sample, !output.quiet { Console.note(SampleSummary.text(scan.sampled, frame)) }
        var tally = scan.tally
        for answer in try adapted(jobs)?.measured ?? [] { tally.replace(answer.before, by: answer.after) }
        throw ExitCode(
            gate.status(tally, strict: judging.strict, against: baseline, now: scan.kept, quiet: output.quiet)
                .rawValue)
    }
}

extension ScanCommand {
    /// The outcome of `--adapt`, if requested. It is reported on stderr; a failure to train does not fail the scan.
    private func adapted(_ jobs: Int) throws -> AdaptationOutcome? {
        guard let adapt, let store else { return nil }
        let isQuiet = output.quiet
        let tell: @Sendable (String) -> Void = { if !isQuiet { Console.note($0 + "\n") } }
        let adaptation = CorpusAdaptation(
            store: store, output: adapt, speakerColumn: nil, seed: 1, jobs: jobs, leavesStore: false, tell: tell)
        do {
            let outcome = try adaptation.run()
            if !output.quiet { Console.note(outcome.text) }
            return outcome
        } catch let failure as ClipFailure {
            Console.note("genlock: \(failure.message): \(failure.remedy)\n")
            return nil
        } catch { throw ScanCommand.told(error) }
    }

    /// Answers rows as they arrive.
    private func runStream(_ alarm: Int32) throws {
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let settings = try judging.settings(checks)
        let scan = StreamScan(
            parameters: try ScanParameters(checks: checks.checks, settings: settings).document,
            orders: WorkerOrders(
                checks: checks.checks, settings: settings,
                memoryLimit: clipMemory.map { $0 << 20 } ?? WorkerLimits.defaultMemory(jobs: jobs)),
            options: CorpusScan.Options(
                store: store, wait: wait,
                kept: KeptResults(
                    force: force, retriesFailed: retryFailed, hasNewLimits: clipTimeout != nil || clipMemory != nil),
                jobs: jobs, decoderThreads: decoderThreads ?? DecoderThreads.count, clipTimeout: clipTimeout,
                alarm: alarm),
            progress: ScanProgress(
                kind: output.quiet || progress == .auto ? progress.quiet : progress, total: nil))
        do { try scan.run() } catch { throw ScanCommand.told(error) }
        if scan.isInterrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
        throw ExitCode(gate.status(scan.tally, strict: judging.strict, against: nil, now: [], quiet: true).rawValue)
    }

    /// Reports on stderr why a scan failed.
    private static func told(_ error: any Error) -> ExitCode {
        switch error {
        case let error as StoreError: Console.note("genlock: \(error.description)\n")
        case let error as StagedFileError: Console.note("genlock: \(error.description)\n")
        default: Console.note("genlock: \(error); run 'genlock doctor'\n")
        }
        return ExitCode(ExitStatus.unreadable.rawValue)
    }
}

/// The parameters that results depend on: results of other parameters are not reused.
struct ScanParameters {
    let document: String

    init(checks: [Check], settings: CheckSettings) throws {
        // Groups and episodes have no entry in the catalogue.
        let others: [(check: Check, method: MethodVersion)] = [
            (.views, ViewsAnalyser.method), (.actions, ActionsReport.method), (.sensor, EpisodeMeasurer.method),
        ]
        let methods =
            try CheckCatalogue.make(checks, settings).map { try $0.method }
            + others.filter { checks.contains($0.check) }.map(\.method)
        // All settings of the checks, except the paths of their models.
        var told = settings
        told.assets = ""
        told.lipModel?.path = ""
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let words = String(decoding: try encoder.encode(told), as: UTF8.self)
        var installed: [(name: String, value: JSONValue)] = [
            ("faces", .bool(AssetFolder(root: settings.assets).missing.isEmpty))
        ]
        if checks.contains(.speakers) {
            installed.append(("voices", .bool(VoiceAssets(root: settings.assets).missing.isEmpty)))
        }
        if settings.words {
            let programs = WordLook.Programs(environment: ProcessInfo.processInfo.environment)
            installed.append(
                ("aligners", .integer((programs.synthesiser == nil ? 0 : 1) + (programs.aligner == nil ? 0 : 2))))
        }
        // Results of another program are not results of this one.
        if let worker = Programs.otherWorker { installed.append(("worker", .string(worker))) }
        let head = JSONValue.object(
            [
                ("schema_version", .integer(Version.schema)), ("checks", .array(checks.map { .string($0.rawValue) })),
                ("methods", .array(methods.map { .string($0.rawValue) })),
                // Clips not measured for want of a library are re-measured once it is installed.
            ] + installed
        ).compact
        document = head.dropLast() + ",\"settings\":" + words + "}"
    }

    /// Parameters in a store's document.
    struct Known: Decodable, Hashable {
        let checks: [Check]
        let settings: CheckSettings

        /// nil: unreadable, for example of another version.
        init?(_ document: String) {
            guard let known = try? JSONDecoder().decode(Known.self, from: Data(document.utf8)) else { return nil }
            self = known
        }
    }
}
