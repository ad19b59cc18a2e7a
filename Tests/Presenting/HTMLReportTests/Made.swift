import Foundation
import Reporting
import SyncModel

@testable import HTMLReport

/// Made clips: something of everything.
enum Made {
    static func finding(
        _ verdict: Verdict, check: Check = .lips, subject: Track = .audio, reference: Track = .video,
        milliseconds: Double? = nil,
        because: [String] = [], curve: [CurvePoint] = []
    ) -> Finding {
        Finding(
            check: check, subject: subject, reference: reference,
            judgement: Judgement(
                verdict, offset: milliseconds.map { Offset(milliseconds: $0) },
                interval: milliseconds.map { OffsetInterval(centre: Offset(milliseconds: $0), halfWidthSeconds: 0.02) },
                confidence: milliseconds == nil ? nil : 0.98, tolerance: .standard),
            because: because.map { Reason($0) },
            evidence: [Evidence("seconds", .number(4.2, decimals: 1))], curve: curve, method: "made-1")
    }

    static func record(_ clip: String, _ findings: [Finding], attributes: [ClipRecord.Attribute] = []) -> ClipRecord {
        var record = ClipReport(clip: clip, durationSeconds: 12.5, outcome: .measured(findings)).record(key: clip)
        record.attributes = attributes
        return record
    }

    static func failed(_ clip: String) -> ClipRecord {
        ClipReport(
            clip: clip, durationSeconds: nil,
            outcome: .failed(ClipFailure(code: "empty", message: "\(clip) is empty (0 bytes)", remedy: "copy it again"))
        ).record(key: clip)
    }

    /// A curve with its top at an offset.
    static func curve(top: Double) -> [CurvePoint] {
        (-75...75).map { step in
            let place = Double(step) * 20
            return CurvePoint(
                offset: Offset(milliseconds: place),
                height: 6 * exp(-pow((place - top) / 60, 2)) + 0.3 * sin(place / 70))
        }
    }

    static let hostile = "evil/</script><img src=x onerror=alert(1)>\u{202E}&\"'.mp4"

    static var corpus: [ClipRecord] {
        var transcript = finding(
            .misaligned, check: .transcript, subject: .text, reference: .audio, milliseconds: -640,
            curve: curve(top: -640))
        transcript.subjectFile = "talk.srt"
        transcript.items = [
            FindingItem(
                index: 0, kind: .word, text: "good", startSeconds: 1, endSeconds: 1.4,
                offset: Offset(milliseconds: -640), trust: 0.95),
            FindingItem(
                index: 1, kind: .word, text: "<b>bad</b>", startSeconds: 1.4, endSeconds: 2, trust: 0.1,
                flags: [.wrongText]),
        ]
        transcript.gaps = [TimeSpan(start: 4, end: 6.5)]
        var stepped = finding(.misaligned, milliseconds: 10, curve: curve(top: 10))
        stepped.segments = [
            OffsetSegment(span: TimeSpan(start: 0, end: 60), offset: Offset(milliseconds: 10)),
            OffsetSegment(span: TimeSpan(start: 60, end: 90), offset: Offset(milliseconds: -210)),
        ]
        stepped.worst = Offset(milliseconds: -210)
        return [
            record(
                "a/late.mp4", [finding(.misaligned, milliseconds: -240, curve: curve(top: -240))],
                attributes: [.init("camera", "Nikon")]),
            record("a/steps.mp4", [stepped], attributes: [.init("camera", "Nikon")]),
            record(
                "b/good.mp4",
                [
                    finding(.inSync, milliseconds: -5, curve: curve(top: -5)),
                    finding(.inSync, check: .container, milliseconds: 0),
                ], attributes: [.init("camera", "Canon")]),
            record("b/marginal.mp4", [finding(.marginal, milliseconds: 62)], attributes: [.init("camera", "Canon")]),
            record(
                "b/other.mp4", [finding(.unpaired, because: ["no offset fits <1500 ms>"])],
                attributes: [.init("camera", "<i>")]),
            record("c/mute.mp4", [finding(.notApplicable, because: ["there is no sound"])]),
            failed("c/broken.mp4"),
            record("talk.mp4", [transcript]),
            record(hostile, [finding(.misaligned, milliseconds: 130)]),
        ].sorted { $0.key < $1.key }
    }

    static func content(_ records: [ClipRecord] = corpus, limit: Int? = nil, groupBy: String? = nil) -> PageContent {
        PageContent(
            stores: ["made.sqlite"],
            report: CorpusReport(records, ReportSelection(sort: .worst, limit: limit, groupBy: groupBy)),
            histograms: OffsetHistogram.all(records) { _ in .standard })
    }

    static func page(_ content: PageContent) throws -> String {
        var text = ""
        try HTMLPage().write(content, findings: { record, _ in record.findings }, { text += $0 })
        return text
    }

    /// The JSON of one of the page's data elements.
    static func data(_ id: String, in page: String) throws -> Any {
        let start = page.range(of: "id=\"\(id)\">")?.upperBound ?? page.startIndex
        let end = page[start...].range(of: "</script>")?.lowerBound ?? page.endIndex
        return try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8))
    }
}
