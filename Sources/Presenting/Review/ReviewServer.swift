import Files
import FlyingFox
import FlyingSocks
import Foundation
import Reporting
import Storage
import SyncModel

/// The local page: loopback only, protected by a token, serving no files but those of the store's clips.
public final class ReviewServer: Sendable {
    public let address: String
    private let server: HTTPServer
    private let front: ReviewFront
    private let folder: String

    /// - Parameters:
    ///   - port: 0: chosen by the system.
    ///   - person: the reviewer's name.
    ///   - isReadOnly: no decisions; the store is not written to.
    ///   - desk: answers questions about media; by default in this process.
    ///   - program: runs `ffmpeg` for pieces of media, given its arguments and the folder that it may write to.
    public convenience init(
        store: String, port: UInt16, person: String, showsAll: Bool, isReadOnly: Bool = false,
        token: String = ReviewGate.newToken(),
        desk: ReviewErrand.Desk? = nil, program: Transcoder.Program? = nil
    ) throws {
        let runner = ReviewErrandRunner()
        let desk = desk ?? { runner.answer($0, while: $1) }
        let decisions = isReadOnly ? nil : try DecisionStore(path: store)
        _ = try StoreReader(path: store)
        try self.init(port: port, token: token, program: program) { gate, media in
            ReviewHandler(
                gate: gate,
                library: ReviewLibrary(store: store, showsAll: showsAll, isReadOnly: isReadOnly, desk: desk),
                desk: desk, decisions: decisions, person: person, media: media)
        }
    }

    /// The text review page.
    public convenience init(
        texts: TextReview, port: UInt16, token: String = ReviewGate.newToken(), desk: ReviewErrand.Desk? = nil,
        program: Transcoder.Program? = nil
    ) throws {
        let runner = ReviewErrandRunner()
        let desk = desk ?? { runner.answer($0, while: $1) }
        try self.init(port: port, token: token, program: program) { gate, media in
            TextHandler(gate: gate, review: texts, desk: desk, media: media)
        }
    }

    /// The page of a session's action labels.
    public convenience init(
        labels: LabelReview, port: UInt16, token: String = ReviewGate.newToken(), desk: ReviewErrand.Desk? = nil,
        program: Transcoder.Program? = nil
    ) throws {
        let runner = ReviewErrandRunner()
        let desk = desk ?? { runner.answer($0, while: $1) }
        try self.init(port: port, token: token, program: program) { gate, media in
            LabelHandler(gate: gate, review: labels, desk: desk, media: media)
        }
    }

    private init(
        port: UInt16, token: String, program: Transcoder.Program?,
        handler: (ReviewGate, MediaAnswers) -> any HTTPHandler
    ) throws {
        folder = try ReviewServer.folder()
        let inner = folder + "/page"
        do { front = try ReviewFront(port: port, inner: inner) } catch let error as ReviewFront.Unavailable {
            try? FileManager.default.removeItem(atPath: folder)
            throw ClipFailure(
                code: "no-port", message: "port \(error.port) of 127.0.0.1 cannot be used (\(error.reason))",
                remedy: "give another port with --port, or none")
        }
        let gate = ReviewGate(token: token, port: front.port)
        address = "http://127.0.0.1:\(front.port)\(gate.place)/?token=\(token)"
        let media = MediaAnswers(
            transcoder: Transcoder(folder: folder, program: program), clients: front.clients)
        server = HTTPServer(
            config: HTTPServer.Configuration(address: sockaddr_un.unix(path: inner), timeout: 120, logger: .disabled),
            handler: handler(gate, media))
    }

    /// A folder with a path short enough for a socket: some clusters' temporary folders are too long.
    private static func folder() throws(ClipFailure) -> String {
        let name = "genlock-review"
        let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 - "/\(name)-XXXXXX/page".utf8.count
        let places = [NSTemporaryDirectory(), ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "", "/tmp"]
        let short = places.filter { !$0.isEmpty && $0.utf8.count <= longest }
        do throws(StagedFileError) {
            let folder = try PrivateFolder.make(name, in: short.isEmpty ? ["/tmp"] : short)
            ReviewFolder.removeAtExit(folder)
            return folder
        } catch {
            throw ClipFailure(
                code: "no-folder",
                message: "no folder for the page's socket can be created in \(error.path.printable) (\(error.reason))",
                remedy: "set TMPDIR to a writable folder with a path of at most \(longest) bytes")
        }
    }

    deinit {
        front.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Serves until the task is cancelled.
    public func run() async throws { try await server.run() }

    /// Returns once requests are answered.
    public func waitUntilListening() async throws {
        // The default of five seconds is too short if all cores are busy.
        try await server.waitUntilListening(timeout: 60)
        front.start()
    }
}

/// Answers requests.
struct ReviewHandler: GatedPage {
    let gate: ReviewGate
    let library: ReviewLibrary
    let desk: ReviewErrand.Desk
    /// nil: the page is read-only.
    let decisions: DecisionStore?
    let person: String
    let media: MediaAnswers
    let turns = Turns()

