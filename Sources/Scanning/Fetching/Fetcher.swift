import Foundation
public import SyncModel

/// Copies remote files into a cache. May be used by several threads at once.
public struct Fetcher: Sendable {
    let library: CurlLibrary
    public let cache: FetchCache
    private let certificates: String?

    /// With the user's cache, and the certificates of `$SSL_CERT_FILE` if set.
    ///
    /// - Parameter limit: size of the cache in bytes.
    /// - Throws: `ClipFailure` if this machine has no libcurl, or no folder for copies.
    public init(environment: [String: String], limit: Int = FetchCache.standardLimit) throws(ClipFailure) {
        try self.init(
            cache: FetchCache(folder: FetchCache.standardFolder(environment), limit: limit),
            certificates: environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 })
    }

    /// - Parameter certificates: a file of trusted certificates; nil: those of libcurl.
    /// - Throws: `ClipFailure` if this machine has no libcurl.
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

    /// Checks an address before any request.
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

    /// A copy of a file in the state that the server reported, in use as long as the result exists. `hasRoom`: space is
    /// already reserved.
    ///
    /// - Throws: `ClipFailure`.
    func copy(
        _ address: String, _ state: RemoteFile.State, hasRoom: Bool = false, isWanted: @escaping () -> Bool = { true }
    ) throws -> FetchCache.Copy {
        let name = cache.name(address, state.version)
        var kept = hasRoom ? state.size ?? 0 : 0
        defer { cache.release(kept) }
        // Files without a version are fetched each time.
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
    /// - Parameter progress: receives each before it is fetched, with its size in bytes if known.
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
