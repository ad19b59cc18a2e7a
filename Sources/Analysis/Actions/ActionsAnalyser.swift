public import SyncModel

/// Compares the labels of a corpus across views and annotators. Values in, values out.
public struct ActionsAnalyser: Sendable {
    public let options: ActionsOptions

    public init(options: ActionsOptions) { self.options = options }

    public func analyse(_ corpus: LabelCorpus) -> ActionsReport {
        var report = ActionsReport(tolerance: options.tolerance)
        report.sessions = corpus.sessions.count
        report.problems = corpus.problems
        var explanations = Explanations(corpus: corpus, options: options)
        var groups = GroupTally()
        var relations = RelationTally(
            room: max(options.tolerance.early.outer, options.tolerance.late.outer) / 1000 + 1e-4)
        for (place, session) in corpus.sessions.enumerated() {
            report.segments += session.tracks.map(\.segments.count).reduce(0, +)
            guard session.tracks.count > 1 else { continue }
            pairs(session, corpus, &report, &groups)
            let comparison = SessionComparison(session: session, place: Int32(place), corpus: corpus)
            let consensus = comparison.consensus()
            for track in session.tracks.indices where track != consensus.only {
                if consensus.members.count == 1, consensus.members[0] == track { continue }
                var deviations: [Deviation] = []
                report.findings += comparison.compare(
                    track, with: consensus, relations: &relations, descriptions: &report.descriptions
                ) { deviations.append($0) }
                explanations.add(deviations, reference: consensus.name)
            }
        }
        report.relations = relations.differences
        report.findings += explanations.finish()
        report.findings += rowsOutOfOrder(corpus)
        report.groups = groups.groups(corpus.symbols)
        if options.measuresAgreement {
            report.agreement = AgreementMeter(seed: options.seed, frameRate: options.frameRate).measure(corpus)
        }
        return report
    }

    /// The figures of every pair of views, and of every pair of annotators.
    private func pairs(
        _ session: LabelSession, _ corpus: LabelCorpus, _ report: inout ActionsReport, _ groups: inout GroupTally
    ) {
        for i in session.tracks.indices {
            for j in session.tracks.indices where j > i {
                let (reference, subject) = (session.tracks[i], session.tracks[j])
                if reference.annotator == subject.annotator {
                    tally(reference, subject, session.name, &report.views, &groups)
                } else if reference.view == subject.view {
                    tally(reference, subject, session.name, &report.annotators, &groups)
                }
            }
        }
    }

    private func tally(
        _ reference: LabelTrack, _ subject: LabelTrack, _ session: String, _ tally: inout ActionsReport.PairTally,
        _ groups: inout GroupTally
    ) {
        tally.pairs += 1
        let isSame = SessionComparison.isSame(reference, subject)
        if isSame { tally.sameLabels += 1 }
        let steps = SequenceMatcher.match(reference.segments, subject.segments)
        SessionComparison.forEachBoundary(steps, reference.segments, subject.segments) { i, j, _, milliseconds in
            let isOver = options.isOver(milliseconds: milliseconds)
            if isSame {
                tally.same.add(milliseconds: milliseconds, isOver: isOver)
                groups.add(
                    milliseconds, isOver, label: subject.segments[j].label, reference: reference, subject: subject,
                    session: session)
            } else {
                tally.differing.add(milliseconds: milliseconds, isOver: isOver)
            }
        }
        guard !isSame else { return }
        for step in steps {
            let kind: ActionFinding.Kind
            switch step {
            case .same: continue
            case .missing: kind = .missing
            case .extra: kind = .extra
            case .renamed: kind = .renamed
            case .swapped: kind = .swapped
            case .split: kind = .split
            case .merged: kind = .merged
            case .moved: kind = .reordered
            }
            tally.counts[kind, default: 0] += 1
        }
    }

    private func rowsOutOfOrder(_ corpus: LabelCorpus) -> [ActionFinding] {
        corpus.problems.filter { $0.code == ActionFinding.Kind.rowsOutOfOrder.rawValue }.map { problem in
            var finding = ActionFinding(
                kind: .rowsOutOfOrder, session: "", subject: problem.file, reference: "order of time", label: "")
            finding.file = problem.file
            finding.rows = problem.row.map { [$0] } ?? []
            finding.detail = problem.message
            finding.remedy = problem.remedy
            return finding
        }
    }
}
