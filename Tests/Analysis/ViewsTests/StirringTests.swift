import SignalCore
import Testing

@testable import Views

@Suite("What moves is told from noise and from light")
struct StirringTests {
    private let width = 96, height = 72

    /// A room of soft structure with a bright square whose left edge stands at `left`.
    private func picture(
        left: Double?, noise: Float = 0, _ random: inout SplitMix64, light: (Int) -> Float = { _ in 1 }
    )
        -> LumaImage
    {
        var values = [Float](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                var value = 70 + 20 * Float((x / 9 + y / 7) % 3)
                if let left, (30..<42).contains(y) {
                    let covered = Float(max(0, min(1, Double(x + 1) - left) - max(0, Double(x) - left - 12)))
                    value += (180 - value) * max(0, min(1, covered))
                }
                value *= light(y)
                if noise > 0 {
                    value +=
                        noise
                        * Float(
                            (0..<4).reduce(0.0) { sum, _ in
                                sum + Double.random(in: -0.866...0.866, using: &random)
                            })
                }
                values[y * width + x] = max(0, min(255, value))
            }
        }
        return LumaImage(width: width, height: height, values: values)
    }

    private func sizes(_ count: Int, _ picture: (Int) -> LumaImage) -> [Float] {
        var stirring = Stirring()
        return (0..<count).compactMap { stirring.append(picture($0), seconds: Double($0) / 30)?.size }
    }

    @Test("noise alone, of 8 levels in a small picture, is nothing", arguments: [UInt64(1), 2, 3])
    func noise(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let sizes = sizes(90) { _ in picture(left: nil, noise: 8, &random) }
        #expect(sizes.count == 89)
        #expect(sizes.filter { $0 > 0 }.count <= 2)
    }

    @Test("light that changes as a whole is nothing, and a band of 4 % on a rolling shutter next to nothing")
    func light() {
        var random = SplitMix64(seed: 4)
        let whole = sizes(60) { frame in picture(left: 20, &random) { _ in 1 + 0.004 * Float(frame % 40) } }
        #expect(whole.filter { $0 > 0 }.count <= 2)
        let rows = sizes(60) { frame in picture(left: 20, &random) { y in (y + 13 * frame) % 40 < 20 ? 1 : 1.04 } }
        let slow = sizes(30) { picture(left: 10 + 0.8 * Double($0), &random) }
        let banded: Float = rows.reduce(0, +) / Float(rows.count)
        let moved: Float = slow.reduce(0, +) / Float(slow.count)
        #expect(banded < 0.05 * moved)
    }

    @Test("a square that moves twice as fast stirs twice as much, in noise too", arguments: [Float(0), 6])
    func speed(_ noise: Float) throws {
        var random = SplitMix64(seed: 5)
        func mean(_ step: Double) -> Float {
            let sizes = sizes(30) { picture(left: 10 + step * Double($0), noise: noise, &random) }.dropFirst(3)
            return sizes.reduce(0, +) / Float(sizes.count)
        }
        let (slow, fast) = (mean(0.8), mean(1.6))
        #expect(slow > 0)
        #expect(abs(fast / slow - 2) < 0.4)
    }
}
