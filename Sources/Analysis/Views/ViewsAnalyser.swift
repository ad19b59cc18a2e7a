import Foundation
public import SyncModel

/// Puts recordings of one event on one clock and judges each against the first.
public struct ViewsAnalyser: Sendable {
    public static let method: MethodVersion = "views-2"

    public let tolerance: Tolerance
    public let expectation: Expectation

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// - Parameters:
    ///   - views: recordings that could be read, the reference first; at least one.
    ///   - failures: those that could not.
    public func report(
        _ views: [ViewInput], pairs: PairTable, failures: [(clip: String, failure: ClipFailure)] = []
    ) -> ViewsReport {
        precondition(!views.isEmpty, "there is a reference")
        let streams = StreamClock(views: views, pairs: pairs)
        let judge = ViewJudge(
            tolerance: tolerance, expectation: expectation, views: views, pairs: pairs, clock: streams)
        let unread = failures.map { failed($0.clip, $0.failure, reference: views[0].clip) }
        var notes = views.flatMap { view in view.notes.map { (clip: view.clip, note: $0) } }
        notes += streams.notes
        return ViewsReport(
            reference: views[0].clip, durationSeconds: views[0].durationSeconds,
            findings: views.indices.dropFirst().map { judge.finding($0) } + unread,
            clock: views.indices.map { judge.entry($0) }, pairs: judge.reports, failures: failures, notes: notes)
    }

    private func failed(_ clip: String, _ failure: ClipFailure, reference: String) -> Finding {
        var finding = Finding(
            check: .views, subject: .named(clip), reference: .named(reference),
            judgement: Judgement(.failed, tolerance: tolerance),
            because: [Reason("\(failure.message); \(failure.remedy)")], method: ViewsAnalyser.method)
        finding.clip = clip
        finding.against = reference
        return finding
    }
}
