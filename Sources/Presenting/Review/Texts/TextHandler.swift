import FlyingFox
import Foundation
import Storage
import SyncModel
import TimedText

/// Answers the text page's requests. Files are named by a text's index only: nothing else can be reached.
struct TextHandler: GatedPage {
    let gate: ReviewGate
    let review: TextReview
    let desk: ReviewErrand.Desk
    let media: MediaAnswers
    let facts = FactsKept()

    func answer(_ request: HTTPRequest, _ path: String, _ query: [String: String]) async throws -> HTTPResponse {
        if request.method == .POST { return try await change(request, path) }
        switch path {
        case "/": return ReviewAnswer.page(gate, "texts.html", isAtPlace: path != request.path)
        case "/texts.js": return ReviewAnswer.resource("texts.js", "text/javascript; charset=utf-8")
        case "/common.js": return ReviewAnswer.resource("common.js", "text/javascript; charset=utf-8")
        case "/texts.css": return ReviewAnswer.resource("texts.css", "text/css; charset=utf-8")
        case "/api/texts": return ReviewAnswer.json(200, try list())
        default: break
        }
        guard ["/api/text", "/api/check", "/api/beside", "/media", "/play", "/sound"].contains(path) else {
            return ReviewAnswer.text(404, "there is no such page")
        }
        guard let number = number(query["n"]) else { return ReviewAnswer.text(404, "there is no such text") }
        switch path {
        case "/api/text": return ReviewAnswer.json(200, try await whole(number))
        case "/api/check": return ReviewAnswer.json(200, check(number))
        case "/api/beside":
            guard let other = self.number(query["other"]), other != number,
                review.texts[other].media == review.texts[number].media
            else { return ReviewAnswer.text(404, "there is no such text of this recording") }
            return ReviewAnswer.json(200, try beside(number, other))
        default: return try await media.answer(path, review.texts[number].media, request, query)
        }
    }

    private func number(_ text: String?) -> Int? {
        text.flatMap(Int.init).flatMap { review.texts.indices.contains($0) ? $0 : nil }
    }

    // MARK: Queries

    private func list() throws -> SyncModel.JSONValue {
        .object([
            ("person", .string(review.person)), ("read_only", .bool(review.isReadOnly)),
            (
                "texts",
                .array(
                    try review.texts.enumerated().map { number, text in
                        let tally = try review.tally(number)
                        return .object([
                            ("clip", .string(text.clip)), ("file", .string(text.file)),
                            ("media", .string(text.media)),
                            ("items", .integer(tally.items)), ("decided", .integer(tally.decided)),
                        ])
                    })
            ),
        ])
    }

    private func whole(_ number: Int) async throws -> SyncModel.JSONValue {
        let text = review.texts[number]
        let (state, revision, _) = try review.state(of: number)
        let facts = await facts.of(text.media, desk)
        let isThere = FileManager.default.isReadableFile(atPath: text.media)
        return .object([
            ("file", .string(text.file)), ("clip", .string(text.clip)), ("output", .string(text.output)),
            ("format", .string(text.document.format.name)), ("revision", TextHandler.json(revision)),
            ("duration_s", TextHandler.seconds(facts.seconds)), ("plays", .bool(facts.plays)),
            ("has_pictures", .bool(facts.hasPictures)), ("has_sound", .bool(facts.hasSound)),
            ("missing", isThere ? .null : .string("\(text.media) does not exist: only the text can be changed")),
            ("stale", .integer(try review.staleEdits(of: number))),
            ("rows", .array(state.rows.map { TextHandler.row($0, text.document) })), ("check", check(number)),
        ])
    }

    static func seconds(_ value: Double?) -> SyncModel.JSONValue {
        value.map { .number($0, decimals: 4) } ?? .null
    }

    static func json(_ revision: TextEditStore.Revision) -> SyncModel.JSONValue {
        .array([.integer(Int(revision.last)), .integer(revision.takenBack)])
    }

    static func row(_ row: TextState.Row, _ document: TimedTextDocument) -> SyncModel.JSONValue {
        let item = document.items[row.origin]
        let rights = document.rights(of: row.origin)
        var members: [(name: String, value: SyncModel.JSONValue)] = [
            ("id", .string(row.id)), ("n", .integer(row.origin)), ("kind", .string(item.kind.rawValue)),
            ("start_s", .number(row.start, decimals: 4)), ("end_s", .number(row.end, decimals: 4)),
            ("text", .string(row.text)), ("line", .integer(item.line)),
            ("mark", row.mark.map { .string($0.rawValue) } ?? .null), ("by", row.by.map { .string($0) } ?? .null),
            (
                "can",
                .string(
                    (rights.start ? "s" : "") + (rights.end ? "e" : "") + (rights.text ? "t" : "")
                        + (rights.division ? "d" : ""))
            ),
        ]
        if let speaker = item.speaker { members.append(("speaker", .string(speaker))) }
        if document.tiers.count > 1 { members.append(("tier", .string(document.tiers[item.tier].name))) }
        return .object(members)
    }

