import SyncModel

/// One channel's levels, silences and flat peaks, accumulated sample by sample.
struct ChannelEar: Sendable {
    private let rate: Double
    private var gaps = GapEar()
    private var tops: TopEar
    /// Sum of squares and count of the current millisecond.
    private var sum = 0.0
    private var count = 0
    private var samples: Int

    init(rate: Int, after old: ChannelEar?) {
        self.rate = Double(rate)
        samples = max(1, rate / 1000)
        if let old { gaps = old.gaps }
        tops = TopEar(rate: rate, after: old?.tops)
    }

    mutating func append(_ values: [Float], at seconds: Double) {
        values.withUnsafeBufferPointer { values in
            var index = 0
            while index < values.count {
                let take = min(samples - count, values.count - index)
                sum += Double(Self.power(UnsafeBufferPointer(rebasing: values[index..<index + take])))
                count += take
                index += take
                if count == samples {
                    let end = seconds + Double(index) / rate
                    gaps.append(sum / Double(count), from: end - Double(samples) / rate)
                    (sum, count) = (0, 0)
                }
            }
            tops.append(values, at: seconds)
        }
    }

    /// Sum of squares, eight at a time.
    private static func power(_ values: UnsafeBufferPointer<Float>) -> Float {
        let bytes = UnsafeRawBufferPointer(values)
        let whole = values.count & ~7
        var sums = SIMD8<Float>(repeating: 0)
        for place in stride(from: 0, to: whole, by: 8) {
            let eight = bytes.loadUnaligned(fromByteOffset: 4 * place, as: SIMD8<Float>.self)
            sums += eight * eight
        }
        return values[whole...].reduce(sums.sum()) { $0 + $1 * $1 }
    }

    var drops: [TimeSpan] { gaps.drops }
    var clips: [TimeSpan] { tops.clips }
}

/// Finds where audio breaks off and comes back, from its power by the millisecond.
struct GapEar: Sendable {
    private struct Quiet {
        let start: Double
        /// How loud it was before.
        let before: Double
        let isAbrupt: Bool
        /// Its length, how much of that is far below the level before, and how much is digital silence.
        var milliseconds = 0
        var deep = 0
        var digital = 0

        init(start: Double, before: Double, isAbrupt: Bool) {
            self.start = start
            self.before = before
            self.isAbrupt = isAbrupt
        }

        mutating func append(_ power: Double) {
            milliseconds += 1
            if power <= GapEar.depth * before { deep += 1 }
            if power <= GapEar.digital { digital += 1 }
        }
    }

    private struct Candidate {
        let span: TimeSpan
        let before: Double
        let after: Double
    }

    /// Powers of the last milliseconds, oldest first.
    private var recent: [Double] = []
    /// The current silence: start, level before it, length in milliseconds, power.
    private var quiet: Quiet?
    /// Milliseconds after a silence that are analysed.
    private var returning: (gap: TimeSpan, before: Double, digital: Int, powers: [Double])?
    private var candidates: [Candidate] = []
    /// Histogram of the level of 10 ms blocks, in steps of 1.5 dB from -120 dB.
    private var levels = [Int](repeating: 0, count: 96)
    private var ten: (sum: Double, count: Int) = (0, 0)
    private var hasBegun = false
    /// Milliseconds since the audio began, and how many of them are silent outside candidates.
    private var milliseconds = 0
    private var silent = 0

    /// Quiet: this far below the level before, and at most this power re full scale. Lossy coding smears audio into
    /// silence.
    private static let fall = 1.6e-3
    private static let silence = 1e-4
    /// Most of a gap is this far below the level before.
    private static let depth = 1e-4
    /// The power of digital silence, dithered or not.
    private static let digital = 1e-9
    /// Powers are averaged over this many milliseconds.
    private static let window = 10
    /// The shortest and the longest gap, in milliseconds.
    private static let lengths = 14...10_000
    private static let mostCandidates = 2000

