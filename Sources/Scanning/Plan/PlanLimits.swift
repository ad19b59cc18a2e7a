/// Limits for files that name the clips: such files may come from others along with the media.
enum PlanLimits {
    /// The largest manifest, in bytes.
    static let largestTable = 4 << 30
    /// The longest row of a manifest, in bytes.
    static let longestRow = 16 << 20
    /// The most members of one sample of a shard that are compared with each other.
    static let largestSample = 512
    /// The longest name of a member of a shard, in bytes: the limit of file systems.
    static let longestName = 4096

    static let longRow = ManifestRowError(
        message: "is longer than \(longestRow >> 20) MB", remedy: "write one row for each clip, each on a line")
}
