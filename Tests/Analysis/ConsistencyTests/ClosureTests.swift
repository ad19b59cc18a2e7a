import Consistency
import SyncModel
import Testing

@Suite("Lips, sound and text close")
struct ClosureTests {
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
        let found = try #require(Closure.findings([finding(.lips, lips), finding(.transcript, text)]).first)
        #expect(found.evidence.contains(Evidence("off", .text(name))))
        #expect(abs(try #require(found.offset).milliseconds - lips - text) < 1e-9)
        #expect(found.subject == .text && found.reference == .video)
    }

    @Test("without both there is nothing to close")
    func alone() {
        #expect(Closure.findings([finding(.lips, 0)]).isEmpty)
        #expect(Closure.findings([finding(.transcript, 0)]).isEmpty)
        #expect(Closure.findings([finding(.lips, 40, width: 400), finding(.transcript, 0)]).isEmpty)
    }
}