    mutating func append(_ power: Double, from seconds: Double) {
        ten = (ten.sum + power, ten.count + 1)
        if ten.count == 10 {
            levels[Self.bin(ten.sum / 10)] += 1
            ten = (0, 0)
        }
        if power > 1e-8 { hasBegun = true }
        if hasBegun { milliseconds += 1 }
        follow(power)
        if var quiet {
            if power <= min(Self.silence, Self.fall * quiet.before) {
                quiet.append(power)
                self.quiet = quiet
            } else {
                self.quiet = nil
                if quiet.isAbrupt, Self.lengths.contains(quiet.milliseconds), returning == nil,
                    quiet.deep * 10 >= quiet.milliseconds * 6
                {
                    let gap = TimeSpan(start: quiet.start, end: quiet.start + Double(quiet.milliseconds) / 1000)
                    returning = (gap, quiet.before, quiet.digital, [power])
                } else {
                    silent += quiet.digital
                }
            }
        } else if recent.count >= Self.window + 3 {
            let before = recent.suffix(Self.window + 1).dropLast().reduce(0, +) / Double(Self.window)
            if power <= min(Self.silence, Self.fall * before) {
                let last = recent.suffix(3).max() ?? 0
                var begun = Quiet(
                    start: seconds, before: before,
                    isAbrupt: last >= 0.1 * before && before > 1e-6 && Self.isSteady(recent, before))
                begun.append(power)
                quiet = begun
            } else if power <= Self.digital, hasBegun {
                silent += 1
            }
        }
        recent.append(power)
        if recent.count > 200 { recent.removeFirst(100) }
    }

    /// Whether there was audio for a while, not a click alone.
    private static func isSteady(_ powers: [Double], _ level: Double) -> Bool {
        let last = powers.suffix(40)
        return last.count >= 20 && last.count { $0 > 1e-3 * level } * 10 >= last.count * 8
    }

    private mutating func follow(_ power: Double) {
        guard var next = returning else { return }
        next.powers.append(power)
        returning = next
        guard next.powers.count >= 40 else { return }
        returning = nil
        let after = next.powers.dropFirst().prefix(Self.window).reduce(0, +) / Double(Self.window)
        let first = next.powers.prefix(3).max() ?? 0
        let isSteady = next.powers.count { $0 > 1e-3 * after } * 10 >= next.powers.count * 8
        if first >= 0.1 * after, isSteady, candidates.count < Self.mostCandidates {
            candidates.append(Candidate(span: next.gap, before: next.before, after: after))
        } else {
            silent += next.digital
        }
    }

    private static func bin(_ power: Double) -> Int {
        guard power > 1e-12 else { return 0 }
        return max(0, min(95, 2 * (Int(power.exponent) + 40) + (power.significand >= 1.414 ? 1 : 0)))
    }

    /// Gaps as loud on both sides as the rest; none where this audio is often silent.
    var drops: [TimeSpan] {
        let loud = loudness
        let drops = candidates.filter {
            min($0.before, $0.after) > 0.02 * loud && max($0.before, $0.after) < 100 * loud
        }
        let lost = drops.reduce(0) { $0 + 1000 * $1.span.length }
        guard lost < 0.2 * Double(milliseconds), Double(silent) < 0.02 * Double(milliseconds) + 20 else { return [] }
        return drops.map(\.span)
    }

    /// 90th percentile of the power of what is not silent.
    private var loudness: Double {
        let silence = 34
        let sounding = levels[silence...].reduce(0, +)
        var above = 0
        for index in stride(from: 95, through: silence, by: -1) {
            above += levels[index]
            if above * 10 >= sounding {
                return Double(sign: .plus, exponent: index / 2 - 40, significand: index % 2 == 0 ? 1 : 1.414)
            }
        }
        return 1
    }
}

/// Finds clipped waves: those with flat peaks.
struct TopEar: Sendable {
    private struct Top {
        let span: TimeSpan
        let height: Float
    }

    private let rate: Double
    /// The current half wave.
    private var wave: [Float] = []
    private var isPositive = true
    private var flat: [Top] = []
    /// Half waves beyond full scale.
    private var over: [TimeSpan] = []
    /// Half waves by peak, in hundredths of full scale: all, and those with a flat peak.
    private var heights = [Int](repeating: 0, count: 401)
    private var flatHeights = [Int](repeating: 0, count: 401)

