import Foundation
import Testing

/// `genlock review MEDIA TEXT` in a browser, by keyboard alone.
@Suite("A text worked through by keyboard", .serialized, .enabled(if: Browser.path != nil, "needs Chromium"))
struct TextReviewBrowserTests {
    /// A cue of the made text; `head` is what stands before it, `tail` what stands behind its times.
    private struct Cue {
        var start: Int
        var end: Int
        var text: String
        var tail = ""

        static func clock(_ ms: Int) -> String {
            String(format: "%02d:%02d:%02d,%03d", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
        }
    }

    private static let count = 104

    /// Captions with a mark, ends of lines of Windows, positions, markup and lines that no reader needs.
    private static func text(_ cues: [Cue]) -> String {
        "\u{FEFF}"
            + cues.enumerated().map { number, cue in
                "\(number + 1)\r\n\(Cue.clock(cue.start)) --> \(Cue.clock(cue.end))\(cue.tail)\r\n"
                    + cue.text.replacing("\n", with: "\r\n") + "\r\n\r\n" + (number % 7 == 3 ? "\r\n" : "")
            }.joined()
    }

    private static var made: [Cue] {
        (0..<count).map { number in
            Cue(
                start: 1000 + 1200 * number, end: 1900 + 1200 * number,
                text: number % 5 == 0 ? "<i>Line \(number)</i>\nand caf\u{E9}" : "Line number \(number)",
                tail: number % 11 == 0 ? "  X1:10 X2:20" : "")
        }
    }

    /// A recording of short tones at the times of the cues.
    private static func wave(_ seconds: Int) -> Data {
        ReviewProgram.wave(seconds, tones: made.map { $0.start..<$0.end })
    }

    /// Corrects the cue that is chosen by keys alone, as its number says; the cue as it is then.
    private static func correct(_ number: Int, _ cue: Cue, _ browser: Browser) throws -> Cue {
        var cue = cue
        var done = try browser.value("Number(document.body.dataset.done || 0)") as? Int ?? 0
        func key(_ key: String) throws {
            try browser.press(key)
            done += 1
            try browser.wait("Number(document.body.dataset.done) === \(done)")
        }
        switch number % 5 {
        case 0:
            try key("x")
            try key("x")
            cue.start += 20
        case 1:
            try key("n")
            cue.end -= 10
        case 2:
            try browser.press("Enter")
            try browser.wait("document.activeElement.id === 'text'")
            try browser.press("a", control: true)
            try browser.call("Input.dispatchKeyEvent", ["type": "keyDown", "commands": ["selectAll"]])
            try browser.type("Mended \(number) \u{2013} na\u{EF}ve")
            try key("Enter")
            cue.text = "Mended \(number) \u{2013} na\u{EF}ve"
        case 3:
            try browser.press("ArrowRight", shift: true)
            try browser.press("ArrowRight")
            try key("s")
            cue.start += 110
        default:
            try key("m")
            try key("z")
            cue.end += 10
            cue.start -= 10
        }
        return cue
    }

