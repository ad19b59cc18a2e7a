import GRDB
public import SyncModel

/// Findings of single clips from several stores, for reading the large parts of only a few clips.
public final class StoreFindings {
    private let readers: [StoreReader]

    /// - Throws: `StoreError`.
    public init(_ paths: [String]) throws { readers = try paths.map { try StoreReader(path: $0) } }

    /// The findings of a clip with their curves; if it is in several stores, those of its latest result. Empty if it is
    /// in none.
    ///
    /// - Parameter documents: also read the JSON documents; without them they are empty.
    /// - Throws: `StoreError`.
    public func findings(of key: String, documents: Bool) throws -> [Finding] {
        var latest: (findings: [Finding], measuredAt: String)?
        for reader in readers {
            guard let found = try reader.findings(of: key, documents: documents) else { continue }
            if let known = latest, known.measuredAt >= found.measuredAt { continue }
            latest = found
        }
        return latest?.findings ?? []
    }
}
