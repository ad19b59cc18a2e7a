import Testing

@testable import Plan

@Suite("The folder of a path")
struct PathFolderTests {
    @Test(
        "is what stands before its last name",
        arguments: [
            ("a/b/c.mov", "a/b"), ("/c.mov", "/"), ("c.mov", ""), ("c", ""), ("/", "/"), ("", ""), ("a/", ""),
            ("a//b", "a"), ("//a", "/"), ("./a", "."), ("/a/b/", "/a"), ("ü/ü", "ü"),
        ])
    func folder(path: String, folder: String) { #expect(path.folderOfPath == folder) }
}
