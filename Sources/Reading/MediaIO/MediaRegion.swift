/// A range of bytes inside a file that is itself a media file, such as a member of a tar archive; read in place.
public struct MediaRegion: Sendable, Hashable, Codable {
    /// The enclosing file.
    public let file: String
    /// Offset of its first byte, and its length, in bytes.
    public let start: Int
    public let length: Int

    public init(file: String, start: Int, length: Int) {
        self.file = file
        self.start = start
        self.length = length
    }
}
