/// How much is taken of what names the clips: such files may come from somebody else along with the media.
enum PlanLimits {
    /// The largest manifest that is read, in bytes.
    static let largestTable = 4 << 30
    /// The longest row of a manifest, in bytes.
    static let longestRow = 16 << 20
    /// The most members of one sample of a shard that are held against each other.
    static let largestSample = 512
    /// The longest name of a member of a shard, in bytes: what a file system takes.
    static let longestName = 4096

    static let longRow = ManifestRowError(
        message: "is longer than \(longestRow >> 20) MB", remedy: "write one row for each clip, each on a line")
}
