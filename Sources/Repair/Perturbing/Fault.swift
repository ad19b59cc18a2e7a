public import Muxing
public import SyncModel

/// A known fault that is planted in a copy of somebody's own material.
public enum Fault: String, Sendable, CaseIterable {
    /// Nothing: what a tool says of this one is what the others are compared with.
    case none
    /// The sound lies elsewhere, drifts away, or lies elsewhere from some moment on.
    case soundMoved = "sound-moved"
    case soundDrifted = "sound-drifted"
    case soundCut = "sound-cut"
    /// The sound of another clip.
    case soundSwapped = "sound-swapped"
    /// The second audio track alone lies elsewhere.
    case trackMoved = "track-moved"
    /// The same of the text beside a clip; and one word or cue in ten lies elsewhere.
    case textMoved = "text-moved"
    case textDrifted = "text-drifted"
    case textCut = "text-cut"
    case textSwapped = "text-swapped"
    case wordsMoved = "words-moved"
    /// Labels lie elsewhere; each of their boundaries strays.
    case labelsMoved = "labels-moved"
    case labelsScattered = "labels-scattered"

    /// What is held against what.
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

/// What was planted: how times of the subject were moved, and so what a tool is to find.
public struct PlantedFault: Sendable, Hashable {
    public var fault: Fault
    /// How the subject was moved; nil: it is that of another clip, or each of its boundaries was moved by itself.
    public var move: SoundMove?
    /// Seconds that single boundaries or items were moved by: as a standard deviation, or each.
    public var scatterSeconds: Double?
    /// Items that were moved, counted from 0.
    public var items: [Int] = []

    public init(_ fault: Fault, move: SoundMove? = nil, scatterSeconds: Double? = nil) {
        (self.fault, self.move, self.scatterSeconds) = (fault, move, scatterSeconds)
    }

    /// What is to be added to the subject's times to undo it, in milliseconds, at subject time 0 or of the longest
    /// piece; nil: nothing undoes it.
    public var offsetMilliseconds: Double? {
        guard let move else { return fault == .none ? 0 : nil }
        guard move.segments.count < 2 else {
            let longest = move.segments.max { $0.span.length < $1.span.length }
            return longest.map { -$0.offset.milliseconds }
        }
        // t_new = (1 + d) t + o, so t = t_new / (1 + d) - o / (1 + d).
        return -move.offset.milliseconds / (1 + (move.drift?.ppm ?? 0) * 1e-6)
    }

    /// The drift that is to be found, in ppm.
    public var driftPPM: Double? {
        move?.drift.map { (1 / (1 + $0.ppm * 1e-6) - 1) * 1e6 }
    }
}
