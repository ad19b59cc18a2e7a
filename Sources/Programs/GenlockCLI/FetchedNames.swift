import Fetching
import Files
import Foundation
import SyncModel

/// Command-line arguments that are URLs: fetched before anything else, by the unconfined process, which opens none of
/// them.
enum FetchedNames {
    /// Copies in use until the program ends.
    nonisolated(unsafe) private static var copies: [String: FetchCache.Copy] = [:]

    /// Fetches URLs; from here on files are opened at their copies. Call it while there is only one thread.
    ///
    /// - Throws: `ClipFailure`.
    static func use(_ names: [String]) throws {
        let addresses = names.filter { FetchedFiles.isAddress($0) && copies[$0] == nil }
        guard !addresses.isEmpty else { return }
        let fetcher = try Fetcher(environment: ProcessInfo.processInfo.environment)
        let fetched = try fetcher.copies(of: addresses) { address, size in
            guard Console.isTerminal else { return }
            Console.note("genlock: fetching \(address.printable)\(size.map { " (\($0 >> 20) MB)" } ?? "") ...\n")
        }
        copies.merge(fetched) { _, new in new }
        FetchedFiles.use(copies.mapValues(\.path))
    }

    /// The path of a file's copy.
    ///
    /// - Throws: `ClipFailure`.
    static func fetch(_ name: String) throws -> String {
        try use([name])
        return FetchedFiles.place(name)
    }
}
