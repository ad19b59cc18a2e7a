import Files
import Foundation
import Testing

@Suite("Files that are there whole or not at all")
struct StagedFileTests {
    /// A folder that goes away with the value.
    final class Folder {
        let root = NSTemporaryDirectory() + "genlock-files-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func path(_ name: String) -> String { root + "/" + name }
        func put(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        }
        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
        }
        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: root).sorted()) ?? [] }
    }

    private func kind(_ work: () throws(StagedFileError) -> Void) -> StagedFileError.Kind? {
        do throws(StagedFileError) { try work() } catch { return error.kind }
        return nil
    }

    @Test("until it is finished nothing lies in its place; then all of it does, and nothing else")
    func whole() throws {
        let folder = try Folder()
        let file = try StagedFile(folder.path("a.txt"))
        try file.write(Array("one ".utf8))
        try file.write(Data("two".utf8))
        #expect(folder.text("a.txt") == nil && folder.names.count == 1)
        #expect(file.path.hasPrefix(folder.root + "/.partial-") && file.path.hasSuffix("-a.txt"))
        try file.finish(replacing: false)
        #expect(folder.text("a.txt") == "one two" && folder.names == ["a.txt"])
        file.discard()
        #expect(folder.names == ["a.txt"])
    }

    @Test("large content arrives whole")
    func large() throws {
        let folder = try Folder()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try StagedFile.write(bytes, to: folder.path("a.bin"))
        #expect(FileManager.default.contents(atPath: folder.path("a.bin")) == Data(bytes))
    }

    @Test("what another program writes to its path is kept, whether written into the file or moved over it")
    func byPath() throws {
        let folder = try Folder()
        for isMoved in [false, true] {
            let file = try StagedFile(folder.path("a.txt"))
            try Data("by path".utf8).write(to: URL(fileURLWithPath: file.path), options: isMoved ? .atomic : [])
            try file.finish(replacing: true)
            #expect(folder.text("a.txt") == "by path" && folder.names == ["a.txt"])
        }
    }

    @Test("an existing file is kept where it is not to be replaced, and replaced where it is")
    func existing() throws {
        let folder = try Folder()
        try folder.put("old", "a.txt")
        #expect(
            kind { () throws(StagedFileError) in
                try StagedFile.write(Array("new".utf8), to: folder.path("a.txt"), replacing: false)
            } == .exists)
        #expect(folder.text("a.txt") == "old" && folder.names == ["a.txt"])
        try StagedFile.write(Array("new".utf8), to: folder.path("a.txt"), replacing: true)
        #expect(folder.text("a.txt") == "new" && folder.names == ["a.txt"])
    }

    @Test("a file that is made in its place meanwhile is kept")
    func meanwhile() throws {
        let folder = try Folder()
        let file = try StagedFile(folder.path("a.txt"))
        try file.write(Array("mine".utf8))
        try folder.put("theirs", "a.txt")
        #expect(kind { () throws(StagedFileError) in try file.finish(replacing: false) } == .exists)
        #expect(folder.text("a.txt") == "theirs" && folder.names == ["a.txt"])
    }

    @Test("so is a link that leads nowhere; and of a link that is replaced what it leads to is kept")
    func links() throws {
        let folder = try Folder()
        try FileManager.default.createSymbolicLink(atPath: folder.path("l"), withDestinationPath: folder.path("t"))
        #expect(
            kind { () throws(StagedFileError) in
                try StagedFile.write(Array("new".utf8), to: folder.path("l"), replacing: false)
            } == .exists)
        try folder.put("old", "t")
        try StagedFile.write(Array("new".utf8), to: folder.path("l"))
        #expect(folder.text("t") == "old" && folder.text("l") == "new")
    }

    @Test("discarded, or with the end of the value, nothing is left")
    func discarded() throws {
        let folder = try Folder()
        try folder.put("old", "a.txt")
        let file = try StagedFile(folder.path("a.txt"))
        try file.write(Array("new".utf8))
        file.discard()
        #expect(folder.names == ["a.txt"] && folder.text("a.txt") == "old")
        do {
            let other = try StagedFile(folder.path("b.txt"))
            try other.write(Array("new".utf8))
        }
        #expect(folder.names == ["a.txt"])
    }

    @Test("two at once for one place do not share what is under way")
    func together() throws {
        let folder = try Folder()
        let (one, other) = (try StagedFile(folder.path("a.txt")), try StagedFile(folder.path("a.txt")))
        #expect(one.path != other.path)
        try one.write(Array("one".utf8))
        try other.write(Array("other".utf8))
        try one.finish(replacing: false)
        #expect(folder.text("a.txt") == "one")
        #expect(kind { () throws(StagedFileError) in try other.finish(replacing: false) } == .exists)
        #expect(folder.text("a.txt") == "one" && folder.names == ["a.txt"])
    }

    @Test("of many threads that want one new place exactly one gets it")
    func threads() async throws {
        let folder = try Folder()
        let path = folder.path("a.txt")
        let done = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    (try? StagedFile.write(Array("\(number)".utf8), to: path, replacing: false)) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 1 && folder.names == ["a.txt"])
    }

    @Test("names under way are in the order of the names")
    func order() throws {
        let folder = try Folder()
        let files = try ["b.mp4", "a.mp4", "a-b.mp4"].map { try StagedFile(folder.path($0)) }
        #expect(files.map(\.path).sorted() == [files[2].path, files[1].path, files[0].path])
    }

    @Test("a name as long as file systems take is no trouble, and keeps its ending")
    func longName() throws {
        let folder = try Folder()
        let name = String(repeating: "ü", count: 125) + ".mkv"
        let file = try StagedFile(folder.path(name))
        #expect(file.path.hasSuffix("ü.mkv"))
        try file.finish(replacing: false)
        #expect(folder.text(name) == "")
    }

    @Test("the permissions are those of any new file, whatever was there")
    func permissions() throws {
        let folder = try Folder()
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: folder.path(name))[.posixPermissions] as? Int
        }
        let plain = open(folder.path("plain"), O_WRONLY | O_CREAT, 0o666)
        close(plain)
        try folder.put("old", "a.txt")
        chmod(folder.path("a.txt"), 0o600)
        try StagedFile.write(Array("new".utf8), to: folder.path("a.txt"))
        #expect(try mode("a.txt") == mode("plain"))
    }

    @Test("a folder in its place is refused at once; one that is made there meanwhile, at the end")
    func folders() throws {
        let folder = try Folder()
        #expect(kind { () throws(StagedFileError) in _ = try StagedFile(folder.root) } == .isFolder)
        for replacing in [false, true] {
            let file = try StagedFile(folder.path("d\(replacing)"))
            try FileManager.default.createDirectory(atPath: file.target, withIntermediateDirectories: false)
            #expect(
                kind { () throws(StagedFileError) in try file.finish(replacing: replacing) }
                    == (replacing ? .failed(EISDIR) : .exists))
        }
        #expect(folder.names == ["dfalse", "dtrue"])
    }

    @Test("a folder that is not there, one that may not be written to and no name at all are told with path and remedy")
    func refused() throws {
        let folder = try Folder()
        #expect(kind { () throws(StagedFileError) in _ = try StagedFile(folder.path("none/a.txt")) } == .failed(ENOENT))
        #expect(kind { () throws(StagedFileError) in _ = try StagedFile("") } == .failed(ENOENT))
        chmod(folder.root, 0o555)
        defer { chmod(folder.root, 0o755) }
        // Nothing is forbidden to root but by the system itself, which lets nobody make files in /sys.
        let path = geteuid() == 0 ? "/sys/kernel/a.txt" : folder.path("a.txt")
        do throws(StagedFileError) {
            _ = try StagedFile(path)
            Issue.record("a read-only folder was written to")
        } catch {
            #expect([.failed(EACCES), .failed(EROFS), .failed(EPERM)].contains(error.kind))
            #expect(error.description.hasPrefix("\(path) cannot be written (\(error.reason)): check that its folder"))
        }
    }

    @Test("what is under way and was taken away is told, and leaves what lay there")
    func gone() throws {
        let folder = try Folder()
        try folder.put("old", "a.txt")
        let file = try StagedFile(folder.path("a.txt"))
        unlink(file.path)
        #expect(kind { () throws(StagedFileError) in try file.finish(replacing: true) } == .failed(ENOENT))
        #expect(folder.text("a.txt") == "old")
    }

    @Test("a full disk is told when it is written to")
    func full() throws {
        let file = try StagedFile("/dev/full", writesThrough: true)
        #expect(kind { () throws(StagedFileError) in try file.write([1, 2, 3]) } == .failed(ENOSPC))
    }

    @Test("a pipe is written to where that is wanted, else refused; it is never replaced or taken away")
    func pipes() throws {
        let folder = try Folder()
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(kind { () throws(StagedFileError) in _ = try StagedFile(path) } == .isSpecial)
        #expect(kind { () throws(StagedFileError) in _ = try StagedFile("/dev/stdout") } == .isSpecial)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try StagedFile.write(Array("through".utf8), to: path, writesThrough: true)
        var bytes = [UInt8](repeating: 0, count: 20)
        #expect(read(reader, &bytes, 20) == 7 && bytes.prefix(7) == Array("through".utf8)[...])
        let file = try StagedFile(path, writesThrough: true)
        file.discard()
        #expect(folder.names == ["pipe"])
        var place = stat()
        #expect(lstat(path, &place) == 0 && place.st_mode & S_IFMT == S_IFIFO)
    }
}
