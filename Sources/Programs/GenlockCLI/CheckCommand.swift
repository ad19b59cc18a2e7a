import ArgumentParser
import Checks
import Plan
import Reporting
import RobotRecordings
import SyncModel
import Workers

struct CheckCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check one clip and explain the result.",
        discussion: """
            Measures the offset between the audio and the lips of the speaking face.

              genlock check take3.mov
              genlock check take3.mov --audio boom.wav
              genlock check take3.mov --json
              genlock check feature.mkv --tracks
            """)

    @Argument(help: "The clip.", completion: .file())
    var clip: String

    @Option(
        help: ArgumentHelp("Separate audio file.", valueName: "file"), completion: .file())
    var audio: String?

    @Option(
        help: ArgumentHelp(
            "Timed text of the clip (default: files beside it with its name, or subtitles inside it).",
            valueName: "file"),
        completion: .file())
    var transcript: String?

    @Option(
        help: ArgumentHelp(
            "Audio stream to use, counted from 0 (default: the file's default stream).", valueName: "n"))
    var audioStream: Int?

    @Flag(help: "Also list every face: when and where it is visible, and when it speaks.")
    var faces = false

    @Flag(help: "Compare further audio tracks (languages, mixes, commentary) with the first instead.")
    var tracks = false

    @OptionGroup var checks: CheckOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if tracks, audio != nil || transcript != nil || audioStream != nil || faces {
            throw ValidationError("--tracks compares the audio tracks of one file; give no other files")
        }
        if let audioStream, audioStream < 0 { throw ValidationError("--audio-stream must be 0 or more") }
    }

    func run() throws {
        if tracks {
            Cell.confine()
            let measurement = TracksMeasurement(tolerance: judging.tolerance, expectation: judging.expect)
            return try show(measurement.report(clip))
        }
        if RecordingFile.isRecording(clip) {
            Cell.confine()
            return try show(
                RecordingMeasurer(judging.settings(checks)).measure(
                    clip, RecordingTask(clip), opened: Cell.opened(seconds:)))
        }
        let measurer = ClipMeasurer(
            checks: CheckCatalogue.make(checks.checks, try judging.settings(checks)), tolerance: judging.tolerance,
            language: checks.language)
        // The checks have started the programs that they need.
        Cell.confine()
        let beside = TranscriptsBeside.files(of: clip)
        var files = ClipFiles(
            audio: audio, audioStream: audioStream, transcripts: transcript.map { [$0] } ?? beside.transcripts)
        files.labels = beside.labels
        if transcript == nil, !output.quiet {
            for file in beside.left {
                Console.note("genlock: \(file.printable) is left out; choose the text with --transcript\n")
            }
        }
        try show(measurer.measure(ClipRequest(clip: clip, files: files)))
    }

    var inputs: [String] { [clip, audio, transcript].compactMap { $0 } }
    var subject: String { clip }
    var memory: Int { WorkerLimits.defaultMemory(jobs: 1) / 2 * 3 }

    func tell(_ failure: ClipFailure) {
        printReport(ClipReport(clip: clip, durationSeconds: nil, outcome: .failed(failure)))
    }

    private func show(_ report: ClipReport) throws {
        printReport(report)
        throw ExitCode(judging.status([report.verdict]).rawValue)
    }

    private func printReport(_ report: ClipReport) {
        if output.json {
            Console.out(report.json.pretty + "\n")
        } else if output.format == .jsonl {
            Console.out(report.json.compact + "\n")
        } else if report.failure == nil {
            Console.out(ClipText.explanation(report))
            if faces { Console.out(FaceTable.text(report)) }
        }
        if report.failure != nil { Console.note("genlock: " + ClipText.explanation(report)) }
    }
}
