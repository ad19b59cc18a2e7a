import Foundation
import SyncModel
import Testing

/// Reports made for tests.
enum Made {
    static func finding(
        _ verdict: Verdict, milliseconds: Double = 0, interval: (Double, Double)? = nil, confidence: Double? = nil,
        tolerance: Tolerance = .standard, because: [String] = [], evidence: [Evidence] = [], spikeAt: Double? = nil
    ) -> Finding {
        Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? Offset(milliseconds: milliseconds) : nil,
                interval: interval.map { OffsetInterval(Offset(milliseconds: $0.0), Offset(milliseconds: $0.1)) },
                confidence: confidence, tolerance: tolerance), because: because.map { Reason($0) }, evidence: evidence,
            curve: spikeAt.map(spike) ?? [], method: "lips-1")
    }

    static func report(_ findings: Finding..., clip: String = "take3.mov", seconds: Double? = 12.5) -> ClipReport {
        ClipReport(clip: clip, durationSeconds: seconds, outcome: .measured(findings))
    }

    static func failed(_ message: String = "take3.mov does not exist", clip: String = "take3.mov") -> ClipReport {
        let failure = ClipFailure(code: "no-such-file", message: message, remedy: "check the path")
        return ClipReport(clip: clip, durationSeconds: nil, outcome: .failed(failure))
    }

    /// A curve over 1.5 s either way in steps of 20 ms, zero but for one point.
    static func spike(at milliseconds: Double) -> [CurvePoint] {
        (-75...75).map {
            CurvePoint(offset: Offset(milliseconds: Double($0) * 20), height: Double($0) * 20 == milliseconds ? 5 : 0)
        }
    }

    static let misaligned = report(
        finding(.misaligned, milliseconds: -240, interval: (-265, -215), confidence: 0.98, spikeAt: -240))

    /// A finding with everything that only some findings carry.
    static let drifting: Finding = {
        var finding = Made.finding(.misaligned, milliseconds: 120, interval: (100, 140), confidence: 0.99)
        finding.worst = Offset(milliseconds: 180)
        finding.drift = Drift(ppm: 42_709.42, interval: 42_700...42_719.5)
        finding.rate = "25/23.976"
        finding.segments = [OffsetSegment(span: TimeSpan(start: 0, end: 9.5), offset: Offset(milliseconds: 120))]
        finding.subjectFile = "take3.srt"
        finding.clip = "b.mov"
        finding.against = "a.mov"
        finding.items = [
            FindingItem(
                index: 0, kind: .cue, text: "hello", startSeconds: 1, endSeconds: 2, flags: FindingItem.Flag.allCases),
            FindingItem(
                index: 1, kind: .word, text: "", startSeconds: 3, endSeconds: 2, offset: Offset(milliseconds: -5),
                trust: 0.5),
        ]
        finding.gaps = [TimeSpan(start: 4, end: 5.25)]
        return finding
    }()

    /// A file whose declarations let sound and picture run apart.
    static let container: Finding = {
        var finding = Finding(
            check: .container, subject: .audio, reference: .video,
            judgement: Judgement(
                .misaligned, offset: Offset(milliseconds: 0),
                interval: OffsetInterval(Offset(milliseconds: -42), Offset(milliseconds: 42)), tolerance: .standard),
            because: [Reason("the picture is longer than the sound; what to do: mend it")], method: "container-1")
        finding.worst = Offset(milliseconds: 500)
        finding.drift = Drift(ppm: 41_666.7)
        finding.rate = "25/24"
        return finding
    }()

    /// One report of every verdict.
    static let all: [ClipReport] = [
        misaligned,
        report(finding(.marginal, milliseconds: 62.44, interval: (35, 90.1), confidence: 0.9)),
        report(finding(.inSync, milliseconds: -4.96, interval: (-30, 20), confidence: 0.9949)),
        report(finding(.measured, milliseconds: 0.04, interval: (-20, 20), confidence: 0.99), seconds: nil),
        report(finding(.unpaired, because: ["no offset within 1500 ms fits"], spikeAt: -300)),
        report(
            finding(
                .inconclusive, confidence: 0.3, because: ["one", "two"],
                evidence: [
                    Evidence("method", .text("m")), Evidence("candidate_ms", .number(31.26, decimals: 1)),
                    Evidence("pictures", .count(0)), Evidence("standard_error_ms", .number(.infinity, decimals: 1)),
                    Evidence("unknown", .unknown), Evidence("yes", .flag(true)),
                ])),
        report(finding(.notApplicable, because: ["there is no sound"])),
        report(),
        failed(),
    ]
}

/// Expected texts, written by hand, one a file beside the tests.
enum Golden {
    static func expect(_ name: String, _ text: String, _ location: SourceLocation = #_sourceLocation) {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
        guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("\(file.path) is missing: write what should be printed into it", sourceLocation: location)
            return
        }
        #expect(text == expected, sourceLocation: location)
    }
}