    /// Limits of a half wave in samples, and the share of it within a tenth of its peak from which the peak is flat. Of
    /// a sine that is 0.29, of a triangle 0.1.
    private static let samples = 5...4000
    private static let flatShare = 0.45
    private static let least: Float = 0.3
    private static let mostTops = 50_000
    /// Audio that was clipped and then lossily coded exceeds full scale, where players clip it again: from this peak
    /// on, in this many half waves.
    private static let beyond: Float = 1.12
    private static let leastBeyond = 20

    init(rate: Int, after old: TopEar?) {
        self.rate = Double(rate)
        if let old { (flat, over, heights, flatHeights) = (old.flat, old.over, old.heights, old.flatHeights) }
    }

    mutating func append(_ values: UnsafeBufferPointer<Float>, at seconds: Double) {
        var start = 0
        for index in values.indices where (values[index] >= 0) != isPositive {
            keep(values, start..<index, isWhole: start > 0)
            close(end: seconds + Double(index) / rate)
            isPositive.toggle()
            start = index
        }
        keep(values, start..<values.count, isWhole: false)
    }

    /// Adds to the current half wave; a finished one that is too low to be reported is discarded.
    private mutating func keep(_ values: UnsafeBufferPointer<Float>, _ range: Range<Int>, isWhole: Bool) {
        let part = range.prefix(Self.samples.upperBound - wave.count)
        if isWhole, !part.contains(where: { abs(values[$0]) >= Self.least }) { return }
        for index in part { wave.append(abs(values[index])) }
    }

    private mutating func close(end: Double) {
        defer { wave.removeAll(keepingCapacity: true) }
        if let height = wave.max(), height >= Self.beyond, over.count < Self.mostTops {
            let length = Double(wave.count { $0 >= 1 }) / rate
            over.append(TimeSpan(start: end - Double(wave.count) / rate, end: end - Double(wave.count) / rate + length))
        }
        guard Self.samples.contains(wave.count), let height = wave.max(), height >= Self.least else { return }
        let bin = min(400, Int(100 * height))
        heights[bin] += 1
        guard let first = wave.firstIndex(where: { $0 >= 0.9 * height }),
            let last = wave.lastIndex(where: { $0 >= 0.9 * height })
        else { return }
        let high = wave.count { $0 >= 0.9 * height }
        guard Double(high) >= Self.flatShare * Double(wave.count), last - first + 1 == high else { return }
        flatHeights[bin] += 1
        guard flat.count < Self.mostTops else { return }
        let start = end - Double(wave.count - first) / rate
        flat.append(Top(span: TimeSpan(start: start, end: start + Double(high) / rate), height: height))
    }

    /// Flat peaks at the one height that nothing exceeds, or waves beyond full scale.
    var clips: [TimeSpan] {
        if over.count >= Self.leastBeyond { return over }
        // The height: where most flat peaks are, within a tenth.
        var best = (at: 0, count: 0)
        for index in 50...390 {
            let count = flatHeights[max(0, index - index / 20)...min(400, index + index / 20)].reduce(0, +)
            if count > best.count { best = (index, count) }
        }
        guard best.count >= 8 else { return [] }
        let above = heights[min(400, best.at + best.at / 8 + 1)...].reduce(0, +)
        let below = heights[..<max(1, best.at - best.at / 10)].reduce(0, +)
        let flatBelow = flatHeights[..<max(1, best.at - best.at / 10)].reduce(0, +)
        // Audio whose waves are flat at every height is intended: square waves of an instrument or a tone.
        guard above * 10 <= best.count, flatBelow * 4 <= max(below, 1) || flatBelow * 3 <= best.count,
            below + above > best.count / 10
        else { return [] }
        let height = Float(best.at) / 100
        return flat.filter { abs($0.height - height) <= 0.08 * height + 0.01 }.map(\.span)
    }
}
