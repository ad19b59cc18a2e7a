import Foundation
import Storage
import SyncModel
import Testing

@testable import Review

/// A text and a recording that is none, in a folder that goes away.
private final class MadeText {
    let folder = NSTemporaryDirectory() + "genlock-text-review-" + UUID().uuidString
    static let text = """
        1\n00:00:01,000 --> 00:00:02,000\nOne two\n\n2\n00:00:03,000 --> 00:00:04,000\nThree\n\n3\n\
        00:00:05,000 --> 00:00:06,000\nFour\n
        """
    var file: String { folder + "/a.srt" }
    var store: String { folder + "/s.sqlite" }
    var output: String { folder + "/a.reviewed.srt" }

    init(_ text: String = MadeText.text) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try Data([0]).write(to: URL(fileURLWithPath: folder + "/a.wav"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func review(_ person: String = "ann", isReadOnly: Bool = false) throws -> TextReview {
        let text = try TextUnderReview(
            clip: "a.wav", media: folder + "/a.wav", file: file, frameRate: nil, output: nil)
        return try TextReview([text], store: store, person: person, isReadOnly: isReadOnly)
    }

    func written() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }
}

@Suite("Texts under review")
struct TextReviewTests {
    private func edit(
        _ review: TextReview, _ item: String, _ action: TextEdit.Action, _ change: (inout TextEdit) -> Void = { _ in }
    ) throws -> TextReview.Answer {
        let (state, revision, _) = try review.state(of: 0)
        let row = try #require(state.row(item))
        var edit = TextEdit(
            name: UUID().uuidString, subject: review.texts[0].subject, action: action, item: item,
            before: TextEdit.State(start: row.start, end: row.end, text: row.text, line: 1), by: review.person)
        change(&edit)
        return try review.keep(edit, of: 0, seen: revision)
    }

    @Test("what is put into a gap, or before the first one, is in the written file; undone it is not")
    func insertions() throws {
        let made = try MadeText()
        let review = try made.review()
        _ = try edit(review, "0", .insert) { ($0.start, $0.end, $0.text) = (2.2, 2.8, "Between") }
        _ = try edit(review, "0", .insert) { ($0.start, $0.end, $0.text) = (0.1, 0.9, "Before") }
        let (state, _, _) = try review.state(of: 0)
        #expect(state.rows.map(\.text) == ["Before", "One two", "Between", "Three", "Four"])
        #expect(state.rows.map { $0.mark == .changed } == [true, false, true, false, false])
        try review.write(0)
        let all = """
            1\n00:00:00,100 --> 00:00:00,900\nBefore\n\n2\n00:00:01,000 --> 00:00:02,000\nOne two\n\n3\n\
            00:00:02,200 --> 00:00:02,800\nBetween\n\n4\n00:00:03,000 --> 00:00:04,000\nThree\n\n5\n\
            00:00:05,000 --> 00:00:06,000\nFour\n
            """
        #expect(try made.written() == all)
        #expect(try review.undo(0)?.action == .insert && review.undo(0)?.action == .insert)
        try review.write(0)
        #expect(try made.written() == MadeText.text)
    }

    @Test("a text inside media is written as a file of its own, unless the media changed meanwhile")
    func inside() throws {
        let made = try MadeText()
        let media = made.folder + "/a.wav"
        func review(now: String?) throws -> TextReview {
            let inside = TextUnderReview.Inside(Array(MadeText.text.utf8)) { now.map { Array($0.utf8) } }
            let text = try TextUnderReview(
                clip: "a.wav", media: media, file: media + "#cc1", inside: inside, frameRate: nil)
            return try TextReview([text], store: made.store, person: "ann", isReadOnly: false)
        }
        let same = try review(now: MadeText.text)
        #expect(same.texts[0].output == made.folder + "/a.cc1.reviewed.srt")
        _ = try edit(same, "1", .change) { $0.text = "Tree" }
        try same.write(0)
        let written = try String(contentsOfFile: made.folder + "/a.cc1.reviewed.srt", encoding: .utf8)
        #expect(written == MadeText.text.replacing("Three", with: "Tree"))
        for other in [nil, MadeText.text + "\n"] {
            #expect(throws: ClipFailure.self) { try review(now: other).write(0) }
        }
    }

