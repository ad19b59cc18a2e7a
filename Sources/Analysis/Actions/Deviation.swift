import SyncModel

/// How far one boundary of a track lies from where its session has it.
struct Deviation: Sendable {
    /// Places of session and track.
    let session: Int32
    let track: Int32
    /// The only other track, where there are two and nobody can say which is right; -1: the majority of more.
    let other: Int32
    let segment: Int32
    let label: Symbol
    let isEnd: Bool
    /// Whether a finding explains it.
    var isExplained = false
    /// Milliseconds in the contract's sign, positive: the track is early.
    var milliseconds: Float
    /// The same less what findings explain.
    var rest: Float
    /// When the subject has it, in seconds.
    let seconds: Double
    let referenceSeconds: Double
}
