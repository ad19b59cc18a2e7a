import Consistency
import SyncModel
import Testing

@Suite("Labelled turns and the faces that speak")
struct TurnFacesTests {
    /// Two faces that speak in turn, three seconds each, the first from 0 s on.
    private func lips(late: Double = 0) -> Finding {
        var finding = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                .inSync, offset: Offset(seconds: -late), interval: nil, confidence: 1, tolerance: .standard),
            method: "made")
        finding.faces = (0..<2).map { face in
            let turns = (0..<4).map { Double(6 * $0 + 3 * face) }.map { TimeSpan(start: $0 + 0.3, end: $0 + 2.7) }
            return Finding.SeenFace(
                number: face, seen: TimeSpan(start: 0, end: 24), box: [0, 0, 64, 64], speakingSeconds: 9.6,
                turns: turns)
        }
        return finding
    }

    private func speakers(_ names: [String], early: Double = 0, trust: Double? = nil) -> Finding {
        var finding = Finding(
            check: .speakers, subject: .labels, reference: .audio,
            judgement: Judgement(
                .inSync, offset: Offset(seconds: early), interval: nil, confidence: 1, tolerance: .standard),
            method: "made")
        finding.items = names.enumerated().map { index, name in
            FindingItem(
                index: index, kind: .turn, text: name, startSeconds: Double(3 * index) - early,
                endSeconds: Double(3 * index + 3) - early, offset: nil, trust: trust, flags: [])
        }
        return finding
    }

    private func flagged(_ findings: [Finding]) -> [Int] {
        (TurnFaces.added(to: findings).last?.items ?? []).filter { $0.flags == [.doubtful] }.map(\.index)
    }

    @Test("a turn in which the other name's face speaks is in doubt, wherever the labels lie", arguments: [0, 0.4])
    func exchanged(early: Double) {
        let right = ["a", "b", "a", "b", "a", "b", "a", "b"]
        #expect(flagged([lips(), speakers(right, early: early)]).isEmpty)
        var wrong = right
        wrong.swapAt(4, 5)
        #expect(flagged([lips(), speakers(wrong, early: early)]) == [4, 5])
        let finding = TurnFaces.added(to: [lips(), speakers(wrong)]).last
        #expect(finding?.evidence("other_face")?.list?.count == 2)
        #expect(finding?.evidence("turns_seen")?.number == 8)
    }

    @Test("nothing is said where names have no faces of their own, or one face is seen")
    func untold() {
        #expect(flagged([lips(), speakers(["a", "a", "b", "b", "a", "a", "b", "b"])]).isEmpty)
        #expect(flagged([lips(), speakers(["a", "b", "c", "d", "e", "f", "g", "h"])]).isEmpty)
        #expect(flagged([speakers(["a", "b", "b", "a"])]).isEmpty)
        #expect(flagged([lips(), speakers(["a", "b", "a", "b", "b", "a", "a", "b"], trust: 0.97)]).isEmpty)
    }
}
