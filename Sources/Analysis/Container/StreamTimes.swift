import SyncModel

/// One stream's packets on the file's clock, in the order in which they are shown.
struct StreamTimes {
    let facts: StreamFacts
    /// Increasing, in seconds: all of them, or where they jump back by a second or more, those of the longest segment.
    let stamps: [Double]
    /// The usual interval between two, in seconds; 0 where there are fewer than three.
    let step: Double
    /// Presentation time of the first sample or frame, without priming.
    let start: Double
    /// End of the last one.
    let end: Double

    var length: Double { end - start }
    var count: Int { stamps.count }
    /// Mean interval between two, in seconds.
    var meanStep: Double { count > 1 ? (stamps[count - 1] - stamps[0]) / Double(count - 1) : 0 }
    /// Mean of the intervals near the usual one, in seconds: more exact than the median, insensitive to gaps.
    let pace: Double
    /// The longest possible encoder delay of this stream, in seconds; 0 for video. 2112 samples is the largest in use
    /// (AAC in QuickTime).
    var lead: Double { facts.sampleRate > 0 ? max(0.05, 2112 / Double(facts.sampleRate) + 0.005) : 0 }

    /// - Returns: nil if no packet has a time.
    init?(_ facts: StreamFacts) {
        let pieces = StreamTimes.pieces(facts.stamps.filter { $0.isFinite && abs($0) < 1e7 })
        guard let stamps = pieces.max(by: { $0.count < $1.count })?.sorted(), let first = pieces.first?.min(),
            let last = pieces.compactMap({ $0.max() }).max()
        else { return nil }
        self.facts = facts
        self.stamps = stamps
        let step = StreamTimes.step(stamps)
        self.step = step
        let usual = zip(stamps, stamps.dropFirst()).map { $1 - $0 }.filter { abs($0 - step) <= max(0.2 * step, 0.002) }
        pace = usual.isEmpty ? step : usual.reduce(0, +) / Double(usual.count)
        var start = first
        if facts.sampleRate > 0 {
            // Muxers without edit lists put a lone first packet at zero, where all others are a little later.
            let hole = stamps.count > 2 ? stamps[1] - first - step : 0
            if step > 0, hole > 0.005, hole < 0.2 { start += hole }
            start += Double(facts.skippedSamples) / Double(facts.sampleRate)
        }
        // An empty edit delays all of the stream; encoder delay that it should hide may still precede it.
        start = max(start, (facts.edits ?? []).prefix { $0.mediaSeconds == nil }.reduce(0) { $0 + $1.seconds })
        self.start = min(start, last)
        end = last + (facts.lastSeconds > 0 && facts.lastSeconds < 10 ? facts.lastSeconds : step)
    }

    /// Timestamps in file order, split where they jump back by more than any coding order explains.
    static func pieces(_ stamps: [Double]) -> [[Double]] {
        var pieces: [[Double]] = []
        var piece: [Double] = []
        var latest = -Double.infinity
        // Frames coded out of order, across a gap of a few, are a second and more apart at low rates.
        let most = max(1, 12 * step(stamps.sorted()))
        for stamp in stamps {
            if stamp < latest - most {
                pieces.append(piece)
                piece = []
                latest = stamp
            }
            piece.append(stamp)
            latest = max(latest, stamp)
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }

    /// The median interval, over eight packets at a time if there are enough: time bases of 1 ms round.
    private static func step(_ stamps: [Double]) -> Double {
        guard stamps.count > 2 else { return 0 }
        let span = stamps.count > 24 ? 8 : 1
        return median(stamps.indices.dropLast(span).map { (stamps[$0 + span] - stamps[$0]) / Double(span) })
    }

    /// Intervals between neighbours.
    var intervals: [Double] { zip(stamps, stamps.dropFirst()).map { $1 - $0 } }

    /// The share of intervals within a fifth of the usual one, or within 2 ms.
    var regularity: Double {
        guard count > 1, step > 0 else { return 1 }
        let slack = max(0.2 * step, 0.002)
        return Double(intervals.count { abs($0 - step) <= slack }) / Double(count - 1)
    }
}

/// The median; 0 if empty.
func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return sorted[sorted.count / 2]
}
