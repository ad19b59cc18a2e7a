import CFFmpeg
import MediaIO
import SyncModel

/// The result of fixing a file.
public struct FixedMedia: Sendable, Hashable {
    public enum Method: String, Sendable {
        /// Only timestamps changed: every packet is unchanged.
        case moved
        /// The audio was cut or padded by samples.
        case cut
        /// The audio was resampled.
        case resampled
    }

    public let method: Method
    /// Seconds by which everything except the audio is later on the file's timeline: 0, or the space that the audio
    /// needed before it.
    public let othersLater: Double
    /// Seconds by which the file's timeline starts later: times relative to its start decrease by this.
    public let originLater: Double
    /// Streams that could not be kept and were dropped, as agreed.
    public let leftOut: [String]
    /// Seconds of audio that were cut at the start, because they would come before the file's.
    public let cutAtStart: Double
    /// Subtitles that would start before the file, and now start with it.
    public let clampedSubtitles: Int
    /// Audio packets that cannot be decoded and were replaced by silence.
    public let damagedPackets: Int
    /// Packets compared byte by byte with the original's; nil if another container packs them differently.
    public let equalPackets: Int?
}

/// The moves of a file's streams, by index.
public struct StreamMoves: Sendable, Hashable {
    /// Audio streams and subtitles with their own move.
    public var own: [Int: SoundMove]
    /// The move of all other audio streams.
    public var sound: SoundMove

    public init(_ own: [Int: SoundMove] = [:], sound: SoundMove = .none) {
        self.own = own
        self.sound = sound
    }

    func of(sound index: Int) -> SoundMove { own[index] ?? sound }
}

/// Rewrites a file with moved audio. Nothing else changes: video, subtitles, chapters, metadata.
public struct MediaFixer {
    public let moves: StreamMoves
    /// Drop streams that the container cannot hold, instead of refusing.
    public var leavesOut = false
    /// Re-encode moved audio instead of changing its timestamps: all streams start where they did.
    public var rewritesAudio = false

    public init(_ moves: StreamMoves, leavesOut: Bool = false) {
        self.moves = moves
        self.leavesOut = leavesOut
    }

    /// Moves all audio streams equally.
    public init(_ move: SoundMove, leavesOut: Bool = false) {
        self.init(StreamMoves(sound: move), leavesOut: leavesOut)
    }

    /// Writes `input` to a place's partial file; the caller finishes it.
    ///
    /// - Throws: `FixError`, `MediaError`.
    public func fix(_ input: String, into place: StagedOutput) throws -> FixedMedia {
        do {
            return try attempt(input, place, corrections: [:])
        } catch let misplaced as FixingCopy.Misplaced {
            // Some muxers shift a stream by its encoder delay; if corrected for it in advance they place it right.
            do {
                return try attempt(input, place, corrections: misplaced.misses.mapValues { -$0 })
            } catch let again as FixingCopy.Misplaced {
                let worst = again.misses.max { abs($0.value) < abs($1.value) }
                throw FixError.cannotHold(
                    place.path,
                    """
                    the container places stream \(worst?.key ?? 0) \(Int((abs(worst?.value ?? 0) * 1000).rounded())) \
                    ms off its position
                    """
                )
            }
        }
    }

    private func attempt(_ input: String, _ place: StagedOutput, corrections: [Int: Double]) throws -> FixedMedia {
        let file = try MediaFile(path: input)
        let writer = try MediaWriter(path: place.partial, shown: place.path)
        let copy = try FixingCopy(
            file, writer, moves: moves, leavesOut: leavesOut, rewritesAudio: rewritesAudio, corrections: corrections)
        try copy.run()
        let equal = try copy.verify(place.partial)
        return FixedMedia(
            method: copy.method, othersLater: copy.othersLater, originLater: copy.originLater, leftOut: copy.leftOut,
            cutAtStart: copy.cutAtStart, clampedSubtitles: copy.clampedSubtitles,
            damagedPackets: copy.damagedPackets, equalPackets: equal)
    }
}
