import Foundation
import Testing

/// The blocks of `docs/recipes.md`, as a reader would run them.
@Suite("Recipes", .serialized)
struct RecipeTests {
    private struct Block {
        let language: String
        let text: String
    }

    private static func blocks() throws -> [Block] {
        let page = try String(contentsOfFile: Program.root + "/docs/recipes.md", encoding: .utf8)
        var blocks: [Block] = []
        for (index, part) in page.components(separatedBy: "```").enumerated() where index % 2 == 1 {
            let end = part.firstIndex(of: "\n") ?? part.startIndex
            blocks.append(Block(language: String(part[..<end]), text: String(part[end...])))
        }
        return blocks
    }

    private struct Ran {
        let status: Int32
        let output: String
    }

    /// Runs a program in a folder with the built `genlock` on its PATH; answers are made of the clips' names, nothing
    /// is decoded.
    private static func run(_ program: String, _ arguments: [String], in scratch: Scratch) throws -> Ran {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.folder)
        let path = scratch.path("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
            .merging(Program.workers("idle")) { $1 }
        let out = scratch.path("said")
        _ = FileManager.default.createFile(atPath: out, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = process.standardOutput
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Ran(status: process.terminationStatus, output: try String(contentsOfFile: out, encoding: .utf8))
    }

    private static func has(_ needs: [String], python module: String? = nil) -> Bool {
        let scratch = Scratch()
        for need in needs where (try? run(need, ["--version"], in: scratch))?.status != 0 { return false }
        guard let module else { return true }
        return (try? run("python3", ["-c", "import \(module)"], in: scratch))?.status == 0
    }

    @Test("every block of docs/recipes.md runs in a row, and leaves what it says")
    func all() throws {
        let scratch = Scratch()
        let manager = FileManager.default
        for folder in ["bin", "clips"] {
            try manager.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        }
        let program = Program.quoted.trimmingCharacters(in: CharacterSet(charactersIn: "'"))
        try manager.createSymbolicLink(atPath: scratch.path("bin/genlock"), withDestinationPath: program)
        for number in 0..<60 { _ = scratch.write("clips/clip \(number).mp4", Data("x".utf8)) }
        var ran = 0
        for block in try RecipeTests.blocks() {
            let needs = ["jq", "sqlite3"].filter { block.text.contains($0 + " ") }
            let module = block.text.contains("import pandas") ? "pandas" : nil
            guard RecipeTests.has(needs, python: module) else {
                print(
                    """
                    RecipeTests: skipped a block that needs \(needs + [module].compactMap { $0 }), which is not \
                    installed
                    """
                )
                continue
            }
            let result =
                switch block.language {
                case "python": try RecipeTests.run("python3", ["-c", block.text], in: scratch)
                default: try RecipeTests.run("bash", ["-euo", "pipefail", "-c", block.text], in: scratch)
                }
            #expect(result.status == 0, "\(block.text)\n\(result.output)")
            ran += 1
        }
        #expect(ran >= 4)
        #expect(try String(contentsOfFile: scratch.path("decision.txt"), encoding: .utf8) == "batch refused\n")
        #expect(manager.fileExists(atPath: scratch.path("faults.xml")))
        let sample = try Program(["report", scratch.path("sample.sqlite"), "--quiet"])
        #expect(sample.output.contains("a random sample of 20 of 60 clips (seed 7)"))
    }

    @Test("a larger sample holds the smaller one, whatever the order of the names")
    func nested() throws {
        let scratch = Scratch()
        let names = (0..<40).map { scratch.write("clip-\($0).mp4", Data("x".utf8)) }
        func taken(_ count: Int, _ names: [String], seed: Int = 1) throws -> Set<String> {
            let run = try Program(
                ["scan", "--sample", "\(count)", "--seed", "\(seed)", "--format", "jsonl", "--quiet"] + names,
                environment: Program.workers("idle"))
            return Set(run.documents.compactMap { $0["clip"] as? String })
        }
        let ten = try taken(10, names)
        #expect(ten.count == 10)
        #expect(try taken(20, names.reversed()).isSuperset(of: ten))
        #expect(try taken(10, names, seed: 2) != ten)
    }

    @Test("completions and man page come of the program's own words")
    func help() throws {
        guard RecipeTests.has(["python3"]) else { return }
        let scratch = Scratch()
        let program = Program.quoted.trimmingCharacters(in: CharacterSet(charactersIn: "'"))
        let page = try RecipeTests.run(Program.root + "/scripts/manual", [program], in: scratch)
        #expect(page.status == 0, "\(page.output)")
        #expect(page.output.hasPrefix(".TH GENLOCK 1"))
        #expect(page.output.contains(".SH GENLOCK SCAN") && page.output.contains("\\-\\-fail\\-on"))
        for shell in ["bash", "zsh", "fish"] {
            #expect(try Program(["--generate-completion-script", shell]).output.contains("genlock"))
        }
    }
}