    /// Another text of the same recording, matched to the items of this one.
    private func beside(_ number: Int, _ other: Int) throws -> SyncModel.JSONValue {
        let (one, _, _) = try review.state(of: number)
        let (two, _, _) = try review.state(of: other)
        let pairs = TextPairs(one, two)
        func told(_ place: Int, of id: String?) -> SyncModel.JSONValue {
            let row = two.rows[place]
            var members: [(name: String, value: SyncModel.JSONValue)] = [
                ("id", .string(row.id)), ("start_s", .number(row.start, decimals: 4)),
                ("end_s", .number(row.end, decimals: 4)), ("text", .string(row.text)),
                ("kind", .string(two.document.items[row.origin].kind.rawValue)),
            ]
            if let id { members.append(("of", .string(id))) }
            return .object(members)
        }
        let paired = one.rows.compactMap { row in pairs.pairs[row.id].map { told($0, of: row.id) } }
        return .object([
            ("file", .string(review.texts[other].file)), ("pairs", .array(paired)),
            ("alone", .array(pairs.alone.map { told($0, of: nil) })),
        ])
    }

    /// The check's result, by items of the file.
    private func check(_ number: Int) -> SyncModel.JSONValue {
        switch review.check(of: number) {
        case .none: return .object([("state", .string("none"))])
        case .running: return .object([("state", .string("running"))])
        case .failed(let failure):
            return .object([
                ("state", .string("failed")), ("message", .string("\(failure.message): \(failure.remedy)")),
            ])
        case .done(let doubts):
            let items = doubts.items.sorted { $0.key < $1.key }.filter { !$0.value.flags.isEmpty }.map { index, item in
                SyncModel.JSONValue.object([
                    ("n", .integer(index)), ("flags", .array(item.flags.map { .string($0) })),
                    ("offset_ms", item.offsetMilliseconds.map { .number($0, decimals: 1) } ?? .null),
                    ("trust", item.trust.map { .number($0, decimals: 3) } ?? .null),
                ])
            }
            return .object([("state", .string("done")), ("finding", doubts.json), ("items", .array(items))])
        }
    }

    // MARK: Decisions

    private func change(_ request: HTTPRequest, _ path: String) async throws -> HTTPResponse {
        guard !review.isReadOnly else {
            return ReviewAnswer.text(403, "this page is read-only: start it without --read-only to decide")
        }
        guard let body = try await ReviewAnswer.body(of: request) else {
            return ReviewAnswer.text(413, "the request is too large")
        }
        guard let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any],
            let number = number((object["n"] as? NSNumber).map { "\($0.intValue)" })
        else { return ReviewAnswer.text(400, "a request must name a text") }
        switch path {
        case "/api/edit": return try edit(object, number)
        case "/api/undo": return try turned(number, try review.undo(number))
        case "/api/redo": return try turned(number, try review.redo(number))
        case "/api/write":
            try review.write(number)
            return ReviewAnswer.json(200, .object([("path", .string(review.texts[number].output))]))
        default: return ReviewAnswer.text(404, "there is no such page")
        }
    }

    private func turned(_ number: Int, _ edit: TextEdit?) throws -> HTTPResponse {
        guard let edit else { return ReviewAnswer.json(200, .null) }
        let (state, revision, _) = try review.state(of: number)
        return ReviewAnswer.json(
            200,
            .object([
                ("revision", TextHandler.json(revision)), ("item", .string(edit.item)),
                ("action", .string(edit.action.rawValue)),
                ("rows", .array(state.rows.map { TextHandler.row($0, review.texts[number].document) })),
            ]))
    }

    private func edit(_ object: [String: Any], _ number: Int) throws -> HTTPResponse {
        switch try TextDecision(review: review).keep(object, of: number) {
        case .refused(let code, let why): return ReviewAnswer.text(code, why)
        case .kept(let edit, let state): return try told(edit, number, before: state)
        }
    }

    /// The rows that an edit changed; all rows if their number changed.
    private func told(_ edit: TextEdit, _ number: Int, before: TextState) throws -> HTTPResponse {
        let (state, revision, _) = try review.state(of: number)
        let isDivided = [.split, .merge, .insert].contains(edit.action)
        let old = Dictionary(before.rows.map { ($0.id, $0) }) { first, _ in first }
        let rows = state.rows.filter { row in
            guard !isDivided, row.id != edit.item, let was = old[row.id] else { return true }
            return was.start != row.start || was.end != row.end || was.text != row.text
        }
        let document = review.texts[number].document
        return ReviewAnswer.json(
            200,
            .object([
                ("revision", TextHandler.json(revision)), ("item", .string(edit.item)),
                (isDivided ? "rows" : "changed", .array(rows.map { TextHandler.row($0, document) })),
                ("made", isDivided && edit.action != .merge ? .string(edit.name) : .null),
            ]))
    }
}

/// Facts of recordings, each determined once.
final class FactsKept: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: ReviewErrandAnswer] = [:]

    func of(_ file: String, _ desk: @escaping ReviewErrand.Desk) async -> ReviewErrandAnswer {
        if let found = lock.withLock({ known[file] }) { return found }
        let answer = (try? await apart { desk(.facts(file)) { true }?.believed }) ?? ReviewErrandAnswer()
        lock.withLock { known[file] = answer }
        return answer
    }
}
