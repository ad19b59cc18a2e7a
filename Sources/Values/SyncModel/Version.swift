/// Versions in every document.
public enum Version {
    /// Of the program.
    public static let tool = "0.2.0"
    /// Of the JSON that it writes.
    public static let schema = 1
}
