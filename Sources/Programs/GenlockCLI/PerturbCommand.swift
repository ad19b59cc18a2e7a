import ArgumentParser
import Files
import Foundation
import Perturbing
import Plan
import Reporting
import Storage
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

            To score another tool, give a table with the columns name, offset_ms (the time to add to the audio or \
            the text) and, if it has one, verdict: genlock perturb --score trial/truth.csv theirs.csv
            """)

    @Argument(
        help: "Clips, folders, patterns, manifests; with --score, stores or tables of answers.", completion: .file())
    var paths: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Folder for the copies; it is created.", valueName: "folder"),
        completion: .directory)
    var output: String?

    @Option(help: ArgumentHelp("Score answers against this truth table.", valueName: "truth.csv"), completion: .file())
    var score: String?

    @Option(
        help: ArgumentHelp("Comma-separated faults (default: all that apply).", valueName: "names"),
        completion: .list(Fault.allCases.map(\.rawValue)))
    var faults: String?

    @Option(help: ArgumentHelp("Random seed; the same seed plants the same faults.", valueName: "number"))
    var seed: UInt64 = 1

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    private func chosen() throws -> Set<Fault> {
        guard let faults else { return Set(Fault.allCases) }
        return try Set(
            faults.split(separator: ",").map { word in
                guard let fault = Fault(rawValue: String(word)) else {
                    throw ValidationError(
                        "'\(word)' is not a fault; give \(Fault.allCases.map(\.rawValue).joined(separator: ", "))")
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
        for problem in plan.problems { Console.note("genlock: " + ClipText.explanation(problem)) }
        var perturber = Perturber(folder: folder, seed: seed, faults: try chosen())
        var rows: [Perturber.Row] = []
        for clip in clips {
            if !quiet, Console.isTerminal { Console.note("genlock: \(clip.clip.printable) ...\n") }
            rows += perturber.perturb(clip, among: clips)
        }
        for problem in perturber.problems {
            Console.note("genlock: \(problem.name.printable): \(problem.failure.message): \(problem.failure.remedy)\n")
        }
        guard !rows.isEmpty else {
            throw ClipFailure(
                code: "nothing-made", message: "no clips to plant faults in",
                remedy: "name clips or folders of clips")
        }
        let table = (folder as NSString).appendingPathComponent(TruthTable.name)
        do { try StagedFile.write(Array(TruthTable.text(rows).utf8), to: table, replacing: false) } catch {
            throw ClipFailure(
                code: "not-written", message: "\(table.printable) cannot be written (\(error.reason))",
                remedy: "name an empty or new folder")
        }
        var counts: [Fault: Int] = [:]
        for row in rows { counts[row.planted.fault, default: 0] += 1 }
        if json {
            Console.out(
                JSONValue.object([
                    ("truth", .string(table)), ("rows", .integer(rows.count)),
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
        }
        let hasFailed = !plan.problems.isEmpty || !perturber.problems.isEmpty
        throw ExitCode((hasFailed ? ExitStatus.unreadable : .good).rawValue)
    }

    // MARK: Scoring

    private func run(scoring truth: String) throws {
        let entries = try TruthTable.read(try PerturbCommand.data(truth), name: truth)
        var answers: [String: [FaultAnswers]] = [:]
        for path in paths {
            for answer in try FaultAnswers.read(path) { answers[answer.name, default: []].append(answer) }
        }
        let scores = FaultScore.scores(entries) { entry in
            (answers[entry.name] ?? []).lazy.compactMap { $0.answer(to: entry.fault) }.first
        }
        if json {
            Console.out(JSONValue.object([("scores", .array(scores.map(\.json)))]).pretty + "\n")
            return
        }
        let head = [
            "planted", "rows", "looked at", "offset given", "within 20", "40", "80 ms", "median miss", "unpaired",
            "accused",
        ]
        let table = scores.map { score in
            [
                score.fault.rawValue, "\(score.rows)", "\(score.looked)", "\(score.answered)",
                "\(score.within[20] ?? 0)", "\(score.within[40] ?? 0)",
                "\(score.within[80] ?? 0) of \(score.misses.count)",
                score.medianMiss.map { String(format: "%.1f ms", $0) } ?? "", "\(score.unpaired)", "\(score.accused)",
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

/// The answers for one row of the truth, by check.
private struct FaultAnswers {
    let name: String
    /// nil: the table of another tool, which gives one answer per row.
    private let record: ClipRecord?
    private let other: FaultAnswer?

    /// Those of a store, or of a table with the columns `name`, `offset_ms` and `verdict`.
    static func read(_ path: String) throws -> [FaultAnswers] {
        if FixInputs.isStore(path) {
            return try StoreReader(path: path).records(documents: false).compactMap { kept in
                kept.record.attributes.first { $0.name == "name" }.map {
                    FaultAnswers(name: $0.value, record: kept.record, other: nil)
                }
            }
        }
        var result: [FaultAnswers] = []
        CSVTable(data: try PerturbCommand.data(path), separator: UInt8(ascii: ",")).rows { _, row in
            guard case .success(let values) = row else { return }
            func value(_ column: String) -> String? { values.first { $0.name.lowercased() == column }?.value }
            guard let name = value("name") else { return }
            let offset = value("offset_ms").flatMap(Double.init).map { Offset(milliseconds: $0) }
            result.append(
                FaultAnswers(
                    name: name, record: nil,
                    other: FaultAnswer(verdict: value("verdict").flatMap(Verdict.init), offset: offset)))
        }
        guard !result.isEmpty else {
            throw ClipFailure(
                code: "no-answers", message: "\(path.printable) holds no answers",
                remedy: "give a store, or a table with the columns name and offset_ms")
        }
        return result
    }

    /// The answers of checks about the fault's subject; for an untouched clip its own verdict.
    func answer(to fault: Fault) -> FaultAnswer? {
        guard let record else { return other }
        guard let check = fault.check else { return FaultAnswer(verdict: record.verdict, offset: nil) }
        let findings = record.findings.filter { finding in
            switch check {
            case .lips: finding.subject == .audio && finding.reference == .video && finding.check != .container
            case .actions: finding.subject == .labels
            default: finding.check == check
            }
        }
        guard let told = findings.first(where: { $0.offset != nil }) ?? findings.first else { return nil }
        return FaultAnswer(verdict: told.verdict, offset: told.offset)
    }
}
