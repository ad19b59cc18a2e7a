import CCurl
import Foundation
import SyncModel

/// One HTTP request and its response, by libcurl.
struct HTTPExchange {
    enum Method {
        case head
        case get
    }

    /// The head of a response.
    struct Head {
        var status = 0
        /// By names in lower case; of the last response after redirects.
        var fields: [String: String] = [:]
    }

    /// Why the response is incomplete.
    struct Problem: Error {
        /// libcurl's number.
        let code: Int
        let words: String
        /// The part of the response that was received.
        var head = Head()
        /// What the caller's `take` threw.
        var cause: (any Error)?

        /// Whether a retry may succeed.
        var mayPass: Bool {
            ![
                GENLOCK_CURLE_UNSUPPORTED_PROTOCOL, GENLOCK_CURLE_URL_MALFORMAT, GENLOCK_CURLE_WRITE_ERROR,
                GENLOCK_CURLE_ABORTED_BY_CALLBACK, GENLOCK_CURLE_TOO_MANY_REDIRECTS,
                GENLOCK_CURLE_PEER_FAILED_VERIFICATION,
            ].contains(code)
        }

        var isGivenUp: Bool { cause == nil && code == GENLOCK_CURLE_ABORTED_BY_CALLBACK }
    }

    let library: CurlLibrary
    let address: String
    /// A file of certificates to trust; nil: those of libcurl.
    let certificates: String?
    var method = Method.get
    var fields: [(name: String, value: String)] = []
    /// The requested bytes; nil: all.
    var range: String?
    /// Called often; false cancels.
    var isWanted: () -> Bool = { true }

    /// Time limits of a connection, and without a byte, in seconds.
    private static let patience = 30
    private static let silence = 60
    private static let redirects = 10
    /// Largest number of kept lines of a response's head.
    private static let mostFields = 256

    private final class Receiver {
        var head = Head()
        let isWanted: () -> Bool
        let take: (Head, UnsafeRawBufferPointer) throws -> Void
        var cause: (any Error)?

        init(_ isWanted: @escaping () -> Bool, _ take: @escaping (Head, UnsafeRawBufferPointer) throws -> Void) {
            (self.isWanted, self.take) = (isWanted, take)
        }

        func add(line: String) {
            let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if text.hasPrefix("HTTP/") {
                // Another response begins, after a redirect.
                head = Head(status: text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            } else if let colon = text.firstIndex(of: ":"), head.fields.count < HTTPExchange.mostFields {
                let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                head.fields[text[..<colon].lowercased()] = String(value.prefix(4096))
            }
        }
    }

