import Actions
import FlyingFox
import Foundation
import Storage
import SyncModel
import TimedText

/// Answers the requests of the page of labels. Recordings are named by a camera's number, label files by theirs:
/// nothing else can be reached.
struct LabelHandler: GatedPage {
    let gate: ReviewGate
    let review: LabelReview
    let desk: ReviewErrand.Desk
    let media: MediaAnswers
    let facts = FactsKept()

    func answer(_ request: HTTPRequest, _ path: String, _ query: [String: String]) async throws -> HTTPResponse {
        if request.method == .POST { return try await change(request, path) }
        switch path {
        case "/": return ReviewAnswer.page(gate, "labels.html", isAtPlace: path != request.path)
        case "/labels.js": return ReviewAnswer.resource("labels.js", "text/javascript; charset=utf-8")
        case "/timeline.js": return ReviewAnswer.resource("timeline.js", "text/javascript; charset=utf-8")
        case "/common.js": return ReviewAnswer.resource("common.js", "text/javascript; charset=utf-8")
        case "/texts.css": return ReviewAnswer.resource("texts.css", "text/css; charset=utf-8")
        case "/labels.css": return ReviewAnswer.resource("labels.css", "text/css; charset=utf-8")
        case "/api/session": return ReviewAnswer.json(200, try await session())
        case "/api/state": return ReviewAnswer.json(200, try await state())
        case "/media", "/play", "/sound":
            guard let number = query["camera"].flatMap(Int.init), review.cameras.indices.contains(number) else {
                return ReviewAnswer.text(404, "there is no such camera")
            }
            return try await media.answer(path, review.cameras[number].media, request, query)
        default: return ReviewAnswer.text(404, "there is no such page")
        }
    }

    // MARK: Queries

    private static func seconds(_ value: Double?) -> SyncModel.JSONValue {
        value.map { .number($0, decimals: 4) } ?? .null
    }

    private func session() async throws -> SyncModel.JSONValue {
        var cameras: [SyncModel.JSONValue] = []
        for camera in review.cameras {
            let facts = await facts.of(camera.media, desk)
            let isThere = FileManager.default.isReadableFile(atPath: camera.media)
            cameras.append(
                .object([
                    ("name", .string(camera.name)), ("media", .string(camera.media)),
                    ("duration_s", LabelHandler.seconds(facts.seconds)), ("plays", .bool(facts.plays)),
                    ("has_pictures", .bool(facts.hasPictures)), ("has_sound", .bool(facts.hasSound)),
                    ("missing", isThere ? .null : .string("\(camera.media) does not exist")),
                    ("offset_s", .number(camera.clock.offset.seconds, decimals: 6)),
                    ("drift_ppm", .number(camera.clock.drift.ppm, decimals: 4)), ("group", .integer(camera.group)),
                ]))
        }
        return .object([
            ("person", .string(review.texts.person)), ("read_only", .bool(review.texts.isReadOnly)),
            ("placement", .string(review.placement.rawValue)),
            ("tolerance_ms", .number(max(review.tolerance.early.outer, review.tolerance.late.outer), decimals: 1)),
            ("cameras", .array(cameras)), ("lanes", .array(try review.lanes.map(lane))), ("state", try await state()),
        ])
    }

    private func lane(_ lane: LabelReview.Lane) throws -> SyncModel.JSONValue {
        let text = review.texts.texts[lane.text]
        let reason = review.sheets.first { $0.text == lane.text }?.reason
        return .object([
            ("n", .integer(lane.text)), ("name", .string(lane.name)), ("view", .string(lane.view)),
            ("annotator", .string(lane.annotator)), ("tier", .string(lane.tierName)),
            ("camera", .integer(lane.camera)), ("file", .string(text.file)), ("output", .string(text.output)),
            ("step_s", .number(text.document.step, decimals: 6)),
            ("reason", reason.map { .string($0) } ?? .null),
            ("stale", .integer(try review.texts.staleEdits(of: lane.text))),
        ])
    }

