public import SyncModel

/// The majority's labels of each session with their spread: labels to train on, and those to check.
public struct ConsensusLabels: Sendable {
    public struct Segment: Sendable {
        public let session: String
        public let start: Double
        public let end: Double
        public let label: String
        public let actor: String
        public let tier: String
        /// From the earliest to the latest track that has it, in milliseconds.
        public let startSpreadMilliseconds: Double
        public let endSpreadMilliseconds: Double
        /// The number of tracks that have it, and of all.
        public let votes: Int
        public let tracks: Int
        /// Whether a track lacks it or an edge is further apart than the tolerance.
        public let needsALook: Bool
    }

    public let segments: [Segment]

    public init(of corpus: LabelCorpus, tolerance: Tolerance) {
        let room = max(tolerance.early.outer, tolerance.late.outer) + ActionsOptions.guardMilliseconds
        var result: [Segment] = []
        for (place, session) in corpus.sessions.enumerated() where !session.tracks.isEmpty {
            let comparison = SessionComparison(session: session, place: Int32(place), corpus: corpus)
            let consensus = session.tracks.count > 1 ? comparison.consensus().segments : session.tracks[0].segments
            var starts = consensus.map { _ in [Double]() }
            var ends = starts
            for track in session.tracks {
                for case .same(let i, let j) in SequenceMatcher.match(consensus, track.segments) {
                    starts[i].append(track.segments[j].start)
                    ends[i].append(track.segments[j].end)
                }
            }
            for (index, segment) in consensus.enumerated() {
                func spread(_ times: [Double]) -> Double { ((times.max() ?? 0) - (times.min() ?? 0)) * 1000 }
                let (first, last) = (spread(starts[index]), spread(ends[index]))
                // Of two tracks neither is better: the middle.
                func middle(_ times: [Double], _ own: Double) -> Double {
                    session.tracks.count == 2 && times.count == 2 ? (times[0] + times[1]) / 2 : own
                }
                result.append(
                    Segment(
                        session: session.name, start: middle(starts[index], segment.start),
                        end: middle(ends[index], segment.end), label: corpus.symbols[segment.label],
                        actor: corpus.symbols[segment.actor], tier: corpus.symbols[segment.tier],
                        startSpreadMilliseconds: first, endSpreadMilliseconds: last,
                        votes: starts[index].count, tracks: session.tracks.count,
                        needsALook: first > room || last > room || starts[index].count < session.tracks.count))
            }
        }
        segments = result
    }
}
