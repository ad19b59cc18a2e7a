import SignalCore

/// Reads linear timecode (SMPTE ST 12-1, LTC) from one channel of audio.
///
/// Eighty bits a frame in biphase mark: the level changes at the beginning of every bit, and in the middle of a one.
/// The last sixteen bits are a word that occurs nowhere else. A code's first bit begins with the frame that it names.
/// Reads any polarity and level; forwards, at 0.8 to 1.25 times its speed.
public struct LinearTimecode: Sendable {
    /// One frame of code.
    struct Frame: Sendable, Hashable {
        /// Start of its first bit in seconds of the recording, and its length.
        let start: Double
        let length: Double
        let hours: Int
        let minutes: Int
        let seconds: Int
        let frames: Int
        let dropsNumbers: Bool

        /// Frames since midnight at a number of frames per second.
        func count(_ nominal: Int) -> Int { ((hours * 60 + minutes) * 60 + seconds) * nominal + frames }
    }

    /// The timecode found in a channel.
    public struct Reading: Sendable, Hashable {
        /// Timecode at the recording's time 0, in real-time seconds from midnight.
        public let secondsAtOrigin: Double
        /// Frames per second of real time.
        public let rate: Double
        /// The first frame's code as text.
        public let text: String
        /// Number of consecutive frames that were read.
        public let frames: Int
    }

    /// Sample rate of the input, in Hz.
    private let sampleRate: Double
    /// The level changes where the signal passes from above this share of its recent height to below, or vice versa.
    private static let hysteresis: Float = 0.15
    /// Half of the last sixteen bits, in order of transmission.
    private static let syncWord: UInt16 = 0b0011_1111_1111_1101
    /// Bit rates of 24 and 30 frames a second, with the range of speeds.
    private static let slowest = 24.0 * 80 * 0.8
    private static let fastest = 30.0 * 80 * 1.25
    /// Fewer consecutive frames may be chance.
    private static let leastFrames = 12
    /// Frames that are kept.
    private static let mostFrames = 10_000
    private static let rates = [24_000.0 / 1001, 24, 25, 30_000.0 / 1001, 30]

    private var height: Float = 0
    private var isHigh = false
    private var previous: Float = 0
    private var lastEdge = -Double.infinity
    /// Recent length of a bit, in samples.
    private var bit = 0.0
    /// Whether the first half of a one was read, and its start.
    private var half: Double?
    /// The last eighty bits, the earliest in the lowest bit of the first number, and the start of each.
    private var bits: [Bool] = []
    private var starts: [Double] = []
    private(set) var frames: [Frame] = []

    public init(sampleRate: Int) { self.sampleRate = Double(sampleRate) }

    /// - Parameter start: index of the first sample on the recording's timeline.
    public mutating func append(start: Int, samples: [Float]) {
        guard frames.count < LinearTimecode.mostFrames else { return }
        for (index, sample) in samples.enumerated() {
            height = max(abs(sample), height * 0.9995)
            let bound = LinearTimecode.hysteresis * height
            defer { previous = sample }
            guard isHigh ? sample < -bound : sample > bound, height > 1e-4 else { continue }
            isHigh.toggle()
            // Where the line through both samples meets zero; the sample before may be on the same side already.
            let step = sample - previous
            let back = previous * sample < 0 ? Double(sample / step) : 0
            edge(Double(start + index) - back)
        }
    }

    private mutating func edge(_ place: Double) {
        let length = place - lastEdge
        defer { lastEdge = place }
        let (shortest, longest) = (sampleRate / LinearTimecode.fastest, sampleRate / LinearTimecode.slowest)
        if bit == 0 { bit = (shortest + longest) / 2 }
        guard length > 0.3 * bit, length < 1.4 * bit else { return forget() }
        if length > 0.75 * bit {
            guard half == nil else { return forget() }
            follow(length, shortest, longest)
            add(false, lastEdge, place)
        } else if let begun = half {
            half = nil
            follow(place - begun, shortest, longest)
            add(true, begun, place)
        } else {
            half = lastEdge
        }
    }

