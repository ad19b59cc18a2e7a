import SignalCore
import SyncModel

/// The faces of a recording scored against its audio: who speaks, how the lag changes over time, and the evidence with
/// that lag.
struct LipScoring {
    /// A face as the evidence lists it.
    struct ScoredFace {
        let face: LipScene.Face
        /// Seconds in which it is the one that speaks.
        let speakingSeconds: Double
        /// When it speaks, in seconds of the recording's own timeline.
        let turns: [TimeSpan]
        /// The interval in which it was visible, on that timeline.
        let seen: TimeSpan

        /// In the form used in findings.
        var told: Finding.SeenFace {
            let box = [face.box.x, face.box.y, face.box.width, face.box.height]
            return Finding.SeenFace(
                number: face.identity, seen: seen, box: box.map { Int(max(-1e6, min(1e6, $0)).rounded()) },
                speakingSeconds: speakingSeconds, turns: turns)
        }
    }

    /// What a beginning or an end of the recording would fit better than the answer.
    struct Rival {
        /// How much better, in deviations of chance.
        let strength: Double
        let offset: Offset
        let span: TimeSpan
    }

    let evidence: LipEvidence
    let faces: [ScoredFace]
    /// The share of the segments of a few seconds, those with a clear peak, that agree with the answer.
    let agreement: Double
    /// Its rival, if the offset is constant; nil: too little was measured.
    let rival: Rival?
    private let course: OffsetModel
    /// Segments between steps of the lag, or the halves of a fast drift, each measured separately.
    private var pieces: [(step: OffsetModel.Step, evidence: LipEvidence)] = []
    /// The recording's first and last frame time with a mouth, in seconds.
    private let span: TimeSpan
    private let base: Int

    /// Faces that are visible together for this many grid frames are candidates for who speaks.
    private static let contest = 50

