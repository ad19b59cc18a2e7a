import Foundation
public import SyncModel

/// Measures the offset of audio against lips.
///
/// ```swift
/// let analyser = LipAnalyser(model: try LipModel.packaged(), reachSeconds: 3)
/// let finding = analyser.finding(scene: scene, sound: sound)
/// if let offset = finding.offset {
///     print(OffsetWords.sentence(offset, subject: finding.subject, reference: finding.reference))
/// }
/// ```
public struct LipAnalyser: Sendable {
    public let model: LipModel
    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Search range of the offset either way, in grid frames.
    let reach: Int

    /// Deviation between speakers, in ms: a smaller error of the clip is hardly worth further decoding.
    private static let speakerDeviation = 8.0
    /// Share of the model's largest confidence from which an answer counts as fully certain.
    private static let shareOfCeiling = 0.97
    /// Least share of that confidence and largest standard error in ms at which an answer of pixels alone needs no
    /// mesh: with models that had not seen the speaker, 99 of 100 answers were right at lower limits.
    private static let confidenceToDoWithoutMesh = 0.9
    private static let errorToDoWithoutMesh = 15.0
    /// Number of segments of a long recording that must agree before no more are examined.
    private static let agreementToSettle = 0.8
    /// Fewer segments give no answer.
    private static let leastAgreement = 0.55
    /// How much better a beginning or an end may fit an offset of its own, in deviations of chance: above the first
    /// value more of the recording is examined, above the second there is no answer. Of windows of untouched
    /// recordings none exceeded 0 (docs/lips.md).
    private static let rivalToSettle = 0.0
    private static let rivalToAnswer = 2.0
    /// Least length of a segment with a separate offset, in seconds.
    private static let leastWithSteps = 45.0
    /// The largest change of the offset over the recording within the 95 % interval of the drift, in seconds.
    private static let driftError = 0.06

    /// The offsets that can be searched, either way, in seconds.
    public static let searchableSeconds = 0.5...30.0

    /// - Parameter reachSeconds: search range of the offset either way, within `searchableSeconds`.
    public init(
        model: LipModel, tolerance: Tolerance = .standard, expectation: Expectation = .together,
        reachSeconds: Double = 1.5
    ) {
        self.model = model
        let range = LipAnalyser.searchableSeconds
        reach = Int((min(range.upperBound, max(range.lowerBound, reachSeconds)) * FrameGrid.rate).rounded())
        self.tolerance = tolerance
        self.expectation = expectation
    }

    public var reachSeconds: Double { Double(reach) * FrameGrid.period }

    /// The finding on a single mouth and audio on the same timeline.
    public func finding(mouth: MouthTrack, sound: SoundFeatures) -> Finding {
        finding(scene: LipScene(mouth), sound: sound)
    }

    /// The finding on segments of a recording.
    public func finding(_ recording: SampledRecording) -> Finding {
        var recording = recording
        let sound = recording.soundSoFar()
        return finding(scene: recording.scene, sound: sound, stretches: recording.stretches)
    }

    /// The finding on all faces and the audio on the same timeline.
    ///
    /// - Parameter stretches: the recording times that the timeline is made of, if it is not the recording's.
    public func finding(scene: LipScene, sound: SoundFeatures, stretches: [Stretch] = []) -> Finding {
        guard scene.pictures > 0 else { return notApplicable("there is no video") }
        guard scene.picturesWithFace > 0 else { return notApplicable("no face is visible in \(scene.pictures) frames") }
        guard !sound.isSilent else { return notApplicable("the audio is silent throughout") }
        guard sound.voicedSeconds >= 0.1 else { return notApplicable("there is no voice in the audio") }
        guard let measured = LipScoring(scene: scene, sound: sound, stretches: stretches, model: model, reach: reach)
        else {
            return without(
                .inconclusive,
                because: [
                    "a face is visible in \(percent(scene.faceShare)) of frames, but never continuously for 0.5 s"
                ])
        }
        let found = measured.evidence
        let numbers = model.numbers(found.mode)
        let confidence = found.confidence(numbers)
        let reasons = self.reasons(found, confidence, scene)
        if found.isAnswer(numbers), let reason = contradiction(measured, numbers) {
            return without(
                .inconclusive, because: [reason] + reasons, measured: measured, confidence: confidence, scene: scene)
        }
        if found.isAnswer(numbers) {
            let answer = measured.answer(numbers, expecting: expectation)
            let verdict = tolerance.verdict(on: answer.worst, interval: answer.worstInterval, expecting: expectation)
            if verdict.carriesOffset {
                var finding = Finding(
                    check: .lips, subject: .audio, reference: .video,
                    judgement: Judgement(
                        verdict, offset: answer.offset, interval: answer.interval, confidence: confidence,
                        tolerance: tolerance, expectation: expectation), evidence: evidence(measured, scene, nil),
                    curve: found.curve, method: model.method)
                finding.worst = answer.worst
                finding.drift = answer.drift
                finding.segments = answer.segments
                (finding.faces, finding.support) = (measured.faces.map(\.told), support(measured))
                return finding
            }
            let wide =
                """
                the offset is \(words(answer.worstInterval.lower)) to \(words(answer.worstInterval.upper)): too \
                uncertain for a verdict
                """
            return without(
                .inconclusive, because: [wide] + reasons, measured: measured, confidence: confidence, scene: scene)
        }
        if found.isUnpaired(numbers) {
            let reason =
                "no offset within \(Int(reachSeconds * 1000)) ms fits: the best scores no higher "
                    + """
                    than unrelated audio (cohort score \(format(found.cohort, 1)), \(format(found.voiced, 1)) s \
                    of voiced speech with the mouth visible)
                    """
            return without(.unpaired, because: [reason], measured: measured, confidence: confidence, scene: scene)
        }
        return without(.inconclusive, because: reasons, measured: measured, confidence: confidence, scene: scene)
    }

