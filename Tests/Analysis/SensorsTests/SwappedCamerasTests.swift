import Foundation
import RobotSets
import SignalCore
import SyncModel
import Testing

@testable import Sensors

@Suite("Cameras that changed places in an episode are named by what they show")
struct SwappedCamerasTests {
    private static let width = 24, height = 18

    /// A view: blocks of random grey.
    private static func view(_ seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed)
        let blocks = (0..<48).map { _ in Float.random(in: 40...210, using: &random) }
        return (0..<width * height).map { blocks[($0 / width / 3) * 8 + ($0 % width) / 3] }
    }

    /// A view in other light, with noise and something in front of it.
    private static func sight(_ view: [Float], _ random: inout SplitMix64) -> CameraSight {
        let light = Float.random(in: 0.7...1.1, using: &random)
        let tilt = Float.random(in: -0.02...0.02, using: &random)
        let (x0, y0) = (Int.random(in: 0..<16, using: &random), Int.random(in: 0..<12, using: &random))
        let values = view.indices.map { index -> UInt8 in
            let (x, y) = (index % width, index / width)
            let isArm = (x0..<x0 + 6).contains(x) && (y0..<y0 + 5).contains(y)
            let grey = isArm ? 30 : view[index] * light * (1 + tilt * Float(x - 12))
            return UInt8(max(0, min(255, grey + Float.random(in: -4...4, using: &random))))
        }
        return CameraSight(width: width, values: Data(values))
    }

    private func sights(
        _ count: Int, views: [String: (Int) -> UInt64], swapped: Set<Int> = [], seed: UInt64 = 9
    ) -> [Int: [String: CameraSight]] {
        var random = SplitMix64(seed: seed)
        var result: [Int: [String: CameraSight]] = [:]
        for episode in 0..<count {
            for name in views.keys.sorted() {
                let shown =
                    swapped.contains(episode) ? (name == "front" ? "side" : name == "side" ? "front" : name) : name
                guard let view = views[shown] else { continue }
                result[episode, default: [:]][name] = Self.sight(Self.view(view(episode)), &random)
            }
        }
        return result
    }

    @Test("swapped fixed cameras are named, and no others", arguments: 1...8)
    func swap(seed: Int) {
        let found = SwappedCameras(
            sights(60, views: ["front": { _ in 1 }, "side": { _ in 2 }], swapped: [3, 22, 41, 59], seed: UInt64(seed)))
        #expect(Set(found.faults.keys) == [3, 22, 41, 59])
        #expect(found.faults[3]?.kind == .swappedCameras)
        #expect(
            found.faults[3]?.sentence
                == "front shows what side shows, and side shows what front shows in the set's other episodes")
        #expect(found.common == nil)
    }

    @Test("a camera in the hand, which shows something else in every episode, is left in peace beside fixed ones")
    func wrist() {
        let views: [String: (Int) -> UInt64] = [
            "front": { _ in 1 }, "side": { _ in 2 }, "wrist": { 1000 + UInt64($0) },
        ]
        #expect(SwappedCameras(sights(60, views: views)).faults.isEmpty)
        #expect(Set(SwappedCameras(sights(60, views: views, swapped: [7])).faults.keys) == [7])
    }

    @Test("cameras that look alike, or stand elsewhere in every episode, say nothing")
    func nothing() {
        let alike = SwappedCameras(sights(60, views: ["front": { _ in 1 }, "side": { _ in 1 }], swapped: [5]))
        #expect(alike.faults.isEmpty)
        #expect(alike.common == nil)
        let moved = SwappedCameras(
            sights(60, views: ["front": { 10 + UInt64($0) }, "side": { 500 + UInt64($0) }], swapped: [5]))
        #expect(moved.faults.isEmpty)
        #expect(
            SwappedCameras(sights(4, views: ["front": { _ in 1 }, "side": { _ in 2 }], swapped: [1])).faults.isEmpty)
    }

    @Test("several places of work in one set are each their own measure")
    func sessions() {
        let views: [String: (Int) -> UInt64] = [
            "front": { $0 < 30 ? 1 : 11 }, "side": { $0 < 30 ? 2 : 12 },
        ]
        #expect(Set(SwappedCameras(sights(60, views: views, swapped: [4, 45])).faults.keys) == [4, 45])
    }

    @Test("where cameras change places in half of the episodes, no episode is accused, but the set is")
    func half() {
        let found = SwappedCameras(
            sights(60, views: ["front": { _ in 1 }, "side": { _ in 2 }], swapped: Set(stride(from: 0, to: 60, by: 2))))
        #expect(found.faults.isEmpty)
        #expect(found.common?.kind == .swappedCameras)
    }
}
