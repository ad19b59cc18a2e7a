import ArgumentParser
import Checks
import Files
import Fixing
import Foundation
import Muxing
import Plan
import Reporting
import SyncModel
import Views
import Workers

struct FixCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "fix",
        abstract: "Fix a clip into a new file, and re-measure it.",
        discussion: """
            Moves the audio by the measured offset or by one that you give. Nothing is re-encoded; only drift is \
            resampled, and steps are cut or padded. --rewrite-audio also suits tools that ignore timestamps. The \
            original is never changed, and in doubt nothing is written.

              genlock fix take3.mov -o fixed.mov
              genlock fix take3.mov take3.srt -o fixed.mov   (the text moves too)
              genlock fix talk.mp4 talk.srt -o fixed.srt     (only the text)
              genlock fix take3.mov --offset-ms=-118 -o fixed.mov
              genlock fix copy.mp4 --master master.mov -o fixed.mp4

            For a store or several clips, make a plan first:

              genlock fix clips.sqlite -o fixed --plan plan.csv
              genlock fix --plan plan.csv --apply

            A robot set is copied with mended stamps, moved by its store's offset:

              genlock fix robot-set/ set.sqlite -o mended

            Views of one event are cut to their common part:

              genlock fix --views cam*.mp4 recorder.wav -o common --apply
            """)

    @Argument(help: "A clip and its transcripts, several clips, a store, or a robot set.", completion: .file())
    var inputs: [String] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("File to write; a folder for several clips.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(help: "The inputs are views of one event, the reference first: cut them to their common part.")
    var views = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Move the audio (the rows of a robot set) by this many ms (positive: later) instead of measuring.",
            valueName: "ms"))
    var offsetMs: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --offset-ms: audio clock drift, in ppm.", valueName: "ppm"))
    var driftPpm: Double?

    @Option(
        help: ArgumentHelp("Separate audio file; it is fixed instead of the clip.", valueName: "file"),
        completion: .file())
    var audio: String?

    @Option(
        help: ArgumentHelp(
            "The clip's master: fix the skew that the copy added.", valueName: "file"),
        completion: .file())
    var master: String?

    @Option(
        help: ArgumentHelp(
            "Measure and move only this audio stream, counted from 0 (default: each, by its own offset).",
            valueName: "n"))
    var audioStream: Int?

    @Option(
        help: ArgumentHelp(
            "Labels timed to the video or to one of the views, moved with it. Can be repeated.", valueName: "file"),
        completion: .file())
    var labels: [String] = []

    @Option(
        help: ArgumentHelp("Write the plan to this file; with --apply, read it from there.", valueName: "csv"),
        completion: .file())
    var plan: String?

    @Flag(help: "Apply the plan; without this, the plan for several clips is only shown.")
    var apply = false

    @Flag(help: "Replace existing files, never the original.")
    var force = false

    @Flag(help: "Drop streams that the container cannot hold.")
    var leaveOut = false

    @Flag(help: "Re-encode the audio instead of moving its timestamps, for tools that ignore them.")
    var rewriteAudio = false

    @Option(
        help: ArgumentHelp(
            "Minimum confidence for moving anything, 0 to 1 (default: 0.8; texts 0.5).", valueName: "p"))
    var leastConfidence: Double?

    private var bar: Double { leastConfidence ?? FixDecision.leastConfidence }

    @OptionGroup var checks: CheckOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var printing: OutputOptions

    func validate() throws {
        if inputs.isEmpty, !(apply && plan != nil) {
            throw ValidationError("name a clip or a store, or a plan with --plan FILE --apply")
        }
        if let offsetMs, !offsetMs.isFinite || abs(offsetMs) > 3_600_000 {
            throw ValidationError("--offset-ms must be a number of milliseconds, at most one hour")
        }
        if let driftPpm {
            guard offsetMs != nil else { throw ValidationError("--drift-ppm requires --offset-ms") }
            if !driftPpm.isFinite || abs(driftPpm) > 100_000 {
                throw ValidationError("--drift-ppm must be at most 100000 ppm")
            }
        }
        if !inputs.isEmpty, output == nil {
            throw ValidationError("give --output for the fixed file: the original is never overwritten")
        }
        if views, inputs.count < 2 {
            throw ValidationError("--views takes at least two recordings, the reference first")
        }
        if master != nil {
            if offsetMs != nil || audio != nil { throw ValidationError("--master excludes --offset-ms and --audio") }
            if inputs.count != 1 { throw ValidationError("--master requires one clip") }
        }
        if let leastConfidence, !(0...1).contains(leastConfidence) {
            throw ValidationError("--least-confidence must be a probability, 0 to 1")
        }
        if let audioStream, audioStream < 0 { throw ValidationError("--audio-stream must be 0 or more") }
        if judging.expect == .unknown {
            throw ValidationError("--expect unknown only measures; to fix, give the expected offset")
        }
    }

    var subject: String { inputs.isEmpty ? plan ?? "" : inputs.joined(separator: ", ") }

    private var kind: FixSubject { FixSubject(inputs, output: output ?? "", areViews: views) }

    /// The options that were given, of those that do not count for every kind of input.
    private var given: [String] {
        let all: KeyValuePairs = [
            "--output": output != nil, "--views": views, "--offset-ms": offsetMs != nil,
            "--drift-ppm": driftPpm != nil, "--audio": audio != nil, "--master": master != nil,
            "--audio-stream": audioStream != nil, "--labels": !labels.isEmpty, "--plan": plan != nil,
            "--apply": apply, "--force": force, "--leave-out": leaveOut, "--rewrite-audio": rewriteAudio,
            "--least-confidence": leastConfidence != nil,
        ]
        return all.filter(\.value).map(\.key)
    }

    var grants: CellGrants {
        get throws {
            try Unreadable.told {
                let kind = kind
                switch kind {
                case .plan:
                    let rows = try readPlan().rows
                    return CellGrants(
                        rows.filter { $0.action != .skip }.map {
                            CellGrants.Place($0.output, replaces: force, withCompanions: true)
                        }, sources: rows.flatMap { [$0.clip, $0.subjectFile ?? $0.clip] + $0.texts })
                case .set:
                    // The copy gets its name when it is complete: until then it lies beside it.
                    let copy = output.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
                    let beside = copy.folderOfPath
                    return CellGrants(
                        [CellGrants.Place(beside.isEmpty ? "." : beside, isFolder: true, replaces: false)],
                        sources: inputs)
                case .clip, .text, .clips, .store, .views:
                    let isOne = kind == .clip || kind == .text
                    var places = [
                        CellGrants.Place(output ?? "", isFolder: !isOne, replaces: force, withCompanions: isOne)
                    ]
                    if let plan { places.append(CellGrants.Place(plan, replaces: true)) }
                    return CellGrants(places, sources: inputs + [audio, master].compactMap { $0 } + labels)
                }
            }
        }
    }

    func run() throws {
        try Unreadable.told {
            let kind = kind
            try kind.takes(given)
            let output = output ?? ""
            let clips = inputs.filter { !FixInputs.isText($0) }
            switch kind {
            case .plan:
                let plan = try readPlan()
                let acting = plan.rows.filter { $0.action != .skip }
                if !acting.isEmpty, acting.allSatisfy({ $0.action == .cut }) {
                    try FixSubject.views.takes(given.filter { $0 != "--plan" && $0 != "--apply" })
                }
                Cell.confine()
                try applied(plan)
            case .set:
                // No media are opened; tables are read by a confined program.
                let root = inputs.first(where: FixInputs.isSet) ?? ""
                try SetFixWork(
                    root: root, others: inputs.filter { $0 != root }, output: output, offset: offsetMs,
                    printing: printing
                ).run()
            case .store:
                guard inputs.allSatisfy(FixInputs.isStore) else {
                    throw ValidationError("name stores or clips, not both")
                }
                // The plan confines this process when the stores have been read.
                try many(
                    try FixInputs.plan(inputs, FixPlanner(folder: output, leastConfidence: bar)) {
                        try cuts($0, output)
                    })
            case .views:
                Cell.confine()
                try common(output)
            case .clips:
                guard clips.count == inputs.count else { throw ValidationError("transcripts require exactly one clip") }
                Cell.confine()
                try several(clips, output)
            case .clip, .text:
                guard let clip = clips.first else {
                    throw ValidationError("name the clip that the transcripts belong to")
                }
                Cell.confine()
                try one(clip, output)
            }
        }
    }

    private var fixer: Fixer {
        get throws {
            Fixer(checks: checks.checks, settings: try judging.settings(checks), leastConfidence: leastConfidence)
        }
    }

    private var viewsCut: ViewsCut {
        ViewsCut(
            ViewsMeasurement(
                reader: ViewReader(captureTimes: nil),
                analyser: ViewsAnalyser(tolerance: judging.tolerance, expectation: .together),
                jobs: ProcessInfo.processInfo.activeProcessorCount, methods: [.sound, .picture],
                thorough: judging.thorough),
            leastConfidence: bar)
    }

    /// Measures clips one after another; one that crashes the process is named, and the others are measured.
    private func measured(_ clips: [String]) throws -> [ClipReport] {
        let fixer = try fixer
        return clips.map { clip in
            let step = Cell.step {
                fixer.measure(clip, audio: nil, stream: audioStream, expecting: judging.expect)
            }
            switch step {
            case .done(let report), .before(let report): return report
            case .died(let end):
                return ClipReport(clip: clip, durationSeconds: nil, outcome: .failed(failure(of: end, clip)))
            }
        }
    }

    private func several(_ clips: [String], _ output: String) throws {
        let reports = try measured(clips)
        var made = FixPlanner(folder: output, leastConfidence: bar).plan(reports.map { $0.record(key: $0.clip) })
        if let audioStream {
            for index in made.rows.indices { made.rows[index].audioStream = audioStream }
        }
        try many(
            made,
            failed: reports.compactMap { report in
                report.failure.map { FixOutcome(clip: report.clip, failed: $0) }
            })
    }

    /// Plans how the recordings of an event are cut.
    private func cuts(_ views: [String], _ folder: String) throws -> [FixPlan.Row] {
        switch try Cell.step({ try viewsCut.plan(views, folder: folder).rows }) {
        case .done(let rows), .before(let rows): return rows
        case .died(let end):
            let why = failure(of: end, views.joined(separator: ", ")).message
            return views.map {
                FixPlan.Row(
                    .skip, clip: $0, output: FixNames.inside(folder, clip: $0), by: "measured", why: why)
            }
        }
    }

    /// Plans how views are cut, or cuts them.
    private func common(_ folder: String) throws {
        let made: FixPlan
        do { made = try viewsCut.plan(inputs, folder: folder, labels: labels) } catch let error as FixError {
            let outcome = FixOutcome(clip: inputs[0], error)
            show(outcome)
            return try end([outcome.kind])
        }
        try many(made)
    }

    private func one(_ clip: String, _ output: String) throws {
        var request = FixRequest(clip: clip, output: output)
        request.audioFile = audio
        request.master = master
        request.audioStream = audioStream
        request.transcripts = inputs.filter(FixInputs.isText)
        request.labels = labels
        request.move = offsetMs.map {
            SoundMove(offset: Offset(milliseconds: $0), drift: driftPpm.map { Drift(ppm: $0) })
        }
        request.expectation = judging.expect
        request.isForced = force
        request.leavesOut = leaveOut
        request.rewritesAudio = rewriteAudio
        let outcome = try fixer.fix(request)
        show(outcome)
        if FixCommand.movesStamps(outcome) { hint() }
        try end([outcome.kind])
    }

    /// Shows the plan for several clips, or applies it.
    ///
    /// - Parameter failed: clips that could not be measured.
    private func many(_ made: FixPlan, failed: [FixOutcome] = []) throws {
        if let plan {
            do { try StagedFile.write(Array(made.csv.utf8), to: plan, writesThrough: true) } catch {
                throw ClipFailure(
                    code: "not-written", message: "\(plan.printable) cannot be written (\(error.reason))",
                    remedy: "name a file in a writable folder")
            }
        }
        if apply { return try applied(made, failed: failed) }
        let moved = made.rows.filter { $0.action != .skip }.count
        if printing.json || printing.format == .jsonl {
            let rows = made.rows.map(FixText.json)
            if printing.json {
                Console.out(
                    JSONValue.object([("schema_version", .integer(Version.schema)), ("plan", .array(rows))]).pretty
                        + "\n")
            } else {
                for row in rows { Console.out(row.compact + "\n") }
            }
        } else {
            for row in made.rows {
                let along = row.texts.isEmpty ? "" : ", with \(row.texts.map(\.printable).joined(separator: ", "))"
                Console.out(
                    """
                    \(row.action.rawValue)  \((row.subjectFile ?? row.clip).printable): \
                    \(row.why.printable)\(row.action == .skip ? "" : " -> \(row.output.printable)")\(along)\n
                    """
                )
            }
            if made.rows.isEmpty { Console.out("nothing to fix\n") }
        }
        let next =
            plan.map { "check \($0.printable), then: genlock fix --plan \(ShellWord.path($0)) --apply\(carried)" }
            ?? "--plan FILE writes the plan, --apply applies it"
        if !printing.quiet, moved > 0 {
            Console.note(
                "genlock: nothing is written yet: \(moved) to fix, \(made.rows.count - moved) to leave; \(next)\n")
        }
        try end(failed.map(\.kind))
    }

    /// What was given for the applying, which a plan does not hold.
    private var carried: String {
        (force ? " --force" : "") + (leaveOut ? " --leave-out" : "") + (rewriteAudio ? " --rewrite-audio" : "")
    }

    private func readPlan() throws -> FixPlan {
        let file = plan ?? ""
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ClipFailure(
                code: "no-plan", message: "\(file.printable) cannot be read as text",
                remedy: "check the path, or create the plan with --plan and without --apply")
        }
        return try FixPlan(csv: text, file: file)
    }

    private func applied(_ plan: FixPlan, failed: [FixOutcome] = []) throws {
        let fixer = try fixer
        var kinds: [FixOutcome.Kind] = []
        var areStampsMoved = false
        func make(_ row: FixPlan.Row) {
            _ = FileDoor.makeFolders(row.output.folderOfPath)
        }
        func show(_ some: [FixOutcome]) -> [FixOutcome.Kind] {
            for outcome in some {
                self.show(outcome, isLine: true)
                areStampsMoved = areStampsMoved || FixCommand.movesStamps(outcome)
            }
            return some.map(\.kind)
        }
        func step(_ clips: [String], _ work: () -> [FixOutcome]) {
            switch Cell.step({ show(work()) }) {
            case .done(let some), .before(let some): kinds += some
            case .died(let end):
                kinds += show(ViewsCut.left(clips, .failed, failure(of: end, clips.joined(separator: ", "))))
            }
        }
        step([]) { failed }
        for row in plan.rows where row.action == .move {
            make(row)
            var request = row.request(isForced: force, leavesOut: leaveOut)
            request.rewritesAudio = rewriteAudio
            step([row.clip]) { [fixer.fix(request)] }
        }
        let cuts = plan.rows.filter { $0.action == .cut }
        var events: [String] = []
        for views in cuts.compactMap(\.cut?.views) where !events.contains(views) { events.append(views) }
        for views in events {
            let rows = cuts.filter { $0.cut?.views == views }
            rows.forEach(make)
            step(rows.map(\.clip)) { viewsCut.cut(rows, isForced: force) }
        }
        if !printing.quiet {
            let fixed = kinds.filter { $0 == .fixed }.count
            Console.note("genlock: \(fixed) of \(kinds.count) fixed\n")
        }
        if areStampsMoved { hint() }
        try end(kinds)
    }

    private static func movesStamps(_ outcome: FixOutcome) -> Bool {
        outcome.written.contains { $0.method == .media(.moved) }
    }

    private func hint() {
        if printing.quiet { return }
        Console.note("genlock: timestamps moved; for tools that ignore start times, add --rewrite-audio\n")
    }

    private func show(_ outcome: FixOutcome, isLine: Bool = false) {
        if printing.json, !isLine {
            Console.out(FixText.json(outcome).pretty + "\n")
        } else if printing.json || printing.format == .jsonl {
            Console.out(FixText.json(outcome).compact + "\n")
        } else if outcome.failure == nil {
            Console.out(FixText.explanation(outcome))
        }
        if outcome.failure != nil { Console.note("genlock: " + FixText.explanation(outcome)) }
    }

    private func end(_ kinds: [FixOutcome.Kind]) throws {
        if kinds.contains(.refused) { throw ExitCode(ExitStatus.faulty.rawValue) }
        if kinds.contains(.failed) { throw ExitCode(ExitStatus.unreadable.rawValue) }
    }
}
