import ArgumentParser
import Assets
import Checks
import Files
import Foundation
import MediaIO
import Plan
import Reporting
import SignalCore
import SyncModel
import TimedText
import Transcripts

struct TranscriptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcript",
        abstract: "Hold captions, word times, speakers' turns or sound events against the sound.",
        discussion: """
            Says whether the text is on time, one offset or a drift away, cut into pieces, or of another recording.
            Turns of speakers (RTTM, tables, tiers) are held against the voices, labels of events against what begins \
            and ends.
            Without a FILE the subtitles inside the media are looked at.

              genlock transcript talk.mp4 talk.srt
              genlock transcript talk.mp4 talk.en.vtt talk.de.vtt --timing-only
              genlock transcript talk.mp4 talk.srt --write fixed.srt
              genlock transcript talk.wav talk.rttm
              genlock transcript street.wav street.txt --as events
            """)

    @Argument(help: "The recording.", completion: .file())
    var media: String

    @Argument(
        help:
            """
            Transcripts and labels: SRT, WebVTT, ASS, TTML, EBU-STL, MicroDVD, LRC, CTM, STM, RTTM, TextGrid, EAF, \
            JSON, Audacity labels, tables.
            """,
        completion: .file())
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the transcript with its times mended: a file, or a folder for several.", valueName: "fixed"),
        completion: .file())
    var write: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "What the labels are: text, turns or events (default: told by the format and its columns).",
            valueName: "kind"),
        transform: TranscriptCommand.kind)
    var kind: SoundLabels.Kind?

    @Option(help: ArgumentHelp("The tier to look at, by its name (default: words, else cues).", valueName: "name"))
    var tier: String?

    @Option(
        help: ArgumentHelp(
            "How the file's characters are written, such as windows-1252 (default: recognised).", valueName: "name"))
    var encoding: String?

    @Option(
        help: ArgumentHelp(
            "Which audio stream to take, counted from 0 (default: the file's own default).", valueName: "n"))
    var audioStream: Int?

    @Option(help: ArgumentHelp("Language of the text, as a code; kept in the finding.", valueName: "code"))
    var language: String?

    @Flag(help: "Judge by timing alone, as for translated subtitles.")
    var timingOnly = false

    @Flag(help: "Judge the words or cues one by one.")
    var words = false

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    private static func kind(_ text: String) throws -> SoundLabels.Kind {
        guard let kind = SoundLabels.Kind(rawValue: text) else {
            throw ValidationError("'\(text)' is not a kind of labels; give text, turns or events")
        }
        return kind
    }

    func validate() throws {
        if let audioStream, audioStream < 0 { throw ValidationError("--audio-stream counts from 0") }
        if judging.expect != judging.expect.ofOtherPairs {
            throw ValidationError(
                """
                --expect is about sound against picture (check, scan) and one view against another (views); text and \
                labels are meant to be in time: only 'unknown' goes here
                """
            )
        }
        if let encoding, TextEncoding(named: encoding) == nil {
            throw ValidationError(
                """
                '\(encoding)' is no known encoding; known are \
                \(TextEncoding.allCases.dropLast().map(\.rawValue).joined(separator: ", "))
                """
            )
        }
    }

    func run() throws {
        Interruption.endsTheProgram()
        let analyser = TranscriptAnalyser(
            model: try .chosen(), tolerance: judging.tolerance, expectation: judging.expect, timingOnly: timingOnly)
        let look = WordLook(thorough: judging.thorough)
        func judged(_ finding: Finding, _ source: TranscriptSource, _ heard: TranscriptMedia) -> Finding {
            guard words, !timingOnly else { return finding }
            return look.added(to: finding, source: source, sound: heard.sound)
        }
        var reports: [ClipReport] = []
        do {
            let settings = CheckSettings(
                tolerance: judging.tolerance, expectation: judging.expect, thorough: judging.thorough,
                assets: AssetFolder(environment: ProcessInfo.processInfo.environment).root)
            let labelHearings = LabelHearings(files: files, kind: kind, settings: settings)
            let heard = try TranscriptMedia(
                path: media, audioStream: audioStream, needsTracks: files.isEmpty, keepsSound: words, listener: labelHearings,
                model: analyser.model)
            var findings: [Finding] = []
            var failures: [ClipFailure] = []
            for (file, hearing) in zip(files, labelHearings.hearings) {
                do {
                    let encoding = encoding.flatMap(TextEncoding.init(named:))
                    if let hearing {
                        let labels = try SoundLabels(
                            path: file, kind: kind, frameRate: heard.frameRate, encoding: encoding, tier: tier,
                            mediaName: media)
                        let made = try labelHearings.findings(hearing, [labels])
                        for finding in made { try mend(labels.document, labels.name, finding) }
                        findings += made
                        continue
                    }
                    let source = try TranscriptSource(
                        path: file, frameRate: heard.frameRate, encoding: encoding, tier: tier, mediaName: media)
                    let finding = judged(
                        source.finding(analyser, sound: heard.scores, language: language), source, heard)
                    try mend(source.document, source.name, finding)
                    findings.append(finding)
                } catch let failure as ClipFailure { failures.append(failure) }
            }
            for track in heard.tracks {
                let source = TranscriptSource(track: track, media: media)
                findings.append(
                    judged(source.finding(analyser, sound: heard.scores, language: language), source, heard))
            }
            failures += heard.unreadTracks
            if files.isEmpty, heard.tracks.isEmpty, failures.isEmpty {
                failures.append(
                    ClipFailure(
                        code: "no-text", message: "\(media.printable) holds no subtitles",
                        remedy: "name a transcript beside it"))
            }
            if !findings.isEmpty {
                reports.append(
                    ClipReport(clip: media, durationSeconds: heard.durationSeconds, outcome: .measured(findings)))
            }
            for failure in failures {
                reports.append(
                    ClipReport(clip: media, durationSeconds: heard.durationSeconds, outcome: .failed(failure)))
            }
        } catch let error as MediaError {
            reports.append(ClipReport(clip: media, durationSeconds: nil, outcome: .failed(error.failure)))
        } catch let failure as ClipFailure {
            reports.append(ClipReport(clip: media, durationSeconds: nil, outcome: .failed(failure)))
        }
        if reports.count > 1, output.json || output.format == .jsonl {
            show(combined(reports))
            for report in reports where report.failure != nil {
                Console.note("genlock: " + ClipText.explanation(report))
            }
        } else {
            for report in reports { show(report) }
        }
        throw ExitCode(judging.status(reports.map(\.verdict)).rawValue)
    }

    /// One document for one recording: files that could not be read are findings of it.
    private func combined(_ reports: [ClipReport]) -> ClipReport {
        let findings = reports.flatMap { report in
            report.failure.map { failure in
                [
                    .unreadable(
                        failure, check: .transcript, subject: .text, reference: .audio, tolerance: judging.tolerance,
                        method: "none")
                ]
            } ?? report.findings
        }
        return ClipReport(clip: media, durationSeconds: reports.first?.durationSeconds, outcome: .measured(findings))
    }

    private func show(_ report: ClipReport) {
        if output.json {
            Console.out(report.json.pretty + "\n")
        } else if output.format == .jsonl {
            Console.out(report.json.compact + "\n")
        } else if report.failure == nil {
            Console.out(ClipText.explanation(report))
        }
        if report.failure != nil { Console.note("genlock: " + ClipText.explanation(report)) }
    }

    /// Writes the mended transcript, where that was asked for and there is something to mend it by.
    private func mend(_ document: TimedTextDocument?, _ name: String, _ finding: Finding) throws {
        guard let write, let document else { return }
        guard let move = TranscriptMove(finding) else {
            Console.note("genlock: \(name.printable) was not written: the verdict is \(finding.verdict.rawValue)\n")
            return
        }
        let path = files.count > 1 ? write + "/" + (name as NSString).lastPathComponent : write
        do {
            let rewritten = try document.rewritten(move.time)
            if rewritten.clamped > 0 {
                Console.note(
                    """
                    genlock: \(rewritten.clamped) times of \(name.printable) would lie before the beginning and were \
                    put there\n
                    """
                )
            }
            if files.count > 1 {
                try FileManager.default.createDirectory(atPath: write, withIntermediateDirectories: true)
            }
            try StagedFile.write(rewritten.bytes, to: path, writesThrough: true)
            if !output.quiet { Console.note("genlock: wrote \(path.printable)\n") }
        } catch let error as TimedTextError {
            throw ClipFailure(code: error.code, message: "\(name.printable) \(error.message)", remedy: error.remedy)
        } catch {
            let reason = (error as? StagedFileError)?.reason ?? error.localizedDescription
            throw ClipFailure(
                code: "cannot-write", message: "\(path.printable) cannot be written (\(reason))",
                remedy: "check the folder and its permissions")
        }
    }
}
