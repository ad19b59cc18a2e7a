import Foundation
import SignalCore

@testable import Views

/// A scene of moving balls in a room, seen from anywhere: what two cameras share is only when things move.
struct MadeScene {
    private struct Ball {
        let home: (Double, Double, Double)
        let swings: [(axis: Int, hertz: Double, phase: Double, size: Double)]
        let radius: Double
    }

    private let balls: [Ball]
    private let pauses: [(start: Double, end: Double)]

    init(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        func random(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        balls = (0..<3).map { _ in
            Ball(
                home: (random(-1...1), random(-1...1), random(-1...1)),
                swings: (0..<6).map { _ in
                    (Int(random(0...2.999)), random(0.15...1.4), random(0...6.28), random(0.1...0.5))
                },
                radius: random(0.25...0.5))
        }
        var time = 0.0
        var pauses: [(Double, Double)] = []
        while time < 60 {
            time += random(1...3)
            let length = random(0.3...1.2)
            pauses.append((time, time + length))
            time += length
        }
        self.pauses = pauses
    }

    /// How far the scene has got: it stands still in pauses, so that its rhythm is its own.
    private func progress(_ time: Double) -> Double {
        time - pauses.reduce(0) { $0 + max(0, min(time, $1.end) - $1.start) }
    }

    /// What a camera sees that looks at the room from a side, in radians about the vertical.
    func picture(at time: Double, from angle: Double, width: Int = 40, height: Int = 30, light: Float = 0) -> LumaImage
    {
        let now = progress(time)
        var values = (0..<width * height).map {
            Float(90 + 20 * sin(Double($0 % width) * 0.9) + 15 * cos(Double($0 / width) * 1.1)) + light
        }
        for (index, ball) in balls.enumerated() {
            var place = [ball.home.0, ball.home.1, ball.home.2]
            for swing in ball.swings {
                place[swing.axis] += swing.size * sin(2 * .pi * swing.hertz * now + swing.phase)
            }
            let x = place[0] * cos(angle) + place[2] * sin(angle)
            let depth = 5 - place[0] * sin(angle) + place[2] * cos(angle)
            let scale = Double(height) * 1.4 / depth
            let (cx, cy, r) = (
                Double(width) / 2 + x * scale, Double(height) / 2 - place[1] * scale, ball.radius * scale
            )
            for row in max(0, Int(cy - r - 1))..<max(0, min(height, Int(cy + r + 2))) {
                for column in max(0, Int(cx - r - 1))..<max(0, min(width, Int(cx + r + 2))) {
                    let inside = min(1, max(0, r - hypot(Double(column) - cx, Double(row) - cy) + 0.5))
                    let shade = Float(150 + 30 * index) + 20 * Float(sin(Double(column) - cx))
                    values[row * width + column] += Float(inside) * (shade + light - values[row * width + column])
                }
            }
        }
        return LumaImage(width: width, height: height, values: values.map { min(255, max(0, $0)) })
    }

    /// A camera's signal from `start` on: its own times begin at 0.
    func signal(from angle: Double, start: Double, seconds: Double, rate: Double, light: (Double) -> Float = { _ in 0 })
        -> PictureSignal
    {
        var builder = PictureSignalBuilder()
        for frame in 0..<Int(seconds * rate) {
            let time = Double(frame) / rate
            builder.append(picture(at: start + time, from: angle, light: light(start + time)), seconds: time)
        }
        guard let signal = builder.finish() else { preconditionFailure("there are frames") }
        return signal
    }
}
