import SyncModel

/// Compares the tracks of one session: all pairs for the figures, and each track with the majority for the findings.
struct SessionComparison {
    let session: LabelSession
    let place: Int32
    let corpus: LabelCorpus

    /// The consensus segments that a session's tracks are compared with, and the tracks behind it.
    struct Consensus {
        var segments: [LabelSegment]
        /// Tracks with exactly this sequence.
        var members: [Int]
        var name: String
        /// The single track that it is taken from, if there are only two.
        var only: Int?
    }

    /// The sequence of labels that most annotators agree on, each counted once however many views they labelled, then
    /// most tracks; its boundaries at the median. Of two tracks, the first.
    func consensus() -> Consensus {
        let tracks = session.tracks
        var groups: [[Int]] = []
        for index in tracks.indices {
            if let group = groups.firstIndex(where: { Self.isSame(tracks[$0[0]], tracks[index]) }) {
                groups[group].append(index)
            } else {
                groups.append([index])
            }
        }
        guard tracks.count > 2 else {
            return Consensus(segments: tracks[0].segments, members: [0], name: tracks[0].name, only: 0)
        }
        let support = groups.map { (voters: Set($0.map(voter)).count, tracks: $0.count) }
        let most = support.max { $0 < $1 } ?? (1, 1)
        var chosen = groups.indices.first { support[$0] == most }.map { groups[$0] } ?? [0]
        if most.tracks == 1 { chosen = [medoid()] }
        let segments = medians(tracks[chosen[0]].segments, chosen)
        let annotators = Set(chosen.map { tracks[$0].annotator })
        let name: String
        if chosen.count <= 2 {
            name = chosen.map { tracks[$0].name }.joined(separator: " and ")
        } else if annotators.count == 1, let only = annotators.first, !only.isEmpty {
            name = "\(only) in \(chosen.count) views"
        } else {
            name = "the median of \(tracks.count)"
        }
        return Consensus(segments: segments, members: chosen, name: name, only: nil)
    }

    /// Who made a track: a name, or the number of a track without one.
    private func voter(_ track: Int) -> String {
        let annotator = session.tracks[track].annotator
        return annotator.isEmpty ? "\(track)" : annotator
    }

    /// The segments with each boundary at the median of all annotators that have it, those of another sequence too; of
    /// one annotator's views their median counts.
    private func medians(_ segments: [LabelSegment], _ chosen: [Int]) -> [LabelSegment] {
        var times = segments.map { _ in [String: (starts: [Double], ends: [Double])]() }
        func add(_ segment: LabelSegment, of track: Int, at index: Int) {
            times[index][voter(track), default: ([], [])].starts.append(segment.start)
            times[index][voter(track), default: ([], [])].ends.append(segment.end)
        }
        for track in chosen {
            for index in segments.indices { add(session.tracks[track].segments[index], of: track, at: index) }
        }
        for track in session.tracks.indices where !chosen.contains(track) {
            let other = session.tracks[track].segments
            for case .same(let i, let j) in SequenceMatcher.match(segments, other)
            where SequenceMatcher.overlap(segments[i], other[j]) > 0.3 {
                add(other[j], of: track, at: i)
            }
        }
        var result = segments
        for (index, voters) in times.enumerated() {
            let only = voters.count == 1 ? voters.values.first : nil
            let starts = only?.starts ?? voters.values.map { Self.middle($0.starts) }
            let ends = only?.ends ?? voters.values.map { Self.middle($0.ends) }
            guard starts.count > 2 else { continue }
            result[index].start = Self.middle(starts)
            result[index].end = Self.middle(ends)
        }
        return result
    }

    /// The track with the least total difference from the others, where no two agree in the sequence.
    private func medoid() -> Int {
        let tracks = session.tracks
        var totals = [Int](repeating: 0, count: tracks.count)
        for i in tracks.indices {
            for j in tracks.indices where j > i {
                let wrong = SequenceMatcher.match(tracks[i].segments, tracks[j].segments).filter {
                    if case .same = $0 { false } else { true }
                }.count
                totals[i] += wrong
                totals[j] += wrong
            }
        }
        return totals.indices.min { totals[$0] < totals[$1] } ?? 0
    }

