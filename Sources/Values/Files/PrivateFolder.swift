import Foundation

/// Folders for what nobody else may read or replace meanwhile.
public enum PrivateFolder {
    /// Makes a folder that only its owner can enter, with a name that nobody can guess.
    ///
    /// - Parameters:
    ///   - name: how its name begins.
    ///   - parents: folders to try, the first that will do is taken; none: the one for temporary files.
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
