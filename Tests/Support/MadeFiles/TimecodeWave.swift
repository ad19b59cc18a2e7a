import Foundation

/// Linear timecode (SMPTE ST 12-1) as a recorder would write it.
public enum TimecodeWave {
    /// Frames of code in biphase mark, from a time in seconds on, as a band-limited wave at 16 kHz.
    public static func samples(
        hours: Int = 10, minutes: Int = 0, seconds: Int, frame: Int, count: Int, rate: Double, drop: Bool = false,
        from start: Double = 0.25, level: Float = 0.3, noise: Float = 0, length: Double? = nil
    ) -> [Float] {
        let nominal = Int(rate.rounded())
        var edges: [Double] = []
        var (h, m, s, f) = (hours, minutes, seconds, frame)
        let bit = 1 / rate / 80
        var time = start
        for _ in 0..<count {
            var bits = [Bool](repeating: false, count: 80)
            func put(_ value: Int, _ first: Int, _ size: Int) {
                for place in 0..<size { bits[first + place] = value >> place & 1 == 1 }
            }
            put(f % 10, 0, 4)
            put(f / 10, 8, 2)
            bits[10] = drop
            put(s % 10, 16, 4)
            put(s / 10, 24, 3)
            put(m % 10, 32, 4)
            put(m / 10, 40, 3)
            put(h % 10, 48, 4)
            put(h / 10, 56, 2)
            for (place, one) in "0011111111111101".enumerated() { bits[64 + place] = one == "1" }
            for value in bits {
                edges.append(time)
                if value { edges.append(time + bit / 2) }
                time += bit
            }
            f += 1
            if f == nominal {
                (f, s) = (0, s + 1)
                if s == 60 { (s, m) = (0, m + 1) }
                if drop, s == 0, m % 10 != 0 { f = nominal / 15 }
            }
        }
        edges.append(time)
        // Edges that rise within a tenth of a millisecond, as a recorder's filter leaves them.
        let total = Int((length ?? time + 0.3) * 16_000)
        var state: UInt64 = 4
        func uniform() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
        var (next, sign) = (0, Float(-1))
        return (0..<total).map { sample in
            let now = Double(sample) / 16_000
            while next < edges.count, edges[next] <= now {
                sign = -sign
                next += 1
            }
            guard now >= start, now <= time, next > 0 else { return 0 }
            let since = min(1, (now - edges[next - 1]) / 5e-5)
            let until = next < edges.count ? (edges[next] - now) / 5e-5 : 1
            let shape = Float(min(since, min(1, until)))
            return sign * level * shape + noise * (uniform() - 0.5)
        }
    }
}
