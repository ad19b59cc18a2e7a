import Foundation
import Testing

@testable import Files

@Suite("Folders for what nobody else may read")
struct PrivateFolderTests {
    @Test("only the owner enters, no two have one name, and what is there already is not taken")
    func make() throws {
        let parent = try PrivateFolder.make("genlock-private-test")
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let folders = try (0..<20).map { _ in try PrivateFolder.make("a", in: [parent]) }
        #expect(Set(folders).count == 20)
        for folder in folders {
            var status = stat()
            #expect(
                stat(folder, &status) == 0 && status.st_mode & 0o7777 == 0o700 && status.st_mode & S_IFMT == S_IFDIR)
        }
    }

    @Test("the first place that will do is taken; where none will, it is said which and why")
    func places() throws {
        let gone = NSTemporaryDirectory() + "genlock-not-there-\(UUID().uuidString)"
        let made = try PrivateFolder.make("genlock-private-test", in: [gone, NSTemporaryDirectory()])
        defer { try? FileManager.default.removeItem(atPath: made) }
        #expect(!made.hasPrefix(gone))
        #expect(throws: StagedFileError(path: gone, kind: .failed(ENOENT))) {
            _ = try PrivateFolder.make("a", in: [gone])
        }
    }
}
