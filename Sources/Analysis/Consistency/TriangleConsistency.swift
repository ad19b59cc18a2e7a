public import SyncModel

/// Consistency of the checks of one clip: lips against audio and text against audio, hence text against video.
///
/// The three offsets must close: text against video is text against audio plus audio against video. The one that
/// disagrees with two that agree is off.
public enum TriangleConsistency {
    /// Name of the method in findings.
    public static let method: MethodVersion = "closure-2"

    /// Which of the three is off.
    public enum Culprit: String, Sendable { case none, text, sound, picture, several }

    /// One finding for each transcript, text against video, where lips and transcript both have a constant offset:
    /// drifts and steps are not judged. Where the audio is expected to have an offset from the video, so is its text.
    public static func findings(_ findings: [Finding]) -> [Finding] {
        guard let lips = findings.first(where: { $0.check == .lips && $0.offset != nil }), lips.drift == nil,
            lips.segments == nil
        else { return [] }
        return findings.compactMap { finding in
            guard finding.check == .transcript, finding.reference == .audio, finding.segments == nil,
                finding.drift == nil
            else { return nil }
            return closed(lips, finding)
        }
    }

    private static func closed(_ lips: Finding, _ text: Finding) -> Finding? {
        guard let soundMove = lips.offset, let textMove = text.offset, let soundInterval = lips.interval,
            let textInterval = text.interval, let tolerance = text.tolerance
        else { return nil }
        let offset = Offset(seconds: soundMove.seconds + textMove.seconds)
        let (a, b) = (half(soundInterval), half(textInterval))
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: (a * a + b * b).squareRoot())
        let verdict = tolerance.verdict(on: offset, interval: interval, expecting: lips.expectation)
        guard verdict.carriesOffset else { return nil }
        let culprit = culprit(
            lips: lips.verdict == .misaligned, text: text.verdict == .misaligned,
            picture: verdict == .misaligned)
        var result = Finding(
            check: .transcript, subject: .text, reference: .video,
            judgement: Judgement(
                verdict, offset: offset, interval: interval,
                confidence: min(lips.confidence ?? 0, text.confidence ?? 0), tolerance: tolerance,
                expectation: lips.expectation),
            because: [Reason(words(culprit))],
            evidence: [
                Evidence("method", .text("closure")), Evidence("off", .text(culprit.rawValue)),
                Evidence("sound_against_picture_ms", .number(soundMove.milliseconds, decimals: 1)),
                Evidence("text_against_sound_ms", .number(textMove.milliseconds, decimals: 1)),
            ], method: method)
        result.subjectFile = text.subjectFile
        return result
    }

    /// - Parameters: whether audio and video, text and audio, text and video are apart.
    static func culprit(lips: Bool, text: Bool, picture: Bool) -> Culprit {
        switch (lips, text, picture) {
        case (false, false, _): .none
        // The text agrees with neither, and these agree with each other.
        case (false, true, _): .text
        // Text and video agree, and the audio agrees with neither.
        case (true, true, false): .sound
        case (true, false, _): .picture
        case (true, true, true): .several
        }
    }

    private static func words(_ culprit: Culprit) -> String {
        switch culprit {
        case .none: "audio, video and text agree"
        case .text: "the text is off: audio and video agree"
        case .sound: "the audio is off: text and video agree"
        case .picture: "the video is off: audio and text agree"
        case .several: "no two of audio, video and text agree"
        }
    }

    private static func half(_ interval: OffsetInterval) -> Double {
        (interval.upper.seconds - interval.lower.seconds) / 2
    }
}
