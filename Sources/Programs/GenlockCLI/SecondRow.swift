import Foundation
import Plan
import SyncModel

/// A row that is sent again, because its copy was requested.
struct SecondRow {
    /// The row's index, from 0.
    let index: Int
    /// Why there is no copy; nil: there is one.
    let failure: ClipFailure?
    /// The row as JSON, as first sent.
    let line: Data

    /// nil: it is not such a row.
    init?(_ line: Data) {
        guard line.starts(with: Data("{\"again\"".utf8)),
            var row = (try? JSONSerialization.jsonObject(with: line)) as? [String: Any],
            let index = row.removeValue(forKey: "again") as? Int
        else { return nil }
        self.index = index
        failure = (row.removeValue(forKey: "failure") as? [String: String]).map {
            ClipFailure(code: "not-fetched", message: $0["message"] ?? "", remedy: $0["remedy"] ?? "")
        }
        self.line = (try? JSONSerialization.data(withJSONObject: row)) ?? Data()
    }
}