    @Test("a change, a split and a join are in the written file; undo and redo go one step each, and no further")
    func steps() throws {
        let made = try MadeText()
        let review = try made.review()
        _ = try edit(review, "1", .change) { ($0.start, $0.text) = (3.01, "Tree") }
        _ = try edit(review, "0", .split) { ($0.start, $0.text, $0.second) = (1.5, "One", "two") }
        _ = try edit(review, "1", .merge) { ($0.other, $0.text) = ("2", "Tree Four") }
        try review.write(0)
        let all = """
            1\n00:00:01,000 --> 00:00:01,500\nOne\n\n2\n00:00:01,500 --> 00:00:02,000\ntwo\n\n3\n\
            00:00:03,010 --> 00:00:06,000\nTree Four\n\n
            """
        #expect(try made.written() == all)
        #expect(try review.undo(0)?.action == .merge && review.undo(0)?.action == .split)
        try review.write(0)
        #expect(
            try made.written()
                == MadeText.text.replacing("00:00:03,000", with: "00:00:03,010").replacing("Three", with: "Tree"))
        #expect(try review.redo(0)?.action == .split && review.redo(0)?.action == .merge)
        #expect(try review.redo(0) == nil)
        try review.write(0)
        #expect(try made.written() == all)
        // What was taken back before another edit is not put back.
        _ = try review.undo(0)
        _ = try edit(review, "2", .accept)
        #expect(try review.redo(0) == nil)
        #expect(try review.undo(0)?.action == .accept && review.redo(0)?.action == .accept)
        #expect(try String(contentsOfFile: made.file, encoding: .utf8) == MadeText.text)
    }

