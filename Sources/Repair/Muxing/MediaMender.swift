import CFFmpeg
import MediaIO
import SyncModel

/// What was done to a file.
public struct MendedMedia: Sendable, Hashable {
    public enum Method: String, Sendable {
        /// Only time stamps changed: every packet is as it was.
        case moved
        /// The sound was cut or padded, sample by sample.
        case cut
        /// The sound was resampled.
        case resampled
    }

    public let method: Method
    /// Seconds by which everything but the sound comes later on the file's timeline: 0, or the room that the sound
    /// needed before it.
    public let othersLater: Double
    /// Seconds by which the file's timeline begins later than it did: times that count from its beginning become so
    /// much smaller.
    public let originLater: Double
    /// Streams that could not be kept and were left out, as agreed.
    public let leftOut: [String]
    /// Seconds of sound at its beginning that had no place in the output: the container begins with it.
    public let cutAtStart: Double
    /// Subtitles that would begin before the file does, and were put at its beginning.
    public let clampedSubtitles: Int
    /// Packets of sound that could not be decoded and are silence now.
    public let damagedPackets: Int
    /// Packets that were compared with the original's, byte by byte; nil where another container packs them
    /// differently.
    public let equalPackets: Int?
}

/// How the streams of a file are moved, by their numbers in it.
public struct StreamMoves: Sendable, Hashable {
    /// Audio streams and subtitles with a move of their own.
    public var own: [Int: SoundMove]
    /// Of all other audio streams.
    public var sound: SoundMove

    public init(_ own: [Int: SoundMove] = [:], sound: SoundMove = .none) {
        self.own = own
        self.sound = sound
    }

    func of(sound index: Int) -> SoundMove { own[index] ?? sound }
}

/// Writes a file again with its sound where it belongs. Nothing else changes: pictures, subtitles, chapters, words.
public struct MediaMender {
    public let moves: StreamMoves
    /// Leave out streams that the container cannot hold, instead of refusing.
    public var leavesOut = false

    public init(_ moves: StreamMoves, leavesOut: Bool = false) {
        self.moves = moves
        self.leavesOut = leavesOut
    }

    /// Moves all of the sound alike.
    public init(_ move: SoundMove, leavesOut: Bool = false) {
        self.init(StreamMoves(sound: move), leavesOut: leavesOut)
    }

    /// Writes `input` to the partial file of a place; the caller decides whether it is finished.
    ///
    /// - Throws: `MendError`, `MediaError`.
    public func mend(_ input: String, into place: OutputPlace) throws -> MendedMedia {
        do {
            return try attempt(input, place, corrections: [:])
        } catch let misplaced as MendingCopy.Misplaced {
            // Some writers move a stream by its coder's delay; told of it beforehand they put it where it belongs.
            do {
                return try attempt(input, place, corrections: misplaced.misses.mapValues { -$0 })
            } catch let again as MendingCopy.Misplaced {
                let worst = again.misses.max { abs($0.value) < abs($1.value) }
                throw MendError.cannotHold(
                    place.path,
                    """
                    the container places stream \(worst?.key ?? 0) \(Int((abs(worst?.value ?? 0) * 1000).rounded())) \
                    ms off its position
                    """
                )
            }
        }
    }

    private func attempt(_ input: String, _ place: OutputPlace, corrections: [Int: Double]) throws -> MendedMedia {
        let file = try MediaFile(path: input)
        let writer = try MediaWriter(path: place.partial, shown: place.path)
        let copy = try MendingCopy(file, writer, moves: moves, leavesOut: leavesOut, corrections: corrections)
        try copy.run()
        let equal = try copy.verify(place.partial)
        return MendedMedia(
            method: copy.method, othersLater: copy.othersLater, originLater: copy.originLater, leftOut: copy.leftOut,
            cutAtStart: copy.cutAtStart, clampedSubtitles: copy.clampedSubtitles,
            damagedPackets: copy.damagedPackets, equalPackets: equal)
    }
}
