import ArgumentParser
import Files
import Foundation
import Perturbing
import Plan
import Reporting
import SyncModel
import Workers

struct PerturbCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "perturb",
        abstract: "Plant known faults in copies of your own material, and score their detection.",
        discussion: """
            Makes copies with one fault each: audio moved, drifting, cut or from another clip; a second track moved; \
            texts and labels moved, drifting, cut, from another clip, or with single items moved. Your files are not \
            changed. truth.csv lists the planted faults; it is also a manifest.

              genlock perturb clips/ -o trial/
              genlock scan trial/truth.csv --store trial.sqlite
              genlock perturb --score trial/truth.csv trial.sqlite

            Faults of labels, of sensor logs beside the clips and, with --sets, of single cameras are listed in \
            truth-sets.csv, and measured by a script:

              sh trial/measure.sh
              genlock perturb --score trial/truth-sets.csv trial/answers trial/sets.sqlite

            To score another tool, give a table with the columns name, offset_ms (the time to add to the audio or \
            the text) and, if it has one, verdict: genlock perturb --score trial/truth.csv theirs.csv
            """)

    @Argument(
        help: "Clips, folders, patterns, manifests; with --score, stores, tables or folders of answers.",
        completion: .file())
    var paths: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Folder for the copies; it is created.", valueName: "folder"),
        completion: .directory)
    var output: String?

    @Option(help: ArgumentHelp("Score answers against this truth table.", valueName: "truth.csv"), completion: .file())
    var score: String?

    @Option(
        help: ArgumentHelp("Comma-separated faults (default: all that apply).", valueName: "names"),
        completion: .list(Fault.choices.map(\.rawValue)))
    var faults: String?

    @Flag(help: "Clips of one group, or else of one folder, are the views of one session.")
    var sets = false

    @Flag(help: "Re-encode moved audio, so that tools which ignore start times also see the fault.")
    var rewriteAudio = false

    @Option(help: ArgumentHelp("Random seed; the same seed plants the same faults.", valueName: "number"))
    var seed: UInt64 = 1

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    private func chosen() throws -> Set<Fault> {
        guard let faults else { return Set(Fault.choices) }
        let choices = Fault.choices
        return try Set(
            faults.split(separator: ",").map { word in
                guard let fault = choices.first(where: { $0.rawValue == word }) else {
                    throw ValidationError(
                        "'\(word)' is not a fault; give \(choices.map(\.rawValue).joined(separator: ", "))")
                }
                guard fault.material != .views || sets else {
                    throw ValidationError("\(word) is a fault of camera sets: add --sets")
                }
                return fault
            })
    }

    func validate() throws {
        _ = try chosen()
        guard (output == nil) != (score == nil) else {
            throw ValidationError("give --output FOLDER to plant faults, or --score TRUTH to score answers")
        }
        if paths.isEmpty { throw ValidationError("name clips, or with --score the answers of a tool") }
    }

    var subject: String { paths.joined(separator: ", ") }
    var inputs: [String] { score == nil ? paths : [] }

    var grants: CellGrants {
        output.map { CellGrants([CellGrants.Place($0, isFolder: true, replaces: false)], sources: paths) }
            ?? CellGrants()
    }

    func run() throws {
        try Unreadable.told {
            if let score {
                try run(scoring: score)
            } else if let output {
                try run(into: output)
            }
        }
    }

    // MARK: Planting

    private func run(into folder: String) throws {
        var builder = PlanBuilder(
            without: [folder], duckdb: { Programs.duckdb },
            standardInput: { FileHandle.standardInput.readDataToEndOfFile() })
        let plan = builder.build(paths)
        Cell.confine()
        let clips = plan.clips.map(\.request).filter {
            $0.files?.region == nil && $0.files?.audio == nil && $0.files != nil
        }
        let code = FileDoor.makeFolders(folder)
        guard code == 0 else {
            throw ClipFailure(
                code: "not-written",
                message: "\(folder.printable) cannot be created (\(String(cString: strerror(code))))",
                remedy: "check the folder and its permissions")
        }
        for name in [TruthTable.name, TruthTable.setsName]
        where FileManager.default.fileExists(atPath: (folder as NSString).appendingPathComponent(name)) {
            throw ClipFailure(
                code: "not-written", message: "\(folder.printable) already holds planted faults (\(name))",
                remedy: "name a new folder, or remove this one")
        }
        for problem in plan.problems { Console.note("genlock: " + ClipText.explanation(problem)) }
        var perturber = Perturber(folder: folder, seed: seed, faults: try chosen())
        perturber.rewritesAudio = rewriteAudio
        var rows: [Perturber.Row] = []
        for clip in clips {
            if !quiet, Console.isTerminal { Console.note("genlock: \(clip.clip.printable) ...\n") }
            rows += perturber.perturb(clip, among: clips)
        }
        let cameras = sets ? CameraSet.sets(of: clips) : []
        for set in cameras {
            if !quiet, Console.isTerminal { Console.note("genlock: \(set.name.printable) ...\n") }
            rows += perturber.perturb(set, among: cameras)
        }
        for problem in perturber.problems {
            Console.note("genlock: \(problem.name.printable): \(problem.failure.message): \(problem.failure.remedy)\n")
        }
        guard !rows.isEmpty else {
            throw ClipFailure(
                code: "nothing-made", message: "there are no clips to plant faults in: \(subject.printable)",
                remedy: "name clips or folders of clips")
        }
        let beside = rows.filter { $0.planted.fault.material != .clip }
        let table = try write(
            TruthTable.text(rows.filter { $0.planted.fault.material == .clip }), TruthTable.name, in: folder)
        var others: String?
        if !beside.isEmpty {
            others = try write(TruthTable.text(beside), TruthTable.setsName, in: folder)
            _ = try write(MeasuringScript.text(beside), MeasuringScript.name, in: folder)
        }
        var counts: [Fault: Int] = [:]
        for row in rows { counts[row.planted.fault, default: 0] += 1 }
        if json {
            Console.out(
                JSONValue.object([
                    ("truth", .string(table)), ("truth_sets", others.map { .string($0) } ?? .null),
                    ("rows", .integer(rows.count)),
                    (
                        "problems",
                        .array(
                            plan.problems.compactMap { problem in
                                problem.failure.map { PerturbCommand.document(problem.clip, $0) }
                            } + perturber.problems.map { PerturbCommand.document($0.name, $0.failure) })
                    ),
                    (
                        "faults",
                        .object(
                            Fault.allCases.compactMap { fault in counts[fault].map { (fault.rawValue, .integer($0)) } })
                    ),
                ]).pretty + "\n")
        } else {
            for fault in Fault.allCases {
                guard let count = counts[fault] else { continue }
                Console.out("\(fault.rawValue.padding(toLength: 18, withPad: " ", startingAt: 0)) \(count)\n")
            }
            Console.out("planted faults: \(table.printable)\n")
            if let others {
                let script = (folder as NSString).appendingPathComponent(MeasuringScript.name)
                Console.out("of labels, logs and camera sets: \(others.printable)\n")
                Console.out("to measure these: sh \(ShellWord.path(script))\n")
            }
        }
        let hasFailed = !plan.problems.isEmpty || !perturber.problems.isEmpty
        throw ExitCode((hasFailed ? ExitStatus.unreadable : .good).rawValue)
    }

    /// What could not be made, and why.
    private static func document(_ name: String, _ failure: ClipFailure) -> JSONValue {
        .object([
            ("name", .string(name)), ("message", .string(failure.message)), ("remedy", .string(failure.remedy)),
        ])
    }

    /// Writes a new file of the folder, and returns its path.
    private func write(_ text: String, _ name: String, in folder: String) throws -> String {
        let path = (folder as NSString).appendingPathComponent(name)
        do { try StagedFile.write(Array(text.utf8), to: path, replacing: false) } catch {
            throw ClipFailure(
                code: "not-written", message: "\(path.printable) cannot be written (\(error.reason))",
                remedy: "name an empty or new folder")
        }
        return path
    }

    // MARK: Scoring

    private func run(scoring truth: String) throws {
        let entries = try TruthTable.read(try PerturbCommand.data(truth), name: truth)
        var mistakes = 0
        let answers = try read(entries) { sentence in
            mistakes += 1
            Console.note("genlock: \(sentence)\n")
        }
        let scores = FaultScore.scores(entries) { entry, fault in
            // The views of a set are judged together, under the name of the set.
            let own = (answers[entry.name] ?? []) + (entry.group.isEmpty ? [] : answers[entry.group] ?? [])
            return own.lazy.compactMap { $0.answer(to: entry, of: fault) }.first
        }
        if json {
            Console.out(JSONValue.object([("scores", .array(scores.map(\.json)))]).pretty + "\n")
        } else {
            show(scores)
        }
        if mistakes > 0 { throw ExitCode(ExitStatus.unreadable.rawValue) }
    }

    /// The answers of all files, by their names.
    ///
    /// - Parameter tell: receives what is wrong with them.
    private func read(
        _ entries: [TruthTable.Entry], tell: (String) -> Void
    ) throws -> [String: [FaultAnswers]] {
        let known = Set(entries.map(\.name) + entries.map(\.group))
        var answers: [String: [FaultAnswers]] = [:]
        var files: [String: String] = [:]
        for path in paths {
            var unknown: [String] = []
            var twice: [String] = []
            let found = try FaultAnswers.read(path, tell: tell)
            for answer in found {
                if !known.contains(answer.name) { unknown.append(answer.name) }
                if files[answer.name] != nil { twice.append(answer.name) }
                files[answer.name] = files[answer.name] ?? path
                answers[answer.name, default: []].append(answer)
            }
            if unknown.count == found.count {
                throw ClipFailure(
                    code: "no-answers",
                    message:
                        "none of the names of \(path.printable), such as '\(unknown[0].printable)', is in the truth",
                    remedy: "give the answers for this truth table, with its names in the column name")
            }
            if let first = unknown.first {
                tell(
                    "\(path.printable): \(unknown.count) names are not in the truth, such as '\(first.printable)'"
                )
            }
            if let first = twice.first {
                tell(
                    "\(path.printable): '\(first.printable)' is answered already by \((files[first] ?? "").printable), "
                        + "which counts (\(twice.count) such names); score each tool by itself")
            }
        }
        return answers
    }

    private func show(_ scores: [FaultScore]) {
        let head = [
            "planted", "rows", "looked at", "offset given", "within 20", "40", "80 ms", "median miss", "drift miss",
            "unpaired", "accused", "named",
        ]
        let table = scores.map { score in
            [
                score.fault.rawValue, "\(score.rows)", "\(score.looked)", "\(score.answered)",
                "\(score.within[20] ?? 0)", "\(score.within[40] ?? 0)",
                "\(score.within[80] ?? 0) of \(score.misses.count)",
                score.medianMiss.map { String(format: "%.1f ms", $0) } ?? "",
                score.medianDriftMiss.map { String(format: "%.1f ppm", $0) + " (\(score.driftMisses.count))" } ?? "",
                "\(score.unpaired)", "\(score.accused)",
                score.fault.names.isEmpty ? "" : "\(score.named)",
            ]
        }
        let widths = head.indices.map { column in ([head] + table).map { $0[column].count }.max() ?? 0 }
        for row in [head] + table {
            let cells = zip(row, widths).enumerated().map { place, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return place == 0 ? cell.0 + space : space + cell.0
            }
            Console.out(cells.joined(separator: "  ") + "\n")
        }
    }

    static func data(_ path: String) throws(ClipFailure) -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClipFailure(
                code: "no-such-file", message: "\(path.printable) cannot be read",
                remedy: "check the path and its permissions")
        }
        return data
    }
}
