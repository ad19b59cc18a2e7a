import ArgumentParser
import Testing

@testable import GenlockCLI

/// Commands that pages show are read by the program's own parser; nothing is run.
@Suite("Commands in the pages")
struct DocumentedCommandsTests {
    /// Given to code within the text that names a verb or an option and leaves out what it works on.
    private static let standIn = "clip.mp4"
    private static let mostStandIns = 3

    /// A closure, as the compiler falls over a key path through metatypes here (Swift 6.3.1).
    private static let verbs = Set(
        Genlock.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])

    private struct Command {
        let place: String
        let arguments: [String]
        let isWhole: Bool
    }

    private static func commands() throws -> [Command] {
        try CommandPage.all().flatMap(\.lines).flatMap { line in
            // `check --faces`: the text is about this program anyway.
            let first = line.text.split(separator: " ", maxSplits: 1)
            let isVerb = !line.isWhole && first.count == 2 && verbs.contains(String(first[0])) && first[1].contains("-")
            let text = isVerb ? "genlock " + line.text : line.text
            return ShellLine.arguments(of: "genlock", in: text).flatMap(ShellLine.readings)
                .filter { !$0.isEmpty }
                .map { Command(place: line.place, arguments: $0, isWhole: line.isWhole) }
        }
    }

    /// What the parser has against it; nil where it takes it, where that asks for help, and where only files are amiss.
    private static func problem(_ arguments: [String], isWhole: Bool) -> String? {
        // The parser gives help for what is no verb, too.
        if let verb = arguments.first, !verb.hasPrefix("-"), !verbs.contains(verb) {
            return "there is no verb '\(verb)'"
        }
        // Alone it is only named.
        if !isWhole, arguments.count == 1 { return nil }
        var first: String?
        for count in 0...(isWhole ? 0 : mostStandIns) {
            do {
                _ = try Genlock.parseAsRoot(arguments + Array(repeating: standIn, count: count))
                return nil
            } catch {
                guard Genlock.exitCode(for: error) == .validationFailure else { return nil }
                first = first ?? Genlock.message(for: error)
            }
        }
        return first
    }

    @Test("the program takes every command that a page shows")
    func all() throws {
        let commands = try Self.commands()
        #expect(commands.filter(\.isWhole).count >= 40, "hardly any command was found in blocks")
        #expect(commands.filter { !$0.isWhole }.count >= 40, "hardly any command was found in the text")
        for command in commands {
            if let problem = Self.problem(command.arguments, isWhole: command.isWhole) {
                Issue.record("\(command.place): 'genlock \(command.arguments.joined(separator: " "))': \(problem)")
            }
        }
    }

    @Test(
        "what the program does not take is told",
        arguments: [
            ("scan clips --frobnicate", true), ("scan clips --frobnicate", false), ("frobnicate", false),
            ("frobnicate --help", true),
            ("scan clips --jobs many", false), ("views a.mp4", true), ("report --format wax", false), ("check", true),
        ])
    func refused(line: String, isWhole: Bool) {
        #expect(Self.problem(line.split(separator: " ").map(String.init), isWhole: isWhole) != nil)
    }

    @Test("code within the text may leave out files, and help is no fault")
    func taken() {
        #expect(Self.problem(["views", "--json"], isWhole: false) == nil)
        #expect(Self.problem(["scan", "--store"], isWhole: false) == nil)
        #expect(Self.problem(["scan", "--help"], isWhole: true) == nil)
        #expect(Self.problem(["check", "no such clip.mp4"], isWhole: true) == nil)
    }

    @Test(
        "a line is read as a shell reads it",
        arguments: [
            ("$ genlock check a.mp4", [["check", "a.mp4"]]),
            ("machine 1$ genlock scan a.jsonl --shard 1/4", [["scan", "a.jsonl", "--shard", "1/4"]]),
            (".build/release/genlock doctor  # says what is missing", [["doctor"]]),
            ("A=b \"$genlock\" check 'two words.mp4' a\\ b.mp4", [["check", "two words.mp4", "a b.mp4"]]),
            (
                "find . -print0 | genlock scan -0 - --quiet 2>/dev/null || [ $? -le 2 ]",
                [["scan", "-0", "-", "--quiet"]]
            ),
            (
                "genlock report a.sqlite --json > a.json && genlock doctor",
                [["report", "a.sqlite", "--json"], ["doctor"]]
            ),
            ("if genlock scan a --fail-on 'misaligned>2%'; then", [["scan", "a", "--fail-on", "misaligned>2%"]]),
            ("for f in *.mp4; do genlock check \"$f\"; done", [["check", "$f"]]),
            ("n=$(genlock scan a --jobs $(nproc)) (genlock doctor)", [["scan", "a", "--jobs", "$(nproc)"]]),
            ("(genlock doctor); echo \"$(genlock scan a)\"", [["scan", "a"], ["doctor"]]),
            ("inconclusive  a.mp4  too short (genlock report)", []),
            ("spark-submit --genlock \"$PWD/.build/release/genlock\"", []),
            ("genlock-accuracy made clips  # not genlock scan", []),
        ])
    func shell(line: String, expected: [[String]]) {
        #expect(ShellLine.arguments(of: "genlock", in: line).flatMap(ShellLine.readings) == expected)
    }

    @Test(
        "optional parts are left out and given, alternatives are each taken, what repeats comes once and twice",
        arguments: [
            ("genlock check CLIP [--audio FILE]", [["check", "CLIP"], ["check", "CLIP", "--audio", "FILE"]]),
            ("genlock scan PATH...", [["scan", "PATH"], ["scan", "PATH", "PATH"]]),
            (
                "genlock views A B [C...]",
                [["views", "A", "B"], ["views", "A", "B", "C"], ["views", "A", "B", "C", "C"]]
            ),
            (
                "genlock actions A B --scores events|speakers",
                [["actions", "A", "B", "--scores", "events"], ["actions", "A", "B", "--scores", "speakers"]]
            ),
            (
                "genlock doctor [--json | --quiet [-v]]",
                [["doctor"], ["doctor", "--json"], ["doctor", "--quiet"], ["doctor", "--quiet", "-v"]]
            ),
            ("genlock check <clip> ...", [["check", "<clip>"]]),
            ("genlock views cam*.mp4 '*.wav'", [["views", "cam1.mp4", "cam2.mp4", "*.wav"]]),
        ])
    func notation(line: String, expected: [[String]]) {
        #expect(ShellLine.arguments(of: "genlock", in: line).flatMap(ShellLine.readings) == expected)
    }

    @Test("a page's blocks and code are found with their lines")
    func pages() {
        let page = CommandPage(
            file: "a.md",
            text: """
                Say `genlock scan
                --store` here, or `a\\|b`.

                ```
                genlock scan a \\
                  --quiet
                ```
                ```python
                genlock = 1
                ```
                | `genlock doctor` |
                """)
        #expect(page.lines.map(\.place) == ["a.md:1", "a.md:2", "a.md:5", "a.md:11"])
        #expect(
            page.lines.map(\.text) == ["genlock scan --store", "a|b", "genlock scan a   --quiet", "genlock doctor"])
        #expect(page.lines.map(\.isWhole) == [false, false, true, false])
    }
}
