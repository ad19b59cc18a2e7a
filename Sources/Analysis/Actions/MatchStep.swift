/// How segments of a reference and of a subject belong together; places in their lists.
enum MatchStep: Sendable, Hashable {
    /// The same action, each once.
    case same(reference: Int, subject: Int)
    /// The same stretch of time under two names.
    case renamed(reference: Int, subject: Int)
    /// The subject lacks it.
    case missing(reference: Int)
    /// The reference lacks it.
    case extra(subject: Int)
    /// One action of the reference is several of the subject.
    case split(reference: Int, subject: Range<Int>)
    /// Several actions of the reference are one of the subject.
    case merged(reference: Range<Int>, subject: Int)
    /// The same action at another place in the order.
    case moved(reference: Int, subject: Int)
    /// Two stretches whose names are exchanged: places of the reference, then those of the subject.
    case swapped(reference: Pair, subject: Pair)

    struct Pair: Sendable, Hashable {
        let first: Int
        let second: Int
    }
}
