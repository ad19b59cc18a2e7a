import ArgumentParser
import Checks
import Files
import Foundation
import MediaIO
import Reporting
import SensorLogs
import Sensors
import SyncModel
import Views
import Workers

struct ViewsCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "views",
        abstract: "Align cameras and recorders of one event on one clock.",
        discussion: """
            The first recording is the reference. All pairs are compared, by audio and by video; a wrong pair is \
            reported and left out.

              genlock views cam1.mp4 cam2.mp4 recorder.wav
              genlock views cam*.mp4 --export timeline.otio --export cut.sh
              genlock views cam0.mp4 cam1.mp4 --capture-times frames.csv
              genlock views cam0.mp4 joints.csv --columns time=t:ms,speed=joint_vel
              genlock views cam0.mp4 drive.mcap#/joint_states

            Sensor logs (.csv, .tsv, .txt, .jsonl, .npy, .npz, .parquet, topics of .mcap, .db3, .h5) can be \
            given too: their clocks are judged, and their motion is compared with the video's.
            """)

    @Argument(help: "Recordings, the reference first.", completion: .file())
    var recordings: [String]

    @Option(
        help: ArgumentHelp(
            "Comma-separated evidence: sound, picture (video over 2 min only where audio gives no answer).",
            valueName: "kinds"))
    var by: String = "sound,picture"

    @Option(
        help: ArgumentHelp(
            "Table of frame capture times: columns for view, frame number and time.", valueName: "csv"),
        completion: .file())
    var captureTimes: String?

    @Option(
        help: ArgumentHelp("Column names of that table, if unusual: VIEW,FRAME,TIME.", valueName: "names"))
    var captureColumns: String?

    @Option(
        help: ArgumentHelp(
            "Comma-separated log columns: ROLE=COLUMN, the time with its unit (default: inferred from names).",
            valueName: "columns"))
    var columns: String?

    @Option(help: ArgumentHelp("Declared sample rate of the logs, in Hz.", valueName: "hertz"))
    var logRate: Double?

    @Option(
        help: ArgumentHelp(
            "Distance from the sound source to each microphone, in metres, comma-separated, in the order given.",
            valueName: "metres"))
    var distance: String?

    @Option(
        help: ArgumentHelp(
            """
            Write the common timeline to a file: .json, .csv, .otio, .fcpxml, .xml (Premiere), or .sh (FFmpeg \
            commands). Can be repeated.
            """, valueName: "file"), completion: .file())
    var export: [String] = []

    @Flag(help: "Do not check each camera's audio against the lips in its video.")
    var noLips = false

    @Option(help: ArgumentHelp("Recordings to read in parallel (default: one per CPU core).", valueName: "n"))
    var jobs: Int?

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    private func methods() throws -> Set<PairMeasurement.Method> {
        try Set(
            by.split(separator: ",").map { word in
                guard let method = PairMeasurement.Method(rawValue: String(word)) else {
                    throw ValidationError("'\(word)' is unknown evidence; give sound, picture or both, with a comma")
                }
                return method
            })
    }

    private func distances() throws -> [Double] {
        try (distance ?? "").split(separator: ",").map { word in
            guard let metres = Double(word), metres >= 0, metres < 10_000 else {
                throw ValidationError("'\(word)' is not a distance in metres; give one per recording, such as 2,8,3.5")
            }
            return metres
        }
    }

    private var media: [String] { recordings.filter { !LogReader.isLog($0) } }

    private func choice() throws -> ColumnChoice {
        do throws(ColumnChoice.Problem) {
            return try ColumnChoice(parsing: columns ?? "")
        } catch {
            throw ValidationError(error.description)
        }
    }

    private func captured() throws -> (view: String, frame: String, time: String)? {
        guard let captureColumns else { return nil }
        let names = captureColumns.split(separator: ",").map(String.init)
        guard names.count == 3 else { throw ValidationError("--capture-columns takes three names: VIEW,FRAME,TIME") }
        return (names[0], names[1], names[2])
    }

    private func exports() throws -> [(path: String, format: ViewsExport.Format)] {
        try export.map { path in
            let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
            guard let format = ViewsExport.Format(rawValue: ending) else {
                throw ValidationError(
                    """
                    '\(path)' does not end in .json, .csv, .otio, .fcpxml, .xml or .sh: the extension selects the format
                    """)
            }
            return (path, format)
        }
    }

    func validate() throws {
        guard recordings.count > 1 else { throw ValidationError("name at least two recordings, the reference first") }
        guard media.count > 0 else {
            throw ValidationError("name at least one recording with video besides the logs")
        }
        _ = try choice()
        if let logRate, !(logRate > 0) { throw ValidationError("--log-rate must be a number of samples per second") }
        guard try !methods().isEmpty else { throw ValidationError("--by needs sound, picture or both") }
        let metres = try distances()
        guard metres.isEmpty || metres.count == media.count else {
            throw ValidationError(
                "--distance has \(metres.count) numbers for \(media.count) recordings: give one for each")
        }
        _ = try captured()
        _ = try exports()
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }

    var inputs: [String] { recordings + [captureTimes].compactMap { $0 } }
    var subject: String { recordings.joined(separator: ", ") }
    var grants: CellGrants { CellGrants(export.map { CellGrants.Place($0, replaces: true) }) }

    func run() throws {
        let logs = recordings.filter { LogReader.isLog($0) }
        // The program that reads Parquet is confined separately, and cannot be started later.
        let tables = SensorsBeside.tables(logs)
        Cell.confine()
        let measurement = ViewsMeasurement(
            reader: ViewReader(captureTimes: try table()),
            analyser: ViewsAnalyser(tolerance: judging.tolerance, expectation: judging.expect),
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, methods: try methods(),
            thorough: judging.thorough || media.count < recordings.count,
            distances: try distances())
        let isQuiet = output.quiet || !Console.isTerminal
        var views: [ViewInput] = []
        let lips = try ownSound()?.finding
        let measured = try measured { deadly in
            measurement.report(
                media, unreadable: deadly, lips: lips, seen: { views = $0 },
                progress: { what in if !isQuiet { Console.note("genlock: \(what) ...\n") } })
        }
        let sensors = SensorsBeside(
            logs: logs, tables: tables, choice: try choice(), declaredRate: logRate,
            analyser: SensorAnalyser(tolerance: judging.tolerance, expectation: judging.expect))
        let report = sensors.adding(to: measured, views: views)
        if output.json {
            Console.out(report.json.pretty + "\n")
        } else if output.format == .jsonl {
            Console.out(report.json.compact + "\n")
        } else if !report.clock.isEmpty {
            Console.out(ViewsText.explanation(report))
        }
        if report.clock.isEmpty { Console.note("genlock: " + ViewsText.explanation(report)) }
        if output.json || output.format == .jsonl {
            for entry in report.failures {
                Console.note("genlock: \(entry.failure.message): \(entry.failure.remedy)\n")
            }
        }
        let exports = try exports()
        let facts = exports.contains { $0.format.needsMedia } ? ViewsCommand.facts(of: report.clock.map(\.clip)) : [:]
        for (path, format) in exports where !report.clock.isEmpty {
            do {
                let text = ViewsExport.text(report, as: format, media: facts)
                try StagedFile.write(Array(text.utf8), to: path, writesThrough: true)
            } catch {
                Console.note(
                    """
                    genlock: \(path.printable) cannot be written (\(error.reason)): name a file in a \
                    writable folder\n
                    """
                )
                throw ExitCode(ExitStatus.unreadable.rawValue)
            }
        }
        // Unreadable recordings count as such, even if the rest agrees.
        let isWhole = !report.clock.isEmpty && report.failures.isEmpty
        throw ExitCode(judging.status(report.findings.map(\.verdict) + (isWhole ? [] : [.failed])).rawValue)
    }

    /// Measures the recordings. If one crashes the process, the next process opens them one by one, and measures
    /// without the ones that did it again, which count as unreadable.
    private func measured(_ measure: ([String: ClipFailure]) -> ViewsReport) throws -> ViewsReport {
        var report: ViewsReport?
        func end(without deadly: [String: ClipFailure]) -> Cell.End? {
            let step = Cell.step {
                report = measure(deadly)
                return true
            }
            if case .died(let end) = step { return end }
            return nil
        }
        guard let first = end(without: [:]) else { return report ?? measure([:]) }
        var deadly: [String: ClipFailure] = [:]
        for clip in media {
            let step = Cell.step {
                ViewsCommand.decode(clip)
                return true
            }
            if case .died(let end) = step { deadly[clip] = failure(of: end, clip) }
        }
        if let last = deadly.isEmpty ? first : end(without: deadly) {
            tell(failure(of: last, subject))
            throw ExitCode(ExitStatus.unreadable.rawValue)
        }
        return report ?? measure(deadly)
    }

    /// Reads all of a recording, and keeps nothing.
    private static func decode(_ clip: String) {
        guard let file = try? MediaFile(path: clip) else { return }
        let sound = (try? file.audioStream(number: nil))??.index
        _ = try? file.decode(MediaSelection(video: file.videoStream?.index, audio: sound))
    }

    /// Facts of recordings for editors; of those that can be read.
    private static func facts(of clips: [String]) -> [String: TimelineMedia] {
        var result: [String: TimelineMedia] = [:]
        for clip in clips {
            guard let file = try? MediaFile(path: clip) else { continue }
            let picture = file.isStillPicture ? nil : file.videoStream
            let sound = try? file.audioStream(number: nil)
            result[clip] = TimelineMedia(
                url: URL(fileURLWithPath: clip).absoluteString, frameRate: picture?.frameRate,
                width: picture?.width ?? 0, height: picture?.height ?? 0, sampleRate: sound?.sampleRate,
                channels: sound?.channels ?? 0)
        }
        return result
    }

    /// Measures a recording's own audio against its lips, with the standard tolerance.
    private func ownSound() throws -> OwnSound? {
        guard !noLips, media.count > 1, try methods().contains(.sound), try methods().contains(.picture) else {
            return nil
        }
        let settings = try JudgingOptions.parse([]).settings(CheckOptions.parse([]))
        return OwnSound(settings)
    }

    private func table() throws -> CaptureTimes? {
        guard let captureTimes else { return nil }
        guard let text = try? String(contentsOfFile: FetchedFiles.place(captureTimes), encoding: .utf8) else {
            throw Unreadable.ended("--capture-times \(captureTimes): cannot be read as text; check the path")
        }
        do {
            return try CaptureTimes(text: text, file: captureTimes.printable, columns: try captured())
        } catch let problem as CaptureTimes.Problem {
            throw Unreadable.ended(problem.description)
        }
    }
}
