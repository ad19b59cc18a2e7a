import Foundation
import Reporting
import SyncModel
import Testing

@testable import Workers

/// Reports with everything that findings can carry, and numbers that are awkward to write.
enum Awkward {
    static var finding: Finding {
        var finding = Finding(
            check: .transcript, subject: .text, reference: .audio,
            judgement: Judgement(
                .misaligned, offset: Offset(seconds: 0.1 + 0.2),
                interval: OffsetInterval(Offset(milliseconds: -1.0 / 3), Offset(milliseconds: 1e-300)),
                confidence: 0.999_999_999_999_999_9,
                tolerance: Tolerance(early: .init(inner: 40, outer: 100.125), late: .init(inner: 0, outer: 0)),
                expectation: .offset(Offset(milliseconds: -12.34))),
            because: [Reason("\"quoted\" \n 口型 \u{0} \u{1F600}")],
            evidence: [
                Evidence("nan", .number(.nan, decimals: 2)), Evidence("inf", .number(-.infinity, decimals: 0)),
                Evidence("list", .list([.count(.max), .flag(true), .unknown, .text("")])),
                Evidence(
                    "object",
                    .object([Evidence("b", .count(1)), Evidence("a", .number(.leastNonzeroMagnitude, decimals: 3))])),
            ],
            curve: [
                CurvePoint(offset: Offset(seconds: -1.5), height: .pi),
                CurvePoint(offset: Offset(seconds: 1.5), height: -.ulpOfOne),
            ], method: "words-1")
        finding.worst = Offset(milliseconds: 180.05)
        finding.drift = Drift(ppm: 42_709.423, interval: 42_700...42_719.5)
        finding.rate = "25/23.976"
        finding.segments = [OffsetSegment(span: TimeSpan(start: 0, end: 9.5), offset: Offset(milliseconds: 120.05))]
        finding.subjectFile = "a b.srt"
        finding.clip = "b.mov"
        finding.against = "a.mov"
        finding.items = [
            FindingItem(
                index: 0, kind: .cue, text: "a\tb", startSeconds: 3, endSeconds: 2, offset: Offset(seconds: 0.05),
                trust: 0.25, flags: FindingItem.Flag.allCases)
        ]
        finding.gaps = [TimeSpan(start: 4.0005, end: 5.25)]
        finding.language = "de-AT"
        finding.subjectStream = StreamName(file: "a.mka", index: 3, language: "jpn", channel: 1)
        finding.referenceStream = StreamName(index: 0)
        finding.faces = [
            .init(
                number: 2, seen: TimeSpan(start: 0, end: 9), box: [1, 2, 3, 4], speakingSeconds: 0.1,
                turns: [TimeSpan(start: 1, end: 2.5)])
        ]
        finding.clock = [.init(clip: "b.mov", group: 1, offset: nil)]
        finding.support = .init(seconds: 9, voicedSeconds: 4, agreement: 1, standardErrorSeconds: .infinity)
        return finding
    }

    static let reports: [ClipReport] = [
        ClipReport(
            clip: "dir/two\nlines é.mp4", soundFile: "s.wav", durationSeconds: 12.000_5,
            outcome: .measured([finding, finding])),
        ClipReport(clip: "", durationSeconds: nil, outcome: .measured([])),
        ClipReport(
            clip: "x", durationSeconds: nil, outcome: .failed(ClipFailure(code: "c", message: "m \"x\"", remedy: "r\\"))
        ),
    ]
}

@Suite("What goes between a scan and its workers arrives as it was")
struct WireTests {
    @Test("a report's JSON document is byte-identical after the trip, and a second trip changes nothing")
    func documents() throws {
        for report in Awkward.reports {
            let bytes = try WireJSON.encode(report)
            let back = try WireJSON.decode(ClipReport.self, bytes)
            #expect(back.json.compact == report.json.compact)
            #expect(back.json.pretty == report.json.pretty)
            #expect(back.verdict == report.verdict)
            #expect(back.findings.map(\.curve) == report.findings.map(\.curve))
            #expect(back.findings.map(\.offset) == report.findings.map(\.offset))
            let parts = back.record(key: "k")
            #expect(parts.document == report.json.compact)
        }
    }

    @Test("frames come out whole and in order, however the bytes are cut up")
    func frames() throws {
        let frames: [WorkerFrame] = [
            .ready(15), .opened(12.5), .report(Data(repeating: 7, count: 100_000)), .opened(0), .report(Data()),
            .measure(Data([1])),
        ]
        let bytes = frames.reduce(into: Data()) { $0.append($1.bytes) }
        for size in [1, 3, 4096, 200_000] {
            var buffer = FrameBuffer()
            var found: [WorkerFrame] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Data(rest.prefix(size))
                rest = rest.dropFirst(size)
                piece.withUnsafeBytes { buffer.append($0) }
                while let frame = try buffer.next() { found.append(frame) }
            }
            #expect(found == frames)
        }
    }

    @Test("what is no frame is told from one that is not complete")
    func malformedFrame() throws {
        for bytes: [UInt8] in [[255, 255, 255, 255, 5], [0, 0, 0, 0, 1], [1, 0, 0, 0, 99], [3, 0, 0, 0, 3, 1, 2]] {
            var buffer = FrameBuffer()
            bytes.withUnsafeBytes { buffer.append($0) }
            #expect(throws: FrameBuffer.MalformedFrame.self) { try buffer.next() }
        }
        var cut = FrameBuffer()
        [UInt8]([9, 0, 0, 0, 4, 1]).withUnsafeBytes { cut.append($0) }
        #expect(try cut.next() == nil)
    }
}