    /// Whether a finding on part of a recording would hardly change if more of it were examined: an offset whose own
    /// error is smaller than the deviation between speakers, or no fit at all over a long time.
    ///
    /// - Parameter length: of a recording whose offset may drift, in seconds: then its drift has to be known well
    ///   enough too.
    public func isSettled(_ finding: Finding, courseOverSeconds length: Double? = nil) -> Bool {
        let support = finding.support
        switch finding.verdict {
        case .inSync, .marginal, .misaligned, .measured:
            if length != nil, (support?.agreement ?? 0) < LipAnalyser.agreementToSettle { return false }
            let isConstant = finding.drift == nil && finding.segments == nil
            if isConstant, (support?.rival ?? .infinity) > LipAnalyser.rivalToSettle { return false }
            if let length, let drift = finding.drift?.interval {
                // The interval of the drift, as an error over the recording.
                guard (drift.upperBound - drift.lowerBound) * 1e-6 * length < LipAnalyser.driftError else {
                    return false
                }
            }
            if finding.segments != nil { return (support?.seconds ?? 0) >= LipAnalyser.leastWithSteps }
            let numbers = model.numbers(mode(of: finding))
            let own = numbers.interval[0] * (support.map { $0.standardErrorSeconds * 1000 } ?? .infinity)
            return (finding.confidence ?? 0) >= LipAnalyser.shareOfCeiling * numbers.ceiling
                && own <= LipAnalyser.speakerDeviation
        case .unpaired: return (support?.voicedSeconds ?? 0) >= 25
        case .inconclusive, .notApplicable, .failed: return false
        }
    }

    /// Whether the model can do without a mesh, so that it is needed only where the pixels leave a doubt.
    public var seesPixels: Bool { model.pixels != nil }

    /// Whether a finding by pixels alone is so certain that a mesh would hardly change it. A drift or step must be
    /// found by both.
    public func isEnough(_ finding: Finding) -> Bool {
        switch finding.verdict {
        case .inSync, .marginal, .misaligned, .measured:
            let own = finding.support.map { $0.standardErrorSeconds * 1000 } ?? .infinity
            let ceiling = model.numbers(mode(of: finding)).ceiling
            return finding.drift == nil && finding.segments == nil
                && (finding.support?.rival ?? 0) <= LipAnalyser.rivalToSettle && own <= LipAnalyser.errorToDoWithoutMesh
                && (finding.confidence ?? 0) >= LipAnalyser.confidenceToDoWithoutMesh * ceiling
        case .notApplicable, .failed: return true
        case .unpaired, .inconclusive: return false
        }
    }

    /// The kinds that a finding is based on.
    private func mode(of finding: Finding) -> MouthMode {
        let named = finding.evidence.first { $0.name == "method" }?.value
        return MouthMode.allCases.first { .text($0.method) == named } ?? .landmarks
    }

    /// What in the recording contradicts the answer for the whole of it; nil: nothing.
    private func contradiction(_ measured: LipScoring, _ numbers: LipNumbers) -> String? {
        if measured.agreement < LipAnalyser.leastAgreement {
            return """
                the offset is not constant: only \(percent(measured.agreement)) of the 2.5 s segments agree on one, \
                and neither drift nor steps explain the others
                """
        }
        func midway(_ span: TimeSpan) -> String {
            "the offset may change midway: from \(format(span.start, 1)) to \(format(span.end, 1)) s "
        }
        if let rival = measured.rival, rival.strength > LipAnalyser.rivalToAnswer {
            return midway(rival.span) + "\(words(rival.offset)) fits better than \(words(measured.evidence.offset))"
        }
        return measured.doubtfulPiece(numbers).map { midway($0) + "another one fits better, but none fits well" }
    }

