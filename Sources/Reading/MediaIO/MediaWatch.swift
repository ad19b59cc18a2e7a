/// Told of every recording that is opened: how many seconds it says it is long; nil where it does not say.
public enum MediaWatch {
    /// To be set once, before anything is opened.
    nonisolated(unsafe) public static var opened: (@Sendable (Double?) -> Void)?
}