    @Test("what a split made can be changed, split and joined like others")
    func pieces() throws {
        let made = try MadeText()
        let review = try made.review()
        _ = try edit(review, "0", .split) { ($0.start, $0.text, $0.second) = (1.5, "One", "two") }
        let piece = try #require(try review.state(of: 0).0.rows.first { $0.isPiece })
        _ = try edit(review, piece.id, .change) { ($0.start, $0.text) = (1.6, "too") }
        _ = try edit(review, piece.id, .split) { ($0.start, $0.text, $0.second) = (1.8, "t", "oo") }
        _ = try edit(review, "0", .merge) { ($0.other, $0.text) = (piece.id, "One t") }
        try review.write(0)
        #expect(
            try made.written()
                == MadeText.text.replacing(
                    "02,000\nOne two\n\n2", with: "01,800\nOne t\n\n2\n00:00:01,800 --> 00:00:02,000\noo\n\n3"
                )
                .replacing("3\n00:00:05", with: "4\n00:00:05"))
    }

    @Test("a boundary that two items share moves for both with one decision, and back with one undo")
    func shared() throws {
        let text = "start,end,label\n1.0,2.0,cut\n2.0,3.0,pour\n"
        let made = try MadeText(text)
        let file = made.folder + "/l.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let under = try TextUnderReview(clip: "a.wav", media: made.folder + "/a.wav", file: file, frameRate: nil)
        let review = try TextReview([under], store: made.store, person: "ann", isReadOnly: false)
        func decide(_ object: [String: Any]) throws -> TextDecision.Outcome {
            let (_, revision, _) = try review.state(of: 0)
            let seen: [NSNumber] = [NSNumber(value: revision.last), NSNumber(value: revision.takenBack)]
            return try TextDecision(review: review).keep(
                object.merging(["action": "change", "revision": seen]) { $1 }, of: 0)
        }
        guard case .kept = try decide(["item": "0", "end_s": 1.75, "with": "1"]) else {
            Issue.record("it was not kept")
            return
        }
        let (state, _, _) = try review.state(of: 0)
        #expect(state.rows.map(\.start) == [1, 1.75] && state.rows.map(\.end) == [1.75, 3])
        #expect(state.rows.allSatisfy { $0.mark == .changed && $0.by == "ann" })
        try review.write(0)
        #expect(
            try String(contentsOfFile: made.folder + "/l.reviewed.csv", encoding: .utf8)
                == "start,end,label\n1.0,1.750,cut\n1.750,3.0,pour\n")
        // The other one would be empty; it does not touch; both ends at once.
        for refused in [
            ["item": "0", "end_s": 3.0, "with": "1"], ["item": "0", "start_s": 1.5, "with": "1"],
            ["item": "0", "start_s": 1.0, "end_s": 2.5, "with": "1"],
        ] as [[String: Any]] {
            guard case .refused(400, _) = try decide(refused) else {
                Issue.record("\(refused) was kept")
                continue
            }
        }
        #expect(try review.undo(0)?.action == .change)
        #expect(try review.state(of: 0).0.rows.map(\.start) == [1, 2])
    }

    @Test("undo and redo of a session go through its texts in the order of the decisions")
    func acrossTexts() throws {
        let made = try MadeText()
        let other = made.folder + "/b.srt"
        try Data(MadeText.text.utf8).write(to: URL(fileURLWithPath: other))
        let texts = try [made.file, other].map {
            try TextUnderReview(clip: "a.wav", media: made.folder + "/a.wav", file: $0, frameRate: nil)
        }
        let review = try TextReview(texts, store: made.store, person: "ann", isReadOnly: false)
        for (number, item) in [(0, "0"), (1, "1"), (0, "2")] {
            let (_, revision, _) = try review.state(of: number)
            let edit = TextEdit(
                name: UUID().uuidString, subject: texts[number].subject, action: .accept, item: item,
                before: TextEdit.State(start: 0, end: 1, text: "", line: 1), by: "ann")
            _ = try review.keep(edit, of: number, seen: revision)
        }
        #expect(try [review.undo(), review.undo(), review.undo()].map { $0?.item } == ["2", "1", "0"])
        #expect(try review.undo() == nil)
        #expect(try [review.redo(), review.redo(), review.redo()].map { $0?.item } == ["0", "1", "2"])
        #expect(try review.redo() == nil)
        // A decision about either text ends what can be redone.
        _ = try review.undo()
        let (_, revision, _) = try review.state(of: 1)
        let edit = TextEdit(
            name: UUID().uuidString, subject: texts[1].subject, action: .accept, item: "0",
            before: TextEdit.State(start: 0, end: 1, text: "", line: 1), by: "ann")
        _ = try review.keep(edit, of: 1, seen: revision)
        #expect(try review.redo() == nil)
    }

    @Test("of two people at once the second is told; each takes back only what is their own")
    func twoPeople() throws {
        let made = try MadeText()
        let (ann, ben) = (try made.review("ann"), try made.review("ben"))
        let (_, seen, _) = try ben.state(of: 0)
        _ = try edit(ann, "0", .change) { $0.text = "Ann's" }
        var late = TextEdit(
            name: "x", subject: ben.texts[0].subject, action: .accept, item: "0",
            before: TextEdit.State(start: 1, end: 2, text: "One two", line: 1), by: "ben")
        late.comment = "late"
        guard case .overtaken = try ben.keep(late, of: 0, seen: seen) else {
            Issue.record("ben did not see ann's")
            return
        }
        _ = try edit(ben, "1", .wrongText)
        #expect(try ann.undo(0)?.text == "Ann's" && ann.undo(0) == nil)
        #expect(try ben.state(of: 0).0.row("1")?.mark == .wrongText)
    }

    @Test("what the format cannot hold is refused before it is kept")
    func refused() throws {
        let made = try MadeText()
        let review = try made.review()
        for text in ["one\n\ntwo", "-->"] {
            guard case .refused(let why) = try edit(review, "0", .change, { $0.text = text }) else {
                Issue.record("\(text) was kept")
                return
            }
            #expect(why.contains("a.srt"))
        }
        #expect(try review.state(of: 0).2.isEmpty)
    }

    @Test(
        "read only nothing is written; another's file is not replaced, nor an original; edits of older bytes are told")
    func files() throws {
        let made = try MadeText()
        let reader = try made.review(isReadOnly: true)
        guard case .refused = try edit(reader, "0", .accept) else {
            Issue.record("kept")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: made.store))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: made.output))
        let review = try made.review()
        _ = try edit(review, "0", .change) { $0.text = "New" }
        let error = try #require(throws: ClipFailure.self) { try review.write(0) }
        #expect(error.code == "file-exists")
        #expect(try made.written() == "mine")
        try FileManager.default.removeItem(atPath: made.output)
        try review.write(0)
        _ = try edit(review, "0", .change) { $0.text = "Newer" }
        try review.write(0)
        #expect(try made.written() == MadeText.text.replacing("One two", with: "Newer"))
        try Data((MadeText.text + "\n").utf8).write(to: URL(fileURLWithPath: made.file))
        #expect(try #require(throws: ClipFailure.self) { try review.write(0) }.code == "changed")
        let after = try made.review()
        #expect(try after.state(of: 0).2.isEmpty && after.staleEdits(of: 0) == 2)
    }

    @Test("edits travel with a merge, once, and taken back where they are in either")
    func merged() throws {
        let made = try MadeText()
        let review = try made.review()
        _ = try edit(review, "0", .accept)
        _ = try edit(review, "1", .wrongText)
        let whole = made.folder + "/all.sqlite"
        for _ in 0..<2 { _ = try StoreMerge.merge([made.store], into: whole) }
        #expect(try StoreReader(path: whole).textEdits().map(\.action) == [.accept, .wrongText])
        _ = try review.undo(0)
        _ = try StoreMerge.merge([made.store], into: whole)
        #expect(try StoreReader(path: whole).textEdits().map(\.action) == [.accept])
    }

    @Test("the export says what stood there and what stands there now")
    func export() throws {
        let made = try MadeText()
        let review = try made.review()
        _ = try edit(review, "1", .change) { ($0.end, $0.text) = (4.5, "Tree, \"three\"") }
        let edits = try StoreReader(path: made.store).textEdits()
        #expect(TextEditExport.csv(edits).contains("1,change,3,4,Three,,4.5,\"Tree, \"\"three\"\"\",,ann,"))
        let line = try #require(
            JSONSerialization.jsonObject(with: Data(TextEditExport.lines(edits).utf8)) as? [String: Any])
        #expect(line["was_end_s"] as? Double == 4 && line["end_s"] as? Double == 4.5 && line["start_s"] is NSNull)
    }
}
