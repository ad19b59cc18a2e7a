public import SyncModel

/// Why a file is not fixed, with a remedy; the output is removed.
public struct FixError: Error, Sendable, Hashable {
    public let failure: ClipFailure
    /// Whether the clip was refused, because of doubt or an unsuitable container; else something failed.
    public let isRefusal: Bool

    public init(_ code: String, _ message: String, remedy: String, isRefusal: Bool = true) {
        failure = ClipFailure(code: code, message: message, remedy: remedy)
        self.isRefusal = isRefusal
    }

    static func cannotHold(_ file: String, _ what: String) -> FixError {
        FixError(
            "container-cannot-hold", "\(file.printable) cannot be written: \(what)",
            remedy: "give --output the extension .mkv or .mov: these hold any stream at any time")
    }
}
