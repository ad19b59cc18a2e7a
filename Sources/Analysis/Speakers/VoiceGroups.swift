/// Prints assigned to names, with the mean print of each name.
struct VoiceGroups {
    /// By print, its name.
    private(set) var laid: [Int]
    private let prints: [[Float]]
    private let weights: [Double]
    private var sums: [Int: [Double]] = [:]
    private var squares: [Int: Double] = [:]
    private var counts: [Int: Int] = [:]

    /// - Parameter prints: of length 1.
    init(_ prints: [[Float]], _ weights: [Double], _ names: [Int], _ all: [Int]) {
        (self.prints, self.weights, laid) = (prints, weights, names)
        for name in all {
            var sum = [Double](repeating: 0, count: prints.first?.count ?? 0)
            for index in names.indices where names[index] == name {
                VoiceGroups.add(prints[index], weights[index], to: &sum)
            }
            counts[name] = names.count { $0 == name }
            set(name, sum)
        }
    }

    private mutating func set(_ name: Int, _ sum: [Double]) {
        sums[name] = sum
        squares[name] = sum.reduce(0) { $0 + $1 * $1 }
    }

    private static func add(_ print: [Float], _ weight: Double, to sum: inout [Double]) {
        for place in sum.indices { sum[place] += weight * Double(print[place]) }
    }

    /// The inner product of a print with the mean of a name's other prints, of length 1; nil: it has none.
    func nearness(of index: Int, to name: Int) -> Double? {
        guard let sum = sums[name], let square = squares[name] else { return nil }
        let isOwn = laid[index] == name
        guard (counts[name] ?? 0) > (isOwn ? 1 : 0) else { return nil }
        var product = 0.0
        for (place, value) in prints[index].enumerated() { product += Double(value) * sum[place] }
        let weight = isOwn ? weights[index] : 0
        let length = (square - 2 * weight * product + weight * weight).squareRoot()
        return length > 1e-9 ? (product - weight) / length : nil
    }

    func nearness(between one: Int, and other: Int) -> Double? {
        guard let first = sums[one], let second = sums[other], let square = squares[one], let square2 = squares[other],
            square * square2 > 0
        else { return nil }
        return zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / (square * square2).squareRoot()
    }

    mutating func lay(_ index: Int, to name: Int) {
        let old = laid[index]
        var (from, to) = (sums[old] ?? [], sums[name] ?? [])
        VoiceGroups.add(prints[index], -weights[index], to: &from)
        VoiceGroups.add(prints[index], weights[index], to: &to)
        set(old, from)
        set(name, to)
        counts[old, default: 0] -= 1
        counts[name, default: 0] += 1
        laid[index] = name
    }
}
