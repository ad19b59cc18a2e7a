import ArgumentParser
import Foundation
import Reporting
import Scanning
import SyncModel

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Check many clips, one line each, with a summary.",
        discussion: """
            Folders are searched for media; files named one by one are taken whatever their name.

              genlock scan clips/
              genlock scan clips/ --format jsonl > results.jsonl
              genlock scan a.mp4 b.mov --tolerance ebu-r37 --strict
            """)

    @Argument(help: "Clips, or folders of clips.", completion: .file())
    var paths: [String]

    @Option(help: ArgumentHelp("How many clips to measure at once (default: one a processor core).", valueName: "n"))
    var jobs: Int?

    @OptionGroup var checks: CheckOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    }

    func run() throws {
        Interruption.endsTheProgram()
        var requests: [ClipRequest] = []
        var barren: [ClipReport] = []
        for path in paths {
            let found = MediaFinder.clips(under: path)
            requests += found.map { ClipRequest(clip: $0) }
            if found.isEmpty { barren.append(ScanCommand.withoutMedia(path)) }
        }
        let printer = ScanPrinter(
            format: output.json ? .document : output.format == .jsonl ? .lines : .text,
            clips: barren.map(\.clip) + requests.map(\.clip), quiet: output.quiet)
        let (asked, settings) = (checks.checks, judging.settings(checks))
        for report in barren { printer.add(report) }
        ParallelScan(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
            .run(requests, makeMeasurer: { ClipMeasurer(checks: CheckCatalogue.make(asked, settings)) }, deliver: { printer.add($0) })
        printer.finish()
        throw ExitCode(judging.status(printer.verdicts).rawValue)
    }

    private static func withoutMedia(_ folder: String) -> ClipReport {
        let failure = ClipFailure(
            code: "no-media", message: "\(folder.printable) is a folder without media files",
            remedy: "name another folder, or the files themselves if their names do not end like media")
        return ClipReport(clip: folder, durationSeconds: nil, outcome: .failed(failure))
    }
}