    /// The lower median: one of the values.
    private static func middle(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let half = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[half] }
        // For an even number, the one of the two middle values that is nearer to more others.
        let (low, high) = (sorted[half - 1], sorted[half])
        let near = { (value: Double) in sorted.filter { abs($0 - value) < 0.01 }.count }
        return near(high) > near(low) ? high : low
    }

    static func isSame(_ left: LabelTrack, _ right: LabelTrack) -> Bool {
        left.segments.elementsEqual(right.segments) { $0.label == $1.label && $0.tier == $1.tier }
    }

    /// Boundaries of every segment that both have.
    static func forEachBoundary(
        _ steps: [MatchStep], _ reference: [LabelSegment], _ subject: [LabelSegment],
        _ body: (_ reference: Int, _ subject: Int, _ isEnd: Bool, _ milliseconds: Double) -> Void
    ) {
        // Where the order differs, actions that do not overlap differ for that reason.
        let isReordered = steps.contains { if case .moved = $0 { true } else { false } }
        for step in steps {
            guard case .same(let i, let j) = step,
                !isReordered || SequenceMatcher.overlap(reference[i], subject[j]) > 0.3
            else { continue }
            // What to add to the subject's times.
            body(i, j, false, (reference[i].start - subject[j].start) * 1000)
            body(i, j, true, (reference[i].end - subject[j].end) * 1000)
        }
    }

    /// The findings of one track against the consensus; its deviations go to `deviate`.
    func compare(
        _ track: Int, with consensus: Consensus, relations: inout RelationTally,
        descriptions: inout [DescriptionDifference],
        deviate: (Deviation) -> Void
    ) -> [ActionFinding] {
        let subject = session.tracks[track].segments
        let reference = consensus.segments
        let steps = SequenceMatcher.match(reference, subject)
        // Between an action's position and the one in the other order, times cannot be judged before that is fixed.
        let moved = steps.filter { if case .moved = $0 { true } else { false } }.count
        let isShuffled = moved * 4 >= subject.count && moved > 0
        var hull: (start: Double, end: Double)?
        for case .moved(let i, let j) in steps {
            hull = (
                min(hull?.start ?? .infinity, reference[i].start, subject[j].start),
                max(hull?.end ?? -.infinity, reference[i].end, subject[j].end)
            )
        }
        Self.forEachBoundary(steps, reference, subject) { i, j, isEnd, milliseconds in
            if isShuffled, abs(milliseconds) > CommonShift.smallest { return }
            if let hull, max(reference[i].end, subject[j].end) > hull.start,
                min(reference[i].start, subject[j].start) < hull.end
            {
                return
            }
            deviate(deviation(track, consensus, i, j, isEnd, milliseconds))
        }
        let crossed = relations.add(
            steps, reference, subject, session: session.name, track: session.tracks[track].name, symbols: corpus.symbols
        )
        describe(steps, reference, subject, track, consensus, &descriptions)
        return Disagreements(session: session, track: track, consensus: consensus, corpus: corpus).findings(
            steps, crossed)
    }

    /// Descriptions that differ are listed side by side; at most this many.
    private static let mostDescriptions = 10_000

    private func describe(
        _ steps: [MatchStep], _ reference: [LabelSegment], _ subject: [LabelSegment], _ track: Int,
        _ consensus: Consensus,
        _ descriptions: inout [DescriptionDifference]
    ) {
        for case .same(let i, let j) in steps
        where reference[i].note != subject[j].note && descriptions.count < Self.mostDescriptions {
            guard reference[i].note != .none, subject[j].note != .none else { continue }
            descriptions.append(
                DescriptionDifference(
                    session: session.name, label: corpus.symbols[subject[j].label], seconds: subject[j].start,
                    subject: session.tracks[track].name,
                    reference: consensus.name, subjectText: corpus.symbols[subject[j].note],
                    referenceText: corpus.symbols[reference[i].note]))
        }
    }

    private func deviation(
        _ track: Int, _ consensus: Consensus, _ i: Int, _ j: Int, _ isEnd: Bool, _ milliseconds: Double
    ) -> Deviation {
        let subject = session.tracks[track].segments[j]
        let reference = consensus.segments[i]
        return Deviation(
            session: place, track: Int32(track), other: consensus.only.map { Int32($0) } ?? -1, segment: Int32(j),
            label: subject.label, isEnd: isEnd,
            milliseconds: Float(milliseconds), rest: Float(milliseconds), seconds: isEnd ? subject.end : subject.start,
            referenceSeconds: isEnd ? reference.end : reference.start)
    }
}
