import Foundation
import Storage
import SyncModel
import Synchronization
import Testing

@testable import Review

/// A request written by hand over a socket, so that it may be as wrong as we like.
struct RawRequest: Sendable {
    /// 0: the connection was closed without an answer.
    let status: Int
    let text: String

    init(port: UInt16, _ head: String, body: String = "", sending more: ((Int32) -> Void)? = nil) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        // Other tests may hold the few threads that the server's tasks run on.
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        RawRequest.send(head, socket)
        more?(socket)
        RawRequest.send("\r\n" + body, socket)
        var bytes = [UInt8]()
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(socket, &block, block.count, 0)
            if count <= 0 { break }
            bytes += block[0..<count]
        }
        text = String(decoding: bytes, as: UTF8.self)
        status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    /// Whether all of it was taken.
    @discardableResult
    static func send(_ text: String, _ socket: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    /// Whether an answer waits to be read, or the connection was closed.
    static func isAnswered(_ socket: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
    }
}

@Suite("The page's server", .serialized)
struct ServerTests {
    private struct Opened: Sendable {
        let port: UInt16
        let token: String
        let task: Task<Void, any Error>

        func head(_ line: String, _ more: [String] = [], host: String? = nil, token given: String? = nil) -> String {
            ([
                line + " HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close",
                "Cookie: genlock_review=\(given ?? token)",
            ] + more).joined(separator: "\r\n") + "\r\n"
        }
    }

    private func opened(
        _ store: String, isReadOnly: Bool = false, desk: ReviewErrand.Desk? = nil
    ) async throws -> Opened {
        let server = try ReviewServer(
            store: store, port: 0, person: "ann", showsAll: false, isReadOnly: isReadOnly, desk: desk)
        let url = try #require(URLComponents(string: server.address))
        let task = Task { try await server.run() }
        try await server.waitUntilListening()
        return Opened(port: UInt16(url.port ?? 0), token: url.queryItems?.first?.value ?? "", task: task)
    }

