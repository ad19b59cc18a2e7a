import Reporting
import SyncModel
import Workers

/// Protection against malicious media that is in force on this machine, by verb.
struct ConfinementTable {
    /// A verb, or a program that a verb starts.
    private struct Row {
        let verbs: [String]
        /// Where media are opened.
        let place: String
        /// Files that such a process may write; nil: none.
        let writes: String?
    }

    private static let rows = [
        Row(verbs: ["scan"], place: "in its workers", writes: nil),
        Row(verbs: ["check", "compare"], place: "in a separate process", writes: nil),
        Row(
            verbs: ["transcript", "views", "actions", "fix"], place: "in a separate process",
            writes: "the files named on the command line, which the parent process opens for it"),
        Row(verbs: ["report", "review"], place: "in processes that answer queries", writes: nil),
        Row(
            verbs: ["duckdb (Parquet)", "ffmpeg (video of review)"], place: "in the program itself",
            writes: "a separate folder; it may start programs, under the same restrictions"),
        Row(verbs: ["merge", "doctor"], place: "nowhere", writes: nil),
    ]

    private let confinement: Confinement
    private let landlock: Int

    init() { (confinement, landlock) = Cell.probe() }

    private var isFiltered: Bool { confinement.isSuperset(of: [.network, .processes]) }

    /// What no process that opens media can do, as text.
    private var given: [String] {
        var words: [String] = []
        if confinement.contains(.writing) { words.append("write or change files") }
        if confinement.contains(.network) { words.append("use the network") }
        if confinement.contains(.processes) { words.append("start programs") }
        if isFiltered { words.append("signal or trace other processes") }
        if confinement.contains(.privileges) { words.append("gain privileges") }
        return words
    }

    /// Protection that is not in force.
    private var holes: [String] {
        var words: [String] = []
        if !isFiltered {
            words.append(
                "this kernel has no system call filter (seccomp): scan untrusted media in a container")
        }
        if landlock == 0 {
            words.append(
                "this kernel has no Landlock: duckdb and ffmpeg may write wherever you may; all else is unaffected")
        }
        words.append("any file that you may read can be read; its content can leave only in the answer")
        return words
    }

    var text: String {
        var lines = [
            "",
            "Protection against malicious media (Landlock \(landlock == 0 ? "none" : "\(landlock)"), "
                + "system call filter \(isFiltered ? "on" : "none"), time and memory limits on):",
        ]
        lines.append("  processes that open media cannot \(Self.list(given))")
        for row in Self.rows {
            let but = row.writes.map { "; may write \($0)" } ?? ""
            lines.append("  \(row.verbs.joined(separator: ", ")): media are opened \(row.place)\(but)")
        }
        lines += holes.map { "  not in force: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last else { return "be restricted" }
        return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " or " + last
    }

    var json: JSONValue {
        .object([
            ("landlock", .integer(landlock)), ("system_call_filter", .bool(isFiltered)),
            ("cannot", .array(given.map { .string($0) })), ("not_in_force", .array(holes.map { .string($0) })),
            (
                "verbs",
                .array(
                    Self.rows.flatMap { row in
                        row.verbs.map { verb in
                            .object([
                                ("verb", .string(verb)), ("media_are_opened", .string(row.place)),
                                ("writes", row.writes.map { .string($0) } ?? .null),
                            ])
                        }
                    })
            ),
        ])
    }
}
