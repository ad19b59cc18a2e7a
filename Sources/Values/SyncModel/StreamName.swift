/// Names the stream, or the channel of one, that was measured or left out.
public struct StreamName: Sendable, Hashable, Codable {
    /// The file that holds it; nil: the clip itself.
    public var file: String?
    /// Its number among all streams of the file, counted from 0; nil: the file has only one.
    public var index: Int?
    /// As the file declares it, an ISO 639 code or a BCP 47 tag; nil: it does not.
    public var language: String?
    /// The channel within it, counted from 0; nil: all of them.
    public var channel: Int?

    public init(file: String? = nil, index: Int? = nil, language: String? = nil, channel: Int? = nil) {
        self.file = file
        self.index = index
        self.language = language
        self.channel = channel
    }
}
