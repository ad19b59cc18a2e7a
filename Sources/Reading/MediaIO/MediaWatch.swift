/// Notified of every opened recording: its declared length in seconds; nil if not declared.
public enum MediaWatch {
    /// Set it once, before anything is opened.
    nonisolated(unsafe) public static var opened: (@Sendable (Double?) -> Void)?
}
