import Foundation

/// Why a file cannot be written, with a remedy.
public struct StagedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The file exists and must not be replaced.
        case exists
        case isFolder
        /// Another file of the same set has the same path.
        case twice
        /// A device, a pipe or a socket, which a file must not replace.
        case isSpecial
        /// A system error (`errno`).
        case failed(Int32)
    }

    /// The file's final path.
    public let path: String
    public let kind: Kind

    /// The system's message if there is one.
    public var reason: String {
        switch kind {
        case .exists: String(cString: strerror(EEXIST))
        case .isFolder: String(cString: strerror(EISDIR))
        case .twice: "two files would be written to it"
        case .isSpecial: "it is a device or a pipe"
        case .failed(let code): String(cString: strerror(code))
        }
    }

    public var remedy: String {
        switch kind {
        case .exists: "give another file, or allow it to be replaced"
        case .isFolder: "give a file in it"
        case .twice: "give each a different name, or write them one at a time"
        case .isSpecial: "give a regular file"
        case .failed(let code) where code == ENOSPC || code == EDQUOT: "free some space, or give another folder"
        case .failed: "check that its folder exists and is writable"
        }
    }

    public var description: String { "\(path) cannot be written (\(reason)): \(remedy)" }
}
