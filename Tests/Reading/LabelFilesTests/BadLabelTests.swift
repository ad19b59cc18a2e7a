import SyncModel
import Testing

@testable import LabelFiles

@Suite("Label files that are not what they should be: a line says file, row and remedy, the rest goes on")
struct BadLabelTests {
    @Test(
        "rows: an end before its start, no label, no number, too few fields, a row twice",
        arguments: [
            ("a,5,4", "end-before-start"), (",1,2", "no-label"), ("a,soon,2", "bad-time"), ("a,1", "short-row"),
            ("ok,0,1", "row-twice"),
            ("a,1e12,2e12", "bad-time"),
        ])
    func rows(row: String, code: String) throws {
        let corpus = Reading.corpus("label,start,end\nok,0,1\n\(row)\nfine,8,9\n")
        let problem = try #require(corpus.problems.first { $0.code == code })
        #expect(problem.file == "take1.csv" && problem.row == 3 && !problem.remedy.isEmpty)
        #expect(Reading.shown(corpus) == ["take1||: ok 0.0 1.0, fine 8.0 9.0"])
    }

    @Test(
        "files: empty, blank, no text, unknown columns, broken JSON, a header alone",
        arguments: [
            ("", "empty-file"), ("  \n\n", "empty-file"), ("\u{0}\u{0}\u{0}\u{1}x", "unreadable"),
            ("name;colour\nx;red\n", "unknown-columns"),
            ("{\"a\": [", "unreadable"), ("label,start,end\n", "no-labels"), ("{\"a\": 1}", "unknown-columns"),
            ("who,start,end\nme,0,1\n", "unknown-columns"),
        ])
    func files(text: String, code: String) {
        let corpus = Reading.corpus([
            ("bad.csv", Array(text.utf8)), ("good.csv", Array("label,start,end\na,0,1\n".utf8)),
        ])
        #expect(corpus.problems.contains { $0.code == code && $0.file == "bad.csv" && $0.isLoss })
        #expect(Reading.shown(corpus) == ["good||: a 0.0 1.0"])
    }

    @Test("a label of a million characters is cut and said, and swallows nothing else")
    func longLabel() {
        let corpus = Reading.corpus("label,start,end\n\(String(repeating: "x", count: 1_000_000)),0,1\nb,1,2\n")
        #expect(corpus.problems.contains { $0.code == "long-label" && $0.row == 2 })
        #expect(corpus.sessions[0].tracks[0].segments.count == 2)
        #expect(corpus.symbols.names.allSatisfy { $0.count <= 1000 })
    }

    @Test("overlaps are said only where none are allowed; rows out of order always")
    func overlaps() {
        let text = "label,start,end\na,0,5\nb,4,6\nc,2,3\n"
        #expect(Reading.corpus(text).problems.map(\.code) == ["rows-out-of-order"])
        let strict = Reading.corpus(text) { $0.overlapsAllowed = false }
        #expect(strict.problems.filter { $0.code == "overlap" }.count == 2)
    }

    @Test("two files of one view: the first is taken; in two folders they are two annotators")
    func twice() {
        let (one, other) = (
            Array("view,label,start,end\ncam1,a,0,1\n".utf8), Array("view,label,start,end\ncam1,a,0,2\n".utf8)
        )
        let same = Reading.corpus([("x/s.csv", one), ("x/s.tsv", other)])
        #expect(same.problems.contains { $0.code == "view-twice" && $0.file == "x/s.tsv" })
        #expect(Reading.shown(same) == ["s|cam1|: a 0.0 1.0"])
        let two = Reading.corpus([("anna/s.csv", one), ("ben/s.csv", other)])
        #expect(two.problems.isEmpty)
        #expect(Reading.shown(two) == ["s|cam1|anna: a 0.0 1.0", "s|cam1|ben: a 0.0 2.0"])
    }

    @Test("very many bad rows are counted after the first ten")
    func many() {
        let corpus = Reading.corpus("label,start,end\n" + String(repeating: "a,2,1\n", count: 500) + "b,0,1\n")
        let said = corpus.problems.filter { $0.code == "end-before-start" }
        #expect(said.count == 11 && said.last?.message.contains("490") == true)
    }

    @Test("names of files by pattern")
    func patterns() throws {
        let pattern = try #require(NamePattern("{session}_{view}"))
        #expect(pattern.match("in/P03_coffee_cam01.csv") == ["session": "P03", "view": "coffee_cam01"])
        #expect(
            NamePattern("{annotator}/{session}")?.match("/a/anna/take7.json") == [
                "annotator": "anna", "session": "take7",
            ])
        #expect(NamePattern("{}_{session}-v{view}")?.match("x_s1-v2.csv") == ["session": "s1", "view": "2"])
        #expect(NamePattern("{who}") == nil && NamePattern("plain") == nil)
    }

    @Test("any bytes end in a corpus, never in a crash")
    func garbage() {
        var state: UInt64 = 7
        for _ in 0..<300 {
            let alphabet = Array("label,start,end\n0123456789.:;\t\"{}[]-ab \u{0}\u{FF}".utf8)
            let bytes = (0..<200).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = Reading.corpus([("x.csv", Array("label,start,end\n".utf8) + bytes), ("y.csv", bytes)])
        }
    }
}
