import Testing

@testable import SyncModel

@Suite("Figures")
struct FiguresTests {
    @Test("a median is the number that sorting would put in the middle, however they come", arguments: 1...60)
    func median(_ count: Int) {
        var generator = SystemRandomNumberGenerator()
        let any = (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
        let few = (0..<count).map { _ in Double(Int.random(in: 0...3, using: &generator)) }
        let rising = (0..<count).map(Double.init)
        for numbers in [any, few, rising, rising.reversed(), [Double](repeating: 7, count: count)] {
            #expect(Figures.median(numbers) == numbers.sorted()[count / 2])
        }
    }

    @Test("of nothing there is no median")
    func nothing() { #expect(Figures.median([Double]()).isNaN) }
}
