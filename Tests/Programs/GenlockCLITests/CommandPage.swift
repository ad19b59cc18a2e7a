import Foundation

/// What a page shows of shell commands: lines of fenced blocks, and code within the text.
struct CommandPage {
    struct Line {
        /// `docs/views.md:7`.
        let place: String
        let text: String
        /// A line of a block is a whole command; code within the text may name a verb and leave out its files.
        let isWhole: Bool
    }

    let lines: [Line]

    /// The pages that people follow, of this repository.
    static func all() throws -> [CommandPage] {
        let found =
            FileManager.default.enumerator(atPath: Program.root + "/examples")?.compactMap { $0 as? String } ?? []
        let readme = found.filter { $0.hasSuffix("README.md") }.map { "examples/" + $0 }
        let docs = try FileManager.default.contentsOfDirectory(atPath: Program.root + "/docs")
            .filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        let files = ["README.md", "CONTRIBUTING.md", "cluster/README.md"] + (docs + readme).sorted()
        return try files.map { file in
            CommandPage(file: file, text: try String(contentsOfFile: Program.root + "/" + file, encoding: .utf8))
        }
    }

    init(file: String, text: String) {
        var lines: [Line] = []
        var paragraph: [String] = []
        var block: String?
        var command: (line: Int, text: String)?
        let all = text.components(separatedBy: "\n")
        func endParagraph(before index: Int) {
            lines += CommandPage.code(in: paragraph, from: index - paragraph.count, file: file)
            paragraph = []
        }
        for (index, line) in all.enumerated() {
            let bare = line.trimmingCharacters(in: .whitespaces)
            if bare.hasPrefix("```") {
                endParagraph(before: index)
                block = block == nil ? String(bare.drop { $0 == "`" }) : nil
                command = nil
            } else if let block {
                guard CommandPage.shells.contains(block) else { continue }
                let start = command?.line ?? index
                let whole = (command?.text ?? "") + line
                if line.hasSuffix("\\") {
                    command = (start, String(whole.dropLast()))
                } else {
                    lines.append(Line(place: "\(file):\(start + 1)", text: whole, isWhole: true))
                    command = nil
                }
            } else if bare.isEmpty {
                endParagraph(before: index)
            } else {
                paragraph.append(line)
            }
        }
        endParagraph(before: all.count)
        self.lines = lines
    }

    /// Languages of blocks that hold commands.
    private static let shells: Set = ["", "bash", "sh", "shell", "console"]

    /// Code within the text; it may go on in the next line. A bar in a table has a backslash.
    private static func code(in paragraph: [String], from index: Int, file: String) -> [Line] {
        let pieces = paragraph.joined(separator: "\n").components(separatedBy: "`")
        var line = index + 1
        var found: [Line] = []
        for (number, piece) in pieces.enumerated() {
            if number % 2 == 1, number < pieces.count - 1 {
                let text = piece.replacing("\n", with: " ").replacing("\\|", with: "|")
                found.append(Line(place: "\(file):\(line)", text: text, isWhole: false))
            }
            line += piece.count { $0 == "\n" }
        }
        return found
    }
}
