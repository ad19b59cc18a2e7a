import Foundation

/// Front end of the page: listens on the loopback address, reads each request's head within limits of size and time,
/// and only then forwards it to the server, which listens on a socket in a private folder. One request per connection.
final class ReviewFront: Sendable {
    let port: UInt16
    /// The clients that wait for a response.
    let clients = ReviewClients()
    /// The header that carries a client's number to the server.
    static let clientHeader = "X-Genlock-Client"
    private let listener: Int32
    private let inner: String

    /// A stream that programs started by this one do not inherit: they would keep a closed connection open.
    private static let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    /// Maximum sizes of head and body, in bytes.
    private static let mostHead = 16 << 10
    private static let mostBody = 64 << 10
    /// Time limit for receiving a request, in seconds.
    private static let patience = 10.0
    /// Maximum number of connections; more are rejected.
    private static let mostConnections = 64

    /// - Parameters:
    ///   - port: 0: chosen by the system.
    ///   - inner: path of the server's socket.
    init(port: UInt16, inner: String) throws {
        self.inner = inner
        listener = socket(AF_INET, ReviewFront.stream, 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Unavailable(port: port, reason: String(cString: strerror(errno)))
        }
        self.port = UInt16(bigEndian: address.sin_port)
    }

    struct Unavailable: Error {
        let port: UInt16
        let reason: String
    }

    /// Starts accepting connections, on separate threads.
    func start() {
        let count = ConnectionCount()
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 {
                    if errno == EBADF || errno == EINVAL { return }
                    if errno != EINTR { usleep(50_000) }
                    continue
                }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                guard count.enter(ReviewFront.mostConnections) else {
                    close(client)
                    continue
                }
                Thread.detachNewThread { [self] in
                    serve(client)
                    shutdown(client, Int32(SHUT_RDWR))
                    close(client)
                    count.leave()
                }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private final class ConnectionCount: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0
        func enter(_ most: Int) -> Bool {
            lock.withLock {
                count < most
                    ? {
                        count += 1
                        return true
                    }() : false
            }
        }
        func leave() { lock.withLock { count -= 1 } }
    }

    private func serve(_ client: Int32) {
        ReviewFront.limit(client, receive: 2, send: 60)
        let deadline = ProcessInfo.processInfo.systemUptime + ReviewFront.patience
        guard let (head, rest) = readHead(client, deadline) else { return }
        let number = clients.enter(client)
        defer { clients.leave(number) }
        guard let request = ReviewFront.request(head, of: number) else {
            return ReviewFront.answer(client, 400, "Bad Request")
        }
        guard request.body <= ReviewFront.mostBody else { return ReviewFront.answer(client, 413, "Content Too Large") }
        var body = rest
        while body.count < request.body, let more = ReviewFront.receive(client, deadline) { body += more }
        guard body.count >= request.body else { return ReviewFront.answer(client, 408, "Request Timeout") }
        let server = connected()
        guard server >= 0 else { return ReviewFront.answer(client, 503, "Service Unavailable") }
        defer { close(server) }
        ReviewFront.limit(server, receive: 150, send: 60)
        guard ReviewFront.send(server, request.head + Array(body.prefix(request.body))) else { return }
        ReviewFront.relay(server, to: client)
    }

