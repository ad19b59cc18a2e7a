public import Foundation

/// The working copy that the tests belong to.
public enum Repository {
    /// Its top folder.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}
