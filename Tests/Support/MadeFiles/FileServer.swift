public import Foundation

/// A real HTTP server on this machine's loopback, with faults of servers: each is asked for by the query of an address.
///
/// - `nohead`: questions for the head alone are refused with 405.
/// - `busy`: the first two questions of each kind are answered with 503.
/// - `drop`: the connection breaks off half-way through every longer answer.
/// - `norange`: whatever range is asked for, all of the file comes.
/// - `nolength`: the length is not said.
/// - `away`: another address has it.
/// - `local`: another address has it, which is a file of this machine.
/// - `secret`: 403.
public final class FileServer: @unchecked Sendable {
    // Unchecked: the log behind its lock; all else is set before there are other threads.
    private let listener: Int32
    private let lock = NSLock()
    private var asked: [String] = []
    private var changes = 0
    private let files: [String: Data]
    public let port: UInt16

    /// - Parameter files: by their names.
    public init(_ files: [String: Data]) throws {
        self.files = files
        signal(SIGPIPE, SIG_IGN)
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = listening
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 64) == 0
                    && getsockname(listening, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        let answer: @Sendable (Int32) -> Void = { [weak self] connection in self?.serve(connection) }
        Thread.detachNewThread {
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    answer(connection)
                    close(connection)
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    public func address(_ name: String) -> String { "http://127.0.0.1:\(port)/\(name)" }

    /// Everything that was asked for: method, name and range.
    public var log: [String] { lock.withLock { asked } }

    /// From here on every file counts as another one.
    public func change() { lock.withLock { changes += 1 } }

    private func count(_ line: String, _ start: String) -> Int {
        lock.withLock {
            asked.append(line)
            return asked.count { $0.hasPrefix(start) }
        }
    }

    private func head(_ connection: Int32) -> [String]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.suffix(4) != [13, 10, 13, 10] {
            guard bytes.count < 1 << 16, read(connection, &byte, 1) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    }

    private func send(_ connection: Int32, _ data: Data) {
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func serve(_ connection: Int32) {
        guard let lines = head(connection), let words = lines.first?.split(separator: " "), words.count == 3 else {
            return
        }
        let method = String(words[0])
        let parts = words[1].dropFirst().split(separator: "?", maxSplits: 1).map(String.init)
        let name = parts.first?.removingPercentEncoding ?? ""
        let query = parts.count > 1 ? parts[1] : ""
        func field(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix(name + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
        let range = field("range")
        let times = count("\(method) \(name)\(range.map { " \($0)" } ?? "")", "\(method) \(name)")
        func refuse(_ status: String, _ fields: String = "") {
            send(connection, Data("HTTP/1.1 \(status)\r\n\(fields)Content-Length: 0\r\nConnection: close\r\n\r\n".utf8))
        }
        if query == "nohead", method == "HEAD" { return refuse("405 Method Not Allowed") }
        if query == "busy", times < 3 { return refuse("503 Service Unavailable") }
        if query == "secret" { return refuse("403 Forbidden") }
        if query == "away" { return refuse("302 Found", "Location: /\(parts[0])\r\n") }
        if query == "local" { return refuse("302 Found", "Location: file:///etc/passwd\r\n") }
        guard let data = files[name] else { return refuse("404 Not Found") }
        let mark = "\"\(lock.withLock { changes })\""
        var (status, from, to) = ("200 OK", 0, data.count)
        if let range, query != "norange", field("if-range").map({ $0 == mark }) ?? true {
            let ends = range.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
            from = Int(ends[0]) ?? 0
            to = ends.count > 1 ? Int(ends[1]).map { $0 + 1 } ?? data.count : data.count
            status = "206 Partial Content"
        }
        var text = "HTTP/1.1 \(status)\r\nETag: \(mark)\r\nConnection: close\r\n"
        if query != "nolength" { text += "Content-Length: \(to - from)\r\n" }
        if status.hasPrefix("206") { text += "Content-Range: bytes \(from)-\(to - 1)/\(data.count)\r\n" }
        send(connection, Data((text + "\r\n").utf8))
        guard method == "GET" else { return }
        let isCut = query == "drop" && to - from > 1000
        send(connection, data[(data.startIndex + from)..<(data.startIndex + (isCut ? (from + to) / 2 : to))])
    }
}
