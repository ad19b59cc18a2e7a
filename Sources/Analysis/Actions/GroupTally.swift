import SyncModel

/// Differences of boundaries by session, class, view and annotator. A view's own differences have the sign as if it
/// were the subject.
struct GroupTally {
    private var sessions: [(String, BoundaryFigures)] = []
    private var current: (name: String, sample: BoundarySample)?
    private var classes: [Symbol: BoundarySample] = [:]
    private var views: [String: BoundarySample] = [:]
    private var annotators: [String: BoundarySample] = [:]

    mutating func add(
        _ milliseconds: Double, _ isOver: Bool, label: Symbol, reference: LabelTrack, subject: LabelTrack,
        session: String
    ) {
        if current?.name != session {
            closeSession()
            current = (session, BoundarySample())
        }
        current?.sample.add(milliseconds: milliseconds, isOver: isOver)
        classes[label, default: BoundarySample()].add(milliseconds: milliseconds, isOver: isOver)
        if reference.annotator == subject.annotator {
            views[subject.view, default: BoundarySample()].add(milliseconds: milliseconds, isOver: isOver)
            views[reference.view, default: BoundarySample()].add(milliseconds: -milliseconds, isOver: isOver)
        } else {
            annotators[subject.annotator, default: BoundarySample()].add(milliseconds: milliseconds, isOver: isOver)
            annotators[reference.annotator, default: BoundarySample()].add(milliseconds: -milliseconds, isOver: isOver)
        }
    }

    private mutating func closeSession() {
        if let current { sessions.append((current.name, current.sample.figures)) }
        current = nil
    }

    /// By attribute, those with the largest share over tolerance first.
    mutating func groups(_ symbols: SymbolTable) -> [ActionsReport.Group] {
        closeSession()
        func sorted(_ attribute: String, _ rows: [(String, BoundaryFigures)]) -> [ActionsReport.Group] {
            rows.map { ActionsReport.Group(attribute: attribute, value: $0.0, figures: $0.1) }.sorted { left, right in
                let (one, other) = (left.figures, right.figures)
                let (a, b) = (
                    Double(one.over) / Double(max(1, one.count)), Double(other.over) / Double(max(1, other.count))
                )
                return a != b ? a > b : left.value < right.value
            }
        }
        return sorted("class", classes.map { (symbols[$0.key], $0.value.figures) })
            + sorted("view", views.map { ($0.key, $0.value.figures) })
            + sorted("annotator", annotators.map { ($0.key, $0.value.figures) }) + sorted("session", sessions)
    }
}
