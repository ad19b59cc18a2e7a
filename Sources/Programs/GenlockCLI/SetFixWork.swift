import ArgumentParser
import Fixing
import Foundation
import Parquet
import Reporting
import RobotSets
import Statistics
import Storage
import SyncModel

/// `genlock fix SET [STORE...] -o COPY`: a copy of a robot set with mended stamps.
struct SetFixWork {
    private let root: String
    private let others: [String]
    private let output: String
    private let offset: Double?
    private let printing: OutputOptions

    /// - Parameters:
    ///   - others: the other inputs: stores.
    ///   - offset: in ms; nil: that of the stores.
    init(root: String, others: [String], output: String, offset: Double?, printing: OutputOptions) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.others = others
        self.output = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        self.offset = offset
        self.printing = printing
    }

    func run() throws {
        guard others.allSatisfy(FixInputs.isStore), offset == nil || others.isEmpty else {
            throw ValidationError("with a robot set name either stores or --offset-ms, and no other input")
        }
        let move: (RobotEpisode) -> Double?
        if let offset {
            move = { _ in offset / 1000 }
        } else if others.isEmpty {
            move = { _ in nil }
        } else {
            move = try moves()
        }
        let fixer = SetFixer(
            query: TableQuery { sql, about throws(ClipFailure) in
                try ParquetTable.rows(of: sql, about: about, duckdb: Programs.duckdb)
            }
        ) { query, file, metadata throws(ClipFailure) in
            try ParquetTable.write(
                rows: query, metadata: metadata, about: file, to: file, duckdb: Programs.duckdb)
        }
        let outcome: SetFixer.Outcome
        do throws(ClipFailure) {
            outcome = try fixer.fix(root, to: output, move: move)
        } catch {
            guard error.code == "nothing-to-fix" else { throw error }
            if printing.json || printing.format == .jsonl {
                Console.out(JSONValue.object(head(nil)).compact + "\n")
            } else {
                Console.out("\(error.message); nothing was written\n  \(error.remedy)\n")
            }
            return
        }
        show(outcome)
    }

    /// The pooled offset of the set's episodes, or of each day where the days differ.
    private func moves() throws -> (RobotEpisode) -> Double? {
        let records = try StoreReader.records(of: others, documents: false, curvesOf: [.sensor]).filter {
            $0.clip.hasPrefix(root + "/")
        }
        guard !records.isEmpty else {
            throw ClipFailure(
                code: "not-scanned", message: "the store has no episode below \(root.printable)",
                remedy: "scan it under this path: genlock scan \(root.printable) --store FILE --checks sensor")
        }
        let pools = EpisodePools(records).pools
        let whole = pools.filter { $0.day == nil }
        if let best = try SetFixWork.best(whole) {
            let move = SetFixWork.move(best)
            return { _ in move }
        }
        var days: [String: Double] = [:]
        for day in Set(pools.compactMap(\.day)) {
            if let best = try SetFixWork.best(pools.filter { $0.day == day }) { days[day] = SetFixWork.move(best) }
        }
        guard !days.isEmpty else {
            throw ClipFailure(
                code: "no-offset",
                message:
                    "the store gives no offset of this set: \(whole.first?.because.first ?? "it was not measured")",
                remedy: "scan more of it (--thorough), or give the offset with --offset-ms")
        }
        return { episode in
            episode.attributes.first { $0.name == "day" }.flatMap { days[$0.value] }
        }
    }

    /// The offset of the camera that gives it best; nil: none does.
    private static func best(_ pools: [EpisodePool]) throws -> Estimate? {
        let known = pools.compactMap { pool in pool.estimate.map { (pool.camera, $0) } }
        guard let best = known.min(by: { $0.1.standardError < $1.1.standardError }) else { return nil }
        if let other = known.first(where: { $0.1.lower > best.1.upper || $0.1.upper < best.1.lower }) {
            throw ClipFailure(
                code: "cameras-differ",
                message:
                    """
                    cameras have different offsets: \(best.0.printable) \
                    \(OffsetWords.place(Offset(milliseconds: best.1.milliseconds))), \(other.0.printable) \
                    \(OffsetWords.place(Offset(milliseconds: other.1.milliseconds)))
                    """,
                remedy: "decide which camera counts, and give its offset with --offset-ms")
        }
        return best.1
    }

    /// In seconds; nil where it cannot be told from 0.
    private static func move(_ estimate: Estimate) -> Double? {
        guard estimate.lower > 0 || estimate.upper < 0 else { return nil }
        return (estimate.milliseconds).rounded() / 1000
    }

    // MARK: Output

    private func head(_ outcome: SetFixer.Outcome?) -> [(name: String, value: JSONValue)] {
        [
            ("schema_version", .integer(Version.schema)), ("tool_version", .string(Version.tool)),
            ("set", .string(root)), ("output", outcome.map { .string($0.output) } ?? .null),
        ]
    }

    private func show(_ outcome: SetFixer.Outcome) {
        let moved = outcome.moved.sorted { $0.key < $1.key }
        if printing.json || printing.format == .jsonl {
            let document = JSONValue.object(
                head(outcome) + [
                    ("episodes", .integer(outcome.episodes)), ("tables", .integer(outcome.tables)),
                    ("converted", .integer(outcome.converted)), ("begun", .integer(outcome.begun)),
                    (
                        "moved",
                        .array(
                            moved.map {
                                .object([
                                    ("offset_ms", .number($0.key, decimals: 1)), ("episodes", .integer($0.value)),
                                ])
                            })
                    ), ("left", .array(outcome.left.map { .string($0) })),
                ])
            Console.out((printing.json ? document.pretty : document.compact) + "\n")
            return
        }
        func times(_ count: Int) -> String { "\(count) episode\(count == 1 ? "" : "s")" }
        var lines = [
            """
            \(root.printable): \(outcome.tables) table\(outcome.tables == 1 ? "" : "s") with mended stamps in \
            \(outcome.output.printable), of \(times(outcome.episodes))
            """
        ]
        if outcome.converted > 0 { lines.append("  \(times(outcome.converted)) converted to seconds") }
        if outcome.begun > 0 { lines.append("  \(times(outcome.begun)) made to begin at 0") }
        for (milliseconds, count) in moved {
            lines.append("  \(times(count)) moved by \(String(format: "%+.0f", milliseconds)) ms")
        }
        lines += outcome.left.map { "  " + $0 }
        Console.out(lines.joined(separator: "\n") + "\n")
        if !printing.quiet, !moved.isEmpty {
            Console.note(
                """
                genlock: stamps lie between frames now: LeRobot reads the nearest frame if its tolerance_s is half a \
                frame and the largest move\n
                """)
        }
    }
}
