import Foundation
import Testing

/// `genlock review` of action labels in a browser, by keyboard alone.
@Suite("Action labels worked through by keyboard", .serialized, .enabled(if: Browser.path != nil, "needs Chromium"))
struct LabelReviewBrowserTests {
    /// A label of a made file, in ms on its camera's clock.
    private struct Label {
        var start: Int
        var end: Int
        var name: String
    }

    private static func seconds(_ ms: Int) -> String { String(format: "%d.%03d", ms / 1000, ms % 1000) }

    /// A table with a mark, ends of lines of Windows, quotes, a comment and columns that no reader needs.
    private static func table(_ labels: [Label]) -> Data {
        let rows = labels.enumerated().map { number, label in
            let name = label.name.contains(",") ? "\"\(label.name)\"" : label.name
            return "r\(number),\(seconds(label.start)),\(seconds(label.end)),\(name),\"a \"\"note\"\" \(number)\"\r\n"
                + (number % 9 == 4 ? "# looked at twice\r\n" : "")
        }
        return Data(("\u{FEFF}id,start_s,end_s,label,note\r\n" + rows.joined()).utf8)
    }

    private static func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }

    private static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

    /// Presses keys, each answered by the server.
    private static func act(_ browser: Browser, _ keys: String...) throws {
        for key in keys {
            let done = try browser.value("Number(document.body.dataset.done || 0)") as? Int ?? 0
            try browser.press(key)
            try browser.wait("Number(document.body.dataset.done) === \(done + 1)")
        }
    }

    private static func opened(_ browser: Browser, _ server: ReviewProgram) throws {
        try browser.visit(server.address)
        try browser.wait("document.body && document.body.dataset.ready")
        try browser.wait("document.activeElement.id === 'rows'")
    }

    private static func choose(_ browser: Browser, _ key: String) throws {
        try browser.press("d")
        try browser.wait("document.body.dataset.now === '\(key)'")
    }

    private static func rename(_ browser: Browser, _ name: String) throws {
        try browser.press("Enter")
        try browser.wait("document.activeElement.id === 'name'")
        try browser.call("Input.dispatchKeyEvent", ["type": "keyDown", "commands": ["selectAll"]])
        try browser.type(name)
        try act(browser, "Enter")
    }

    /// Corrects the selected label by keys, as its number says; the label as it is then.
    private static func correct(_ number: Int, _ label: Label, _ browser: Browser) throws -> Label {
        var label = label
        switch number % 5 {
        case 0:
            try act(browser, "x", "x")
            label.start += 20
        case 1:
            try act(browser, "n")
            label.end -= 10
        case 2:
            label.name = number % 2 == 0 ? "slice, thin \(number)" : "na\u{EF}ve \(number)"
            try rename(browser, label.name)
        case 3:
            try browser.press("ArrowRight", shift: true)
            try browser.press("ArrowRight")
            try act(browser, "s")
            label.start += 110
        default:
            try act(browser, "m", "z")
            label.end += 10
            label.start -= 10
        }
        return label
    }

    @Test(
        """
        100 labels of two cameras corrected are all in their files and every other byte is what it was, also where the \
        program was killed half-way; a split, a join, and undo across the files
        """
    )
    func hundred() async throws {
        try await aside {
            let scratch = Scratch()
            // What camera b has at 4 s is 1.5 s on the timeline, and its labels come half a second after those of a.
            var made = [
                (0..<52).map { Label(start: 1000 + 1200 * $0, end: 1900 + 1200 * $0, name: "action \($0), left") },
                (0..<52).map { Label(start: 4000 + 1200 * $0, end: 4900 + 1200 * $0, name: "action \($0), left") },
            ]
            let original = made
            let media = ["a", "b"].map { scratch.write("\($0).wav", ReviewProgram.wave(80, tones: [1000..<1500])) }
            let files = zip(["a.csv", "b.csv"], made).map { scratch.write($0, Self.table($1)) }
            let sync = scratch.write(
                "views.json",
                Data(#"{"clock": [{"clip": "a.wav", "offset_ms": 0}, {"clip": "b.wav", "offset_ms": -2500}]}"#.utf8))
            let arguments = ["--as", "ann", "--sync", sync, "--", media[0], files[0], media[1], files[1]]
            let written = ["a", "b"].map { scratch.path("\($0).reviewed.csv") }
            func expectWritten(_ labels: [[Label]], _ place: SourceLocation = #_sourceLocation) {
                for (path, labels) in zip(written, labels) {
                    #expect(
                        Self.text(path) == String(decoding: Self.table(labels), as: UTF8.self), sourceLocation: place)
                }
            }
            let browser = try Browser()
            var server = try ReviewProgram(arguments)
            try Self.opened(browser, server)
            let began = Date()
            for number in 0..<100 {
                if number == 50 {
                    // Nothing that was answered for is lost.
                    server.stop(SIGKILL)
                    server = try ReviewProgram(arguments)
                    try Self.opened(browser, server)
                    try browser.wait("document.body.dataset.decided === '50'")
                    for _ in 0..<50 { try browser.press("ArrowDown") }
                }
                let (lane, place) = (number % 2, number / 2)
                try browser.wait("document.body.dataset.now === '\(lane)-\(place)'")
                made[lane][place] = try Self.correct(number, made[lane][place], browser)
                try browser.press("ArrowDown")
            }
            print("review: 100 labels by keyboard in \(String(format: "%.1f", Date().timeIntervalSince(began))) s")
            try Self.act(browser, "v")
            expectWritten(made)
            for (path, labels) in zip(files, original) { #expect(Self.bytes(path) == Self.table(labels)) }
            // The last two decisions are of b, those before of a.
            let last = (made[0][49], made[1][49])
            try Self.act(browser, "u", "u", "v")
            made[1][49] = original[1][49]
            expectWritten(made)
            try Self.act(browser, "u", "v")
            made[0][49] = original[0][49]
            expectWritten(made)
            try Self.act(browser, "r", "r", "r", "v")
            (made[0][49], made[1][49]) = last
            expectWritten(made)
            // The last label of a is split and joined again.
            try browser.press("End")
            try browser.press("ArrowUp")
            try browser.wait("document.body.dataset.now === '0-51'")
            for _ in 0..<4 { try browser.press("ArrowRight", shift: true) }
            try Self.act(browser, "c", "v")
            let end = Self.seconds(made[0][51].end)
            let middle = Self.seconds(made[0][51].start + 400)
            let row = String(decoding: Self.table(made[0]), as: UTF8.self).split(separator: "\r\n").last.map(
                String.init)
            let split = try #require(row)
            let all = String(decoding: Self.table(made[0]), as: UTF8.self)
            #expect(
                Self.text(written[0])
                    == all.replacing(split, with: split.replacing(end, with: middle))
                    + split.replacing(
                        Self.seconds(made[0][51].start), with: middle) + "\r\n")
            try Self.act(browser, "j", "v")
            expectWritten(made)
            #expect(browser.faults.isEmpty, "\(browser.faults)")
            server.stop()
            let run = try Program(["review", "--export", scratch.path("all.jsonl")] + arguments)
            #expect(run.status == 0, "\(run.errors)")
            let lines = try String(contentsOfFile: scratch.path("all.jsonl"), encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 20 * 2 + 20 + 20 + 20 + 20 * 2 + 2)
        }
    }

    @Test(
        """
        a boundary that another camera has elsewhere is found, played in the chosen camera with a second around it, \
        and \
        taken over in the camera's own time, with the label that touches it
        """
    )
    func cameras() async throws {
        try await aside {
            let scratch = Scratch()
            let (one, two) = (
                scratch.write("a.wav", ReviewProgram.wave(12, tones: [3500..<4000])),
                scratch.write("b.wav", ReviewProgram.wave(12, tones: [1000..<1500]))
            )
            // What b shows at 1 s a shows at 3.5 s; its clock gains 1000 ppm.
            let sync = scratch.write(
                "views.json",
                Data(
                    """
                    {"clock": [{"clip": "a.wav", "offset_ms": 0, "drift_ppm": 0, "group": 0}, \
                    {"clip": "b.wav", "offset_ms": 2499, "drift_ppm": 1000, "group": 0}]}
                    """.utf8))
            let mine = "start_s,end_s,label\n3.500,5.100,pour\n5.100,7.000,stir\n8.000,9.000,wash\n"
            let others = "start_s,end_s,label\n1.000,2.800,pour\n2.800,4.497,stir\n5.496,6.495,wash\n"
            let (labels, theirs) = (scratch.write("a.csv", Data(mine.utf8)), scratch.write("b.csv", Data(others.utf8)))
            let browser = try Browser()
            let arguments = ["--as", "ann", "--sync", sync, "--", one, labels, two, theirs]
            let server = try ReviewProgram(arguments)
            try Self.opened(browser, server)
            let told = try browser.value("[...document.querySelectorAll('#rows .f')].map(e => e.textContent)")
            #expect(
                told as? [String] == ["", "end 202 ms late", "", "start 202 ms late", "", ""])
            #expect(try browser.text("document.body.dataset.open") == "2")
            try Self.choose(browser, "1-0")
            #expect(try browser.text("document.body.dataset.edge") == "end")
            #expect(
                try browser.text("document.getElementById('note').textContent").contains("ends, and the next starts"))
            // The boundary, 2.8 s of b, is 5.3018 s on the timeline.
            for (key, camera) in [("1", "0"), ("2", "1")] {
                try browser.press(key)
                try browser.wait("document.body.dataset.camera === '\(camera)'")
                let played = try browser.value("Number(document.body.dataset.played || 0)") as? Int ?? 0
                try browser.press(" ")
                try browser.wait("Number(document.body.dataset.played) === \(played + 1)")
                #expect(try browser.text("document.body.dataset.playedFrom") == "4.302")
                #expect(try browser.text("document.body.dataset.playedTo") == "6.302")
                try browser.wait("playing === null && head > 6.2")
            }
            try browser.press("0")
            // The same boundary of b is 2.5984 s where a has it; both labels that share it move.
            try Self.act(browser, "b", "v")
            #expect(Self.text(scratch.path("b.reviewed.csv")) == others.replacing("2.800", with: "2.598"))
            #expect(try browser.text("document.body.dataset.open") == "0")
            #expect(!FileManager.default.fileExists(atPath: scratch.path("a.reviewed.csv")))
            // Alone, it leaves the next one where it is.
            try browser.press("l")
            try Self.act(browser, "m", "v")
            #expect(
                Self.text(scratch.path("b.reviewed.csv"))
                    == others.replacing("2.800,4", with: "2.598,4").replacing("2.800", with: "2.608"))
            try Self.act(browser, "u", "u", "v")
            #expect(Self.text(scratch.path("b.reviewed.csv")) == others)
            #expect(browser.faults.isEmpty, "\(browser.faults)")
            server.stop()
            let lost = try Program(["review", theirs, one, labels, "--sync", sync, "--write"])
            #expect(lost.status != 0 && lost.errors.contains("belongs to none"), "\(lost.errors)")
        }
    }

    @Test(
        """
        two annotators side by side: what one lacks is added to the other's file by a key, a name taken over; a label \
        is \
        accepted, and one marked as wrong stays
        """
    )
    func annotators() async throws {
        try await aside {
            let scratch = Scratch()
            let media = scratch.write("kitchen.wav", ReviewProgram.wave(14, tones: [1000..<1500]))
            let ann = "begin\tend\tlabel\n1.0\t2.0\tcut\n3.0\t4.5\tpour\n6.0\t7.0\tstir\n8.0\t9.0\twash\n"
            let ben = "begin\tend\tlabel\n1.0\t2.0\tcut\n6.0\t7.0\tmix\n8.0\t9.0\twash\n"
            let files = [scratch.write("ann.tsv", Data(ann.utf8)), scratch.write("ben.tsv", Data(ben.utf8))]
            let browser = try Browser()
            let server = try ReviewProgram(["--as", "eve", "--labels", "--", media] + files)
            try Self.opened(browser, server)
            #expect(
                try browser.value("lanes.map(lane => lane.name)") as? [String] == [
                    "kitchen by ann", "kitchen by ben",
                ])
            try Self.choose(browser, "0-1")
            #expect(
                try browser.text("document.querySelector('#rows .now .f').textContent") == "missing in kitchen by ben")
            try Self.act(browser, "b")
            try browser.wait("label().lane === 1 && label().row.text === 'pour'")
            try Self.choose(browser, "1-1")
            #expect(
                try browser.text("document.getElementById('detail').textContent").contains(
                    "kitchen by ann: is called stir"))
            try Self.act(browser, "b", "v")
            let wanted = "begin\tend\tlabel\n1.0\t2.0\tcut\n3.000\t4.500\tpour\n6.0\t7.0\tstir\n8.0\t9.0\twash\n"
            #expect(Self.text(scratch.path("ben.reviewed.tsv")) == wanted)
            #expect(try browser.text("document.body.dataset.open") == "0")
            // From a label to the same one of the other, which is accepted; the one after it is marked.
            try browser.press("t")
            try browser.wait("document.body.dataset.now === '0-2'")
            try Self.act(browser, "a")
            try browser.wait("document.body.dataset.now !== '0-2'")
            let marked = try browser.text("document.body.dataset.now")
            try Self.act(browser, "w")
            #expect(
                try browser.text("document.querySelector('#row-\(marked) .m').textContent") == "wrong label")
            try Self.act(browser, "v")
            #expect(Self.text(scratch.path("ann.reviewed.tsv")) == ann)
            #expect(Self.text(scratch.path("ben.reviewed.tsv")) == wanted)
            // Undone are the last four decisions, in both files.
            try Self.act(browser, "u", "u", "u", "u", "v")
            #expect(try browser.text("document.body.dataset.decided") == "0")
            #expect(browser.faults.isEmpty, "\(browser.faults)")
        }
    }

    @Test("a screen reader is told what there is, what is selected and what happened; a page to read decides nothing")
    func spoken() async throws {
        try await aside {
            let scratch = Scratch()
            let media = scratch.write("a.wav", ReviewProgram.wave(12, tones: [1000..<1500]))
            let file = scratch.write("a.csv", Data("start,end,label\n1,2.5,cut\n4,5,pour\n".utf8))
            let browser = try Browser()
            let server = try ReviewProgram(["--read-only", "--labels", "--", media, file])
            try Self.opened(browser, server)
            try browser.press("ArrowDown")
            try browser.call("Accessibility.enable")
            let nodes = try browser.call("Accessibility.getFullAXTree")["nodes"] as? [[String: Any]] ?? []
            func name(_ node: [String: Any], _ key: String) -> String {
                (node[key] as? [String: Any])?["value"] as? String ?? ""
            }
            let options = nodes.filter { name($0, "role") == "option" && name($0, "name").contains(" at ") }
            #expect(
                options.map { name($0, "name") } == ["cut of a at 1.00 s, 1.50 s", "pour of a at 4.00 s, 1.00 s"])
            #expect(nodes.contains { name($0, "role") == "listbox" && name($0, "name") == "Labels" })
            #expect(nodes.contains { name($0, "role") == "status" })
            let image = nodes.first { ["image", "img"].contains(name($0, "role")) }
            #expect(image.map { name($0, "name").hasPrefix("Timeline from") } == true, "\(String(describing: image))")
            let unnamed = nodes.filter {
                ["button", "combobox", "checkbox", "textbox"].contains(name($0, "role")) && name($0, "name").isEmpty
                    && $0["ignored"] as? Bool != true
            }
            #expect(unnamed.isEmpty, "\(unnamed)")
            #expect(
                try browser.text("document.getElementById('rows').getAttribute('aria-activedescendant')") == "row-0-1")
            try browser.press("h")
            try browser.wait("document.getElementById('note').textContent.startsWith('pour of a at 4.00 s')")
            try browser.press("f")
            try browser.wait("document.body.dataset.edge === 'end' && head === 5")
            try browser.press("a")
            try browser.wait("document.getElementById('note').textContent.includes('read-only')")
            #expect(browser.faults.isEmpty, "\(browser.faults)")
            #expect(!FileManager.default.fileExists(atPath: file + ".review.sqlite"))
        }
    }
}
