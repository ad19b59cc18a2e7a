import Foundation
import Masters
import SyncModel
import Views

/// Converts the positions of a copy's streams on the master into the finding of `compare`.
struct CopyJudge {
    let placement: CopyPlacement
    let tolerance: Tolerance
    let expectation: Expectation

    /// Least share of the points that an answer explains.
    private static let agreement = 0.7
    /// Least number of points of an answer.
    private static let moments = 4

    private var copy: MasterInput { placement.copy }
    private var master: MasterInput { placement.master }
    private var picture: MasterPlacement { placement.picture }
    private var sound: MasterPlacement { placement.sound }

    var finding: Finding {
        var finding = judged
        finding.clip = copy.path
        finding.against = master.path
        return finding
    }

    private var judged: Finding {
        let reasons = absent
        guard reasons.isEmpty else { return without(.notApplicable, reasons) }
        if picture.pieces.isEmpty || sound.pieces.isEmpty { return unplaced }
        let points = placement.skews
        guard points.count >= CopyJudge.moments, let course = SkewModel(points, scatter: placement.keepsPitch ? 3 : 1)
        else {
            return without(
                .inconclusive,
                [
                    "video and audio share \(points.count) moments on the master; \(CopyJudge.moments) are needed"
                ])
        }
        guard course.agreement >= CopyJudge.agreement else {
            return without(
                .inconclusive,
                [
                    """
                    only \(Int(course.agreement * 100)) % of the moments agree on the offset of the audio against the \
                    video
                    """
                ], candidate: Offset(seconds: course.skew))
        }
        return answered(course)
    }