    @Test(
        """
        100 cues corrected are all in the file and every other byte is what it was, also where the program was killed \
        half-way; undo, redo, split and join
        """
    )
    func hundred() async throws {
        try await aside {
            let scratch = Scratch()
            var cues = Self.made
            let media = scratch.write("a.wav", Self.wave(130))
            let file = scratch.write("a.srt", Data(Self.text(cues).utf8))
            let arguments = ["--as", "ann", "--no-check", "--", media, file]
            let written = scratch.path("a.reviewed.srt")
            func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }
            let browser = try Browser()
            var server = try ReviewProgram(arguments)
            try browser.visit(server.address)
            try browser.wait("document.body && document.body.dataset.text")
            try browser.wait("document.activeElement.id === 'rows'")
            let began = Date()
            for number in 0..<100 {
                if number == 50 {
                    // Nothing that was answered for is lost.
                    server.stop(SIGKILL)
                    server = try ReviewProgram(arguments)
                    try browser.visit(server.address)
                    try browser.wait("document.body && document.body.dataset.decided === '50'")
                    try browser.wait("document.activeElement.id === 'rows'")
                    for _ in 0..<50 { try browser.press("ArrowDown") }
                }
                try browser.wait("document.body.dataset.now === '\(number)'")
                cues[number] = try Self.correct(number, cues[number], browser)
                try browser.press("ArrowDown")
            }
            print("review: 100 cues by keyboard in \(String(format: "%.1f", Date().timeIntervalSince(began))) s")
            func act(_ keys: String..., shift: Bool = false) throws {
                for key in keys {
                    let done = try browser.value("Number(document.body.dataset.done || 0)") as? Int ?? 0
                    try browser.press(key)
                    try browser.wait("Number(document.body.dataset.done) === \(done + 1)")
                }
            }
            try act("v")
            #expect(bytes(written) == Data(Self.text(cues).utf8))
            #expect(bytes(file) == Data(Self.text(Self.made).utf8))
            // What was done last is taken back, and put back.
            let last = cues[99]
            try act("u", "u", "v")
            cues[99] = Self.made[99]
            #expect(bytes(written) == Data(Self.text(cues).utf8))
            try act("r", "r", "v")
            cues[99] = last
            #expect(bytes(written) == Data(Self.text(cues).utf8))
            // The last four are split, joined, accepted and marked.
            try browser.press("End")
            try browser.press("ArrowUp")
            try browser.wait("document.body.dataset.now === '102'")
            for _ in 0..<5 { try browser.press("ArrowRight", shift: true) }
            try act("c")
            let cue = cues[102]
            cues[102] = Cue(start: cue.start, end: cue.start + 500, text: "Line number", tail: cue.tail)
            try act("v")
            let second = Cue(start: cue.start + 500, end: cue.end, text: "102", tail: cue.tail)
            #expect(String(decoding: bytes(written), as: UTF8.self) == Self.numbered(cues, 103, second))
            try act("j", "v")
            cues[102] = cue
            #expect(bytes(written) == Data(Self.text(cues).utf8))
            try browser.press("ArrowDown")
            try act("w", "a")
            #expect(try browser.text("document.querySelector('#row-103 .m').textContent") == "accepted")
            #expect(browser.faults.isEmpty, "\(browser.faults)")
            server.stop()
            let run = try Program(["review", media, file, "--export", scratch.path("all.jsonl")])
            #expect(run.status == 0, "\(run.errors)")
            let lines = try String(contentsOfFile: scratch.path("all.jsonl"), encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 20 * 2 + 20 + 20 + 20 + 20 * 2 + 4)
        }
    }

    /// The text with one cue put in, and those behind it counted on.
    private static func numbered(_ cues: [Cue], _ place: Int, _ cue: Cue) -> String {
        let plain = text(cues)
        guard let next = plain.range(of: "\r\n\r\n\(place + 1)\r\n") else { return plain }
        let block =
            "\r\n\r\n\(place + 1)\r\n\(Cue.clock(cue.start)) --> \(Cue.clock(cue.end))\(cue.tail)\r\n\(cue.text)"
        return plain[..<next.lowerBound] + block + "\r\n\r\n\(place + 2)\r\n" + plain[next.upperBound...]
    }

