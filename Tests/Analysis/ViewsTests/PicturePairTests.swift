import Foundation
import SyncModel
import Testing

@testable import Views

@Suite("Two pictures of one scene")
struct PicturePairTests {
    @Test("cameras at an angle are placed within a frame, at different frame rates")
    func offset() throws {
        let scene = MadeScene(seed: 4)
        let a = scene.signal(from: 0, start: 2, seconds: 10, rate: 15)
        let b = scene.signal(from: 0.9, start: 3.4, seconds: 10, rate: 12)
        let result = PicturePair().measure(reference: a, subject: b)
        let fit = try #require(result.fit)
        #expect(result.isAnswered, "\(result.because)")
        #expect(abs(fit.offset - 1.4) < 1.0 / 12)
        let back = try #require(PicturePair().measure(reference: b, subject: a).fit)
        #expect(abs(fit.offset + back.offset) < 0.02)
    }

    @Test("other scenes get no offset but by rare chance, and are told what would help")
    func unrelated() {
        let a = MadeScene(seed: 4).signal(from: 0, start: 2, seconds: 8, rate: 12)
        let results = (UInt64(31)...38).map { seed in
            PicturePair().measure(
                reference: a, subject: MadeScene(seed: seed).signal(from: 0.5, start: 3, seconds: 8, rate: 12))
        }
        #expect(results.filter(\.isAnswered).count <= 2)
        for result in results where !result.isAnswered {
            #expect(result.because.contains { $0.description.contains("would help") })
        }
    }

    @Test("a still picture has nothing to be compared by")
    func still() {
        var builder = PictureSignalBuilder()
        let scene = MadeScene(seed: 4)
        for frame in 0..<40 { builder.append(scene.picture(at: 1, from: 0), seconds: Double(frame) * 0.5) }
        let moving = scene.signal(from: 0, start: 0, seconds: 4, rate: 10)
        guard let still = builder.finish() else { return }
        let result = PicturePair().measure(reference: moving, subject: still)
        #expect(!result.isAnswered)
        #expect(result.because.first?.description.contains("hardly anything moves") == true)
    }

    @Test("frames that repeat the one before are left out and counted")
    func duplicates() throws {
        let scene = MadeScene(seed: 4)
        var builder = PictureSignalBuilder()
        for frame in 0..<40 {
            // Every second frame is the one before again, as a doubled frame rate has it.
            builder.append(scene.picture(at: Double(frame / 2) / 10, from: 0), seconds: Double(frame) / 20)
        }
        let signal = try #require(builder.finish())
        #expect(signal.duplicates == 20)
        #expect(signal.times.count == 20)
    }

    @Test("switched lights and flashes that both see place them, though they see nothing else alike")
    func flashes() throws {
        let moments = [3.1, 3.25, 5.0, 7.4, 7.55, 9.9]
        let light: (Double) -> Float = { time in moments.contains { time >= $0 && time < $0 + 0.1 } ? 60 : 0 }
        let a = MadeScene(seed: 4).signal(from: 0, start: 2, seconds: 9, rate: 20, light: light)
        let b = MadeScene(seed: 77).signal(from: 1, start: 2.6, seconds: 9, rate: 20, light: light)
        let result = PicturePair().measure(reference: a, subject: b)
        #expect(result.isAnswered, "\(result.because)")
        #expect(abs((result.fit?.offset ?? 9) - 0.6) < 0.05)
    }

    @Test("the flow of a picture that moves by a known step is that step")
    func flow() {
        func image(_ shift: Double) -> LumaImage {
            LumaImage(
                width: 40, height: 30,
                values: (0..<1200).map { place in
                    let (x, y) = (Double(place % 40) - shift, Double(place / 40))
                    return Float(120 + 50 * sin(x * 0.5) + 40 * cos(y * 0.45 + x * 0.2))
                })
        }
        let pyramids = [image(0), image(1.5)].map { [$0, $0.halved, $0.halved.halved] }
        let field = FlowField(from: pyramids[0], to: pyramids[1])
        #expect(abs(FlowField.median(field.x) - 1.5) < 0.2)
        #expect(abs(FlowField.median(field.y)) < 0.1)
    }

    @Test("a box average equals the naive mean over what lies inside")
    func boxed() {
        let values = (0..<35).map { Float(($0 * 7919) % 101) }
        let fast = LumaImage.boxed(values, width: 7, height: 5, reach: 2)
        for row in 0..<5 {
            for column in 0..<7 {
                let rows = max(0, row - 2)...min(4, row + 2)
                let columns = max(0, column - 2)...min(6, column + 2)
                let sum = rows.reduce(Float(0)) { total, y in
                    total + columns.reduce(Float(0)) { $0 + values[y * 7 + $1] }
                }
                #expect(abs(fast[row * 7 + column] - sum / Float(rows.count * columns.count)) < 1e-3)
            }
        }
    }
}