    private mutating func follow(_ length: Double, _ shortest: Double, _ longest: Double) {
        bit += 0.1 * (min(max(length, shortest), longest) - bit)
    }

    private mutating func forget() {
        bits.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        half = nil
    }

    private mutating func add(_ value: Bool, _ start: Double, _ end: Double) {
        if bits.count == 80 {
            bits.removeFirst()
            starts.removeFirst()
        }
        bits.append(value)
        starts.append(start)
        guard bits.count == 80, LinearTimecode.word(bits[64...]) == LinearTimecode.syncWord else { return }
        if let frame = frame(end: end) { frames.append(frame) }
    }

    private static func word(_ bits: ArraySlice<Bool>) -> UInt16 { bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) } }

    /// The frame whose eighty bits were read; nil where its digits are invalid.
    private func frame(end: Double) -> Frame? {
        func digit(_ first: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | (bits[first + $1] ? 1 << $1 : 0) }
        }
        func number(_ units: Int, _ tens: Int, _ count: Int) -> Int? {
            let unit = digit(units, 4)
            return unit < 10 ? 10 * digit(tens, count) + unit : nil
        }
        guard let frames = number(0, 8, 2), let seconds = number(16, 24, 3), let minutes = number(32, 40, 3),
            let hours = number(48, 56, 2), frames < 30, seconds < 60, minutes < 60, hours < 24
        else { return nil }
        return Frame(
            start: starts[0] / sampleRate, length: (end - starts[0]) / sampleRate, hours: hours, minutes: minutes,
            seconds: seconds, frames: frames, dropsNumbers: bits[10])
    }

    /// The result: the longest run of consecutive frames; nil if none is long enough.
    ///
    /// - Parameter videoRate: frame rate of the video with it, which distinguishes 29.97 from 30 where the code is
    ///   short; nil: none.
    public func reading(videoRate: Double? = nil) -> Reading? {
        var best: ArraySlice<Frame> = []
        var start = frames.startIndex
        for index in frames.indices {
            if index > start, !LinearTimecode.follows(frames[index - 1], frames[index]) { start = index }
            if index - start + 1 > best.count { best = frames[start...index] }
        }
        guard best.count >= LinearTimecode.leastFrames, let first = best.first, let last = best.last else { return nil }
        let measured = Double(best.count - 1) / (last.start - first.start)
        let counted = best.map(\.frames).max() ?? 0
        // The largest frame number decides which of them is possible.
        let possible = LinearTimecode.rates.filter { Int($0.rounded()) > counted }
        guard let nearest = possible.min(by: { abs($0 - measured) < abs($1 - measured) }),
            abs(nearest / measured - 1) < 0.02
        else { return nil }
        let alike = possible.filter { $0.rounded() == nearest.rounded() }
        let rate =
            videoRate.flatMap { video in alike.first { abs($0 / video - 1) < 2e-4 } }
            ?? (first.dropsNumbers ? alike.min() : nil) ?? nearest
        let separator = first.dropsNumbers ? ";" : ":"
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        func text(_ frame: Frame) -> String {
            [frame.hours, frame.minutes, frame.seconds].map(padded).joined(separator: ":") + separator
                + padded(frame.frames)
        }
        let origins = best.compactMap { frame in
            Timecode(text(frame), rate: rate).map { $0.seconds - frame.start }
        }
        guard !origins.isEmpty else { return nil }
        return Reading(
            secondsAtOrigin: Quantile.median(origins), rate: rate, text: text(first), frames: best.count)
    }

    /// Whether one frame's code is the successor of another's, and starts when that ends.
    private static func follows(_ one: Frame, _ other: Frame) -> Bool {
        guard abs(other.start - one.start - one.length) < 0.2 * one.length else { return false }
        if other.frames == one.frames + 1 {
            return (other.hours, other.minutes, other.seconds) == (one.hours, one.minutes, one.seconds)
        }
        // The next second begins with 0, or with 2 (4) where numbers are dropped.
        return one.frames >= 23 && (other.frames == 0 || other.dropsNumbers && other.frames == 2)
            && (other.count(1) - other.frames - one.count(1) + one.frames == 1 || other.hours == 0 && one.hours == 23)
    }
}
