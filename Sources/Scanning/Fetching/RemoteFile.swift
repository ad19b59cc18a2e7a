import Foundation
import SyncModel

/// A file at an address: its state on the server, and its bytes.
struct RemoteFile {
    /// The state of a file on a server.
    struct State: Sendable, Hashable {
        /// In bytes; nil: unknown.
        var size: Int?
        /// Constant as long as the server reports the same bytes.
        var version: String
    }

    let library: CurlLibrary
    let address: String
    /// A file of certificates to trust; nil: those of libcurl.
    let certificates: String?
    /// Called often; false cancels.
    var isWanted: () -> Bool = { true }

    /// Retries without progress, and attempts in total; delay before the first retry in seconds, doubled each time; and
    /// the limit of a server's Retry-After.
    private static let retries = 4
    private static let mostAttempts = 100
    private static let pause = 0.5
    private static let longestPause = 30.0
    /// Statuses worth a retry.
    private static let passing: Set<Int> = [408, 425, 429, 500, 502, 503, 504]
    /// Statuses of servers that reject HEAD; signed addresses are often for GET only.
    private static let headless: Set<Int> = [403, 405, 501]

    /// - Throws: `ClipFailure` with the address and the remedy.
    func state() throws -> State {
        let head = try answered { _ in
            let head = try exchange(.head).run()
            guard Self.headless.contains(head.status) else { return head }
            return try exchange(.get, range: "0-0").run { _, _ in throw Enough() }
        }
        let whole = head.fields["content-range"].flatMap { $0.split(separator: "/").last.flatMap { Int($0) } }
        let length = head.status == 206 ? whole : head.fields["content-length"].flatMap { Int($0) }
        let size = head.fields["content-encoding"] == nil ? length.flatMap { $0 >= 0 ? $0 : nil } : nil
        let mark = head.fields["etag"] ?? head.fields["last-modified"] ?? ""
        return State(
            size: size, version: "\(size.map { "\($0)" } ?? "?") \(mark)".trimmingCharacters(in: .whitespaces))
    }

    /// Writes the bytes to an open file, resuming broken connections as long as the file is the same.
    ///
    /// - Parameters:
    ///   - size: the expected number, if the server reported it.
    ///   - came: receives the number so far; an error ends the transfer.
    /// - Throws: `ClipFailure`, or what `came` throws.
    func fetch(to descriptor: Int32, size: Int?, came: @escaping (Int) throws -> Void) throws {
        var written = 0
        var mark = ""
        func restart() throws {
            written = 0
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
                throw self.unwritten(errno)
            }
        }
        _ = try answered(came: written) { attempt in
            if attempt > 0, mark.isEmpty { try restart() }
            var isFirst = true
            let request =
                written > 0 ? exchange(.get, range: "\(written)-", fields: [("If-Range", mark)]) : exchange(.get)
            return try request.run { head, bytes in
                if isFirst {
                    isFirst = false
                    if head.status == 200 { try restart() }
                    mark = head.fields["etag"] ?? head.fields["last-modified"] ?? ""
                    // A weak validator does not identify the bytes.
                    if mark.hasPrefix("W/") { mark = "" }
                }
                var rest = bytes
                while !rest.isEmpty {
                    let count = write(descriptor, rest.baseAddress, rest.count)
                    if count < 0 {
                        if errno == EINTR { continue }
                        throw self.unwritten(errno)
                    }
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                }
                written += bytes.count
                try came(written)
            }
        }
        if let size, written != size {
            throw ClipFailure(
                code: "not-fetched", message: "\(address.printable) has \(size) bytes, but \(written) were received",
                remedy: "try again: the file may be changing")
        }
    }

    /// Only the first byte was requested.
    private struct Enough: Error {}

    private func exchange(_ method: HTTPExchange.Method, range: String? = nil, fields: [(String, String)] = [])
        -> HTTPExchange
    {
        HTTPExchange(
            library: library, address: address, certificates: certificates, method: method, fields: fields,
            range: range, isWanted: isWanted)
    }

    /// Retries until success or a permanent failure.
    ///
    /// - Parameter came: bytes so far; an attempt with progress resets the retries.
    private func answered(came: @autoclosure () -> Int = 0, _ attempt: (Int) throws -> HTTPExchange.Head) throws
        -> HTTPExchange.Head
    {
        var number = 0
        for total in 0..<Self.mostAttempts {
            let before = came()
            var wait = Self.pause * Double(1 << number)
            do {
                let head: HTTPExchange.Head
                do {
                    head = try attempt(total)
                } catch let problem as HTTPExchange.Problem where problem.cause is Enough { head = problem.head }
                if [200, 206].contains(head.status) { return head }
                guard Self.passing.contains(head.status), number < Self.retries else { throw refused(head.status) }
                if let wish = head.fields["retry-after"].flatMap({ Double($0) }), wish > wait {
                    wait = min(wish, Self.longestPause)
                }
            } catch let problem as HTTPExchange.Problem {
                if let cause = problem.cause { throw cause }
                if problem.isGivenUp { throw Self.givenUp }
                if came() > before { (number, wait) = (0, Self.pause) }
                guard problem.mayPass, number < Self.retries else { throw unreachable(problem) }
            }
            number += 1
            try sleep(wait)
        }
        throw unreachable(HTTPExchange.Problem(code: 0, words: "the connection breaks repeatedly"))
    }

    private func sleep(_ seconds: Double) throws {
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while ProcessInfo.processInfo.systemUptime < end {
            guard isWanted() else { throw Self.givenUp }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    static let givenUp = ClipFailure(code: "given-up", message: "interrupted", remedy: "run it again")

    private func unwritten(_ code: Int32) -> ClipFailure {
        ClipFailure(
            code: "not-fetched",
            message: "the copy of \(address.printable) cannot be written (\(String(cString: strerror(code))))",
            remedy: "free some disk space, or set GENLOCK_CACHE to another folder")
    }

    private func refused(_ status: Int) -> ClipFailure {
        let remedy =
            switch status {
            case 401, 403: "give an authorised address, such as a signed one, or a login in ~/.netrc"
            case 404, 410: "check the address"
            case 416: "try again: the file may be changing"
            default: "try again later"
            }
        return ClipFailure(
            code: "not-fetched", message: "\(address.printable): the server answers \(status)", remedy: remedy)
    }

    private func unreachable(_ problem: HTTPExchange.Problem) -> ClipFailure {
        ClipFailure(
            code: "not-fetched", message: "\(address.printable) cannot be fetched (\(problem.words.printable))",
            remedy: "check the address and the network")
    }
}
