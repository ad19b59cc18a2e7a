import Foundation

@testable import Masters

/// A made programme: soft blobs that wander, with a cut to other blobs every few seconds; drawn at any moment.
struct MadeScene {
    private struct Blob {
        let x, y, speedX, speedY, size, level, phase: Double
    }

    private let shots: [(start: Double, blobs: [Blob])]
    /// Nothing moves before this moment, in seconds.
    var stillUntil = 0.0
    /// How many times more slowly than usual all goes on.
    var slowness = 1.0
    /// After so many seconds it begins anew; nil: never.
    var period: Double?

    init(seed: UInt64, seconds: Double) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / Double(1 << 53)
        }
        var shots: [(start: Double, blobs: [Blob])] = []
        var time = 0.0
        while time < seconds {
            let blobs = (0..<6).map { _ in
                Blob(
                    x: random() * 1.6 - 0.8, y: random() * 1.6 - 0.8, speedX: 1.5 + 4 * random(),
                    speedY: 1.5 + 4 * random(), size: 0.12 + 0.25 * random(), level: 160 * random() - 80,
                    phase: 6.28 * random())
            }
            shots.append((time, blobs))
            time += 3 + 5 * random()
        }
        self.shots = shots
    }

    /// The picture at a moment, boxes row by row.
    ///
    /// - Parameters:
    ///   - zoom: above 1 the rim is cropped away.
    ///   - noise: deviation of what a coder adds, in grey levels.
    func picture(at seconds: Double, zoom: Double = 1, mirrored: Bool = false, noise: Double = 0, logo: Bool = false)
        -> [Float]
    {
        var time = max(stillUntil, seconds) / slowness
        if let period { time = time.truncatingRemainder(dividingBy: period) }
        let shot = shots.last { $0.start <= time } ?? shots[0]
        let (columns, rows) = (FrameSequence.columns, FrameSequence.rows)
        var values = [Float](repeating: 0, count: columns * rows)
        var state = UInt64(bitPattern: Int64(seconds * 1e6)) &* 0x2545_F491_4F6C_DD1D | 1
        for row in 0..<rows {
            for column in 0..<columns {
                var x = ((Double(column) + 0.5) / Double(columns) * 2 - 1) / zoom
                let y = ((Double(row) + 0.5) / Double(rows) * 2 - 1) / zoom
                if mirrored { x = -x }
                var value = 120 + 20 * y
                for blob in shot.blobs {
                    let centreX = blob.x + 0.3 * sin(blob.speedX * time + blob.phase)
                    let centreY = blob.y + 0.3 * cos(blob.speedY * time + 2 * blob.phase)
                    let distance = (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)
                    value += blob.level * exp(-distance / (blob.size * blob.size))
                }
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                value += noise * (Double(state >> 11) / Double(1 << 53) - 0.5) * 3.4
                if logo, row < 4, column > columns - 8 { value = 240 }
                values[row * columns + column] = Float(value)
            }
        }
        return values
    }

    /// Frames at the given times, each showing the moment that `shows` says.
    static func course(_ times: [Double], draw: (Double) -> [Float], shows: (Double) -> Double = { $0 })
        -> FrameSequence?
    {
        var builder = FrameSequenceBuilder()
        for time in times { builder.append(draw(shows(time)), seconds: time) }
        return builder.finish()
    }

    static func times(_ seconds: Double, rate: Double) -> [Double] {
        (0..<Int(seconds * rate)).map { Double($0) / rate }
    }
}