    /// Passes a response on, to its stated length, else to its end.
    private static func relay(_ server: Int32, to client: Int32) {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        // Until its head is complete; then nil.
        var head: [UInt8]? = []
        var left: Int?
        while left ?? 1 > 0 {
            let count = recv(server, &block, block.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            var part = Array(block[0..<count])
            if let known = head {
                part = known + part
                guard let response = ReviewFront.response(part) else {
                    guard part.count <= mostHead else { return }
                    head = part
                    continue
                }
                head = nil
                left = response.length
                guard send(client, response.head) else { return }
                part = response.rest
            }
            left = left.map { $0 - part.count }
            guard send(client, part) else { return }
        }
    }

    /// The head of a response with `Connection: close`, the bytes after it, and the body's length; nil: incomplete.
    static func response(_ bytes: [UInt8]) -> (head: [UInt8], rest: [UInt8], length: Int?)? {
        guard
            let end = bytes.indices.dropLast(3).first(where: { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) })
        else { return nil }
        func name(_ line: String) -> String { line.prefix { $0 != ":" }.lowercased() }
        var lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        let length = lines.first { name($0) == "content-length" }.flatMap {
            Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces))
        }
        lines = lines.filter { name($0) != "connection" } + ["Connection: close"]
        return (Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), Array(bytes[(end + 4)...]), length)
    }

    /// A request's head and the bytes after it; nil: the client was answered, or has disconnected.
    private func readHead(_ client: Int32, _ deadline: Double) -> ([UInt8], [UInt8])? {
        let end: [UInt8] = [13, 10, 13, 10]
        var bytes: [UInt8] = []
        while true {
            guard let more = ReviewFront.receive(client, deadline) else {
                if !bytes.isEmpty { ReviewFront.answer(client, 408, "Request Timeout") }
                return nil
            }
            let from = max(0, bytes.count - 3)
            bytes += more
            if bytes.count >= 4,
                let found = (from...bytes.count - 4).first(where: { bytes[$0..<$0 + 4].elementsEqual(end) })
            {
                return (Array(bytes[..<(found + 4)]), Array(bytes[(found + 4)...]))
            }
            if bytes.count > ReviewFront.mostHead {
                ReviewFront.answer(client, 431, "Request Header Fields Too Large")
                return nil
            }
        }
    }

    /// The head to forward, with `Connection: close`, and the length of the body; nil: malformed or not accepted.
    static func request(_ bytes: [UInt8], of client: Int) -> (head: [UInt8], body: Int)? {
        var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").filter { !$0.isEmpty }
        var lengths: [Int] = []
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }.lowercased()
            if name == "transfer-encoding" { return nil }
            if name == "content-length" {
                guard let length = Int(line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)), length >= 0
                else { return nil }
                lengths.append(length)
            }
        }
        guard !lines.isEmpty, lengths.count < 2 else { return nil }
        lines =
            [lines[0]]
            + lines.dropFirst().filter {
                !["connection", "expect", "upgrade", clientHeader.lowercased()].contains(
                    $0.prefix { $0 != ":" }.lowercased())
            }
        return (
            Array(
                (lines.joined(separator: "\r\n") + "\r\n\(clientHeader): \(client)\r\nConnection: close\r\n\r\n").utf8),
            lengths.first ?? 0
        )
    }

    private func connected() -> Int32 {
        let server = socket(AF_UNIX, ReviewFront.stream, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            for (index, byte) in inner.utf8.prefix(place.count - 1).enumerated() { place[index] = byte }
        }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if code == 0 { return server }
        close(server)
        return -1
    }

    private static func limit(_ socket: Int32, receive: Int, send: Int) {
        var (inward, outward) = (timeval(tv_sec: receive, tv_usec: 0), timeval(tv_sec: send, tv_usec: 0))
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &inward, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &outward, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The bytes received; nil: the client has disconnected, or timed out.
    private static func receive(_ socket: Int32, _ deadline: Double) -> [UInt8]? {
        var block = [UInt8](repeating: 0, count: 4096)
        while ProcessInfo.processInfo.systemUptime < deadline {
            let count = recv(socket, &block, block.count, 0)
            if count > 0 { return Array(block[0..<count]) }
            if count == 0 { return nil }
            if errno != EAGAIN, errno != EINTR { return nil }
        }
        return nil
    }

    private static func send(_ socket: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func answer(_ socket: Int32, _ code: Int, _ phrase: String) {
        _ = send(socket, Array("HTTP/1.1 \(code) \(phrase)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8))
        shutdown(socket, Int32(SHUT_WR))
        // Pending input is drained briefly, so that the response is not lost by a reset.
        let deadline = ProcessInfo.processInfo.systemUptime + 0.5
        while receive(socket, deadline) != nil {}
    }
}

/// The connections whose requests are being answered.
final class ReviewClients: @unchecked Sendable {
    private let lock = NSLock()
    private var sockets: [Int: Int32] = [:]
    private var next = 0

    fileprivate func enter(_ socket: Int32) -> Int {
        lock.withLock {
            next += 1
            sockets[next] = socket
            return next
        }
    }

    fileprivate func leave(_ number: Int) { _ = lock.withLock { sockets.removeValue(forKey: number) } }

    /// Whether a client still waits: its connection is open for reading.
    func isThere(_ number: Int) -> Bool {
        lock.withLock {
            guard let socket = sockets[number] else { return false }
            var byte: UInt8 = 0
            let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            return count > 0 || count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        }
    }
}
