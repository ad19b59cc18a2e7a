/// A recording's picture in the form in which it is laid on a master: small grey pictures of every video frame that
/// shows something new, and when each is first shown.
///
/// 576 bytes a frame: 52 MB an hour at 25 frames a second.
public struct FrameSequence: Sendable {
    /// Boxes across and down, whatever the picture's shape.
    public static let columns = 32
    public static let rows = 18
    static let cells = columns * rows

    /// When each kept picture is first shown, in seconds.
    let times: [Double]
    /// How much each differs from the one kept before it: the mean over all boxes, in grey levels; 0 for the first.
    let changes: [Float]
    /// Row by row, picture by picture.
    let pixels: [UInt8]
    /// Stretches in which one picture stands for long.
    public let standing: [Span]
    /// When the first frame is shown, and when the last one is, in seconds.
    public let start: Double
    public let end: Double
    /// Video frames a second, as they came: the median of the distances.
    public let frameRate: Double
    /// The share of frames that only repeat the one before.
    public let repeatedShare: Double

    /// From when to when, in seconds.
    public struct Span: Sendable, Hashable {
        public let start: Double
        public let end: Double
    }

    var count: Int { times.count }

    /// One picture's boxes.
    func picture(_ index: Int) -> ArraySlice<UInt8> { pixels[index * Self.cells..<(index + 1) * Self.cells] }

    /// The kept picture that is nearest to a moment.
    func index(at seconds: Double) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < seconds { low = middle + 1 } else { high = middle }
        }
        if low == times.count { return low - 1 }
        return low > 0 && seconds - times[low - 1] < times[low] - seconds ? low - 1 : low
    }
}

/// Makes a `FrameSequence` of pictures as they are decoded.
public struct FrameSequenceBuilder: Sendable {
    private var times: [Double] = []
    private var changes: [Float] = []
    private var pixels: [UInt8] = []

    /// A frame that differs from the one before by less than this share of its neighbours' differences repeats it.
    private static let repeated: Float = 0.2
    /// Grey levels below which a difference is nothing, on the mean of all boxes.
    private static let nothing: Float = 0.04
    /// A picture that stands for so long is named, in seconds.
    private static let longStanding = 0.45

    public init() {}

    /// Takes the next picture: `FrameSequence.columns` x `rows` grey levels of 0...255.
    public mutating func append(_ boxes: [Float], seconds: Double) {
        precondition(boxes.count == FrameSequence.cells, "a picture has a value a box")
        guard seconds.isFinite, seconds > times.last ?? -.infinity else { return }
        var change: Float = 0
        let before = pixels.count - FrameSequence.cells
        for (index, value) in boxes.enumerated() {
            let byte = UInt8(max(0, min(255, value.rounded())))
            if before >= 0 { change += abs(Float(byte) - Float(pixels[before + index])) }
            pixels.append(byte)
        }
        times.append(seconds)
        changes.append(change / Float(FrameSequence.cells))
    }

    /// The course; nil where there were fewer than three pictures.
    public func finish() -> FrameSequence? {
        guard times.count > 2, let start = times.first, let end = times.last else { return nil }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        let step = max(1e-4, steps[steps.count / 2])
        var kept = [0]
        for index in 1..<times.count where !isRepeat(index) { kept.append(index) }
        var standing: [FrameSequence.Span] = []
        for (place, index) in kept.enumerated() {
            let next = place + 1 < kept.count ? times[kept[place + 1]] : end + step
            if next - times[index] > max(FrameSequenceBuilder.longStanding, 4 * step),
                place + 1 < kept.count
                    || next - times[index] > 1
            {
                standing.append(FrameSequence.Span(start: times[index], end: next))
            }
        }
        var keptChanges: [Float] = [0]
        var shown: [UInt8] = []
        shown.reserveCapacity(kept.count * FrameSequence.cells)
        for (place, index) in kept.enumerated() {
            let from = index * FrameSequence.cells
            shown += pixels[from..<from + FrameSequence.cells]
            if place > 0 { keptChanges.append(changes[index]) }
        }
        return FrameSequence(
            times: kept.map { times[$0] }, changes: keptChanges, pixels: shown, standing: standing, start: start,
            end: end + step, frameRate: 1 / step, repeatedShare: 1 - Double(kept.count) / Double(times.count))
    }

    private func isRepeat(_ index: Int) -> Bool {
        let own = changes[index]
        if own < FrameSequenceBuilder.nothing { return true }
        var (first, second): (Float, Float) = (0, 0)
        for other in max(1, index - 4)...min(changes.count - 1, index + 4) where other != index {
            let value = changes[other]
            if value > first { (first, second) = (value, first) } else if value > second { second = value }
        }
        return own < FrameSequenceBuilder.repeated * second || isEverySecond(index)
    }

    /// Pictures on either side that tell whether every second one repeats.
    private static let beside = 24
    private static let farBeside = 200
    /// Of 200 pictures by chance, fewer than one row in 10,000 has so large a share (binomial law).
    private static let usual = 0.64
    /// Every second one repeats where these change by at most this share of what the others do.
    private static let second = 0.55

    /// Whether it is one of a row of which every second picture repeats the one before: there coding alone makes a
    /// difference, which of little motion is no small share.
    private func isEverySecond(_ index: Int) -> Bool {
        let low = max(1, index - FrameSequenceBuilder.beside)
        let high = min(changes.count - 1, index + FrameSequenceBuilder.beside)
        guard high - low >= FrameSequenceBuilder.beside else { return false }
        // Cuts outweigh all else: their size does not count.
        var (own, others): ([Float], [Float]) = ([], [])
        for place in low...high {
            if (place - index) % 2 == 0 { own.append(changes[place]) } else { others.append(changes[place]) }
        }
        own.sort()
        others.sort()
        let beside = max(changes[index - 1], index + 1 < changes.count ? changes[index + 1] : 0)
        // Two of three on either side, not their middle alone.
        if Double(own[own.count * 2 / 3]) < FrameSequenceBuilder.second * Double(others[others.count / 3]) {
            return changes[index] < beside
        }
        return isUsuallyLess(index) && changes[index] < 1.5 * beside
    }

    /// Whether, far to either side, pictures at even distances mostly change by less than their neighbours do, and
    /// those at odd distances by more: what coding adds hides it from a few pictures, not from hundreds.
    private func isUsuallyLess(_ index: Int) -> Bool {
        let low = max(2, index - FrameSequenceBuilder.farBeside)
        let high = min(changes.count - 2, index + FrameSequenceBuilder.farBeside)
        guard high - low >= FrameSequenceBuilder.farBeside else { return false }
        var (less, count) = ([0, 0], [0, 0])
        for place in low...high {
            let side = abs(place - index) % 2
            count[side] += 1
            if 2 * changes[place] < changes[place - 1] + changes[place + 1] { less[side] += 1 }
        }
        return Double(less[0]) >= FrameSequenceBuilder.usual * Double(count[0])
            && Double(less[1]) <= (1 - FrameSequenceBuilder.usual) * Double(count[1])
    }
}
