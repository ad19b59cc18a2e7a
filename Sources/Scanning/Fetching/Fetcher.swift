import Foundation
public import SyncModel

/// Has files from elsewhere copied into a cache. May be used by several threads at once.
public struct Fetcher: Sendable {
    let library: CurlLibrary
    public let cache: FetchCache
    private let certificates: String?

    /// Into the user's own cache, with the certificates of `$SSL_CERT_FILE` where that is set.
    ///
    /// - Parameter limit: bytes that the cache holds.
    /// - Throws: `ClipFailure` where this machine has no libcurl, or no place for copies.
    public init(environment: [String: String], limit: Int = FetchCache.standardLimit) throws(ClipFailure) {
        try self.init(
            cache: FetchCache(folder: FetchCache.standardFolder(environment), limit: limit),
            certificates: environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 })
    }

    /// - Parameter certificates: a file of those to trust; nil: those of libcurl.
    /// - Throws: `ClipFailure` where this machine has no libcurl.
    public init(cache: FetchCache, certificates: String? = nil) throws(ClipFailure) {
        self.certificates = certificates
        guard let library = CurlLibrary.installed else {
            throw ClipFailure(
                code: "no-libcurl", message: "addresses cannot be fetched without libcurl, which is not installed",
                remedy: "apt-get install libcurl4 ca-certificates, or fetch the files yourself")
        }
        self.library = library
        self.cache = cache
    }

    /// What is said of an address before anything is asked.
    static func check(_ address: String) throws(ClipFailure) {
        let rest = address.drop { $0 != ":" }.dropFirst(3)
        let host = rest.prefix { !"/?#".contains($0) }
        if host.contains("@") {
            throw ClipFailure(
                code: "not-fetched", message: "an address on \(host.drop { $0 != "@" }.dropFirst()) has a password",
                remedy: "put the login in ~/.netrc, which reports do not show")
        }
        guard !host.isEmpty, !address.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw ClipFailure(
                code: "not-fetched", message: "\(address.printable) is not an address", remedy: "check the address")
        }
    }

    /// - Throws: `ClipFailure`.
    func state(_ address: String, isWanted: @escaping () -> Bool = { true }) throws -> RemoteFile.State {
        try Fetcher.check(address)
        return try RemoteFile(library: library, address: address, certificates: certificates, isWanted: isWanted)
            .state()
    }

    /// A copy of a file in the state that the server told, in use as long as the result is kept. Room for it is kept
    /// already where `hasRoom` says so.
    ///
    /// - Throws: `ClipFailure`.
    func copy(
        _ address: String, _ state: RemoteFile.State, hasRoom: Bool = false, isWanted: @escaping () -> Bool = { true }
    ) throws -> FetchCache.Copy {
        let name = cache.name(address, state.version)
        var kept = hasRoom ? state.size ?? 0 : 0
        defer { cache.release(kept) }
        // What the server does not tell apart is fetched each time.
        if !state.version.hasPrefix("?"), let copy = cache.copy(name) { return copy }
        if !hasRoom, let size = state.size {
            try cache.reserve(size, for: address, isWanted: isWanted)
            kept = size
        }
        let file = try cache.begin()
        do {
            let limit = cache.limit
            try RemoteFile(library: library, address: address, certificates: certificates, isWanted: isWanted).fetch(
                to: file.descriptor, size: state.size
            ) { count in
                if count > limit { throw cache.tooLarge(address, count) }
            }
        } catch {
            _ = try cache.end(file, as: nil)
            throw error
        }
        guard let copy = try cache.end(file, as: name) else { throw RemoteFile.givenUp }
        return copy
    }

    /// Copies of all addresses among names, for a program that opens few files.
    ///
    /// - Parameter progress: told of each before it is fetched, with its size in bytes where that is known.
    /// - Throws: `ClipFailure`.
    public func copies(of names: [String], progress: (String, Int?) -> Void) throws -> [String: FetchCache.Copy] {
        var result: [String: FetchCache.Copy] = [:]
        for name in names where result[name] == nil {
            let state = try state(name)
            progress(name, state.size)
            result[name] = try copy(name, state)
        }
        return result
    }
}
