import FlyingFox
import Foundation
import Storage
import SyncModel
import TimedText

/// Answers the text page's requests. Files are named by a text's index only: nothing else can be reached.
struct TextHandler: HTTPHandler {
    let gate: ReviewGate
    let review: TextReview
    let desk: ReviewErrand.Desk
    let media: MediaAnswers
    let facts = FactsKept()

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = gate.path(request.path)
        let query = Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
        if let refusal = gate.refusal(ReviewGate.Request(request, path, query)) {
            return ReviewAnswer.text(403, refusal)
        }
        do {
            if request.method == .POST { return try await change(request, path) }
            return try await answer(request, path, query)
        } catch let error as StoreError {
            return ReviewAnswer.text(500, error.description)
        } catch let failure as Transcoder.Failure {
            return ReviewAnswer.text(502, failure.message)
        } catch let failure as ClipFailure {
            return ReviewAnswer.text(400, "\(failure.message): \(failure.remedy)")
        }
    }

    private func answer(_ request: HTTPRequest, _ path: String, _ query: [String: String]) async throws -> HTTPResponse
    {
        switch path {
        case "/": return ReviewAnswer.page(gate, "texts.html", isAtPlace: path != request.path)
        case "/texts.js": return ReviewAnswer.resource("texts.js", "text/javascript; charset=utf-8")
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
                review.texts[other].timeline == review.texts[number].timeline
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
                            ("media", .string(text.media)), ("timeline", .string(text.timeline)),
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
            ("rows", .array(state.rows.map { row($0, text.document) })), ("check", check(number)),
        ])
    }

    private static func seconds(_ value: Double?) -> SyncModel.JSONValue {
        value.map { .number($0, decimals: 4) } ?? .null
    }

    private static func json(_ revision: TextEditStore.Revision) -> SyncModel.JSONValue {
        .array([.integer(Int(revision.last)), .integer(revision.takenBack)])
    }

    private func row(_ row: TextState.Row, _ document: TimedTextDocument) -> SyncModel.JSONValue {
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

    /// Another text of the same recording, or of one on the same timeline, matched to the items and times of this one.
    private func beside(_ number: Int, _ other: Int) throws -> SyncModel.JSONValue {
        let (one, _, _) = try review.state(of: number)
        let (texts, theirs) = (review.texts, try review.state(of: other).0)
        let two = theirs.moved { texts[number].seconds($0, of: texts[other]) }
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
                ("rows", .array(state.rows.map { row($0, review.texts[number].document) })),
            ]))
    }

    /// Maximum length of one item's text.
    private static let mostText = 10_000

    private func edit(_ object: [String: Any], _ number: Int) throws -> HTTPResponse {
        func seconds(_ key: String) -> Double? {
            (object[key] as? NSNumber).map { ($0.doubleValue * 1e4).rounded() / 1e4 }
        }
        func words(_ key: String) -> String? {
            (object[key] as? String)?.replacingOccurrences(of: "\r\n", with: "\n").trimmingCharacters(
                in: .whitespacesAndNewlines)
        }
        let text = review.texts[number]
        let (state, _, _) = try review.state(of: number)
        guard let action = (object["action"] as? String).flatMap(TextEdit.Action.init(rawValue:)),
            let item = object["item"] as? String, let row = state.row(item),
            let seen = object["revision"] as? [NSNumber], seen.count == 2
        else { return ReviewAnswer.text(400, "a decision must name an existing item and an action") }
        var edit = TextEdit(
            name: ReviewGate.newToken(), subject: text.subject, action: action, item: item,
            before: TextEdit.State(
                start: row.start, end: row.end, text: row.text, line: text.document.items[row.origin].line),
            by: review.person)
        edit.comment = String((object["comment"] as? String ?? "").prefix(4000))
        /// A time as the file can hold it, so that the page shows what will be written.
        func held(_ time: Double?, _ old: Double, isEnd: Bool = false) -> Double? {
            time.map { text.document.held($0, insteadOf: old, of: row.origin, isEnd: isEnd) }
        }
        switch action {
        case .accept, .wrongText: break
        case .change:
            (edit.start, edit.end) = (held(seconds("start_s"), row.start), held(seconds("end_s"), row.end, isEnd: true))
            edit.text = words("text")
            if edit.text == row.text { edit.text = nil }
            guard edit.start != nil || edit.end != nil || edit.text != nil else {
                return ReviewAnswer.text(400, "a change must name a start, an end or a text")
            }
        case .split:
            (edit.start, edit.text, edit.second) = (held(seconds("time_s"), row.start), words("text"), words("second"))
            guard let time = edit.start, time > row.start, time < row.end, edit.text != nil, edit.second != nil else {
                return ReviewAnswer.text(400, "a split must be within its item and give both texts")
            }
        case .insert:
            (edit.start, edit.end) = (held(seconds("start_s"), -1), held(seconds("end_s"), -1, isEnd: true))
            edit.text = words("text")
            guard let start = edit.start, edit.end != nil, edit.text?.isEmpty == false,
                let beside = state.before(start, like: item)
            else { return ReviewAnswer.text(400, "a new item needs a start, an end and a text") }
            edit.item = beside.id
            let line = text.document.items[beside.origin].line
            edit.before = TextEdit.State(start: beside.start, end: beside.end, text: beside.text, line: line)
        case .merge:
            guard let next = state.next(after: item) else {
                return ReviewAnswer.text(400, "there is no next item to join it with")
            }
            edit.other = next.id
            edit.text = words("text") ?? TextHandler.joined(row.text, next.text)
        }
        let isAssumed = text.document.isEndAssumed(of: row.origin) && edit.end == nil
        let times = [edit.start ?? row.start, isAssumed ? .greatestFiniteMagnitude : edit.end ?? row.end]
        guard times.allSatisfy({ $0.isFinite && $0 >= 0 && ($0 < 1e6 || isAssumed) }),
            action != .change && action != .insert || times[0] < times[1]
        else {
            return ReviewAnswer.text(400, "it would end before it starts, or start before 0 s")
        }
        guard [edit.text, edit.second].allSatisfy({ ($0 ?? "").count <= TextHandler.mostText }) else {
            return ReviewAnswer.text(400, "the text is longer than \(TextHandler.mostText) characters")
        }
        let revision = TextEditStore.Revision(last: seen[0].int64Value, takenBack: seen[1].intValue)
        switch try review.keep(edit, of: number, seen: revision) {
        case .overtaken:
            return ReviewAnswer.text(409, "the text was changed elsewhere meanwhile: its current state is shown")
        case .refused(let why): return ReviewAnswer.text(400, why)
        case .kept: return try told(edit, number, before: state)
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
                (isDivided ? "rows" : "changed", .array(rows.map { row($0, document) })),
                ("made", isDivided && edit.action != .merge ? .string(edit.name) : .null),
            ]))
    }

    private static func joined(_ one: String, _ other: String) -> String {
        one.isEmpty ? other : other.isEmpty ? one : one + " " + other
    }
}

/// Facts of recordings, each determined once.
final class FactsKept: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: ReviewErrandAnswer] = [:]

    func of(_ file: String, _ desk: @escaping ReviewErrand.Desk) async -> ReviewErrandAnswer {
        if let found = lock.withLock({ known[file] }) { return found }
        // Off the few threads that all responses share.
        let answer = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: desk(.facts(file)) { true }?.believed ?? ReviewErrandAnswer())
            }
        }
        lock.withLock { known[file] = answer }
        return answer
    }
}
