/// Why a timed text cannot be read or written.
public struct TimedTextError: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: String
    /// The fault, as the end of a sentence: "is empty".
    public let message: String
    /// What to do next.
    public let remedy: String

    public init(code: String, message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(message): \(remedy)" }
}
