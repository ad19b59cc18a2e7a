import ArgumentParser
import Checks
import Reporting
import SyncModel
import Workers

struct CompareCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Hold copies of a programme against their master.",
        discussion: """
            Lays picture and sound of every copy on the master's, each by itself, and says how far a copy moved one \
            against the other, where it was cut, and at what speed it plays. No face is needed.

              genlock compare master.mov delivered.mp4
              genlock compare master.mov renditions/*.mp4 --format jsonl

            The audio tracks of one file are held against each other by genlock check FILE --tracks.
            """)

    @Argument(help: "The master.", completion: .file())
    var master: String

    @Argument(help: "Its copies.", completion: .file())
    var copies: [String]

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    var inputs: [String] { [master] + copies }
    var subject: String { ([master] + copies).joined(separator: ", ") }

    func run() throws {
        Cell.confine()
        let measurement = CompareMeasurement(tolerance: judging.tolerance, expectation: judging.expect)
        let isQuiet = output.quiet || !Console.isTerminal
        func tell(_ what: String) { if !isQuiet { Console.note("genlock: \(what.printable) ...\n") } }
        tell("reading the master")
        let prepared: CompareMeasurement.Prepared
        do {
            prepared = try measurement.prepare(master: master)
        } catch {
            let failure = CompareMeasurement.failure(error, master)
            let report = ClipReport(clip: master, durationSeconds: nil, outcome: .failed(failure))
            if output.json {
                Console.out(CompareDocument(master: master, reports: [report]).json.pretty + "\n")
            } else if output.format == .jsonl {
                Console.out(report.json.compact + "\n")
            }
            Console.note("genlock: " + ClipText.explanation(report))
            throw ExitCode(ExitStatus.unreadable.rawValue)
        }
        var reports: [ClipReport] = []
        for copy in copies {
            tell("comparing \(copy)")
            let report: ClipReport
            switch Cell.step({ measurement.report(copy: copy, on: prepared) }) {
            case .done(let new): report = new
            case .before(let known):
                // Told by the cell that measured it.
                reports.append(known)
                continue
            case .died(let end):
                report = ClipReport(clip: copy, durationSeconds: nil, outcome: .failed(failure(of: end, copy)))
            }
            if output.format == .jsonl, !output.json {
                Console.out(report.json.compact + "\n")
            } else if !output.json, report.failure == nil {
                Console.out((reports.isEmpty ? "" : "\n") + ClipText.explanation(report))
            }
            if report.failure != nil { Console.note("genlock: " + ClipText.explanation(report)) }
            reports.append(report)
        }
        if output.json { Console.out(CompareDocument(master: master, reports: reports).json.pretty + "\n") }
        throw ExitCode(judging.status(reports.map(\.verdict)).rawValue)
    }
}
