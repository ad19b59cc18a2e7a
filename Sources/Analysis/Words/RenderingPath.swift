import SignalCore

/// Alignment of a rendered text with the audio: dynamic time warping that advances in the audio frame by frame (Sakoe &
/// Chiba 1978).
///
/// Each frame of the audio is assigned a frame of the rendering: the same as the one before (at a cost), the next, or
/// the one after the next. Before, between and after the words it may be silence instead, and before and after them
/// audio that is not of the text.
struct RenderingPath {
    /// For each frame of the rendering the first and the last frame of the audio on it; nil: skipped.
    private(set) var frames: [ClosedRange<Int>?]
    /// Mean distance on the frames of the words.
    let cost: Double

    private static let stay: Float = 0.12
    private static let skip: Float = 0.12
    private static let enterSilence: Float = 0.6
    /// Cost of a frame of other audio relative to the mean distance of any two frames.
    private static let foreignShare: Float = 0.85
    /// Largest deviation of the path from the diagonal, in frames.
    static let band = 150

    /// - Parameters:
    ///   - wordStarts: first rendered frame of each word, rising; before each there may be silence.
    ///   - quiet: 0...1 for each frame of the audio: probability that nobody speaks there.
    init?(_ rendering: FrameMatrix, wordStarts: [Int], sound: FrameMatrix, quiet: [Float]) {
        let rows = rendering.frames
        let columns = sound.frames
        guard rows > 4, columns >= rows / 2 else { return nil }
        let distances = RenderingPath.distances(rendering, sound)
        let mean = distances.reduce(0, +) / Float(max(1, distances.count))
        let foreign = mean * RenderingPath.foreignShare
        // States: 0 before, 1...rows the rendering, then a silence before each word, last: after.
        let starts = Array(Set(wordStarts.filter { $0 > 0 && $0 < rows })).sorted()
        let before = 0
        let after = rows + starts.count + 1
        let count = after + 1
        var silenceBefore = [Int](repeating: -1, count: rows)
        for (index, start) in starts.enumerated() { silenceBefore[start] = rows + 1 + index }
        let none = Float.greatestFiniteMagnitude / 4
        var value = [Float](repeating: none, count: count)
        var next = value
        var origin = [Int32](repeating: -1, count: count * columns)
        for column in 0..<columns {
            let nothing = min(foreign, (1 - quiet[column]) * 2 * mean + quiet[column] * 0.5 * mean)
            let silence = (1 - quiet[column]) * 2.5 * mean + quiet[column] * 0.5 * mean
            let back = column * count
            let middle = rows * column / max(1, columns)
            for state in 0..<count { next[state] = none }
            next[before] = (column == 0 ? 0 : value[before]) + nothing
            origin[back + before] = Int32(before)
            for row in max(
                0, middle - RenderingPath.band - rows / 2)..<min(rows, middle + RenderingPath.band + rows / 2)
            {
                let state = row + 1
                var (best, from) = (value[state] + RenderingPath.stay, state)
                func offer(_ other: Int, _ price: Float) {
                    if value[other] + price < best { (best, from) = (value[other] + price, other) }
                }
                if row == 0 {
                    if column == 0 { (best, from) = (0, before) } else { offer(before, 0) }
                } else {
                    offer(state - 1, 0)
                    if row > 1 {
                        offer(state - 2, RenderingPath.skip)
                    } else if column > 0 {
                        offer(before, RenderingPath.skip)
                    }
                    if silenceBefore[row] >= 0 { offer(silenceBefore[row], 0) }
                }
                guard best < none else { continue }
                next[state] = best + distances[row * columns + column]
                origin[back + state] = Int32(from)
            }
            for (index, start) in starts.enumerated() {
                let state = rows + 1 + index
                let (own, entry) = (value[state], value[start] + RenderingPath.enterSilence)
                guard min(own, entry) < none else { continue }
                next[state] = min(own, entry) + silence
                origin[back + state] = Int32(own <= entry ? state : start)
            }
            if value[after] <= value[rows], value[after] < none {
                next[after] = value[after] + nothing
                origin[back + after] = Int32(after)
            } else if value[rows] < none {
                next[after] = value[rows] + nothing
                origin[back + after] = Int32(rows)
            }
            swap(&value, &next)
        }
        var state = value[after] < value[rows] ? after : rows
        guard value[state] < none else { return nil }
        frames = [ClosedRange<Int>?](repeating: nil, count: rows)
        var (total, used) = (0.0, 0)
        for column in stride(from: columns - 1, through: 0, by: -1) {
            if state >= 1, state <= rows {
                frames[state - 1] = frames[state - 1].map { column...$0.upperBound } ?? column...column
                total += Double(distances[(state - 1) * columns + column])
                used += 1
            }
            let from = Int(origin[column * count + state])
            if from < 0 { return nil }
            if from == before, state != before { break }
            state = from
        }
        guard used > rows / 3 else { return nil }
        // In units of the mean distance, so that recordings can be compared.
        cost = total / Double(used) / Double(max(mean, 1e-6))
    }

    /// Distances of all pairs of frames, row by row: root of the mean square over the columns.
    private static func distances(_ a: FrameMatrix, _ b: FrameMatrix) -> [Float] {
        let width = a.columns
        let (rows, columns) = (a.frames, b.frames)
        return [Float](unsafeUninitializedCapacity: rows * columns) { buffer, initialised in
            a.values.withUnsafeBufferPointer { a in
                b.values.withUnsafeBufferPointer { b in
                    for row in 0..<rows {
                        for column in 0..<columns {
                            var sum: Float = 0
                            for index in 0..<width {
                                let difference = a[row * width + index] - b[column * width + index]
                                sum += difference * difference
                            }
                            buffer[row * columns + column] = (sum / Float(width)).squareRoot()
                        }
                    }
                }
            }
            initialised = rows * columns
        }
    }

    /// The audio's frame on which a frame of the rendering begins (or ends); the nearest one if it was skipped.
    func start(of frame: Int) -> Int? {
        var frame = frame
        while frame < frames.count {
            if let range = frames[frame] { return range.lowerBound }
            frame += 1
        }
        return nil
    }

    func end(of frame: Int) -> Int? {
        var frame = min(frame, frames.count - 1)
        while frame >= 0 {
            if let range = frames[frame] { return range.upperBound + 1 }
            frame -= 1
        }
        return nil
    }
}