    private func answered(_ course: SkewModel) -> Finding {
        let isStepping = course.stretches.count > 1
        let atZero = isStepping ? course.skew : course.skew(at: 0)
        let own = picture.pieces.map(\.error).max() ?? 0
        let spread = hypot(hypot(course.error, own), systematic)
        let offset = Offset(seconds: atZero)
        let errorAtZero = hypot(
            spread, isStepping ? 0 : course.slopeError * course.middle * (course.slope == 0 ? 0 : 1))
        let end = copy.durationSeconds ?? copy.sound?.endSeconds ?? 0
        let candidates =
            isStepping ? course.stretches.map(\.skew) : [atZero, course.skew(at: max(0, end))]
        let worst = expectation.worst(of: candidates.map { Offset(seconds: $0) }) ?? offset
        let verdict = tolerance.verdict(
            on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * spread), expecting: expectation)
        guard verdict.carriesOffset else {
            return without(
                .inconclusive,
                ["the offset is uncertain by \(Int((1960 * spread).rounded())) ms: too much for a verdict"],
                candidate: offset)
        }
        var finding = Finding(
            check: .compare, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: offset, interval: OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * errorAtZero),
                confidence: 0.995 * erf(0.04 / max(spread, 1e-6) / 2.0.squareRoot()), tolerance: tolerance,
                expectation: expectation),
            because: notes, evidence: [Evidence("method", .text("picture+sound"))] + evidence,
            method: CompareMeasurement.method)
        finding.worst = worst
        if isStepping {
            finding.segments = segments(course, end: end)
        } else if course.slope != 0 {
            let (ppm, half) = (course.slope * 1e6, 1.96e6 * course.slopeError)
            finding.drift = Drift(ppm: ppm, interval: ppm - half...ppm + half)
        }
        return finding
    }

    /// The segments, each up to the start of the next: at a break of the video if there is one between.
    private func segments(_ course: SkewModel, end: Double) -> [OffsetSegment] {
        var start = 0.0
        return course.stretches.indices.map { index in
            var stop = max(end, start)
            if index + 1 < course.stretches.count {
                let (low, high) = (course.stretches[index].span.end, course.stretches[index + 1].span.start)
                let breaks = picture.pieces.dropFirst().map(\.span.start).filter { $0 > low - 2.5 && $0 < high + 2.5 }
                stop = max(start, breaks.first ?? (low + high) / 2)
            }
            defer { start = stop }
            return OffsetSegment(
                span: TimeSpan(start: start, end: stop), offset: Offset(seconds: course.stretches[index].skew))
        }
    }

    /// Systematic error of a video, in seconds: 0 at equal or whole-multiple rates, else a share of the pattern of
    /// dropped and doubled frames.
    private var systematic: Double {
        // Pitch-preserving time-stretching moves the audio by some milliseconds.
        if placement.keepsPitch { return 0.004 }
        guard let own = copy.picture?.frameRate, let other = master.picture?.frameRate else { return 0.003 }
        let ratio = own > other ? own / other : other / own
        return abs(ratio - ratio.rounded()) < 0.002 ? 0.001 : 0.002
    }

    /// What one of the files lacks.
    private var absent: [String] {
        var reasons: [String] = []
        for (name, input) in [("the master", master), ("the copy", copy)] {
            if !input.hasSound { reasons.append("\(name) has no audio") }
            if !input.hasPicture { reasons.append("\(name) has no moving video") }
        }
        return reasons
    }

    private var unplaced: Finding {
        let reasons =
            picture.because.map { "video: \($0.description)" } + sound.because.map { "audio: \($0.description)" }
        // Both had enough content to be found, and neither was.
        let isForeign =
            picture.pieces.isEmpty && sound.pieces.isEmpty && picture.isAmple && sound.isAmple && !picture.isEmpty
            && !sound.isEmpty && !reasons.contains { $0.contains("repeats") }
        if isForeign {
            return without(.unpaired, ["neither video nor audio of the copy is found in the master"] + reasons)
        }
        var more: [String] = []
        if !picture.pieces.isEmpty, sound.pieces.isEmpty, sound.isAmple {
            more.append(
                """
                the video is the master's, the audio is not: another language without shared audio, or another \
                programme's
                """
            )
        } else if picture.pieces.isEmpty, !sound.pieces.isEmpty, picture.isAmple {
            more.append("the audio is the master's, the video is not found in it")
        }
        return without(.inconclusive, more + reasons)
    }

    private func without(_ verdict: Verdict, _ reasons: [String], candidate: Offset? = nil) -> Finding {
        Finding(
            check: .compare, subject: .audio, reference: .video,
            judgement: Judgement(verdict, candidate: candidate, tolerance: tolerance, expectation: expectation),
            because: reasons.map { Reason($0) } + notes,
            evidence: [Evidence("method", .text("picture+sound"))] + (candidate.map { [.candidate($0)] } ?? [])
                + evidence,
            method: CompareMeasurement.method)
    }

    /// Notes on the answer.
    private var notes: [Reason] {
        var notes = copy.notes + master.notes
        if let edits, !edits.isEmpty {
            let counts = Dictionary(grouping: edits, by: \.kind).sorted { $0.key.rawValue < $1.key.rawValue }
            let words = counts.map { "\($0.value.count) \($0.key.rawValue)" }.joined(separator: ", ")
            notes.append(Reason("the copy's video differs from the master's: \(words)"))
        }
        if let name = PlaySpeed.name(of: 1 + (picture.pieces.first?.slope ?? 0)) {
            notes.append(
                Reason(
                    "the copy plays at a different speed: \(name)\(placement.keepsPitch ? ", its pitch kept" : "")"))
        }
        return notes
    }

    private var edits: [MasterEdit]? {
        guard !picture.pieces.isEmpty, let own = copy.picture, let other = master.picture else { return nil }
        return MasterEdit.of(picture, copy: own, master: other)
    }

    private var evidence: [Evidence] {
        var evidence: [Evidence] = []
        evidence.append(Evidence("picture", lies(picture)))
        evidence.append(Evidence("sound", lies(sound)))
        if let name = PlaySpeed.name(of: 1 + (picture.pieces.first?.slope ?? 0)) {
            evidence.append(Evidence("speed", .text(name)))
        }
        if placement.keepsPitch { evidence.append(Evidence("pitch_kept", .flag(true))) }
        if let edits { evidence.append(Evidence("edits", .list(edits.map(\.evidence)))) }
        if let first = picture.pieces.first, let last = picture.pieces.last, let other = master.picture {
            let (before, after) = (
                first.master(at: first.span.start) - other.start, other.end - last.master(at: last.span.end)
            )
            evidence.append(Evidence("missing_before_s", .number(max(0, before), decimals: 2)))
            evidence.append(Evidence("missing_after_s", .number(max(0, after), decimals: 2)))
        }
        if let own = copy.picture, let other = master.picture {
            evidence.append(Evidence("frame_rate", .number(own.frameRate, decimals: 3)))
            evidence.append(Evidence("master_frame_rate", .number(other.frameRate, decimals: 3)))
        }
        return evidence
    }

    /// The position of a single stream on the master.
    private func lies(_ placement: MasterPlacement) -> EvidenceValue {
        let pieces = placement.pieces.prefix(200).map { piece in
            EvidenceValue.object([
                Evidence("start_s", .number(piece.span.start, decimals: 3)),
                Evidence("end_s", .number(piece.span.end, decimals: 3)),
                Evidence("master_s", .number(piece.master(at: piece.span.start), decimals: 4)),
                Evidence("speed", .number(1 + piece.slope, decimals: 6)),
            ])
        }
        return .object([Evidence("pieces", .list(Array(pieces)))] + placement.evidence)
    }
}
