public import SyncModel

/// One episode of a robot set: the locations of its rows and videos.
public struct RobotEpisode: Sendable, Hashable, Codable {
    /// The video of one camera.
    public struct Video: Sendable, Hashable, Codable {
        public let camera: String
        public let path: String
        /// The episode's start in the file, in seconds; nil: the file has only this episode.
        public let from: Double?
        public let to: Double?

        public init(camera: String, path: String, from: Double? = nil, to: Double? = nil) {
            self.camera = camera
            self.path = path
            self.from = from
            self.to = to
        }
    }

    public let index: Int
    public let table: String
    /// Whether the table has other episodes too.
    public let isShared: Bool
    /// Number of rows in the episode list; nil: not listed.
    public let declaredRows: Int?
    public let videos: [Video]
    /// Other listed properties: a day, a session, an operator.
    public let attributes: [ClipRecord.Attribute]

    /// The name in stores and reports: the table, and the episode in it.
    public var clip: String { isShared ? "\(table)#episode=\(index)" : table }
}
