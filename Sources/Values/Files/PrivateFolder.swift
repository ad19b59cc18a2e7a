import Foundation

/// Folders that no other user can read or replace.
public enum PrivateFolder {
    /// Creates a folder that only its owner can enter, with an unpredictable name.
    ///
    /// - Parameters:
    ///   - name: prefix of its name.
    ///   - parents: folders to try in order; empty: the temporary folder.
    /// - Throws: `StagedFileError` of the last one.
    public static func make(_ name: String, in parents: [String] = []) throws(StagedFileError)
        -> String
    {
        var failure = StagedFileError(path: name, kind: .failed(ENOENT))
        for parent in parents.isEmpty ? [NSTemporaryDirectory()] : parents {
            let pattern = (parent as NSString).appendingPathComponent(name + "-XXXXXX")
            var bytes = Array(pattern.utf8CString)
            if mkdtemp(&bytes) != nil {
                return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            failure = StagedFileError(path: parent, kind: .failed(errno))
        }
        throw failure
    }
}