    /// Sends the request, and delivers the bytes as received.
    ///
    /// - Parameter take: an error ends the transfer; called only for status 200 and 206.
    func run(take: @escaping (Head, UnsafeRawBufferPointer) throws -> Void = { _, _ in }) throws(Problem) -> Head {
        guard let handle = library.easyInit() else { throw Problem(code: 2, words: "libcurl cannot start") }
        defer { library.easyCleanup(handle) }
        let receiver = Receiver(isWanted, take)
        let context = Unmanaged.passUnretained(receiver).toOpaque()
        let words = UnsafeMutablePointer<CChar>.allocate(capacity: GENLOCK_CURL_ERROR_SIZE)
        words[0] = 0
        defer { words.deallocate() }
        let protocols = GENLOCK_CURLPROTO_HTTP | GENLOCK_CURLPROTO_HTTPS
        library.set(handle, GENLOCK_CURLOPT_PROTOCOLS, protocols)
        library.set(handle, GENLOCK_CURLOPT_REDIR_PROTOCOLS, protocols)
        library.set(handle, GENLOCK_CURLOPT_URL, HTTPExchange.quoted(address))
        library.set(handle, GENLOCK_CURLOPT_USERAGENT, "genlock/\(Version.tool)")
        library.set(handle, GENLOCK_CURLOPT_FOLLOWLOCATION, 1)
        library.set(handle, GENLOCK_CURLOPT_MAXREDIRS, HTTPExchange.redirects)
        library.set(handle, GENLOCK_CURLOPT_CONNECTTIMEOUT, HTTPExchange.patience)
        library.set(handle, GENLOCK_CURLOPT_LOW_SPEED_LIMIT, 1)
        library.set(handle, GENLOCK_CURLOPT_LOW_SPEED_TIME, HTTPExchange.silence)
        library.set(handle, GENLOCK_CURLOPT_NOSIGNAL, 1)
        library.set(handle, GENLOCK_CURLOPT_NETRC, GENLOCK_CURL_NETRC_OPTIONAL)
        library.set(handle, GENLOCK_CURLOPT_NOBODY, method == .head ? 1 : 0)
        if let range { library.set(handle, GENLOCK_CURLOPT_RANGE, range) }
        if let certificates { library.set(handle, GENLOCK_CURLOPT_CAINFO, certificates) }
        var list: UnsafeMutableRawPointer?
        // The uncompressed bytes of the file.
        for (name, value) in [("Accept-Encoding", "identity")] + fields {
            list = library.listAppend(list, "\(name): \(value)") ?? list
        }
        defer { library.listFree(list) }
        library.set(handle, GENLOCK_CURLOPT_HTTPHEADER, pointer: list)
        library.set(handle, GENLOCK_CURLOPT_ERRORBUFFER, pointer: UnsafeMutableRawPointer(words))
        library.set(handle, GENLOCK_CURLOPT_HEADERDATA, pointer: context)
        library.set(
            handle, GENLOCK_CURLOPT_HEADERFUNCTION,
            take: { bytes, size, count, receiver in
                guard let bytes, let receiver else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                Unmanaged<Receiver>.fromOpaque(receiver).takeUnretainedValue()
                    .add(line: String(decoding: line, as: UTF8.self))
                return size * count
            })
        library.set(handle, GENLOCK_CURLOPT_WRITEDATA, pointer: context)
        library.set(
            handle, GENLOCK_CURLOPT_WRITEFUNCTION,
            take: { bytes, size, count, receiver in
                guard let bytes, let receiver else { return 0 }
                let owner = Unmanaged<Receiver>.fromOpaque(receiver).takeUnretainedValue()
                guard [200, 206].contains(owner.head.status) else { return size * count }
                do {
                    try owner.take(owner.head, UnsafeRawBufferPointer(start: bytes, count: size * count))
                    return size * count
                } catch {
                    owner.cause = error
                    return 0
                }
            })
        library.set(handle, GENLOCK_CURLOPT_NOPROGRESS, 0)
        library.set(handle, GENLOCK_CURLOPT_XFERINFODATA, pointer: context)
        library.set(
            handle, GENLOCK_CURLOPT_XFERINFOFUNCTION,
            watch: { receiver, _, _, _, _ in
                guard let receiver else { return 1 }
                return Unmanaged<Receiver>.fromOpaque(receiver).takeUnretainedValue().isWanted() ? 0 : 1
            })
        let code = withExtendedLifetime(receiver) { library.easyPerform(handle) }
        var head = receiver.head
        head.status = library.number(handle, GENLOCK_CURLINFO_RESPONSE_CODE)
        guard Int(code) == GENLOCK_CURLE_OK else {
            let said = String(cString: words)
            throw Problem(
                code: Int(code),
                words: said.isEmpty
                    ? (library.easyStrerror(code).map { String(cString: $0) } ?? "failure \(code)") : said,
                head: head, cause: receiver.cause)
        }
        return head
    }

    /// The address with invalid characters percent-encoded; existing encodings are kept.
    static func quoted(_ address: String) -> String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%/:?#[]@!$&'()*+,;=~-._".utf8)
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in address.utf8 {
            if allowed.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
