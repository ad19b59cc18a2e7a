import Checks
import Foundation
import Sensors
import SignalCore
import Testing
import Views

/// A camera that turns in front of a wall of hills and valleys, with a gyroscope on it that counts its axes in another
/// order and with other signs. What it sees is computed from where it looks.
@Suite("A gyroscope on a camera is found in how all of the picture moves")
struct CameraTurningTests {
    /// Angles as sums of swings of random speed, begun and ended: pan, tilt, roll in radians.
    struct Turning {
        let swings: [(axis: Int, moment: Double, width: Double, size: Double)]

        init(seed: UInt64, seconds: Double) {
            var random = SplitMix64(seed: seed)
            func next(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
            swings = (0..<Int(seconds * 1.5)).map { _ in
                (Int(next(0...2.999)), next(0...seconds), next(0.08...0.3), next(-0.12...0.12))
            }
        }

        func angle(_ axis: Int, _ time: Double) -> Double {
            swings.reduce(0) { $1.axis == axis ? $0 + $1.size * (1 + erf((time - $1.moment) / $1.width)) : $0 }
        }

        func rate(_ axis: Int, _ time: Double) -> Double {
            (angle(axis, time + 0.002) - angle(axis, time - 0.002)) / 0.004
        }
    }

    static let (width, height) = (48, 36)

    private func picture(_ turning: Turning, _ time: Double) -> LumaImage {
        let (pan, tilt, roll) = (turning.angle(0, time), turning.angle(1, time), turning.angle(2, time))
        let (c, s, focal) = (cos(roll), sin(roll), 42.0)
        let values = (0..<Self.width * Self.height).map { place -> Float in
            let (x, y) = (Double(place % Self.width) - 23.5, Double(place / Self.width) - 17.5)
            let (u, v) = (c * x - s * y + focal * pan, s * x + c * y + focal * tilt)
            return Float(
                125 + 30 * sin(0.31 * u + 0.7 * sin(0.13 * v)) + 30 * cos(0.37 * v - 0.9 * cos(0.11 * u)) + 20
                    * sin(0.21 * u + 0.27 * v))
        }
        return LumaImage(width: Self.width, height: Self.height, values: values)
    }

    private func seen(_ turning: Turning, seconds: Double, rate: Double = 25) throws -> SeenMotion {
        var builder = PictureSignalBuilder()
        for frame in 0..<Int(seconds * rate) {
            let time = Double(frame) / rate
            builder.append(picture(turning, time), seconds: time)
        }
        return SeenMotion(try #require(builder.finish()))
    }

    private func log(_ turning: Turning, from: Double, seconds: Double, seed: UInt64) -> LogMotion {
        var random = SplitMix64(seed: seed)
        let times = (0..<Int(seconds * 200)).map { Double($0) / 200 }
        let components = [(2, 1.0), (0, -1.0), (1, 1.0)].map { axis, sign in
            times.map { sign * turning.rate(axis, $0 + from) + Double.random(in: -0.03...0.03, using: &random) }
        }
        let course = TurningCourse(source: "gyroscope", times: times, components: components)
        return LogMotion(courses: [course.speed()], turning: course)
    }

    @Test("its offset, whatever its axes, to some milliseconds")
    func found() throws {
        let turning = Turning(seed: 3, seconds: 34)
        let seen = try seen(turning, seconds: 30)
        let match = try #require(SensorAnalyser().match(seen, log(turning, from: 2.371, seconds: 30, seed: 5)))
        #expect(match.isAnswered, "\(match.reasons)")
        #expect(abs(match.offset - 2.371) < 0.01)
        #expect(match.source == "gyroscope")
        let other = SensorAnalyser().match(seen, log(Turning(seed: 8, seconds: 34), from: 2, seconds: 30, seed: 5))
        #expect(other?.isAnswered != true)
    }

    @Test("what all of the picture does, in pixels and radians a second")
    func whole() throws {
        var builder = PictureSignalBuilder()
        let turning = Turning(seed: 0, seconds: 0)
        let wall = picture(turning, 0)
        builder.append(wall, seconds: 0)
        // The wall half a pixel further to the right.
        builder.append(
            LumaImage(
                width: wall.width, height: wall.height,
                values: wall.values.indices.map { place in
                    place % wall.width == 0 ? wall.values[place] : 0.5 * (wall.values[place] + wall.values[place - 1])
                }), seconds: 0.04)
        let moved = try #require(builder.finish()?.wholeMotion.first)
        #expect(abs(moved.right - 0.5 / 0.04) < 2)
        #expect(abs(moved.down) < 1.5)
        #expect(abs(moved.clockwise) < 0.05)
    }
}
