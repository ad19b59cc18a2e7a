import Foundation

/// A clip of visible and audible impacts, at exact times chosen by the seed.
struct ImpactClip: Codable, Equatable, Sendable {
    enum Scene: String, Codable, Sendable {
        /// A white frame for three frames with a beep, on whole frames, as in a test pattern.
        case flashAndBeep
        /// A ball that falls from various heights and bounces, with a sound for each bounce.
        case bouncingBall
        /// Two hands that meet, with a sound for each clap.
        case claps
    }

    var scene: Scene
    var soundMovedMilliseconds: Double
    var clock = FrameClock.pal
    var size = FrameSize(width: 480, height: 270)
    var seconds = 9.0
    var seed: UInt64
}

/// The content of an impact clip: times, frames and audio.
struct ImpactScene: Sendable {
    static let sampleRate = 48_000

    let clip: ImpactClip
    /// Times of the impacts in the video, in seconds.
    let times: [Double]
    private let wall: Picture
    /// Segments of the ball's flight: start time, height and upward speed at that time, in frame heights.
    private let flight: [(start: Double, height: Double, speed: Double)]

    /// Frame heights per second squared.
    private static let gravity = 5.0
    private static let floor = 0.9, radius = 0.08
    /// Time of the hands' approach, rest and retreat in seconds, and their distance at rest in frame heights.
    private static let hands = (close: 0.16, rest: 0.12, part: 0.4, apart: 0.28)

    init(_ clip: ImpactClip, using generator: inout some RandomNumberGenerator) {
        self.clip = clip
        var wall = Picture(width: clip.size.width, height: clip.size.height)
        for index in wall.pixels.indices {
            let level =
                70 + 40 * Float(index % clip.size.width) / Float(clip.size.width)
                + Float.random(in: -6...6, using: &generator)
            wall.pixels[index] = clip.scene == .flashAndBeep ? .zero : Picture.Colour(level, level, level * 0.9, 0)
        }
        self.wall = wall
        var flight: [(Double, Double, Double)] = []
        var times: [Double] = []
        var time = Double.random(in: 0.3...0.6, using: &generator)
        while time < clip.seconds - 0.6 {
            switch clip.scene {
            case .flashAndBeep:
                // On the grid of frames.
                let frame = clip.clock.frames(before: time)
                times.append(clip.clock.time(ofFrame: frame))
                time += Double.random(in: 0.7...1.5, using: &generator)
            case .claps:
                times.append(time)
                time += Double.random(in: 0.8...1.5, using: &generator)
            case .bouncingBall:
                var height = Double.random(in: 0.45...0.75, using: &generator)
                flight.append((time, height, 0))
                time += (2 * height / Self.gravity).squareRoot()
                for _ in 0..<2 {
                    times.append(time)
                    let speed =
                        (2 * Self.gravity * height).squareRoot() * Double.random(in: 0.7...0.8, using: &generator)
                    flight.append((time, 0, speed))
                    height = speed * speed / (2 * Self.gravity)
                    time += 2 * speed / Self.gravity
                }
                times.append(time)
                flight.append((time, 0, 0))
                time += Double.random(in: 0.3...0.6, using: &generator)
            }
        }
        self.times = times.filter { $0 < clip.seconds - 0.3 }
        self.flight = flight
    }

    /// The image at a time.
    func picture(at time: Double) -> Picture {
        var picture = wall
        let height = Double(clip.size.height)
        let middle = Double(clip.size.width) / 2
        switch clip.scene {
        case .flashAndBeep:
            let isLit = times.contains { time > $0 - 1e-6 && time < $0 + 2.5 / clip.clock.usualRate }
            if isLit { picture.pixels = Array(repeating: Picture.Colour(repeating: 235), count: picture.pixels.count) }
        case .bouncingBall:
            disc(at: (middle, (Self.floor - Self.radius - ballHeight(at: time)) * height), on: &picture)
        case .claps:
            let gap = (Self.radius + handGap(at: time)) * height
            disc(at: (middle - gap, height / 2), on: &picture)
            disc(at: (middle + gap, height / 2), on: &picture)
        }
        return picture
    }

    private func ballHeight(at time: Double) -> Double {
        guard let piece = flight.last(where: { $0.start <= time }) else { return flight.first?.height ?? 0 }
        guard piece.height > 0 || piece.speed > 0 else { return 0 }
        let passed = time - piece.start
        return max(0, piece.height + piece.speed * passed - Self.gravity * passed * passed / 2)
    }

    private func handGap(at time: Double) -> Double {
        let hands = Self.hands
        for clap in times {
            if time >= clap - hands.close, time < clap {
                return hands.apart * (1 - pow((time - clap + hands.close) / hands.close, 1.5))
            }
            if time >= clap, time < clap + hands.rest { return 0 }
            let back = (time - clap - hands.rest) / hands.part
            if back >= 0, back < 1 { return hands.apart * back * back * (3 - 2 * back) }
        }
        return hands.apart
    }

    /// A striped ball with a soft edge.
    private func disc(at centre: (x: Double, y: Double), on picture: inout Picture) {
        let radius = Self.radius * Double(clip.size.height)
        for row in max(0, Int(centre.y - radius - 1))...min(picture.height - 1, max(0, Int(centre.y + radius + 2))) {
            for column in max(
                0, Int(centre.x - radius - 1))...min(picture.width - 1, max(0, Int(centre.x + radius + 2)))
            {
                let (x, y) = (Double(column) - centre.x, Double(row) - centre.y)
                let share = Float(min(1, max(0, radius + 0.5 - (x * x + y * y).squareRoot())))
                guard share > 0 else { continue }
                let level = Float(190 + 35 * (sin((x + 0.6 * y) / radius * 6) > 0 ? 1.0 : -1.0))
                let index = row * picture.width + column
                picture.pixels[index] =
                    picture.pixels[index] * (1 - share) + Picture.Colour(level, level * 0.7, 60, 0) * share
            }
        }
    }

    /// The audio track: each impact on its sample, over faint room noise.
    func track(using generator: inout some RandomNumberGenerator) -> Sound {
        let rate = Double(Self.sampleRate)
        var samples = (0..<Int(clip.seconds * rate)).map { _ in Double.random(in: -0.0005...0.0005, using: &generator) }
        for time in times {
            let first = Int(((time + clip.soundMovedMilliseconds / 1000) * rate).rounded())
            for step in 0..<Int(0.15 * rate) where samples.indices.contains(first + step) {
                let passed = Double(step) / rate
                switch clip.scene {
                case .flashAndBeep: samples[first + step] += passed < 0.1 ? 0.5 * sin(2 * .pi * 1000 * passed) : 0
                case .claps:
                    samples[first + step] += 0.6 * Double.random(in: -1...1, using: &generator) * exp(-passed / 0.012)
                case .bouncingBall:
                    let knock = Double.random(in: -1...1, using: &generator) * exp(-passed / 0.005)
                    samples[first + step] += 0.4 * knock + 0.4 * sin(2 * .pi * 180 * passed) * exp(-passed / 0.04)
                }
            }
        }
        return Sound(sampleRate: Self.sampleRate, samples: samples.map { Int16(max(-1, min(1, $0)) * 32767) })
    }
}

extension FrameClock {
    /// Mean frame rate.
    var usualRate: Double {
        switch self {
        case .constant(let numerator, let denominator): Double(numerator) / Double(denominator)
        case .pattern(let intervals): 1000 * Double(intervals.count) / Double(max(1, intervals.reduce(0, +)))
        }
    }
}
