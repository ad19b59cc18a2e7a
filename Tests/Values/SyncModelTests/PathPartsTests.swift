import SyncModel
import Testing

@Suite("Parts of a path, as it is written")
struct PathPartsTests {
    @Test(
        "the folder, also where Foundation's own ends the program",
        arguments: [
            ("s", ""), ("", ""), ("/", "/"), ("//", "/"), ("a/", ""), ("a//", ""), ("/a", "/"), ("/a/", "/"),
            ("a/b", "a"), ("a//b", "a"), ("a/b/c.mov", "a/b"), ("../x", ".."), ("é", ""), ("é/è", "é"), (".", ""),
            ("//é", "/"), ("a//é", "a"), ("é//é/", "é"),
        ])
    func folder(path: String, folder: String) { #expect(path.folderOfPath == folder) }

    @Test(
        "the name, its ending and what stands before that",
        arguments: [
            ("s", "s", "", "s"), ("", "", "", ""), ("/", "/", "", "/"), ("//", "/", "", "/"), ("a/", "a", "", "a"),
            ("a/b.tar.gz", "b.tar.gz", "gz", "a/b.tar"), (".hidden", ".hidden", "", ".hidden"),
            ("x/.h", ".h", "", "x/.h"), ("a.", "a.", "", "a"), ("a..b", "a..b", "b", "a."), ("a/..", "..", "", "a/.."),
            ("a.b/c", "c", "", "a.b/c"), ("a.b//", "a.b", "b", "a"), ("Mr. Smith", "Mr. Smith", " Smith", "Mr"),
            ("//é", "é", "", "//é"), ("a//é", "é", "", "a//é"), ("a//é.日本", "é.日本", "日本", "a//é"),
            ("/nev/v///ڇ@", "ڇ@", "", "/nev/v///ڇ@"), (".", ".", "", "."),
            // An accent of its own behind a slash or a point is no part of either.
            ("a/\u{301}b.\u{301}c", "\u{301}b.\u{301}c", "\u{301}c", "a/\u{301}b"),
        ])
    func name(path: String, name: String, ending: String, rest: String) {
        #expect(Array(path.nameOfPath.utf8) == Array(name.utf8))
        #expect(Array(path.endingOfPath.utf8) == Array(ending.utf8))
        #expect(Array(path.withoutEnding.utf8) == Array(rest.utf8))
    }
}
