import Foundation
import SignalCore

/// The change of a video, 25 times a second, in features that hardly depend on cropping, bars, mirroring, size, corner
/// marks, grading and frame rate: the means of finding one recording in another.
///
/// Each number is the change over 80 ms of a sum over the boxes with most weight in the middle and equal weight on both
/// sides, or the amount of motion; each is divided by its local deviation, so that cuts do not dominate.
struct ChangeSignal: Sendable {
    /// Values a second.
    static let rate = 25.0
    /// Where value 0 is, in seconds of the signal's (stretched) time.
    let start: Double
    /// One array a feature, all of one length.
    let values: [[Float]]

    var count: Int { values.first?.count ?? 0 }

    /// - Parameter speed: seconds of the result for each second of the video's own time.
    init(_ course: FrameSequence, speed: Double = 1) {
        let sums = ChangeSignal.sums(course)
        let start = course.start * speed
        let count = max(0, Int((course.end - course.start) * speed * ChangeSignal.rate))
        let step = 1 / ChangeSignal.rate
        var values = sums.moments.map { series -> [Float] in
            let held = ChangeSignal.sampled(series, course.times, start: start - step, count: count + 2, speed: speed)
            return (0..<count).map { held[$0 + 2] - held[$0] }
        }
        let motion = ChangeSignal.density(sums.motion, course.times, start: start, count: count, speed: speed)
        values.append(motion.indices.map { $0 == 0 ? 0 : motion[$0] - motion[$0 - 1] })
        values.append(motion)
        self.start = start
        self.values = values.enumerated().map { ChangeSignal.levelled($1, floor: $0 < 6 ? 0.12 : 0.03) }
    }

    /// Windowed sums of every kept frame, and the motion since the one before.
    private static func sums(_ course: FrameSequence) -> (moments: [[Float]], motion: [Float]) {
        let (columns, rows) = (FrameSequence.columns, FrameSequence.rows)
        var weights: [[Float]] = Array(repeating: [Float](repeating: 0, count: FrameSequence.cells), count: 6)
        for row in 0..<rows {
            for column in 0..<columns {
                let x = (Double(column) + 0.5) / Double(columns) * 2 - 1
                let y = (Double(row) + 0.5) / Double(rows) * 2 - 1
                let window = pow(cos(.pi / 2 * x), 1.5) * pow(cos(.pi / 2 * y), 1.5)
                let place = row * columns + column
                let shapes = [1, 1.6 * y, 4 * (x * x - 0.2), 4 * (y * y - 0.2), 6 * y * (x * x - 0.2), cos(4 * x)]
                for (index, shape) in shapes.enumerated() { weights[index][place] = Float(window * shape) }
            }
        }
        let total = weights[0].reduce(0, +)
        for index in weights.indices { weights[index] = weights[index].map { $0 / total } }
        var moments = Array(repeating: [Float](repeating: 0, count: course.count), count: 6)
        var motion = [Float](repeating: 0, count: course.count)
        course.pixels.withUnsafeBufferPointer { pixels in
            for picture in 0..<course.count {
                let base = picture * FrameSequence.cells
                for index in weights.indices {
                    var sum: Float = 0
                    weights[index].withUnsafeBufferPointer { weights in
                        for cell in 0..<FrameSequence.cells { sum += weights[cell] * Float(pixels[base + cell]) }
                    }
                    moments[index][picture] = sum
                }
                guard picture > 0 else { continue }
                var moved: Float = 0
                for cell in 0..<FrameSequence.cells {
                    let change = abs(Int(pixels[base + cell]) - Int(pixels[base + cell - FrameSequence.cells]))
                    moved += weights[0][cell] * Float(change)
                }
                motion[picture] = moved
            }
        }
        return (moments, motion)
    }

    /// A series at the frames' times, linear between them.
    private static func sampled(_ series: [Float], _ times: [Double], start: Double, count: Int, speed: Double)
        -> [Float]
    {
        var place = 0
        return (0..<count).map { index in
            let time = (start + Double(index) / rate) / speed
            while place + 1 < times.count, times[place + 1] <= time { place += 1 }
            guard place + 1 < times.count, time >= times[0] else { return series[place] }
            let share = Float((time - times[place]) / (times[place + 1] - times[place]))
            return series[place] + share * (series[place + 1] - series[place])
        }
    }

    /// Motion per second, compressed: the difference of two frames spread over the time between them.
    private static func density(_ motion: [Float], _ times: [Double], start: Double, count: Int, speed: Double)
        -> [Float]
    {
        var sums = [Float](repeating: 0, count: max(1, count))
        for index in motion.indices.dropFirst() {
            let from = (times[index - 1] * speed - start) * rate + 0.5
            let to = (times[index] * speed - start) * rate + 0.5
            let share = motion[index] / Float(max(1e-6, to - from))
            for place in max(0, Int(from))...max(0, Int(to)) where place < count {
                let part = min(to, Double(place + 1)) - max(from, Double(place))
                if part > 0 { sums[place] += share * Float(part) }
            }
        }
        return count == 0 ? [] : sums.map { log(0.2 + $0) }
    }