    /// Measures; nil if no mouth is visible for long enough.
    init?(scene: LipScene, sound: SoundFeatures, stretches: [Stretch], model: LipModel, reach: Int) {
        let seen = scene.faces.map { face in
            let pixels = model.pixels.map { PixelTrack.segments(face.pixels ?? MouthPixels(), $0) }
            return (face: face, pieces: MouthPieces(landmarks: face.mouth.segments(), pixels: pixels ?? []))
        }
        let kinds = MouthPieces.kinds(seen.map(\.pieces), model: model)
        let all = seen.filter { face in kinds.contains { !face.pieces.pieces($0).isEmpty } }
        guard !all.isEmpty, !sound.isSilent else { return nil }
        let faces = all.map(\.pieces)
        let ends = faces.flatMap { face in kinds.flatMap { face.pieces($0).map { $0.first + $0.features.frames } } }
        let frames = max(sound.range.upperBound, ends.max() ?? 0)
        let view = MouthView(mouths: all.map(\.face.mouth), pixels: all.compactMap(\.face.pixels))
        let numbers = model.numbers(MouthMode(kinds))
        func seconds(_ frame: Int) -> Double {
            SampledRecording.mediaSeconds(Double(frame) * FrameGrid.period, of: stretches)
        }
        let wide = SoundEmbedding(sound, model: model, kinds: kinds, frames: frames)
        let everything = MouthPieces(landmarks: faces.flatMap(\.landmarks), pixels: faces.flatMap(\.pixels))
        let whole = Embedding(kinds: kinds, model: model, frames: frames, tower: \.mouth) { everything.pieces($0) }
        let isWide = reach > LipEvidence.searchedLags
        let base = isWide ? wide.bestLag(for: whole, within: reach) : 0
        let heard = base == 0 ? wide : wide.moved { _ in base }

        // Selects who speaks, if several faces could, or if it may be somebody off screen.
        var mouth = whole
        var opening = kinds.contains(.landmarks) ? everything.opening : nil
        var speakers: SpeakerSelection?
        func select() -> SpeakerSelection {
            SpeakerSelection(
                faces: faces, kinds: kinds, sound: heard.embedding, model: model, frames: frames,
                searchedLags: LipEvidence.searchedLags)
        }
        if LipScoring.isContested(faces.map(\.spans)) {
            let chosen = select()
            (mouth, opening, speakers) = (chosen.mouth, chosen.opening, chosen)
        }
        func measure(_ sound: SoundEmbedding, _ mouth: Embedding, _ opening: Double?, base: Int) -> LipEvidence {
            LipEvidence(
                mouth: mouth, sound: sound, opening: opening, view: view, model: model, base: Double(base),
                reach: reach)
        }
        func along(_ course: OffsetModel, _ mouth: Embedding, _ opening: Double?, _ speakers: SpeakerSelection?)
            -> LipEvidence
        {
            var found = measure(
                course.isConstant ? heard : heard.moved { course.lag(at: seconds($0)) }, mouth, opening, base: base)
            if let speakers { found.cohort = min(found.cohort, speakers.prominence) }
            return found
        }
        // Finds how the lag changes over time. Shots without a fit are omitted as off-screen voices only if no changing
        // lag explains them.
        var run = LipScoring.course(mouth, heard, seconds)
        var evidence = along(run.course, mouth, opening, speakers)
        if speakers == nil, all.count > 1, !evidence.isAnswer(numbers) {
            let chosen = select()
            let other = LipScoring.course(chosen.mouth, heard, seconds)
            let judged = along(other.course, chosen.mouth, chosen.opening, chosen)
            if judged.isAnswer(numbers) {
                (evidence, mouth, opening, speakers, run) = (judged, chosen.mouth, chosen.opening, chosen, other)
            }
        }

        let (course, curves, times) = run
        /// What a segment alone is evidence of.
        func measured(_ step: OffsetModel.Step, _ sound: SoundEmbedding, base: Int) -> (OffsetModel.Step, LipEvidence) {
            var part = mouth
            for frame in 0..<frames where part.mask[frame] && !(step.start...step.end).contains(seconds(frame)) {
                part.remove(frame)
            }
            return (step, measure(sound, part, opening, base: base))
        }
        switch course {
        case .steps(let steps):
            pieces = steps.map { step in measured(step, heard.moved { _ in step.lag }, base: base + step.lag) }
        case .drift(let line) where abs(line.slope * FrameGrid.period * 1e6) > CourseProbe.usualDrift:
            // No two clocks differ by as much: both halves have to follow the line.
            let middle = ((times.min() ?? 0) + (times.max() ?? 0)) / 2
            let halves = [(-Double.infinity, middle), (middle, Double.infinity)].map {
                OffsetModel.Step(start: $0.0, end: $0.1, lag: 0)
            }
            let moved = heard.moved { course.lag(at: seconds($0)) }
            pieces = halves.map { measured($0, moved, base: base) }
        case .drift, .constant: break
        }
        agreement = course.agreement(blocks: curves, times: times, lag: evidence.residual / FrameGrid.period)
        let lag = evidence.residual / FrameGrid.period
        let found = course.isConstant ? OffsetModel.rival(blocks: curves, times: times, lag: lag) : nil
        rival = found.map {
            let further = (Double($0.lag) - lag) * FrameGrid.period
            return Rival(
                strength: $0.strength, offset: Offset(seconds: evidence.offset.seconds - further), span: $0.span)
        }
        self.evidence = evidence
        self.course = course
        self.base = base
        let first = mouth.mask.firstIndex(of: true) ?? 0
        let last = mouth.mask.lastIndex(of: true) ?? 0
        span = TimeSpan(start: seconds(first), end: max(seconds(first), seconds(last)))
        self.faces = all.enumerated().map { index, entry in
            let turns: [Range<Int>]
            if let speakers {
                turns = speakers.turns.filter { $0.face == index }.map(\.frames)
            } else {
                turns = entry.pieces.spans
            }
            let speaking = Double(turns.reduce(0) { $0 + $1.count }) * FrameGrid.period
            let start = SampledRecording.mediaSeconds(entry.face.firstSeconds, of: stretches)
            let end = SampledRecording.mediaSeconds(entry.face.lastSeconds, of: stretches)
            return ScoredFace(
                face: entry.face, speakingSeconds: speaking,
                turns: turns.map {
                    TimeSpan(start: seconds($0.lowerBound), end: max(seconds($0.lowerBound), seconds($0.upperBound)))
                },
                seen: TimeSpan(start: start, end: max(start, end)))
        }
    }

    /// The lag over time, with the block curves that it was found from and their times in seconds.
    private static func course(
        _ mouth: Embedding, _ heard: SoundEmbedding, _ seconds: (Int) -> Double
    ) -> (course: OffsetModel, curves: BlockCurves, times: [Double]) {
        let curves = BlockCurves(mouth: mouth, sound: heard.embedding, searchedLags: LipEvidence.searchedLags)
        let times = curves.starts.map { seconds($0 + BlockCurves.length / 2) }
        return (OffsetModel(blocks: curves, times: times), curves, times)
    }