    @Test("a screen reader is told what there is, what is chosen and what happened; a page to read decides nothing")
    func spoken() async throws {
        try await aside {
            let scratch = Scratch()
            let media = scratch.write("a.wav", Self.wave(20))
            let file = scratch.write("a.srt", Data(Self.text(Array(Self.made.prefix(8))).utf8))
            let browser = try Browser()
            let server = try ReviewProgram(["--read-only", "--no-check", "--", media, file])
            try browser.visit(server.address)
            try browser.wait("document.body && document.body.dataset.text")
            try browser.press("ArrowDown")
            // The list, its rows and the line that speaks, as the browser hands them to a screen reader.
            try browser.call("Accessibility.enable")
            let nodes = try browser.call("Accessibility.getFullAXTree")["nodes"] as? [[String: Any]] ?? []
            func name(_ node: [String: Any], _ key: String) -> String {
                (node[key] as? [String: Any])?["value"] as? String ?? ""
            }
            let options = nodes.filter { name($0, "role") == "option" }.map { name($0, "name") }
            #expect(options.count == 8 && options[1] == "cue at 2.20 s, 0.90 s: Line number 1")
            #expect(nodes.contains { name($0, "role") == "listbox" && name($0, "name") == "Cues and words" })
            #expect(nodes.contains { name($0, "role") == "status" })
            #expect(nodes.contains { name($0, "role") == "textbox" && name($0, "name").hasPrefix("Text") })
            let image = nodes.first { name($0, "role") == "image" || name($0, "role") == "img" }
            #expect(
                image.map { name($0, "name").hasPrefix("Waveform from 1.20 s") } == true, "\(String(describing: image))"
            )
            #expect(
                try browser.text("document.getElementById('rows').getAttribute('aria-activedescendant')") == "row-1")
            let unnamed = nodes.filter {
                ["button", "combobox", "checkbox", "textbox"].contains(name($0, "role")) && name($0, "name").isEmpty
                    && $0["ignored"] as? Bool != true
            }
            #expect(unnamed.isEmpty, "\(unnamed)")
            try browser.press("h")
            try browser.wait("document.getElementById('note').textContent.startsWith('cue from 2.20 s to 3.10 s')")
            try browser.press("a")
            try browser.wait("document.getElementById('note').textContent.includes('read-only')")
            try browser.press(" ")
            try browser.wait("Number(document.body.dataset.played) === 1")
            try browser.wait("playing === null && head > 4")
            #expect(browser.faults.isEmpty, "\(browser.faults)")
            #expect(!FileManager.default.fileExists(atPath: file + ".review.sqlite"))
        }
    }

    @Test("two annotators' texts stand side by side: what differs is told, taken over by a key, and written")
    func beside() async throws {
        try await aside {
            let scratch = Scratch()
            let media = scratch.write("a.wav", Self.wave(12))
            let first = Array(Self.made.prefix(6))
            var second = first
            second[1].text = "Line number one"
            second[2].start += 120
            second.remove(at: 4)
            let (ann, ben) = (
                scratch.write("ann.srt", Data(Self.text(first).utf8)),
                scratch.write("ben.srt", Data(Self.text(second).utf8))
            )
            let browser = try Browser()
            let server = try ReviewProgram(["--as", "ann", "--no-check", "--", media, ann, ben])
            try browser.visit(server.address)
            try browser.wait("document.body && document.body.dataset.beside && document.body.dataset.now === '0'")
            func told() throws -> [String] {
                try browser.value("[...document.querySelectorAll('#rows .f')].map(e => e.textContent)") as? [String]
                    ?? []
            }
            #expect(
                try told() == [
                    "", "the other says \"Line number one\"", "the other starts 120 ms later", "",
                    "the other text has nothing there", "",
                ])
            func act(_ key: String) throws {
                let done = try browser.value("Number(document.body.dataset.done || 0)") as? Int ?? 0
                try browser.press(key)
                try browser.wait("Number(document.body.dataset.done) === \(done + 1)")
            }
            for place in [1, 2] {
                try browser.press("d")
                try browser.wait("document.body.dataset.now === '\(place)'")
                try act("b")
            }
            try browser.press("d")
            try browser.wait("document.body.dataset.now === '4'")
            try act("a")
            try act("v")
            var wanted = first
            (wanted[1].text, wanted[2].start) = ("Line number one", first[2].start + 120)
            #expect(
                FileManager.default.contents(atPath: scratch.path("ann.reviewed.srt")) == Data(Self.text(wanted).utf8))
            // A new one is put into the gap before the last, and written.
            try browser.press("Home")
            try browser.wait("document.body.dataset.now === '0'")
            for _ in 0..<10 { try browser.press("ArrowRight", shift: true) }
            try act("i")
            try browser.wait("document.activeElement.id === 'text'")
            try browser.call("Input.dispatchKeyEvent", ["type": "keyDown", "commands": ["selectAll"]])
            try browser.type("New")
            try act("Enter")
            try act("v")
            let text = String(
                decoding: FileManager.default.contents(atPath: scratch.path("ann.reviewed.srt")) ?? Data(),
                as: UTF8.self)
            #expect(text.contains("\r\n\r\n2\r\n00:00:02,000 --> 00:00:02,200  X1:10 X2:20\r\nNew\r\n\r\n3\r\n"))
            try act("u")
            try act("u")
            // The other one stands at the same place, with its own decisions.
            try browser.press("t")
            try browser.wait("document.body.dataset.text.endsWith('ben.srt')")
            try browser.wait("document.body.dataset.beside.endsWith('ann.srt')")
            try browser.wait("document.getElementById('note').textContent.endsWith('ben.srt')")
            #expect(try told() == ["", "", "", "", "only the other text has it", ""])
            #expect(browser.faults.isEmpty, "\(browser.faults)")
        }
    }
}
