/// How segments of a reference and of a subject match; indices into their lists.
enum MatchStep: Sendable, Hashable {
    /// One action on either side.
    case same(reference: Int, subject: Int)
    /// The same segment of time under two names.
    case renamed(reference: Int, subject: Int)
    /// The subject lacks it.
    case missing(reference: Int)
    /// The reference lacks it.
    case extra(subject: Int)
    /// One action of the reference is several of the subject.
    case split(reference: Int, subject: Range<Int>)
    /// Several actions of the reference are one of the subject.
    case merged(reference: Range<Int>, subject: Int)
    /// The same action at another position in the order.
    case moved(reference: Int, subject: Int)
    /// Two segments whose names are exchanged: indices of the reference, then those of the subject.
    case swapped(reference: Pair, subject: Pair)

    struct Pair: Sendable, Hashable {
        let first: Int
        let second: Int
    }
}
