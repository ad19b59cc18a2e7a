import Foundation
import Impacts
import SignalCore
import SyncModel

/// Sound and pictures of impacts, made sample by sample and pixel by pixel.
enum Made {
    /// Times without a rhythm.
    static let times = [1.13, 2.02, 3.31, 4.05, 5.42]
    static let seconds = 6.5

    /// Claps at times, `late` seconds later than said, over noise of that level.
    static func claps(
        _ times: [Double] = times, late: Double = 0, noise: Float = 0.0005, gain: Float = 0.5, seed: UInt64 = 7
    ) -> AudioOnsets {
        var generator = SplitMix64(seed: seed)
        func random() -> Float { Float(generator.index(below: 20_001)) / 10_000 - 1 }
        var samples = (0..<Int(seconds * 16_000)).map { _ in noise * random() }
        for time in times {
            let first = Int(((time + late) * 16_000).rounded())
            for step in 0..<1600 where samples.indices.contains(first + step) {
                samples[first + step] += gain * random() * Float(exp(-Double(step) / 190))
            }
        }
        return heard(samples)
    }

    static func heard(_ samples: [Float]) -> AudioOnsets {
        var builder = OnsetBuilder()
        // In pieces of odd length, as decoders hand them out.
        for start in stride(from: 0, to: samples.count, by: 1117) {
            builder.append(start: start, channels: [Array(samples[start..<min(samples.count, start + 1117)])])
        }
        return builder.finish()
    }

    /// Two discs that meet at the times and part slowly, seen at a frame rate, over a faintly textured wall.
    static func hands(_ times: [Double] = times, rate: Double = 25, seed: UInt64 = 3) -> VisualOnsets {
        seen(rate: rate, seed: seed) { time, pixels in
            var gap = 18.0
            for clap in times {
                if time >= clap - 0.2, time < clap { gap = 18 * (1 - pow((time - clap + 0.2) / 0.2, 1.5)) }
                if time >= clap, time < clap + 0.12 { gap = 0 }
                let back = (time - clap - 0.12) / 0.4
                if back >= 0, back < 1 { gap = 18 * back * back * (3 - 2 * back) }
            }
            disc(40 - 5 - gap, 40, &pixels)
            disc(40 + 5 + gap, 40, &pixels)
        }
    }

    /// A ball that is dropped so as to hit the floor at the times, bounces once to a quarter of its height and is
    /// caught.
    static func ball(_ times: [Double] = times, rate: Double = 25, seed: UInt64 = 4) -> VisualOnsets {
        seen(rate: rate, seed: seed) { time, pixels in
            var height = 40.0
            for hit in times where time >= hit - 0.45 && time < hit + 0.4 {
                let passed = time - hit
                // Falls 40 pixels in 0.45 s; leaves at half its speed.
                let gravity = 2 * 40 / (0.45 * 0.45)
                height =
                    passed < 0
                    ? 40 - gravity * (passed + 0.45) * (passed + 0.45) / 2
                    : max(0, gravity * 0.45 / 2 * passed - gravity * passed * passed / 2)
            }
            disc(40, 70 - height, &pixels)
        }
    }

    /// White pictures for three frames at the frame that each time belongs to.
    static func flashes(_ times: [Double] = times, rate: Double = 25, seed: UInt64 = 5) -> VisualOnsets {
        seen(rate: rate, seed: seed) { time, pixels in
            let isLit = times.contains { onFrame($0, rate) <= time + 1e-6 && time < onFrame($0, rate) + 2.5 / rate }
            if isLit { for index in pixels.indices { pixels[index] = 230 } }
        }
    }

    static func onFrame(_ time: Double, _ rate: Double) -> Double { (time * rate).rounded() / rate }

    static func seen(rate: Double, seed: UInt64, draw: (Double, inout [Float]) -> Void) -> VisualOnsets {
        var generator = SplitMix64(seed: seed)
        let wall = (0..<Thumbnail.side * Thumbnail.side).map { _ in 90 + Float(generator.index(below: 13)) }
        var builder = VisualOnsetBuilder()
        for index in 0..<Int(seconds * rate) {
            var pixels = wall
            draw(Double(index) / rate, &pixels)
            for place in pixels.indices { pixels[place] += Float(generator.index(below: 3)) - 1 }
            builder.append(
                Thumbnail(
                    pixels: pixels, rows: 0..<Thumbnail.side, columns: 0..<Thumbnail.side, seconds: Double(index) / rate
                ))
        }
        return builder.finish()
    }

    private static func disc(_ x: Double, _ y: Double, _ pixels: inout [Float]) {
        for row in 0..<Thumbnail.side {
            for column in 0..<Thumbnail.side {
                let (dx, dy) = (Double(column) - x, Double(row) - y)
                let share = Float(min(1, max(0, 5.5 - (dx * dx + dy * dy).squareRoot())))
                guard share > 0 else { continue }
                let level: Float = sin(1.4 * dx + 0.9 * dy) > 0 ? 220 : 150
                let index = row * Thumbnail.side + column
                pixels[index] = pixels[index] * (1 - share) + level * share
            }
        }
    }
}