    /// Minus its mean over 2 s, over its deviation of 6 s, limited to three deviations.
    private static func levelled(_ series: [Float], floor: Float) -> [Float] {
        let centred = zip(series, running(series, half: 25)).map { $0 - $1 }
        let squares = running(centred.map { min($0 * $0, 400) }, half: 75)
        return zip(centred, squares).map { value, square in
            max(-3, min(3, value / (square + floor * floor).squareRoot()))
        }
    }

    /// Means over `half` values on either side.
    private static func running(_ series: [Float], half: Int) -> [Float] {
        var sums = [0.0]
        sums.reserveCapacity(series.count + 1)
        for value in series { sums.append(sums[sums.count - 1] + Double(value)) }
        return series.indices.map { index in
            let (low, high) = (max(0, index - half), min(series.count, index + half + 1))
            return Float((sums[high] - sums[low]) / Double(high - low))
        }
    }
}

/// Candidate positions of a copy's segments on a master: all at once, by correlating their changes.
struct ChangeSearch: Sendable {
    /// One position of a segment.
    struct Peak: Sendable {
        /// Seconds to add to the segment's times.
        let offset: Double
        /// Height in deviations of all other positions.
        let height: Double
    }

    private let master: ChangeSignal
    private let fft: RealFFT
    private let spectra: [[Float]]
    /// The longest segment searched, in values.
    static let longest = 1500

    init(_ master: ChangeSignal) {
        self.master = master
        fft = RealFFT.of(length: RealFFT.paddedLength(master.count + ChangeSearch.longest))
        let fft = self.fft
        spectra = master.values.map { fft.forward($0) }
    }

    /// Similarity of a copy's segment and its best position on the master, about 0...1, irrespective of how many
    /// positions fit.
    func likeness(_ copy: ChangeSignal, first: Int, count: Int) -> Double {
        guard let top = curve(copy, first: first, count: count).max() else { return 0 }
        let own = copy.values.reduce(0.0) { sum, series in
            series[first..<first + count].reduce(sum) { $0 + Double($1) * Double($1) }
        }
        let whole = master.values.reduce(0.0) { sum, series in series.reduce(sum) { $0 + Double($1) * Double($1) } }
        let other = whole * Double(count) / Double(max(1, master.count))
        return own > 0 && other > 0 ? Double(top) / (own * other).squareRoot() : 0
    }

    private func curve(_ copy: ChangeSignal, first: Int, count: Int) -> [Float] {
        var sum = [Float](repeating: 0, count: 2 * fft.bins)
        for (index, series) in copy.values.enumerated() {
            Spectrum.addConjugateProduct(fft.forward(series[first..<first + count]), spectra[index], to: &sum)
        }
        let circular = fft.inverse(sum)
        return lags(count).map { circular[$0 >= 0 ? $0 : fft.length + $0] }
    }

    /// Lag l: the segment's value t corresponds to the master's t + l.
    private func lags(_ count: Int) -> ClosedRange<Int> {
        -(count / 2)...max(-(count / 2), master.count - count / 2)
    }

    /// The best positions of `count` values of a copy from its value `first` on.
    ///
    /// At least half of the segment is on the master.
    func peaks(_ copy: ChangeSignal, first: Int, count: Int, limit: Int) -> [Peak] {
        precondition(count <= ChangeSearch.longest, "the stretch fits the transform")
        guard count > 20, master.count > 20 else { return [] }
        let lags = lags(count)
        let curve = curve(copy, first: first, count: count)
        let spread = curve.map { abs($0) }
        guard let median = Standardisation.percentile(spread, 0.5), median > 0 else { return [] }
        let deviation = Double(median) * 1.4826
        var found: [Peak] = []
        let apart = 8
        let best = stride(from: 0, to: curve.count, by: apart).compactMap { start in
            (start..<min(curve.count, start + apart)).max { curve[$0] < curve[$1] }
        }
        let copyStart = copy.start + Double(first) / ChangeSignal.rate
        for place in best.sorted(by: { curve[$0] > curve[$1] }) where found.count < limit {
            let lag = Double(lags.lowerBound + place)
            let offset = master.start + lag / ChangeSignal.rate - copyStart
            if found.contains(where: { abs($0.offset - offset) < 0.25 }) { continue }
            found.append(Peak(offset: offset, height: Double(curve[place]) / deviation))
        }
        return found
    }
}
