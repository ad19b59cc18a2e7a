import Foundation
import Testing

@testable import Workers

@Suite("What a cell may have written")
struct CellJudgeTests {
    private final class Place {
        let folder: String

        init() throws {
            var pattern = Array((NSTemporaryDirectory() + "genlock-cell-XXXXXX").utf8CString)
            try #require(mkdtemp(&pattern) != nil)
            folder = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func path(_ name: String) -> String { folder + "/" + name }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        }
        func text(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }
        var names: Set<String> { Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []) }
    }

    private static let new = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW

    private func open(_ judge: inout CellJudge, _ path: String, _ flags: Int32 = new) -> Int32 {
        let (descriptor, code) = judge.open(path, flags: flags, mode: 0o666)
        if descriptor >= 0 { close(descriptor) }
        return code
    }

    @Test("the file that was named is written beside its place and moved there, and nothing else is")
    func granted() throws {
        let place = try Place()
        try place.write("other.mov", "other")
        var judge = CellJudge(CellGrants([.init(place.path("out.mov"), replaces: false)]))
        #expect(open(&judge, place.path(".partial-1-out.mov")) == 0)
        #expect(judge.rename(place.path(".partial-1-out.mov"), to: place.path("other.mov")) != 0)
        #expect(judge.rename(place.path(".partial-1-out.mov"), to: place.path("out.mov")) == 0)
        for (path, flags) in [
            ("other.mov", O_WRONLY), ("other.mov", O_RDONLY | O_TRUNC), ("new.mov", Self.new), (".bashrc", Self.new),
            ("out.srt", Self.new), ("../x.mov", Self.new), (".partial-2/../x", Self.new), ("out.mov/x", Self.new),
        ] { #expect(open(&judge, place.path(path), flags) != 0, "\(path)") }
        #expect(open(&judge, "/tmp/.partial-1-x") != 0 || place.folder == "/tmp")
        #expect(judge.remove(place.path("other.mov")) != 0)
        #expect(judge.makeFolder(place.path("folder")) != 0)
        #expect(place.names == ["out.mov", "other.mov"])
        #expect(place.text("other.mov") == "other")
    }

    @Test("what lies there is replaced only where that was allowed, and a source never")
    func replacing() throws {
        let place = try Place()
        for name in ["out.mov", "source.mov"] { try place.write(name, name) }
        var careful = CellJudge(CellGrants([.init(place.path("out.mov"), replaces: false)]))
        #expect(open(&careful, place.path(".partial-1-out.mov")) == 0)
        #expect(careful.rename(place.path(".partial-1-out.mov"), to: place.path("out.mov")) == EEXIST)
        #expect(careful.link(place.path(".partial-1-out.mov"), as: place.path("out.mov")) == EEXIST)
        #expect(careful.remove(place.path("out.mov")) != 0)
        #expect(careful.link(place.path("out.mov"), as: place.path(".partial-1-out.mov.kept")) != 0)
        #expect(place.text("out.mov") == "out.mov")

        var forced = CellJudge(
            CellGrants(
                [.init(place.folder, isFolder: true, replaces: true)], sources: [place.path("source.mov")]))
        #expect(open(&forced, place.path(".partial-2-out.mov")) == 0)
        #expect(forced.link(place.path("out.mov"), as: place.path(".partial-2-out.mov.kept")) == 0)
        #expect(forced.rename(place.path(".partial-2-out.mov"), to: place.path("source.mov")) != 0)
        #expect(forced.rename(place.path(".partial-2-out.mov"), to: place.path("out.mov")) == 0)
        #expect(place.text("out.mov") == "")
        #expect(forced.rename(place.path(".partial-2-out.mov.kept"), to: place.path("out.mov")) == 0)
        #expect(place.text("out.mov") == "out.mov" && place.text("source.mov") == "source.mov")
    }

    @Test("files beside the output bear its name; a link in the way leads nowhere")
    func companions() throws {
        let place = try Place()
        try place.write("victim", "victim")
        try FileManager.default.createSymbolicLink(
            atPath: place.path("fixed.txt"), withDestinationPath: place.path("victim"))
        var judge = CellJudge(
            CellGrants([.init(place.path("fixed.mov"), replaces: true, withCompanions: true)]))
        #expect(open(&judge, place.path(".partial-1-a")) == 0)
        #expect(judge.rename(place.path(".partial-1-a"), to: place.path("fixed.en.srt")) == 0)
        #expect(open(&judge, place.path(".partial-1-b")) == 0)
        #expect(judge.rename(place.path(".partial-1-b"), to: place.path("fixed.txt")) == 0)
        #expect(open(&judge, place.path("fixed.txt"), O_WRONLY) != 0)
        #expect(place.text("victim") == "victim")
        #expect(place.names == ["victim", "fixed.en.srt", "fixed.txt"])
    }

    @Test("what is left under way is taken away")
    func clearing() throws {
        let place = try Place()
        var judge = CellJudge(CellGrants([.init(place.path("out.mov"), replaces: false)]))
        #expect(open(&judge, place.path(".partial-1-out.mov")) == 0)
        judge.clear { _ in }
        #expect(place.names.isEmpty)
    }

    @Test("messages are themselves again, and what is cut off is none")
    func messages() {
        for message in [
            CellMessage.open(path: "/a/ü.mov", flags: -1, mode: .max), .rename("a", to: "b"), .link("a", as: "b"),
            .remove("c"), .makeFolder("d"), .opened(milliseconds: 7),
        ] {
            #expect(CellMessage(message.bytes) == message)
            for count in 0..<message.bytes.count { #expect(CellMessage(message.bytes.prefix(count)) != message) }
        }
        #expect(CellMessage([UInt8](repeating: 0xFF, count: 100)) == nil)
    }
}