    /// Every reason for doubt, with its figure.
    private func reasons(_ found: LipEvidence, _ confidence: Double, _ scene: LipScene) -> [String] {
        let numbers = model.numbers(found.mode)
        var result: [String] = []
        if found.voiced < numbers.leastVoiced {
            result.append(
                """
                only \(format(found.voiced, 1)) s of voiced speech with the mouth visible; \
                \(format(numbers.leastVoiced, 1)) s are needed
                """
            )
        }
        if let opening = found.opening, opening < numbers.leastOpening {
            result.append(
                """
                the mouth hardly moves (by \(format(opening * 100, 1)) % of the face; \
                \(format(numbers.leastOpening * 100, 1)) % are needed)
                """
            )
        }
        if found.overlap < numbers.leastOverlap {
            result.append("mouth and audio overlap for only \(format(found.overlap, 1)) s")
        }
        if found.isAtEdge { result.append("the best fit is at the edge of the searched range") }
        if !found.standardError.isFinite {
            result.append("the curve has no peak of measurable width")
        } else if found.standardError * 1000 > numbers.largestErrorMilliseconds {
            result.append(
                """
                the best fit is uncertain by \(format(found.standardError * 1000, 0)) ms; at most \
                \(format(numbers.largestErrorMilliseconds, 0)) ms are allowed
                """
            )
        }
        let seen = scene.faceShare
        if seen < 0.5 { result.append("a face is visible in only \(percent(seen)) of frames") }
        if let (one, other) = found.halves, abs(one.milliseconds - other.milliseconds) > 80 {
            result.append("the halves disagree: \(words(one)), \(words(other))")
        }
        if found.share < numbers.leastShare {
            result.append(
                """
                the peak stays in place in only \(percent(found.share)) of resamplings; \(percent(numbers.leastShare)) \
                are needed
                """
            )
        }
        if confidence < numbers.leastConfidence {
            result.append(
                "the best guess, \(words(found.offset)), is right with a probability of \(format(confidence, 2)); "
                    + "\(format(numbers.leastConfidence, 2)) is needed")
        }
        return result
    }

    private func notApplicable(_ reason: String) -> Finding { without(.notApplicable, because: [reason]) }

    private func without(
        _ verdict: Verdict, because: [String], measured: LipScoring? = nil, confidence: Double? = nil,
        scene: LipScene = LipScene()
    ) -> Finding {
        let candidate = verdict == .inconclusive ? measured?.evidence.offset : nil
        var finding = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(verdict, confidence: confidence, candidate: candidate, tolerance: tolerance),
            because: because.map { Reason($0) }, evidence: measured.map { evidence($0, scene, candidate) } ?? [],
            curve: measured?.evidence.curve ?? [], method: model.method)
        (finding.faces, finding.support) = (measured?.faces.map(\.told), measured.map(support))
        return finding
    }

    private func support(_ measured: LipScoring) -> Finding.Support {
        let found = measured.evidence
        return Finding.Support(
            seconds: found.overlap, voicedSeconds: found.voiced, agreement: measured.agreement,
            standardErrorSeconds: found.standardError, rival: measured.rival?.strength)
    }

    private func evidence(_ measured: LipScoring, _ scene: LipScene, _ candidate: Offset?) -> [Evidence] {
        let found = measured.evidence
        return [
            Evidence("method", .text(found.mode.method)),
            .candidate(candidate),
            Evidence("seconds", .number(found.overlap, decimals: 2)),
            Evidence("voiced_seconds", .number(found.voiced, decimals: 2)),
            Evidence("face_share", .number(scene.faceShare, decimals: 3)),
            Evidence("mouth_motion", found.opening.map { .number($0, decimals: 4) } ?? .unknown),
            Evidence("face_pixels", found.view.side.map { .number($0, decimals: 0) } ?? .unknown),
            Evidence("face_definition", found.view.definition.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("peak", .number(found.height, decimals: 3)),
            Evidence("cohort", .number(found.cohort, decimals: 2)),
            Evidence("stable_share", .number(found.share, decimals: 3)),
            Evidence("standard_error_ms", .number(found.standardError * 1000, decimals: 1)),
            Evidence("agreement", .number(measured.agreement, decimals: 3)),
            Evidence("rival", measured.rival.map { .number($0.strength, decimals: 2) } ?? .unknown),
            Evidence("shots", .count(max(1, scene.shots))),
            Evidence("faces", .list(measured.faces.map(\.told.evidence))),
        ]
    }

    private func words(_ offset: Offset) -> String {
        let size = Int(min(abs(offset.milliseconds), 1e9).rounded())
        return size == 0 ? "0 ms" : "\(size) ms \(offset.seconds > 0 ? "early" : "late")"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func format(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
}
