import SyncModel
import Testing

@Suite struct ClipVerdictTests {
    private func finding(_ check: Check, _ verdict: Verdict) -> Finding {
        Finding(
            check: check, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? Offset(milliseconds: 1) : nil, tolerance: .standard),
            method: "test")
    }

    private func report(_ findings: Finding...) -> ClipReport {
        ClipReport(clip: "a.mp4", durationSeconds: nil, outcome: .measured(findings))
    }

    /// Worst first, as the contract lists them.
    private let order: [Verdict] = [
        .failed, .unpaired, .misaligned, .marginal, .inconclusive, .inSync, .measured, .notApplicable,
    ]

    @Test func aClipsVerdictIsItsWorstFinding() {
        #expect(order.sorted { $0.severity > $1.severity } == order)
        #expect(Set(order.map(\.severity)).count == order.count)
        for (index, worse) in order.enumerated() {
            for better in order[index...] {
                #expect(report(finding(.lips, worse), finding(.transcript, better)).verdict == worse)
                #expect(report(finding(.lips, better), finding(.transcript, worse)).verdict == worse)
            }
        }
    }

    @Test(arguments: [Verdict.inSync, .marginal, .misaligned, .measured, .unpaired])
    func theContainerDoesNotCountWhereAContentCheckAnswered(answer: Verdict) {
        let report = report(finding(.container, .failed), finding(.lips, answer))
        #expect(report.verdict == answer)
        #expect(report.decisive?.check == .lips)
    }

    @Test(arguments: [Verdict.inconclusive, .notApplicable])
    func theContainerCountsWhereNoContentCheckAnswered(content: Verdict) {
        let report = report(finding(.lips, content), finding(.container, .misaligned))
        #expect(report.verdict == .misaligned)
        #expect(report.decisive?.check == .container)
        #expect(self.report(finding(.lips, .inconclusive), finding(.container, .inSync)).verdict == .inconclusive)
    }

    @Test func declarationsThatAgreeDoNotAnswerForTheContent() {
        #expect(report(finding(.lips, .notApplicable), finding(.container, .inSync)).verdict == .notApplicable)
        #expect(report(finding(.lips, .notApplicable), finding(.container, .inconclusive)).verdict == .inconclusive)
        #expect(report(finding(.container, .inSync)).verdict == .inSync)
    }

    @Test func aClipThatCouldNotBeReadIsFailedWithoutFindings() {
        let failure = ClipFailure(code: "c", message: "m", remedy: "r")
        let report = ClipReport(clip: "a.mp4", durationSeconds: nil, outcome: .failed(failure))
        #expect(report.verdict == .failed && report.findings.isEmpty && report.decisive == nil)
        #expect(report.failure == failure)
    }

    @Test func aClipWithoutFindingsIsNotApplicable() {
        #expect(report().verdict == .notApplicable)
        #expect(report().decisive == nil)
    }

    @Test func moreEvidenceIsPutAtTheEnd() {
        let first = Evidence("a", .count(1))
        let second = Evidence("b", .flag(true))
        let all = finding(.lips, .inSync).adding([first]).adding([second])
        #expect(all.evidence == [first, second] && all.verdict == .inSync && all.offset == Offset(milliseconds: 1))
        #expect(all.adding([]).evidence.count == 2)
    }
}
