import SyncModel

/// Deviation of one boundary of a track from its session's consensus.
struct Deviation: Sendable {
    /// Indices of session and track.
    let session: Int32
    let track: Int32
    /// The other track, if there are only two and neither is known to be right; -1: the majority of more.
    let other: Int32
    let segment: Int32
    let label: Symbol
    let isEnd: Bool
    /// Whether a finding explains it.
    var isExplained = false
    /// Milliseconds; positive: the track is early.
    var milliseconds: Float
    /// The same minus what findings explain.
    var rest: Float
    /// The subject's time, in seconds.
    let seconds: Double
    let referenceSeconds: Double
}
