import Foundation
import Testing

@testable import Files

@Suite("Files that come to their places together, or none does")
struct StagedSetTests {
    private typealias Folder = StagedFileTests.Folder

    private func kind(_ work: () throws(StagedFileError) -> Void) -> StagedFileError.Kind? {
        do throws(StagedFileError) { try work() } catch { return error.kind }
        return nil
    }

    private func begun(_ folder: Folder, _ names: [String]) throws -> StagedSet {
        let set = StagedSet()
        for name in names { try set.add(folder.path(name)).write(Data("new \(name)".utf8)) }
        return set
    }

    @Test("all lie in their places afterwards, and nothing else is left")
    func whole() throws {
        let folder = try Folder()
        try folder.put("old", "b.txt")
        let set = try begun(folder, ["a.txt", "b.txt", "c.txt"])
        #expect(folder.text("b.txt") == "old" && folder.text("a.txt") == nil)
        try set.finish(replacing: true)
        #expect(folder.names == ["a.txt", "b.txt", "c.txt"])
        #expect(["a.txt", "b.txt", "c.txt"].allSatisfy { folder.text($0) == "new \($0)" })
    }

    @Test("where a later one fails, what was replaced is there again, and what was new is not")
    func undone() throws {
        let folder = try Folder()
        try folder.put("old", "a.txt")
        let set = try begun(folder, ["a.txt", "b.txt", "c.txt"])
        // A folder takes the last one's place meanwhile: nothing can be moved there.
        try FileManager.default.createDirectory(atPath: folder.path("c.txt/x"), withIntermediateDirectories: true)
        #expect(kind { () throws(StagedFileError) in try set.finish(replacing: true) } != nil)
        #expect(folder.text("a.txt") == "old")
        #expect(folder.names == ["a.txt", "c.txt"])
    }

    @Test("without leave to replace, one that exists keeps all of them away")
    func exists() throws {
        let folder = try Folder()
        try folder.put("old", "c.txt")
        let set = try begun(folder, ["a.txt", "b.txt", "c.txt"])
        #expect(kind { () throws(StagedFileError) in try set.finish(replacing: false) } == .exists)
        #expect(folder.text("c.txt") == "old" && folder.names == ["c.txt"])
    }

    @Test("two of one set never go to one place, however it is written")
    func twice() throws {
        let folder = try Folder()
        let set = try begun(folder, ["a.txt"])
        #expect(kind { () throws(StagedFileError) in _ = try set.add(folder.root + "/./a.txt") } == .twice)
    }

    @Test("a set whose program was killed while it was moved is undone by the next one", arguments: 0...3)
    func killed(moved: Int) throws {
        let folder = try Folder()
        try folder.put("old", "a.txt")
        let names = ["a.txt", "b.txt", "c.txt"]
        // As a killed program leaves it: what was moved lies there, the rest beside it, and the journal is not locked.
        var entries: [[String: Any]] = []
        for name in names {
            let partial = folder.path(".partial-x-" + name)
            try folder.put("new \(name)", ".partial-x-" + name)
            var place = stat()
            stat(partial, &place)
            var entry: [String: Any] = [
                "target": folder.path(name), "partial": partial, "inode": UInt64(place.st_ino),
            ]
            if name == "a.txt" {
                link(folder.path(name), partial + ".kept")
                entry["kept"] = partial + ".kept"
            }
            entries.append(entry)
        }
        for name in names.prefix(moved) { rename(folder.path(".partial-x-" + name), folder.path(name)) }
        try JSONSerialization.data(withJSONObject: entries).write(
            to: URL(fileURLWithPath: folder.path(".genlock-set-1")))
        _ = try StagedSet().add(folder.path("d.txt"))
        // All were moved: the set is whole, and stays.
        #expect(folder.text("a.txt") == (moved == 3 ? "new a.txt" : "old"))
        #expect(folder.names == (moved == 3 ? names : ["a.txt"]))
    }
}
