/// A timed text that cannot be read at all, or not be written.
public struct TimedTextError: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: String
    /// What is wrong, as a sentence's end: "is empty".
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
