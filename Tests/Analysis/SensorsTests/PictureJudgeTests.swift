import Foundation
import SignalCore
import SyncModel
import Testing

@testable import Sensors

/// A bright bar that swings over a plain ground, 30 frames a second, and the speed of the joint that swings it.
@Suite("Pictures that repeat or stand still while the rows move are named")
struct PictureJudgeTests {
    /// Where the bar is at a time: it rests from 4 to 5 s.
    private static func place(_ time: Double) -> Double {
        48 + 30 * sin(1.7 * (time < 4 ? time : time < 5 ? 4 : time - 1))
    }

    private static func picture(at place: Double, noise: Float, _ random: inout SplitMix64) -> [Float] {
        (0..<96).flatMap { _ in
            (0..<96).map { x in
                let cover = Float(max(0, min(1, 12.5 - abs(Double(x) - place))))
                return 90 + 100 * cover + noise * (Float.random(in: -1...1, using: &random))
            }
        }
    }

    /// - Parameters:
    ///   - shown: the frame that is shown at a frame, of 300.
    ///   - noise: of each picture that is taken, in levels; a repeated one has that of the first.
    private func faults(
        noise: Float = 0, moves: Bool = true, logMoves: Bool = true, shown: (Int) -> Int
    ) -> [LogFault] {
        var changes = FrameChanges()
        var taken: [Int: [Float]] = [:]
        for frame in 0..<300 {
            let source = shown(frame)
            if taken[source] == nil {
                var random = SplitMix64(seed: UInt64(source))
                taken[source] = Self.picture(
                    at: moves ? Self.place(Double(source) / 30) : 30, noise: noise, &random)
            }
            changes.append(taken[source] ?? [], width: 96, seconds: Double(frame) / 30)
        }
        let times = (0..<300).map { Double($0) / 30 }
        let motion = MotionSignal(
            kind: .speed, source: "position", times: times,
            values: times.map { logMoves ? abs(Self.place($0 + 1 / 30) - Self.place($0)) : 0 })
        return PictureJudge(changes, motion: motion).faults(camera: "top")
    }

    @Test("pictures in order are in order, with noise and without, moving or at rest", arguments: [Float(0), 6])
    func right(noise: Float) {
        #expect(faults(noise: noise) { $0 } == [])
        #expect(faults(noise: noise, logMoves: false) { $0 } == [])
        #expect(faults(noise: noise, moves: false, logMoves: false) { $0 } == [])
    }

    @Test("an arm that is out of a noisy picture is no frozen camera")
    func outOfSight() {
        #expect(faults(noise: 6, moves: false) { $0 } == [])
    }

    @Test("keyframes that differ from the frames between them are no repeated frames")
    func keyframes() {
        // At rest, every second frame is encoded anew, and the one behind it is the same again.
        #expect(faults(noise: 3, moves: false) { $0 / 2 } == [])
    }

    @Test("a coder that skips what moves slowly, at every second frame, repeats nothing that moves fast")
    func skips() {
        // Slow: less than a pixel a frame.
        func isSlow(_ frame: Int) -> Bool {
            abs(Self.place(Double(frame + 1) / 30) - Self.place(Double(frame) / 30)) < 0.8
        }
        #expect(faults { isSlow($0) ? $0 / 2 * 2 : $0 } == [])
    }

    @Test("every frame twice, or every third one", arguments: [2, 3])
    func repeated(each: Int) throws {
        let found = faults(noise: 2) { each == 2 ? $0 / 2 * 2 : $0 - ($0 % 3 == 2 ? 1 : 0) }
        #expect(found.map(\.kind) == [.repeatedFrames])
        #expect(abs((found.first?.costMilliseconds ?? 0) - 1000.0 / 30) < 0.1)
        #expect(found.first?.sentence.contains("top") == true)
    }

    @Test("a frame or two that repeat are not told")
    func few() {
        #expect(faults { [40, 100].contains($0) ? $0 - 1 : $0 } == [])
    }

    @Test("a camera that stops at 6 s is named with where and what it costs", arguments: [Float(0), 6])
    func frozen(noise: Float) throws {
        let found = faults(noise: noise) { min($0, 180) }
        #expect(found.map(\.kind) == [.frozenPicture])
        let fault = try #require(found.first)
        #expect(abs((fault.row ?? 0) - 180) <= 8)
        #expect(abs((fault.costMilliseconds ?? 0) - 119_000 / 30) < 300)
        #expect(fault.sentence.contains("the camera froze"))
    }

    @Test("a picture that never changes is named with both that it may be, and not where the rows rest too")
    func never() {
        let found = faults { _ in 0 }
        #expect(found.map(\.kind) == [.frozenPicture])
        #expect(found.first?.sentence.contains("or what moves is out of its view") == true)
        #expect(faults(logMoves: false) { _ in 0 } == [])
    }
}
