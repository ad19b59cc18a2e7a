import ArgumentParser
import Assets
import Checks
import Files
import Fixing
import Foundation
import MediaIO
import Muxing
import Plan
import Reporting
import SignalCore
import SyncModel
import TimedText
import Transcripts
import Workers

struct TranscriptCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcript",
        abstract: "Check captions, word times, speaker turns or sound events against the audio.",
        discussion: """
            Reports whether the text is in sync, has an offset or drift, has segments with different offsets, or \
            belongs to another recording. Speaker turns (RTTM, tables, tiers) are compared with the voices, event \
            labels with the starts and ends of sounds.

            Without FILES, the texts inside the media are checked: subtitles, and captions in video packets. MEDIA#2 \
            and MEDIA#cc1 name one of them. A timed text in place of the recording is the reference for the others: by \
            words, or by times where the languages differ.

              genlock transcript talk.mp4 talk.srt
              genlock transcript talk.mp4 talk.en.vtt talk.de.vtt --timing-only
              genlock transcript talk.mp4 talk.srt --write fixed.srt
              genlock transcript talk.wav talk.rttm
              genlock transcript street.wav street.txt --as events
              genlock transcript good.en.srt late.de.srt --write fixed.de.srt
              genlock transcript show.ts show.ts#cc1 --write fixed.srt
            """)

    @Argument(help: "Recording, or a timed text.", completion: .file())
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
            "Write the transcript with fixed times: a file, or a folder for several.", valueName: "fixed"),
        completion: .file())
    var write: String?

    @Flag(help: "With --write: replace existing files, never the original.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "With --write: minimum confidence for moving a text, 0 to 1 (default: 0.5).", valueName: "p"))
    var leastConfidence: Double?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Kind of labels: text, turns or events (default: inferred from format and columns).",
            valueName: "kind"),
        transform: TranscriptCommand.kind)
    var kind: SoundLabels.Kind?

    @Option(help: ArgumentHelp("Name of the tier to check (default: words, else cues).", valueName: "name"))
    var tier: String?

    @Option(
        help: ArgumentHelp(
            "Character encoding, such as windows-1252 (default: detected).", valueName: "name"))
    var encoding: String?

    @Option(
        help: ArgumentHelp(
            "Audio stream to use, counted from 0 (default: the file's default stream).", valueName: "n"))
    var audioStream: Int?

    @Option(
        help: ArgumentHelp(
            "Language code of the text; of several audio streams, the one in it is used.", valueName: "code"))
    var language: String?

    @Flag(help: "Judge by timing only, as for translated subtitles.")
    var timingOnly = false

    @Flag(help: "Judge each word or cue separately.")
    var words = false

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var output: OutputOptions

    private static func kind(_ text: String) throws -> SoundLabels.Kind {
        guard let kind = SoundLabels.Kind(rawValue: text) else {
            throw ValidationError("'\(text)' is not a kind of labels; give text, turns or events")
        }
        return kind
    }

    mutating func validate() throws {
        if files.isEmpty, let inside = EmbeddedText(media) { (media, files) = (inside.media, [media]) }
        if let audioStream, audioStream < 0 { throw ValidationError("--audio-stream must be 0 or more") }
        if let leastConfidence, !(0...1).contains(leastConfidence) {
            throw ValidationError("--least-confidence must be a probability, 0 to 1")
        }
        if write == nil, force || leastConfidence != nil {
            throw ValidationError("--force and --least-confidence require --write")
        }
        if judging.expect != judging.expect.ofOtherPairs {
            throw ValidationError(
                """
                --expect is for audio against video (check, scan) and view against view (views); text and labels \
                are expected in sync: only 'unknown' is allowed here
                """
            )
        }
        if let encoding, TextEncoding(named: encoding) == nil {
            throw ValidationError(
                """
                '\(encoding)' is not a known encoding; known are \
                \(TextEncoding.allCases.dropLast().map(\.rawValue).joined(separator: ", "))
                """
            )
        }
    }

    var inputs: [String] { [media] + files }
    var subject: String { ([media] + files).joined(separator: ", ") }

    var grants: CellGrants {
        guard let write else { return CellGrants() }
        return CellGrants(
            [CellGrants.Place(write, isFolder: isIntoFolder, replaces: force)], sources: [media] + files)
    }

    /// Whether `--write` names a folder.
    var isIntoFolder: Bool {
        guard let write else { return false }
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: write, isDirectory: &isFolder)
        return files.count > 1 || write.hasSuffix("/") || isThere && isFolder.boolValue
    }

    func run() throws {
        let analyser = TranscriptAnalyser(
            model: try .chosen(), tolerance: judging.tolerance, expectation: judging.expect, timingOnly: timingOnly)
        let look = WordLook(thorough: judging.thorough)
        if words { look.start() }
        Cell.confine()
        if !files.isEmpty, kind == nil || kind == .text, let reference = try textReference() {
            return try run(against: reference)
        }
        func judged(_ finding: Finding, _ source: TranscriptSource, _ heard: TranscriptMedia) -> Finding {
            guard words, !timingOnly else { return finding }
            return look.added(to: finding, source: source, sound: heard.sound)
        }
        var reports: [ClipReport] = []
        var refusals: [FixError] = []
        do {
            let settings = CheckSettings(
                tolerance: judging.tolerance, expectation: judging.expect, thorough: judging.thorough,
                assets: AssetFolder(environment: ProcessInfo.processInfo.environment).root)
            let labelCollectors = SoundLabelCollectors(files: files, kind: kind, settings: settings)
            let heard = try TranscriptMedia(
                path: media, audioStream: audioStream, language: language, needsTracks: files.isEmpty,
                keepsSound: words, listener: labelCollectors, model: analyser.model)
            let sound = HeardSound(
                heard, collectors: labelCollectors, files: files, analyser: analyser,
                reading: HeardSound.Reading(
                    kind: kind, encoding: namedEncoding, tier: tier))
            var texts: [Judged] = []
            var tracks: [(track: SubtitleTrack, finding: Finding)] = []
            var findings: [Finding] = []
            var failures: [ClipFailure] = []
            for (file, collector) in zip(files, labelCollectors.collectors) {
                do {
                    if let collector {
                        let labels = try sound.labels(file, kind: kind, mediaName: media)
                        let made = try labelCollectors.findings(collector, [labels])
                        texts += made.map { Judged(path: file, document: labels.document, finding: $0) }
                        findings += made
                        continue
                    }
                    let source = try sound.source(file, mediaName: media)
                    let finding = judged(
                        source.finding(analyser, sound: heard.scores, language: language), source, heard)
                    texts.append(Judged(path: file, document: source.document, finding: finding))
                    findings.append(finding)
                } catch let failure as ClipFailure { failures.append(failure) }
            }
            for track in heard.tracks {
                let source = TranscriptSource(track: track, media: media)
                let finding = judged(source.finding(analyser, sound: heard.scores, language: language), source, heard)
                findings.append(finding)
                tracks.append((track, finding))
            }
            failures += heard.unreadTracks
            if files.isEmpty, heard.tracks.isEmpty, failures.isEmpty {
                failures.append(
                    ClipFailure(
                        code: "no-text", message: "\(media.printable) has no subtitles",
                        remedy: "name a transcript beside it"))
            }
            findings = findings.map { $0.naming(heard.heard) }
            do {
                refusals =
                    try fixed(texts) { try sound.read($0, as: $1, mediaName: media).finding }
                    + fixed(tracks, sound)
            } catch let error as FixError { refusals.append(error) }
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
        try end(reports, refusals)
    }

    /// Prints the report, and ends with its status.
    private func end(_ reports: [ClipReport], _ refusals: [FixError]) throws {
        if reports.count > 1, output.json || output.format == .jsonl {
            show(combined(reports))
            for report in reports where report.failure != nil {
                Console.note("genlock: " + ClipText.explanation(report))
            }
        } else {
            for report in reports { show(report) }
        }
        for refusal in refusals {
            Console.note("genlock: nothing was written: \(refusal.failure.message)\n  \(refusal.failure.remedy)\n")
        }
        let status = judging.status(reports.map(\.verdict))
        if status != .faulty, let refusal = refusals.first {
            throw ExitCode((refusal.isRefusal ? ExitStatus.faulty : ExitStatus.unreadable).rawValue)
        }
        throw ExitCode(status.rawValue)
    }

    // MARK: Text against text

    private var namedEncoding: TextEncoding? { encoding.flatMap(TextEncoding.init(named:)) }

    /// The reference text, if the first name is not that of a recording.
    private func textReference() throws -> TextReference? {
        do {
            return try TextReference(media, encoding: namedEncoding, tier: tier)
        } catch let failure as ClipFailure {
            show(ClipReport(clip: media, durationSeconds: nil, outcome: .failed(failure)))
            throw ExitCode(ExitStatus.unreadable.rawValue)
        }
    }

    private func run(against reference: TextReference) throws {
        let analyser = TextAgainstText(
            tolerance: judging.tolerance, expectation: judging.expect, timingOnly: timingOnly)
        var texts: [Judged] = []
        var failures: [ClipFailure] = []
        for file in files {
            do {
                let (source, finding) = try reference.finding(file, analyser)
                texts.append(Judged(path: file, document: source.document, finding: finding))
            } catch let failure as ClipFailure { failures.append(failure) }
        }
        var refusals: [FixError] = []
        do {
            refusals = try fixed(texts) { path, text in
                try reference.finding(text, at: path, analyser).finding
            }
        } catch let error as FixError { refusals.append(error) }
        var reports: [ClipReport] = []
        if !texts.isEmpty {
            reports.append(
                ClipReport(clip: media, durationSeconds: nil, outcome: .measured(texts.map(\.finding))))
        }
        reports += failures.map { ClipReport(clip: media, durationSeconds: nil, outcome: .failed($0)) }
        try end(reports, refusals)
    }

    /// One document for one recording: unreadable files are findings of it.
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

    func note(_ text: String) { if !output.quiet { Console.note("genlock: \(text)\n") } }
}
