import Foundation
import Masters
import MediaIO
public import SyncModel
import Views

/// Aligns every further audio track of a file with its first one.
///
/// Common music and effects align a dub, although the voices differ.
public struct TracksMeasurement: Sendable {
    public static let method: MethodVersion = "tracks-1"

    public let tolerance: Tolerance
    public let expectation: Expectation

    /// Similarity from which two tracks have the same audio.
    private static let same = 0.9
    /// Least share of both tracks over which common audio must be spread: a jingle is not enough.
    private static let spread = 0.4
    private static let share = 0.08

    public init(tolerance: Tolerance, expectation: Expectation) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    public func report(_ path: String) -> ClipReport {
        do {
            let file = try MediaFile(path: path)
            let streams = file.audioStreams
            guard streams.count > 1 else {
                let words = streams.isEmpty ? "the file has no audio track" : "the file has only one audio track"
                let finding = without(.notApplicable, [words])
                return ClipReport(
                    clip: path, durationSeconds: file.durationSeconds, outcome: .measured([finding]))
            }
            let first = try TracksMeasurement.sound(path, 0)
            let findings = try streams.indices.dropFirst().map { number -> Finding in
                var finding = measure(
                    first, try TracksMeasurement.sound(path, number),
                    languages: (streams[0].language, streams[number].language))
                finding.subjectStream = StreamName(index: streams[number].index, language: streams[number].language)
                finding.referenceStream = StreamName(index: streams[0].index, language: streams[0].language)
                return finding
            }
            return ClipReport(clip: path, durationSeconds: file.durationSeconds, outcome: .measured(findings))
        } catch {
            return ClipReport(
                clip: path, durationSeconds: nil, outcome: .failed(CompareMeasurement.failure(error, path)))
        }
    }

    private static func sound(_ path: String, _ number: Int) throws -> SoundSignal? {
        var listener = SoundSignalBuilder()
        _ = try SoundFile.decode(path: path, stream: number) { listener.append(start: $0.start, channels: $0.channels) }
        return listener.finish()
    }

    /// The position of a track on the first one.
    func measure(_ first: SoundSignal?, _ track: SoundSignal?, languages: (first: String?, track: String?)) -> Finding {
        guard let first, first.peak >= 1e-5 else {
            return without(.inconclusive, ["the first audio track is silent: nothing can be aligned with it"])
        }
        guard let track, track.peak >= 1e-5 else {
            return without(.inconclusive, ["the track is silent throughout"])
        }
        let whole = TimeSpan(start: track.startSeconds, end: track.endSeconds)
        let trace = SoundPlacer().trace(
            reference: first, subject: track, hints: [SoundPlacer.Hint(span: whole, offset: 0)])
        let points = trace.points.map {
            SkewModel.Point(seconds: $0.seconds, skew: $0.offset, weight: max(0.1, $0.height - 5))
        }
        let share = Double(points.count) / Double(max(1, trace.stretches))
        var evidence = [
            Evidence("method", .text("gcc-phat")), Evidence("stretches", .count(trace.stretches)),
            Evidence("share_fitting", .number(share, decimals: 3)),
        ]
        guard let course = SkewModel(points), points.count >= 4 else {
            let words =
                trace.because.first?.description.contains("repeats") ?? false
                ? "the audio repeats: it also fits other positions on the first track"
                : "the track shares no audio with the first one to align it by, such as music and effects"
            return without(.inconclusive, [words], evidence)
        }
        let reach =
            (points[points.count - 1].seconds - points[0].seconds + SoundPlacer.seconds) / max(0.1, whole.length)
        evidence.append(Evidence("spread", .number(min(1, reach), decimals: 2)))
        guard share >= TracksMeasurement.share, reach >= TracksMeasurement.spread, course.agreement >= 0.7 else {
            return without(
                .inconclusive,
                [
                    """
                    only \(Int((share * 100).rounded())) % of the track is found in the first one, in \
                    \(course.stretches.count) place\(course.stretches.count == 1 ? "" : "s"): too little common audio
                    """
                ], [.candidate(Offset(seconds: course.skew))] + evidence, candidate: Offset(seconds: course.skew))
        }
        return answered(course, first, track, languages, evidence)
    }

    private func answered(
        _ course: SkewModel, _ first: SoundSignal, _ track: SoundSignal, _ languages: (first: String?, track: String?),
        _ evidence: [Evidence]
    ) -> Finding {
        let isStepping = course.stretches.count > 1
        let offset = Offset(seconds: isStepping ? course.skew : course.skew(at: 0))
        let spread = hypot(course.error, 0.0005)
        let ends = [track.startSeconds, track.endSeconds].map { course.skew(at: $0) }
        let worst =
            expectation.worst(
                of: (isStepping ? course.stretches.map(\.skew) : ends + [offset.seconds]).map { Offset(seconds: $0) })
            ?? offset
        let verdict = tolerance.verdict(
            on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * spread), expecting: expectation)
        guard verdict.carriesOffset else {
            return without(
                .inconclusive,
                ["the offset is uncertain by \(Int((1960 * spread).rounded())) ms: too much for a verdict"],
                [.candidate(offset)] + evidence, candidate: offset)
        }
        var because: [Reason] = []
        var evidence = evidence
        if let likeness = track.likeness(
            to: first, offset: course.skew(at: (track.startSeconds + track.endSeconds) / 2))
        {
            evidence.append(Evidence("likeness", .number(likeness, decimals: 2)))
            if likeness > TracksMeasurement.same {
                let declared =
                    languages.first != languages.track
                    ? ", although it is declared as \((languages.track ?? "no language").printable) and the first as "
                        + (languages.first ?? "no language").printable : ""
                because.append(Reason("it has the same audio as the first track" + declared))
            }
        }
        var finding = Finding(
            check: .tracks, subject: .audio, reference: .audio,
            judgement: Judgement(
                verdict, offset: offset, interval: OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * spread),
                confidence: 0.995, tolerance: tolerance, expectation: expectation),
            because: because, evidence: evidence, method: TracksMeasurement.method)
        finding.worst = worst
        if isStepping {
            var start = track.startSeconds
            finding.segments = course.stretches.indices.map { index in
                var stop = max(start, track.endSeconds)
                if index + 1 < course.stretches.count {
                    stop = max(start, (course.stretches[index].span.end + course.stretches[index + 1].span.start) / 2)
                }
                defer { start = stop }
                return OffsetSegment(
                    span: TimeSpan(start: start, end: stop), offset: Offset(seconds: course.stretches[index].skew))
            }
        } else if course.slope != 0 {
            let (ppm, half) = (course.slope * 1e6, 1.96e6 * course.slopeError)
            finding.drift = Drift(ppm: ppm, interval: ppm - half...ppm + half)
        }
        return finding
    }

    private func without(
        _ verdict: Verdict, _ reasons: [String], _ evidence: [Evidence] = [], candidate: Offset? = nil
    ) -> Finding {
        Finding(
            check: .tracks, subject: .audio, reference: .audio,
            judgement: Judgement(verdict, candidate: candidate, tolerance: tolerance, expectation: expectation),
            because: reasons.map { Reason($0) }, evidence: evidence, method: TracksMeasurement.method)
    }
}