    private static func isContested(_ faces: [[Range<Int>]]) -> Bool {
        for (index, one) in faces.enumerated() {
            for other in faces[(index + 1)...] {
                let shared = one.reduce(0) { sum, span in
                    other.reduce(sum) { $0 + span.clamped(to: $1).count }
                }
                if shared >= contest { return true }
            }
        }
        return false
    }

    /// The first segment between steps, or half of a fast drift, that would not be answered on its own, or not with the
    /// offset that it should have; nil: every one would.
    func doubtfulPiece(_ numbers: LipNumbers) -> TimeSpan? {
        let doubtful = pieces.first { piece in
            !piece.evidence.isAnswer(numbers)
                || abs(piece.evidence.residual) > Double(OffsetModel.smallestStep) * FrameGrid.period
        }
        return doubtful.map { piece in
            let start = min(span.end, max(span.start, piece.step.start))
            return TimeSpan(start: start, end: max(start, min(span.end, piece.step.end)))
        }
    }

    /// The answer, if the evidence suffices.
    struct Answer {
        let offset: Offset
        let interval: OffsetInterval
        let worst: Offset
        let worstInterval: OffsetInterval
        var drift: Drift?
        var segments: [OffsetSegment]?
    }

    /// The offset, its interval, the worst offset inside the recording, and its drift or steps.
    func answer(_ numbers: LipNumbers, expecting expectation: Expectation) -> Answer {
        let plain = OffsetInterval(centre: evidence.offset, halfWidthSeconds: evidence.halfWidth(numbers))
        switch course {
        case .constant:
            return Answer(offset: evidence.offset, interval: plain, worst: evidence.offset, worstInterval: plain)
        case .drift(let line):
            let bias = numbers.biasMilliseconds / 1000
            // Lag in seconds at video time t: zero + slope t; subject time = t + lag.
            let slope = line.slope * FrameGrid.period
            let own = evidence.halfWidth(numbers) / 1.96
            func late(_ seconds: Double) -> Double {
                (Double(base) + line.lag(at: seconds)) * FrameGrid.period + evidence.residual
            }
            func interval(_ centre: Offset, _ seconds: Double) -> OffsetInterval {
                let error = line.error(at: seconds) * FrameGrid.period
                return OffsetInterval(centre: centre, halfWidthSeconds: 1.96 * (own * own + error * error).squareRoot())
            }
            func offset(_ seconds: Double) -> Offset {
                Offset(seconds: Offset(subjectLateBySeconds: late(seconds)).seconds - bias)
            }
            let zero = Offset(seconds: offset(0).seconds / (1 + slope))
            let ppm = -slope / (1 + slope) * 1e6
            let error = line.slopeVariance.squareRoot() * FrameGrid.period * 1e6
            let worst = expectation.worst(of: [offset(span.end), offset(span.start)]) ?? zero
            let worstTime = worst == offset(span.end) ? span.end : span.start
            return Answer(
                offset: zero, interval: interval(zero, 0), worst: worst, worstInterval: interval(worst, worstTime),
                drift: Drift(ppm: ppm, interval: ppm - 1.96 * error...ppm + 1.96 * error))
        case .steps:
            let measured = pieces.map { piece in
                (
                    segment: OffsetSegment(
                        span: TimeSpan(
                            start: max(0, piece.step.start - piece.evidence.offset.seconds),
                            end: max(
                                0, piece.step.start - piece.evidence.offset.seconds,
                                piece.step.end - piece.evidence.offset.seconds)),
                        offset: piece.evidence.offset),
                    interval: OffsetInterval(
                        centre: piece.evidence.offset, halfWidthSeconds: piece.evidence.halfWidth(numbers))
                )
            }
            guard let longest = measured.max(by: { $0.segment.span.length < $1.segment.span.length }),
                let farthest = expectation.worst(of: measured.map(\.segment.offset)),
                let worst = measured.first(where: { $0.segment.offset == farthest })
            else {
                return Answer(offset: evidence.offset, interval: plain, worst: evidence.offset, worstInterval: plain)
            }
            return Answer(
                offset: longest.segment.offset, interval: longest.interval, worst: worst.segment.offset,
                worstInterval: worst.interval,
                segments: measured.map(\.segment))
        }
    }
}
