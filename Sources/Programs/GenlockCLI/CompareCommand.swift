import ArgumentParser
import Checks
import MediaIO
import Reporting
import SyncModel
import Workers

struct CompareCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare copies of a programme with their master.",
        discussion: """
            Aligns the video and the audio of each copy with the master's, separately. Reports how far they moved \
            against each other, cuts, and the playback speed. No face is needed.

              genlock compare master.mov delivered.mp4
              genlock compare master.mov renditions/*.mp4 --format jsonl
              genlock compare master.mov hls/master.m3u8   (each rendition)
              genlock compare manifest.mpd                 (each against the first)

            To compare the audio tracks of one file: genlock check FILE --tracks
            """)

    @Argument(help: "The master.", completion: .file())
    var master: String

    @Argument(
        help: "Its copies. Without any, compare the renditions of a playlist or manifest with the first.",
        completion: .file())
    var copies: [String] = []

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    var inputs: [String] { [master] + copies }
    var subject: String { ([master] + copies).joined(separator: ", ") }

    func run() throws {
        Cell.confine()
        let (first, others) = try chosen()
        let measurement = CompareMeasurement(tolerance: judging.tolerance, expectation: judging.expect)
        let isQuiet = output.quiet || !Console.isTerminal
        func tell(_ what: String) { if !isQuiet { Console.note("genlock: \(what.printable) ...\n") } }
        tell("reading the master")
        let prepared: CompareMeasurement.Prepared
        do {
            prepared = try measurement.prepare(master: first.path, sound: first.audio)
        } catch {
            let failure = CompareMeasurement.failure(error, first.path)
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
        for copy in others {
            tell("comparing \(copy.path)")
            let report: ClipReport
            switch Cell.step({ measurement.report(copy: copy.path, sound: copy.audio, on: prepared) }) {
            case .done(let new): report = new
            case .before(let known):
                // Reported by the cell that measured it.
                reports.append(known)
                continue
            case .died(let end):
                report = ClipReport(
                    clip: copy.path, durationSeconds: nil, outcome: .failed(failure(of: end, copy.path)))
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

    /// The master and its copies; a playlist of several renditions stands for all of them.
    private func chosen() throws -> (master: Playlist.Rendition, copies: [Playlist.Rendition]) {
        func renditions(_ path: String) throws -> [Playlist.Rendition] {
            do { return try Playlist.renditions(of: path) ?? [Playlist.Rendition(path: path)] } catch {
                throw Unreadable.ended("\(error.failure.message): \(error.failure.remedy)")
            }
        }
        let own = try renditions(master)
        guard !copies.isEmpty else {
            guard own.count > 1 else {
                throw ValidationError("name a copy: \(master.printable) is not a playlist of several renditions")
            }
            return (own[0], Array(own.dropFirst()))
        }
        return (own[0], try copies.flatMap(renditions))
    }
}
