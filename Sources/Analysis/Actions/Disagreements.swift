import SyncModel

/// Converts the steps of a matching that are disagreements into findings.
struct Disagreements {
    let session: LabelSession
    let track: Int
    let consensus: SessionComparison.Consensus
    let corpus: LabelCorpus

    private var subject: [LabelSegment] { session.tracks[track].segments }
    private var reference: [LabelSegment] { consensus.segments }

    /// - Parameter crossed: pairs of actions that overlap in only one of both tracks.
    func findings(_ steps: [MatchStep], _ crossed: [(reference: (Int, Int), subject: (Int, Int))]) -> [ActionFinding] {
        var result = crossed.map(relation)
        var moved: [(reference: Int, subject: Int)] = []
        for step in steps {
            switch step {
            case .same(let i, let j):
                if reference[i].actor != subject[j].actor, reference[i].actor != .none, subject[j].actor != .none {
                    result.append(actor(i, j))
                }
            case .moved(let i, let j): moved.append((i, j))
            default: if let finding = finding(step) { result.append(finding) }
            }
        }
        if !moved.isEmpty { result.append(reordered(moved)) }
        return result
    }

    private func name(_ segment: LabelSegment) -> String { corpus.symbols[segment.label] }

    private func made(_ kind: ActionFinding.Kind, _ label: String, _ references: [Int], _ subjects: [Int])
        -> ActionFinding
    {
        var finding = ActionFinding(
            kind: kind, session: session.name, subject: session.tracks[track].name, reference: consensus.name,
            label: label)
        if let first = subjects.first ?? subject.indices.first {
            finding.file = corpus.files[safe: subject[first].file]
        }
        if let first = references.first ?? reference.indices.first {
            finding.referenceFile = corpus.files[safe: reference[first].file]
        }
        finding.rows = subjects.map { Int(subject[$0].row) }
        finding.referenceRows = references.map { Int(reference[$0].row) }
        finding.seconds = subjects.first.map { subject[$0].start }
        finding.referenceSeconds = references.first.map { reference[$0].start }
        return finding
    }

    private func finding(_ step: MatchStep) -> ActionFinding? {
        func list(_ segments: ArraySlice<LabelSegment>) -> String {
            segments.map { "\(name($0)) \(Clock.span($0.start, $0.end))" }.joined(separator: ", ")
        }
        switch step {
        case .same, .moved: return nil
        case .missing(let i):
            var finding = made(.missing, name(reference[i]), [i], [])
            finding.detail = "\(name(reference[i])) \(Clock.span(reference[i].start, reference[i].end)) is missing here"
            finding.remedy =
                "check \(Clock.time(reference[i].start)) in this view: add it, or delete it in the others"
            return finding
        case .extra(let j):
            var finding = made(.extra, name(subject[j]), [], [j])
            finding.detail = "\(name(subject[j])) \(Clock.span(subject[j].start, subject[j].end)) is only here"
            finding.remedy = "check \(Clock.time(subject[j].start)): delete it, or add it in the others"
            return finding
        case .renamed(let i, let j):
            var finding = made(.renamed, name(subject[j]), [i], [j])
            finding.detail =
                """
                the action \(Clock.span(subject[j].start, subject[j].end)) is called \(name(subject[j])) here and \
                \(name(reference[i])) there
                """
            finding.remedy = "choose one name; if both mean the same, list them in a table for --synonyms"
            return finding
        case .swapped(let one, let other):
            var finding = made(
                .swapped, name(subject[other.first]), [one.first, one.second], [other.first, other.second])
            finding.detail =
                """
                the names of \(list(subject[other.first...other.first])) and \
                \(list(subject[other.second...other.second])) are swapped
                """
            finding.remedy = "swap the two labels"
            return finding
        case .split(let i, let pieces):
            var finding = made(.split, name(reference[i]), [i], Array(pieces))
            finding.detail =
                """
                \(name(reference[i])) \(Clock.span(reference[i].start, reference[i].end)) is \(pieces.count) segments \
                here: \(list(subject[pieces]))
                """
            finding.remedy =
                "merge the rows, or split it in the others at \(Clock.time(subject[pieces.lowerBound].end))"
            return finding
        case .merged(let pieces, let j):
            var finding = made(.merged, name(subject[j]), Array(pieces), [j])
            finding.detail =
                """
                \(name(subject[j])) \(Clock.span(subject[j].start, subject[j].end)) is \(pieces.count) segments there: \
                \(list(reference[pieces]))
                """
            finding.remedy =
                "split the row at \(Clock.time(reference[pieces.lowerBound].end)), or merge them in the others"
            return finding
        }
    }

    private func reordered(_ moved: [(reference: Int, subject: Int)]) -> ActionFinding {
        let here = moved.map(\.subject).sorted()
        let there = moved.map(\.reference).sorted()
        var finding = made(.reordered, moved.count == 1 ? name(subject[here[0]]) : "", there, here)
        let names = moved.prefix(4).map {
            """
            \(name(reference[$0.reference])) at \(Clock.time(subject[$0.subject].start)), there at \
            \(Clock.time(reference[$0.reference].start))
            """
        }
        finding.detail =
            """
            \(moved.count) action\(moved.count == 1 ? "" : "s") in a different order: \
            \(names.joined(separator: "; "))\(moved.count > 4 ? "; ..." : "")
            """
        finding.remedy = "put the rows in the order of the others, or label the session again"
        return finding
    }

    private func relation(_ pair: (reference: (Int, Int), subject: (Int, Int))) -> ActionFinding {
        let ((i, k), (j, l)) = (pair.reference, pair.subject)
        let shared = min(subject[j].end, subject[l].end) - max(subject[j].start, subject[l].start)
        let there = min(reference[i].end, reference[k].end) - max(reference[i].start, reference[k].start)
        var finding = made(.relation, name(subject[j]), [i, k], [j, l])
        finding.detail =
            shared > there
            ? "overlaps \(name(subject[l])) for \(Clock.time(shared)) here, but not there"
            : "and \(name(subject[l])) are consecutive here, but overlap for \(Clock.time(there)) there"
        finding.remedy = "check \(Clock.time(subject[l].start)), and decide whether both happen at once"
        return finding
    }

    private func actor(_ i: Int, _ j: Int) -> ActionFinding {
        var finding = made(.actor, name(subject[j]), [i], [j])
        finding.detail =
            "is done by \(corpus.symbols[subject[j].actor]) here and by \(corpus.symbols[reference[i].actor]) there"
        finding.remedy = "check who it is, and use one name for each person"
        return finding
    }
}

extension Array where Element == String {
    /// The string at an index; empty beyond the last.
    subscript(safe place: Int32) -> String { indices.contains(Int(place)) ? self[Int(place)] : "" }
}

/// Times formatted for people.
enum Clock {
    /// "12.40 s", "1:02.40".
    static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e9 else { return "?" }
        let hundredths = Int((abs(seconds) * 100).rounded())
        let sign = seconds < 0 ? "-" : ""
        let fraction = hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)"
        let whole = hundredths / 100
        if whole < 60 { return "\(sign)\(whole).\(fraction) s" }
        return "\(sign)\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60).\(fraction)"
    }

    static func span(_ start: Double, _ end: Double) -> String { "(\(time(start)) to \(time(end)))" }
}
