import Consistency
import SyncModel
import Testing

@Suite("Lips, sound and text close")
struct TriangleConsistencyTests {
    private func finding(_ check: Check, _ milliseconds: Double, width: Double = 20) -> Finding {
        let offset = Offset(milliseconds: milliseconds)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: width / 1000)
        let verdict = Tolerance.standard.verdict(on: offset, interval: interval, expecting: .together)
        return Finding(
            check: check, subject: check == .lips ? .audio : .text, reference: check == .lips ? .video : .audio,
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? offset : nil, interval: interval, confidence: 0.99,
                tolerance: .standard), method: "made")
    }

    @Test(
        "the one that two others disagree with is named",
        arguments: [
            (0.0, 5.0, "none"), (10.0, 300.0, "text"), (-250.0, 250.0, "sound"), (-250.0, 0.0, "picture"),
            (-250.0, -400.0, "several"),
        ])
    func culprit(lips: Double, text: Double, name: String) throws {
        let found = try #require(
            TriangleConsistency.findings([finding(.lips, lips), finding(.transcript, text)]).first)
        #expect(found.evidence.contains(Evidence("off", .text(name))))
        #expect(abs(try #require(found.offset).milliseconds - lips - text) < 1e-9)
        #expect(found.subject == .text && found.reference == .video)
    }

    @Test("of a sound that drifts or steps nothing is said, however it begins")
    func course() {
        let text = finding(.transcript, 0)
        var drifting = finding(.lips, 0)
        drifting.drift = Drift(ppm: 5000)
        var stepping = finding(.lips, 0)
        stepping.segments = [
            OffsetSegment(span: TimeSpan(start: 0, end: 9), offset: Offset(seconds: 0)),
            OffsetSegment(span: TimeSpan(start: 9, end: 12), offset: Offset(milliseconds: 200)),
        ]
        #expect(
            TriangleConsistency.findings([drifting, text]).isEmpty
                && TriangleConsistency.findings([stepping, text]).isEmpty)
    }

    @Test("a sound that lies where it is meant to, with its text, is nobody's fault")
    func expectation() throws {
        let offset = Offset(milliseconds: -200)
        let lips = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                .inSync, offset: offset, interval: OffsetInterval(centre: offset, halfWidthSeconds: 0.02),
                confidence: 0.99, tolerance: .standard, expectation: .offset(offset)), method: "made")
        let found = try #require(TriangleConsistency.findings([lips, finding(.transcript, 5)]).first)
        #expect(found.verdict == .inSync && found.evidence.contains(Evidence("off", .text("none"))))
        let late = try #require(TriangleConsistency.findings([lips, finding(.transcript, -300)]).first)
        #expect(late.verdict == .misaligned && late.evidence.contains(Evidence("off", .text("text"))))
    }

    @Test("without both there is nothing to close")
    func alone() {
        #expect(TriangleConsistency.findings([finding(.lips, 0)]).isEmpty)
        #expect(TriangleConsistency.findings([finding(.transcript, 0)]).isEmpty)
        #expect(TriangleConsistency.findings([finding(.lips, 40, width: 400), finding(.transcript, 0)]).isEmpty)
    }
}