    func answer(_ request: HTTPRequest, _ path: String, _ query: [String: String]) async throws -> HTTPResponse {
        if request.method == .POST {
            guard let decisions else {
                return ReviewAnswer.text(403, "this page is read-only: start it without --read-only to decide")
            }
            guard let body = try await ReviewAnswer.body(of: request) else {
                return ReviewAnswer.text(413, "the request is too large")
            }
            switch path {
            case "/api/decide": return try decide(body, decisions)
            case "/api/undo":
                return ReviewAnswer.json(200, try decisions.takeBack(by: person).map(ReviewLibrary.json) ?? .null)
            default: return ReviewAnswer.text(404, "there is no such page")
            }
        }
        switch path {
        case "/": return ReviewAnswer.page(gate, "index.html", isAtPlace: path != request.path)
        case "/review.js": return ReviewAnswer.resource("review.js", "text/javascript; charset=utf-8")
        case "/review.css": return ReviewAnswer.resource("review.css", "text/css; charset=utf-8")
        case "/api/clips": return ReviewAnswer.json(200, try library.list(person: person))
        case "/api/export.csv":
            return ReviewAnswer.download(
                DecisionExport.csv(try library.decisions()), "text/csv; charset=utf-8", "decisions.csv")
        case "/api/export.jsonl":
            return ReviewAnswer.download(
                DecisionExport.lines(try library.decisions()), "application/x-ndjson", "decisions.jsonl")
        default: break
        }
        let known = ["/api/clip", "/api/text", "/api/mouth", "/media", "/play", "/sound"]
        guard known.contains(path) else { return ReviewAnswer.text(404, "there is no such page") }
        guard let key = query["key"], let record = try library.record(key) else {
            return ReviewAnswer.text(404, "the store has no such clip")
        }
        switch path {
        case "/api/clip":
            // The mouth of the clip before is no longer wanted, and this one would wait for it.
            _ = turns.next()
            return ReviewAnswer.json(200, try await apart { [library] in try library.clip(record) })
        case "/api/text": return ReviewAnswer.json(200, try await apart { [library] in library.text(record) })
        default: break
        }
        let isSound = path == "/sound"
        guard let file = library.file(record, part: query["part"] ?? (isSound ? "audio" : "clip")) else {
            return ReviewAnswer.text(404, "the clip has no such part")
        }
        guard path == "/api/mouth" else { return try await media.answer(path, file, request, query) }
        let (desk, turns) = (desk, turns)
        // A later request cancels an earlier one.
        let turn = turns.next()
        let (from, length) = MediaAnswers.span(query)
        let errand = ReviewErrand.mouth(file, from: from, length: min(30, length))
        let points = try await apart { desk(errand) { turns.isLatest(turn) }?.believed.points ?? [] }
        return ReviewAnswer.json(
            200,
            .array(
                points.map { .array([.number($0[0], decimals: 3), .number($0[1], decimals: 4)]) }))
    }

    private func decide(_ body: Data, _ decisions: DecisionStore) throws -> HTTPResponse {
        guard let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any],
            let key = object["key"] as? String,
            let choice = (object["choice"] as? String).flatMap(Decision.Choice.init(rawValue:)),
            let record = try library.record(key)
        else { return ReviewAnswer.text(400, "a decision must name a clip of the store and a choice") }
        var finding: Finding?
        if let name = object["finding"] as? [String: Any] {
            let data = try JSONSerialization.data(withJSONObject: name)
            guard let name = try? JSONDecoder().decode(FindingName.self, from: data),
                let found = record.findings.first(where: { $0.name == name })
            else { return ReviewAnswer.text(409, "the clip was re-measured and has no such finding: reload it") }
            finding = found
        }
        guard finding != nil || choice == .cannotTell else {
            return ReviewAnswer.text(400, "a decision to accept or to correct must name its finding")
        }
        if choice == .accept, finding?.offset == nil, finding?.verdict != .unpaired {
            return ReviewAnswer.text(400, "there is no measured offset to accept")
        }
        let offset = (object["offset_ms"] as? NSNumber)?.doubleValue
        if choice == .correct {
            guard let offset, offset.isFinite, abs(offset) <= 600_000 else {
                return ReviewAnswer.text(400, "a correction needs an offset")
            }
        }
        var decision = Decision(
            key: key, choice: choice, offsetMilliseconds: choice == .correct ? offset : nil,
            comment: String((object["comment"] as? String ?? "").prefix(4000)), by: person)
        if let finding {
            decision.finding = finding.name
            (decision.measuredVerdict, decision.methodVersion) = (finding.verdict.rawValue, finding.method)
            decision.measuredMilliseconds = finding.offset?.milliseconds
        }
        switch try decisions.keep(decision, seen: (object["seen"] as? NSNumber)?.int64Value ?? 0) {
        case .kept(let kept): return ReviewAnswer.json(200, ReviewLibrary.json(kept))
        case .overtaken(let other): return ReviewAnswer.json(409, other.map(ReviewLibrary.json) ?? .null)
        }
    }
}

extension ReviewGate.Request {
    /// - Parameter path: relative to the page's own.
    init(_ request: HTTPRequest, _ path: String, _ query: [String: String]) {
        self.init(
            method: request.method.rawValue, host: request.headers[.host],
            origin: request.headers[HTTPHeader("Origin")],
            fetchSite: path == "/" ? nil : request.headers[HTTPHeader("Sec-Fetch-Site")],
            cookie: request.headers[.cookie],
            query: path == "/" ? query["token"] : nil)
    }
}
