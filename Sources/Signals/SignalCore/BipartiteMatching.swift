/// Maximum matching between two sides, each member in at most one pair (Hopcroft & Karp 1973).
///
/// Deterministic: by the order in which edges were added, the same one of several maximum matchings is always found.
public struct BipartiteMatching {
    private var lefts: [Int] = []
    private var neighbours: [Int: [Int]] = [:]

    public init() {}

    /// Adds an edge; edges of a left member keep their order, and left members that of their first edges.
    public mutating func add(left: Int, right: Int) {
        if neighbours[left] == nil { lefts.append(left) }
        neighbours[left, default: []].append(right)
    }

    /// The left member by right member.
    public func matching() -> [Int: Int] {
        var matching: [Int: Int] = [:]
        for left in lefts {
            if let free = neighbours[left]?.first(where: { matching[$0] == nil }) { matching[free] = left }
        }
        while augment(&matching) {}
        return matching
    }

    /// Augments the matching along shortest paths; false: none is left.
    private func augment(_ matching: inout [Int: Int]) -> Bool {
        let matched = Set(matching.values)
        // The right member before a left one on its path; nil: the path starts there.
        var before: [Int: Int?] = [:]
        var layer = lefts.filter { !matched.contains($0) }
        for left in layer { before[left] = .some(nil) }
        var reached: [Int: [Int]] = [:]
        var ends: [Int] = []
        while !layer.isEmpty, ends.isEmpty {
            var order: [Int] = []
            var next: [Int: [Int]] = [:]
            for left in layer {
                for right in neighbours[left] ?? [] where reached[right] == nil {
                    if next[right] == nil { order.append(right) }
                    next[right, default: []].append(left)
                }
            }
            layer = []
            for right in order {
                reached[right] = next[right]
                if let left = matching[right] {
                    layer.append(left)
                    before[left] = right
                } else {
                    ends.append(right)
                }
            }
        }
        guard !ends.isEmpty else { return false }
        func follow(_ right: Int) -> Bool {
            guard let sources = reached.removeValue(forKey: right) else { return false }
            for left in sources {
                guard let previous = before.removeValue(forKey: left) else { continue }
                if previous.map(follow) ?? true {
                    matching[right] = left
                    return true
                }
            }
            return false
        }
        for right in ends { _ = follow(right) }
        return true
    }
}
