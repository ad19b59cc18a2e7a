import Foundation
import Impacts
import Sensors
import SignalCore
import SyncModel

/// Long courses of motion and episodes of blows, made with known truth; nothing is rendered.
struct Signals {
    var random: SplitMix64

    mutating func next(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }

    mutating func normal() -> Double { (-2 * log(max(1e-12, next(0...1)))).squareRoot() * cos(2 * .pi * next(0...1)) }

    /// Bursts and rests of 20 to 60 minutes, seen at 24-50 frames a second and logged at 50 Hz; both with errors that
    /// last as long as motion does, as other viewing angles give them.
    static func drift(seed: UInt64) -> String {
        var made = Signals(random: SplitMix64(seed: seed))
        let seconds = made.next(1260...3600)
        let ppm = seed % 5 == 0 ? 0 : made.next(-200...200)
        let offset = made.next(-4...4)
        let step = 0.02
        let count = Int((seconds + 40) / step)
        func bursts(_ perSecond: Double) -> [Double] {
            var speed = [Double](repeating: 0.02, count: count)
            for _ in 0..<Int(seconds * perSecond) {
                let (moment, width, size) = (made.next(0...seconds + 40), made.next(0.08...0.5), made.next(0.3...1.3))
                for index in max(0, Int((moment - 3 * width) / step))..<min(count, Int((moment + 3 * width) / step)) {
                    speed[index] += size * exp(-0.5 * pow((Double(index) * step - moment) / width, 2))
                }
            }
            return speed
        }
        let common = bursts(0.8)
        let own = bursts(0.4)
        let other = bursts(0.4)
        func value(_ speed: [Double], _ time: Double) -> Double {
            let place = max(0, min(Double(count - 2), (time + 20) / step))
            let low = Int(place)
            return speed[low] + (place - Double(low)) * (speed[low + 1] - speed[low])
        }
        let rate = [24.0, 25, 30, 50][Int(made.next(0...3.999))]
        let seen = (0..<Int(seconds * rate)).map { Double($0) / rate }
        let picture = MotionSignal(
            kind: .speed, source: "picture", times: seen,
            values: seen.map { (value(common, $0) + value(own, $0)) * made.next(0.5...1.5) })
        let stamps = (0..<Int((seconds - 10) * 50)).map { Double($0) / 50 }
        let told = stamps.map { stamp in
            let time = stamp + offset + ppm * 1e-6 * stamp
            return (value(common, time) + value(other, time)) * made.next(0.7...1.3)
        }
        let match = MotionMatch(
            picture: picture, log: MotionSignal(kind: .speed, source: "speed", times: stamps, values: told),
            frameSeconds: 1 / rate)
        let drift = match?.drift
        let interval = drift?.interval
        return [
            "\(seed)", text(seconds, 0), text(ppm, 1), drift.map { text($0.ppm, 1) } ?? "",
            interval.map { text($0.lowerBound, 1) } ?? "", interval.map { text($0.upperBound, 1) } ?? "",
            interval.map { "\($0.contains(ppm))" } ?? "", match.map { text(($0.offset - offset) * 1000, 1) } ?? "",
            match.map { text($0.error * 1000, 1) } ?? "",
            "\(match?.isAnswered ?? false)",
        ].joined(separator: ",")
    }

    /// A minute of work with blows: a force or an acceleration at 100-500 Hz, and sound in which most blows are heard
    /// among other noises.
    static func impacts(seed: UInt64, isRelated: Bool) -> String {
        var made = Signals(random: SplitMix64(seed: seed))
        let seconds = 60.0
        let offset = made.next(-5...5)
        let count = Int(made.next(6...25))
        let hits = (0..<count).map { _ in made.next(2...58) }.sorted()
        let foreign = (0..<count).map { _ in made.next(2...58) }
        let heard =
            hits.filter { _ in made.next(0...1) < 0.85 } + (0..<Int(made.next(0...6))).map { _ in made.next(0...60) }
        var sound = (0..<Int(seconds * 16_000)).map { _ in Float(0.003 * made.normal()) }
        for moment in heard {
            let (size, length) = (made.next(0.1...0.6), made.next(0.01...0.05))
            for index in 0..<Int(6 * length * 16_000) where Int(moment * 16_000) + index < sound.count {
                sound[Int(moment * 16_000) + index] += Float(
                    size * made.normal() * exp(-Double(index) / 16_000 / length))
            }
        }
        var builder = OnsetBuilder()
        builder.append(start: 0, channels: [sound])
        let events = builder.finish()
        let rate = [100.0, 125, 200, 500][Int(made.next(0...3.999))]
        let felt = (isRelated ? hits : foreign).filter { _ in made.next(0...1) < 0.9 }
        let blows = felt.map { ($0, made.next(8...40), made.next(0.015...0.05), made.next(60...300)) }
        let times = (0..<Int(seconds * rate)).map { Double($0) / rate }
        let values = times.map { stamp -> Double in
            let time = stamp + offset
            return 3 * sin(time * 0.7) + sin(time * 2.3) + 0.1 * made.normal()
                + blows.reduce(0) {
                    time >= $1.0 && time < $1.0 + 0.5
                        ? $0 + $1.1 * exp(-(time - $1.0) / $1.2) * cos($1.3 * (time - $1.0)) : $0
                }
        }
        let match = JoltEvents([values], times: times).flatMap {
            JoltMatch(jolts: $0, sounds: events.events, heardFrom: events.start, heardTo: events.end)
        }
        return [
            "\(seed)", isRelated ? "related" : "unrelated", text(rate, 0), "\(felt.count)", "\(heard.count)",
            match.map { "\($0.match.pairs)" } ?? "", match.map { text($0.match.chance, 6) } ?? "",
            match.map { text(($0.offset - offset) * 1000, 2) } ?? "", match.map { text($0.error * 1000, 2) } ?? "",
            "\(match?.isAnswered ?? false)",
        ].joined(separator: ",")
    }
}

func text(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
