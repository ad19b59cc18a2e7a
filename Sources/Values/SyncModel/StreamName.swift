/// Names a measured or omitted stream, or a channel of one.
public struct StreamName: Sendable, Hashable, Codable {
    /// Its file; nil: the clip.
    public var file: String?
    /// Its index among all streams of the file, from 0; nil: the file has only one.
    public var index: Int?
    /// The declared ISO 639 code or BCP 47 tag; nil: not declared.
    public var language: String?
    /// The channel in it, from 0; nil: all.
    public var channel: Int?

    public init(file: String? = nil, index: Int? = nil, language: String? = nil, channel: Int? = nil) {
        self.file = file
        self.index = index
        self.language = language
        self.channel = channel
    }
}