    /// Runs what blocks on a thread of its own, away from those that the server's tasks run on.
    private static func aside(_ body: @escaping @Sendable () throws -> RawRequest) -> Task<RawRequest, any Error> {
        Task {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
            }
        }
    }

    @Test(
        """
        refuses strangers, other files and whatever is not in the store; survives huge and slow requests; decisions last
        """
    )
    func strangers() async throws {
        let folder = NSTemporaryDirectory() + "genlock-review-media-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let media = folder + "/a.wav"
        try Data((0..<1000).map { UInt8($0 % 251) }).write(to: URL(fileURLWithPath: media))
        let made = try MadeStore([("a.mp4", -200)], media: media)
        let open = try await opened(made.path)
        defer { open.task.cancel() }
        @Sendable func status(_ head: String, body: String = "") throws -> Int {
            try RawRequest(port: open.port, head, body: body).status
        }

        #expect(try status(open.head("GET /api/clips")) == 200)
        #expect(try status(open.head("GET /api/clips", token: "wrong")) == 403)
        #expect(try status("GET /api/clips HTTP/1.1\r\nHost: 127.0.0.1:\(open.port)\r\nConnection: close\r\n") == 403)
        #expect(try status(open.head("GET /api/clips", ["Origin: http://evil.example"])) == 403)
        #expect(try status(open.head("GET /api/clips", host: "evil.example")) == 403)
        #expect(try status(open.head("POST /api/undo", ["Content-Length: 0", "Origin: null"])) == 403)

        let whole = try RawRequest(port: open.port, open.head("GET /media?key=a.mp4"))
        #expect(whole.status == 200)
        let part = try RawRequest(port: open.port, open.head("GET /media?key=a.mp4", ["Range: bytes=10-19"]))
        #expect(part.status == 206 && part.text.contains("bytes 10-19/1000"))
        for path in [
            "/../../etc/passwd", "/media/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/media?key=/etc/passwd",
            "/media?key=../../etc/passwd", "/media?key=a.mp4&part=/etc/passwd", "/sound?key=b.mp4", "/Page/index.html",
        ] {
            let answer = try RawRequest(port: open.port, open.head("GET \(path)"))
            #expect(answer.status == 404, "\(path): \(answer.status)")
            #expect(!answer.text.contains("root:"))
        }
        #expect(try status(open.head("POST /api/decide", ["Content-Length: 2"]), body: "{}") == 400)

        let name = #"{"check":"lips","subject":"audio","reference":"video"}"#
        // Which finding is meant is never guessed, and one that is not there is told.
        for (wrong, answer) in [
            (#"{"key":"a.mp4","choice":"accept","seen":0}"#, 400),
            (#"{"key":"a.mp4","choice":"accept","finding":{"check":"lips","subject":"text"},"seen":0}"#, 409),
            (
                #"{"key":"a.mp4","choice":"accept","finding":\#(name.replacing("lips", with: "impacts"))}"#,
                409
            ),
        ] {
            let head = open.head("POST /api/decide", ["Content-Length: \(wrong.utf8.count)"])
            #expect(try status(head, body: wrong) == answer, "\(wrong)")
        }
        let body = #"{"key":"a.mp4","choice":"correct","finding":\#(name),"offset_ms":-155,"seen":0}"#
        let decided = open.head(
            "POST /api/decide", ["Content-Length: \(body.utf8.count)", "Origin: http://127.0.0.1:\(open.port)"])
        #expect(try status(decided, body: body) == 200)
        let kept = try #require(try StoreReader(path: made.path).decisions().first)
        #expect(kept.offsetMilliseconds == -155 && kept.finding?.check == .lips)
        #expect(kept.measuredVerdict == "misaligned" && kept.measuredMilliseconds != nil)
        #expect(try status(decided, body: body) == 409)

        // A client that sends one byte and then nothing, and one whose header has no end, keep nobody else waiting.
        let slow = ServerTests.aside { try RawRequest(port: open.port, "G", sending: { _ in sleep(3) }) }
        let started = Date()
        let large = String(repeating: "x", count: 1 << 20)
        let wasTaken = Mutex(true)
        let huge = ServerTests.aside {
            try RawRequest(
                port: open.port, open.head("GET /api/clips"),
                sending: { socket in
                    RawRequest.send("X-Large: ", socket)
                    for _ in 0..<100 where !RawRequest.send(large, socket) {
                        wasTaken.withLock { $0 = false }
                        break
                    }
                    RawRequest.send("\r\n", socket)
                })
        }
        #expect(try status(open.head("GET /api/clips")) == 200)
        #expect(Date().timeIntervalSince(started) < 3)
        #expect(try await slow.value.status == 408)
        let refused = try await huge.value.status
        // An answer may be lost on who is cut off while it still sends, and only on it.
        #expect(refused == 431 || refused == 0 && !wasTaken.withLock { $0 }, "\(refused)")
        #expect(try status(open.head("GET /api/clips")) == 200)
    }

    /// Megabytes that this process holds.
    private static var megabytes: Double {
        let pages =
            (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
            .flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
    }

    @Test(
        """
        clients that read, or send, a byte a second keep nobody waiting and cost no memory; who sends for too long is \
        told so
        """
    )
    func slowClients() async throws {
        let folder = NSTemporaryDirectory() + "genlock-review-slow-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let media = folder + "/a.wav"
        #expect(FileManager.default.createFile(atPath: media, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: media))
        try handle.truncate(atOffset: 200 << 20)
        try handle.close()
        let made = try MadeStore([("a.mp4", -200)], media: media)
        let open = try await opened(made.path)
        defer { open.task.cancel() }
        _ = try RawRequest(port: open.port, open.head("GET /api/clips"))
        let before = Self.megabytes
        let readers = (0..<4).map { _ in
            ServerTests.aside {
                try RawRequest(
                    port: open.port, open.head("GET /media?key=a.mp4"),
                    sending: { socket in
                        RawRequest.send("\r\n", socket)
                        var byte: UInt8 = 0
                        for _ in 0..<12 {
                            #expect(recv(socket, &byte, 1, 0) == 1)
                            sleep(1)
                        }
                        shutdown(socket, Int32(SHUT_RDWR))
                    })
            }
        }
        let sender = ServerTests.aside {
            try RawRequest(
                port: open.port, "GET /api/clips HTTP/1.1",
                sending: { socket in
                    RawRequest.send("\r\nX-Slow: ", socket)
                    let deadline = Date().addingTimeInterval(30)
                    while !RawRequest.isAnswered(socket), Date() < deadline {
                        RawRequest.send("x", socket)
                        sleep(1)
                    }
                })
        }
        for _ in 0..<20 {
            let started = Date()
            #expect(try RawRequest(port: open.port, open.head("GET /api/clips")).status == 200)
            #expect(Date().timeIntervalSince(started) < 2)
            try await Task.sleep(for: .milliseconds(250))
        }
        #expect(Self.megabytes - before < 100, "a file of 200 MB is handed out piece by piece")
        #expect(try await sender.value.status == 408)
        for reader in readers { _ = try? await reader.value }
        #expect(try RawRequest(port: open.port, open.head("GET /api/clips")).status == 200)
    }

    @Test("a response says that the connection is closed, so that no browser reuses it, and has a stated end")
    func relayed() throws {
        let made = try #require(
            ReviewFront.response(
                Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nab".utf8)))
        #expect(
            String(decoding: made.head, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")
        #expect(made.rest == Array("ab".utf8) && made.length == 5)
        #expect(ReviewFront.response(Array("HTTP/1.1 200 OK\r\nA: b\r\n\r\n".utf8))?.length == nil)
        #expect(ReviewFront.response(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)) == nil)
    }

    @Test("a decision is kept while the answers about many clips wait for their media", .timeLimit(.minutes(3)))
    func decisionsDoNotWait() async throws {
        let media = NSTemporaryDirectory() + "genlock-review-waits-" + UUID().uuidString + ".wav"
        try Data((0..<1000).map { UInt8($0 % 251) }).write(to: URL(fileURLWithPath: media))
        defer { try? FileManager.default.removeItem(atPath: media) }
        let made = try MadeStore([("a.mp4", -200)], media: media)
        let waiting = Mutex(0)
        let isReleased = Mutex(false)
        let open = try await opened(made.path) { errand, isWanted in
            waiting.withLock { $0 += 1 }
            var answer = ReviewErrandAnswer()
            if case .mouth = errand {
                while isWanted() { usleep(10_000) }
                return nil
            }
            while !isReleased.withLock({ $0 }) { usleep(10_000) }
            answer.plays = true
            return answer
        }
        defer { open.task.cancel() }
        @Sendable func get(_ path: String) throws -> RawRequest {
            try RawRequest(port: open.port, open.head("GET " + path))
        }
        let mouth = ServerTests.aside { try get("/api/mouth?key=a.mp4&from=0&length=5") }
        while waiting.withLock({ $0 }) < 1 { try await Task.sleep(for: .milliseconds(10)) }
        // More than the threads that answers share.
        let count = ProcessInfo.processInfo.activeProcessorCount + 4
        let clips = (0..<count).map { _ in ServerTests.aside { try get("/api/clip?key=a.mp4") } }
        while waiting.withLock({ $0 }) < count + 1 { try await Task.sleep(for: .milliseconds(10)) }
        // Another clip is asked for: the mouth is given up.
        #expect(try await mouth.value.status == 200)
        let body = #"{"key":"a.mp4","choice":"cannot-tell","comment":"dark","seen":0}"#
        let answer = try await ServerTests.aside {
            try RawRequest(
                port: open.port,
                open.head(
                    "POST /api/decide",
                    ["Content-Length: \(body.utf8.count)", "Origin: http://127.0.0.1:\(open.port)"]), body: body)
        }.value
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try StoreReader(path: made.path).decisions().map(\.comment) == ["dark"])
        isReleased.withLock { $0 = true }
        for clip in clips { #expect(try await clip.value.text.contains("plays")) }
    }

    @Test("opened to be read, it shows all and has nothing decided or taken back, and says why")
    func readOnly() async throws {
        let made = try MadeStore([("a.mp4", -200), ("b.mp4", -300)])
        let name = #"{"check":"lips","subject":"audio","reference":"video"}"#
        func decision(_ key: String) -> String {
            #"{"key":"\#(key)","choice":"correct","finding":\#(name),"offset_ms":-155,"seen":0}"#
        }
        @Sendable func post(_ open: Opened, _ path: String, _ body: String) throws -> RawRequest {
            try RawRequest(
                port: open.port,
                open.head(
                    "POST " + path,
                    ["Content-Length: \(body.utf8.count)", "Origin: http://127.0.0.1:\(open.port)"]), body: body)
        }
        // One decision stands there that could be taken back.
        do {
            _ = try DecisionStore(path: made.path).keep(
                Decision(key: "a.mp4", choice: .correct, offsetMilliseconds: -155, comment: "", by: "ann"), seen: 0)
        }
        let kept = try StoreReader(path: made.path).decisions()
        try #require(kept.count == 1)
        let folder = URL(fileURLWithPath: made.path).deletingLastPathComponent().path
        func files() throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder)
            where name.hasPrefix((made.path as NSString).lastPathComponent) && !name.hasSuffix("-shm") {
                // A journal that is empty is none.
                let bytes = FileManager.default.contents(atPath: folder + "/" + name)
                if bytes?.isEmpty == false { files[name] = bytes }
            }
            return files
        }
        let before = try files()
        let open = try await opened(made.path, isReadOnly: true)
        defer { open.task.cancel() }
        for (path, body) in [
            ("/api/decide", decision("a.mp4")), ("/api/decide", decision("b.mp4")), ("/api/decide", "{}"),
            ("/api/undo", ""), ("/api/other", ""),
        ] {
            let answer = try post(open, path, body)
            #expect(answer.status == 403, "\(path): \(answer.text)")
            #expect(answer.text.contains("read-only:") && answer.text.contains("--read-only"), "\(answer.text)")
        }
        // Strangers are told no more than elsewhere.
        let stranger = try RawRequest(
            port: open.port, open.head("POST /api/undo", ["Content-Length: 0", "Origin: null"]))
        #expect(stranger.status == 403 && !stranger.text.contains("--read-only"))
        let list = try RawRequest(port: open.port, open.head("GET /api/clips"))
        #expect(list.status == 200 && list.text.contains("a.mp4") && list.text.contains("b.mp4"))
        #expect(list.text.replacing(" ", with: "").contains(#""read_only":true"#), "\(list.text.prefix(400))")
        #expect(try RawRequest(port: open.port, open.head("GET /api/export.csv")).text.contains("-155"))
        #expect(try files() == before)
        #expect(try StoreReader(path: made.path).decisions().map(\.key) == ["a.mp4"])
    }

    @Test("the page opens below a folder of its own, and its cookie is good there")
    func place() async throws {
        let made = try MadeStore([("a.mp4", -200)])
        let server = try ReviewServer(store: made.path, port: 0, person: "ann", showsAll: false)
        let url = try #require(URLComponents(string: server.address))
        let task = Task { try await server.run() }
        defer { task.cancel() }
        try await server.waitUntilListening()
        let port = UInt16(url.port ?? 0)
        func get(_ path: String, _ cookie: String = "") throws -> RawRequest {
            try RawRequest(
                port: port,
                "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
                    + (cookie.isEmpty ? "" : "Cookie: \(cookie)\r\n"))
        }
        let opened = try get(url.path + "?" + (url.query ?? ""))
        #expect(opened.status == 200)
        let line = try #require(opened.text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("set-cookie:") })
        let cookie = String(line.dropFirst(11).prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces)
        #expect(line.contains("Path=\(url.path)"))
        #expect(try get(url.path + "api/clips", cookie).status == 200)
        #expect(try get(url.path + "api/clips").status == 403)
        #expect(try get(url.path).status == 403)
    }
}
