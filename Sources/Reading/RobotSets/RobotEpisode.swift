public import SyncModel

/// One episode of a robot set: where its rows and its pictures lie.
public struct RobotEpisode: Sendable, Hashable {
    /// The pictures of one camera.
    public struct Video: Sendable, Hashable, Codable {
        public let camera: String
        public let path: String
        /// Where the episode lies in the file, in seconds; nil: the file is the episode's own.
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
    /// Whether the table holds other episodes too.
    public let isShared: Bool
    /// Rows as the set's list of episodes has it; nil: the list does not hold the episode.
    public let declaredRows: Int?
    public let videos: [Video]
    /// What else the list says of it: a day, a session, an operator.
    public let attributes: [ClipRecord.Attribute]

    /// The name in stores and reports: the table, and which of its episodes.
    public var clip: String { isShared ? "\(table)#episode=\(index)" : table }
}
