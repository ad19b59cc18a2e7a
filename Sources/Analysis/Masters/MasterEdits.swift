public import SyncModel

/// Differences of a copy's video from its master.
public struct MasterEdit: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// A segment of the master that the copy omits.
        case missing
        /// A segment of the copy that is not on the master.
        case inserted
        /// A segment of the master that the copy shows twice.
        case repeated
        /// A segment of the master that the copy replaces with something else.
        case replaced
        /// The video is frozen where the master moves.
        case frozen
    }

    public let kind: Kind
    /// Where, in the copy's time.
    public let seconds: Double
    /// Its length: of the master's time for what is missing, else of the copy's.
    public let length: Double
    /// Where on the master, in seconds.
    public let master: Double

    public init(kind: Kind, seconds: Double, length: Double, master: Double) {
        (self.kind, self.seconds, self.length, self.master) = (kind, seconds, length, master)
    }

    public var evidence: EvidenceValue {
        .object([
            Evidence("kind", .text(kind.rawValue)), Evidence("at_s", .number(seconds, decimals: 3)),
            Evidence("length_s", .number(length, decimals: 3)), Evidence("master_s", .number(master, decimals: 3)),
        ])
    }

    /// What is between successive segments of a copy's video, and where it is frozen while the master moves.
    public static func of(_ placement: MasterPlacement, copy: FrameSequence, master: FrameSequence) -> [MasterEdit] {
        var edits: [MasterEdit] = []
        let frame = max(1 / copy.frameRate, 1 / master.frameRate)
        let stills = stills(copy, within: 2.5 * frame)
        for (one, next) in zip(placement.pieces, placement.pieces.dropFirst()) {
            let (end, start) = (one.span.end, next.span.start)
            let own = max(0, start - end)
            let other = next.master(at: start) - one.master(at: end)
            // A frozen frame has no definite position: it may count as the end of one segment or the beginning of the
            // next.
            let standing = stills.first {
                $0.start < start && abs($0.end - start) < 2.5 * frame
                    || abs($0.start - max(end, start)) < 2.5 * frame && other < -1.5 * frame
            }
            if abs(other - own) < 1.5 * frame {
                if own > 1.5 * frame {
                    edits.append(MasterEdit(kind: .replaced, seconds: end, length: own, master: one.master(at: end)))
                }
            } else if other < own, let standing, standing.end - standing.start > (own - other) - 3 * frame {
                let length = own - other
                let isAfter = standing.end > start + 2.5 * frame
                edits.append(
                    MasterEdit(
                        kind: copy.holds(at: standing.start) ? .frozen : .inserted,
                        seconds: isAfter ? standing.start : start - length, length: length,
                        master: isAfter ? one.master(at: end) : next.master(at: start)))
            } else if own > 1.5 * frame, other > 1.5 * frame {
                edits.append(MasterEdit(kind: .replaced, seconds: end, length: own, master: one.master(at: end)))
                if other > own {
                    edits.append(
                        MasterEdit(kind: .missing, seconds: start, length: other - own, master: one.master(at: end)))
                }
            } else if other < -1.5 * frame {
                edits.append(
                    MasterEdit(kind: .repeated, seconds: start, length: own - other, master: next.master(at: start)))
            } else if other > own {
                edits.append(MasterEdit(kind: .missing, seconds: end, length: other - own, master: one.master(at: end)))
            } else {
                edits.append(
                    MasterEdit(kind: .inserted, seconds: end, length: own - other, master: one.master(at: end)))
            }
        }
        for span in copy.standing
        where !edits.contains(where: {
            [.frozen, .inserted].contains($0.kind) && $0.seconds < span.end && $0.seconds + $0.length > span.start
        }) {
            guard let piece = placement.piece(at: (span.start + span.end) / 2) else { continue }
            let shown = piece.master(at: span.start)...max(piece.master(at: span.start), piece.master(at: span.end))
            guard master.moves(in: shown) else { continue }
            edits.append(
                MasterEdit(
                    kind: .frozen, seconds: span.start, length: span.end - span.start, master: shown.lowerBound))
        }
        return edits.sorted { $0.seconds < $1.seconds }
    }

    /// Spans in which the copy's video is still. A single change between two still frames, such as a subtitle that
    /// comes or goes, does not end one.
    private static func stills(_ copy: FrameSequence, within gap: Double) -> [FrameSequence.Span] {
        copy.standing.reduce(into: []) { stills, span in
            if let last = stills.last, span.start - last.end < gap {
                stills[stills.count - 1] = FrameSequence.Span(start: last.start, end: span.end)
            } else {
                stills.append(span)
            }
        }
    }
}

extension FrameSequence {
    /// Whether a frozen frame repeats the one before it, and is not another one.
    fileprivate func holds(at seconds: Double) -> Bool {
        let place = index(at: seconds)
        return place > 0 && changes[place] < 8
    }

    /// Whether there is motion throughout a segment, so that a frozen frame there is a fault.
    func moves(in span: ClosedRange<Double>) -> Bool {
        let inside = times.indices.filter { times[$0] > span.lowerBound && times[$0] < span.upperBound }
        let moving = inside.filter { changes[$0] > 0.5 }.count
        return Double(moving) > 0.6 * (span.upperBound - span.lowerBound) * frameRate
    }
}
