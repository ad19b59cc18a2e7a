public import Muxing
public import SyncModel

/// A known fault that is planted in a copy of the user's material.
public enum Fault: String, Sendable, CaseIterable {
    /// No fault: the baseline for the other answers.
    case none
    /// The audio has an offset, drifts, or has an offset from some point on.
    case soundMoved = "sound-moved"
    case soundDrifted = "sound-drifted"
    case soundCut = "sound-cut"
    /// The audio of another clip.
    case soundSwapped = "sound-swapped"
    /// Only the second audio track has an offset.
    case trackMoved = "track-moved"
    /// The same for a clip's text; and for one word or cue in ten.
    case textMoved = "text-moved"
    case textDrifted = "text-drifted"
    case textCut = "text-cut"
    case textSwapped = "text-swapped"
    case wordsMoved = "words-moved"
    /// Labels have an offset; each of their boundaries is scattered.
    case labelsMoved = "labels-moved"
    case labelsScattered = "labels-scattered"

    /// The check that should find it.
    public var check: Check? {
        switch self {
        case .none: nil
        case .soundMoved, .soundDrifted, .soundCut, .soundSwapped: .lips
        case .trackMoved: .tracks
        case .textMoved, .textDrifted, .textCut, .textSwapped, .wordsMoved: .transcript
        case .labelsMoved, .labelsScattered: .actions
        }
    }
}

/// The planted change of the subject's times, and so what a tool should find.
public struct PlantedFault: Sendable, Hashable {
    public var fault: Fault
    /// The move of the subject; nil: it is another clip's, or its boundaries were moved individually.
    public var move: SoundMove?
    /// Seconds by which single boundaries or items were moved: a standard deviation, or the amount.
    public var scatterSeconds: Double?
    /// Moved items, counted from 0.
    public var items: [Int] = []

    public init(_ fault: Fault, move: SoundMove? = nil, scatterSeconds: Double? = nil) {
        (self.fault, self.move, self.scatterSeconds) = (fault, move, scatterSeconds)
    }

    /// Milliseconds to add to the subject's times to undo it, at subject time 0 or for the longest segment; nil: it
    /// cannot be undone.
    public var offsetMilliseconds: Double? {
        guard let move else { return fault == .none ? 0 : nil }
        guard move.segments.count < 2 else {
            let longest = move.segments.max { $0.span.length < $1.span.length }
            return longest.map { -$0.offset.milliseconds }
        }
        // t_new = (1 + d) t + o, so t = t_new / (1 + d) - o / (1 + d).
        return -move.offset.milliseconds / (1 + (move.drift?.ppm ?? 0) * 1e-6)
    }

    /// The expected drift, in ppm.
    public var driftPPM: Double? {
        move?.drift.map { (1 / (1 + $0.ppm * 1e-6) - 1) * 1e6 }
    }
}
