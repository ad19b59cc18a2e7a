import Foundation
import Testing

@Suite("A corpus as a page, by the program")
struct PageProgramTests {
    private func scan(_ scratch: Scratch) throws -> String {
        for name in ["flash-and-beep-late-120ms.mp4", "claps-in-sync.mp4", "empty.mp4"] {
            try FileManager.default.copyItem(atPath: Program.testMedia + "/" + name, toPath: scratch.path(name))
        }
        let store = scratch.path("clips.sqlite")
        let run = try Program(["scan", scratch.folder, "--store", store, "--checks", "impacts,container", "--quiet"])
        #expect(run.status == 1)
        return store
    }

    @Test("the page is written whole, holds pictures of what was looked at, and none with --no-pictures")
    func pages() throws {
        let scratch = Scratch()
        let store = try scan(scratch)
        let page = scratch.path("report.html")
        let run = try Program(["report", store, "--format", "html", "--output", page])
        #expect(run.status == 1 && run.output.isEmpty)
        let text = try String(contentsOfFile: page, encoding: .utf8)
        #expect(text.contains("1 of 3 clips is wrong"))
        #expect(text.contains("sound late by 12"))
        #expect(text.hasSuffix("</html>\n"))
        #expect(text.contains("\"sound\":["))
        #expect(text.contains("data:image/jpeg;base64,/9j/"))
        let without = try Program(["report", store, "--format", "html", "--no-pictures"])
        #expect(!without.output.contains("data:image/jpeg"))
        #expect(without.output.contains("\"sound\":["))
        #expect(try Program(["report", store, "--format", "html", "--no-pictures"]).output == without.output)
    }

    @Test("recordings that are gone cost their excerpts, not the page")
    func gone() throws {
        let scratch = Scratch()
        let store = try scan(scratch)
        try FileManager.default.removeItem(atPath: scratch.path("flash-and-beep-late-120ms.mp4"))
        let run = try Program(["report", store, "--format", "html"])
        #expect(run.output.contains("the recording is no longer at this path"))
        #expect(run.errors.contains("1 of 1 clips could not be re-read"))
        #expect(try Program(["report", store, "--format", "html", "--details", "0"]).errors.isEmpty)
    }

    @Test("a page that cannot be written is said with its name, and nothing is left of it")
    func unwritable() throws {
        let scratch = Scratch()
        let store = try scan(scratch)
        let run = try Program([
            "report", store, "--format", "html", "--details", "0", "--output", scratch.path("no/such/folder.html"),
        ])
        #expect(run.status == 2 && run.errors.contains("cannot be written"))
    }

    @Test("labels of actions are drawn, views of a session on one axis")
    func labels() throws {
        let scratch = Scratch()
        let store = try scan(scratch)
        try """
        session,view,start,end,label\nmeal,cam1,0,2,pour\nmeal,cam1,2,5,stir\nmeal,cam2,0,2.6,pour\nmeal,cam2,2.6,5,\
        stir\n
        """
        .write(toFile: scratch.path("labels.csv"), atomically: true, encoding: .utf8)
        let run = try Program([
            "report", store, "--format", "html", "--details", "0", "--labels", scratch.path("labels.csv"),
        ])
        #expect(run.output.contains("Actions on one axis"))
        #expect(run.output.contains("class=\"fault\""))
    }
}
