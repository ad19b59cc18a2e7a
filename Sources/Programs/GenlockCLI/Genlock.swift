import ArgumentParser
import Parquet
import SyncModel

@main
struct Genlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock",
        abstract: "Is it in sync? Measures the offset between audio and video, and says when it cannot tell.",
        discussion: """
            Every offset is in milliseconds, with its uncertainty. Results go to stdout, everything else to stderr.

            Exit status: 0 no fault, 1 something is misaligned or unpaired, 2 something could not be read, 64 usage \
            error, 130 interrupted.
            """,
        version: Version.tool,
        subcommands: [
            CheckCommand.self, ScanCommand.self, TranscriptCommand.self, ViewsCommand.self, CompareCommand.self,
            ActionsCommand.self, ReportCommand.self, ReviewCommand.self, FixCommand.self, MergeCommand.self,
            AdaptCommand.self, TuneCommand.self, PerturbCommand.self,
            WorkerCommand.self, HelperCommand.self,
            DoctorCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            SystemLimits.check()
            ParquetTable.confinement = { Programs.confined($0, writing: $1) }
            if let confined = command as? any ConfinedCommand { try confined.runInCell() }
            try command.run()
        } catch { exit(withError: error) }
    }
}