    private func state(_ more: [(name: String, value: SyncModel.JSONValue)] = []) async throws -> SyncModel.JSONValue {
        var lengths: [Int: Double] = [:]
        for (number, camera) in review.cameras.enumerated() {
            lengths[number] = await facts.of(camera.media, desk).seconds
        }
        let state = try review.state()
        let revisions = review.texts.texts.indices.map { TextHandler.json(state.revisions[$0] ?? .init()) }
        return .object(
            more + [
                ("revisions", .array(revisions)),
                ("labels", .array(state.labels.compactMap { LabelHandler.label($0, state) })),
                ("doubts", .array(state.doubts(lengths: lengths).map(LabelHandler.doubt))),
            ])
    }

    private static func label(_ label: LabelState.Label, _ state: LabelState) -> SyncModel.JSONValue? {
        guard let document = state.states[state.review.lanes[label.lane].text]?.document else { return nil }
        return .object([
            ("key", .string(label.key)), ("lane", .integer(label.lane)),
            ("from_s", .number(label.start, decimals: 5)), ("to_s", .number(label.end, decimals: 5)),
            ("row", TextHandler.row(label.row, document)),
        ])
    }

    private static func doubt(_ doubt: LabelState.Doubt) -> SyncModel.JSONValue {
        .object([
            ("kind", .string(doubt.kind)), ("words", .string(doubt.words)), ("remedy", .string(doubt.remedy)),
            ("labels", .array(doubt.labels.map { .string($0) })),
            ("lane", doubt.lane.map { .integer($0) } ?? .null),
            ("edges", .array(doubt.edges.map { .string($0) })),
            ("offset_ms", doubt.offsetMilliseconds.map { .number($0, decimals: 1) } ?? .null),
            (
                "offers",
                .array(
                    doubt.offers.map { offer in
                        .object([
                            ("label", .string(offer.label)), ("start_s", seconds(offer.start)),
                            ("end_s", seconds(offer.end)), ("text", offer.text.map { .string($0) } ?? .null),
                            ("missing_in", offer.missingIn.map { .integer($0) } ?? .null),
                        ])
                    })
            ),
        ])
    }

    // MARK: Decisions

    private func change(_ request: HTTPRequest, _ path: String) async throws -> HTTPResponse {
        guard !review.texts.isReadOnly else {
            return ReviewAnswer.text(403, "this page is read-only: start it without --read-only to decide")
        }
        guard let body = try await ReviewAnswer.body(of: request) else {
            return ReviewAnswer.text(413, "the request is too large")
        }
        switch path {
        case "/api/edit": return try await edit(body)
        case "/api/undo": return try await turned(try review.texts.undo())
        case "/api/redo": return try await turned(try review.texts.redo())
        case "/api/write":
            let paths = try review.write().map(\.path)
            return ReviewAnswer.json(200, .object([("paths", .array(paths.map { .string($0) }))]))
        default: return ReviewAnswer.text(404, "there is no such page")
        }
    }

    private func edit(_ body: Data) async throws -> HTTPResponse {
        guard let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any],
            let number = (object["lane"] as? NSNumber)?.intValue, review.lanes.indices.contains(number)
        else { return ReviewAnswer.text(400, "a decision must name a label") }
        let lane = review.lanes[number]
        switch try TextDecision(review: review.texts).keep(object, of: lane.text) {
        case .refused(let code, let why): return ReviewAnswer.text(code, why)
        case .kept(let edit, _):
            let isNew = edit.action == .split || edit.action == .insert
            return ReviewAnswer.json(
                200,
                try await state([
                    ("key", .string("\(number)-\(edit.item)")),
                    ("made", isNew ? .string("\(number)-\(edit.name)") : .null),
                ]))
        }
    }

    private func turned(_ edit: TextEdit?) async throws -> HTTPResponse {
        guard let edit else { return ReviewAnswer.json(200, .null) }
        let text = review.texts.texts.firstIndex { $0.subject == edit.subject }
        let state = try review.state()
        let key = state.labels.first { $0.row.id == edit.item && review.lanes[$0.lane].text == text }?.key
        return ReviewAnswer.json(
            200,
            try await self.state([
                ("action", .string(edit.action.rawValue)), ("key", key.map { .string($0) } ?? .null),
            ]))
    }
}
