import Foundation

/// Makes a `PictureSignal` from small grey frames; keeps the last two seconds and a row of numbers per frame.
public struct PictureSignalBuilder: Sendable {
    /// Pixels of the longer side of the frames that it takes.
    public static let side = 96
    /// Frames that follow sooner than this are omitted, in seconds.
    private let closest: Double

    private struct Frame: Sendable {
        let time: Double
        let thumbnail: [Float]
        let flow: [Float]?
    }

    private var recent: [Frame] = []
    private var pyramid: [LumaImage] = []
    private var times: [Double] = []
    private var rows: [Float] = []
    private var brightness: [Float] = []
    private var whole: [Float] = []
    private var moving = 0.0
    private var duplicates = 0
    private var stirring = Stirring()
    private var stirTimes: [Double] = []
    private var stirSizes: [Float] = []

    /// - Parameter mostPerSecond: frames a second beyond which some are omitted.
    public init(mostPerSecond: Double = 61) { closest = 1 / mostPerSecond - 1e-3 }

    /// Adds a frame and its capture time, in seconds; times increase.
    public mutating func append(_ image: LumaImage, seconds: Double) {
        if let last = times.last, seconds - last < closest { return }
        let levels = [image, image.halved, image.halved.halved]
        if let before = pyramid.first, before.width == image.width, before.height == image.height {
            // The capture time of a repeated frame is unknown; one that repeats for long is a still scene.
            if let last = times.last, seconds - last < 0.3,
                PictureSignalBuilder.difference(before.values, image.values) < 0.02
            {
                duplicates += 1
                return
            }
        } else {
            // The size changed: earlier frames cannot be compared.
            pyramid = []
            recent = []
        }
        let mean = image.values.reduce(0, +) / Float(image.values.count)
        var flow: [Float]?
        var speeds: (Float, Float) = (.nan, .nan)
        var turn: (Float, Float, Float) = (.nan, .nan, .nan)
        if !pyramid.isEmpty, let last = times.last {
            let field = FlowField(from: pyramid, to: levels)
            let described = FlowHistogram(field, seconds: max(0.005, seconds - last))
            flow = described.roots
            speeds = (described.speed, described.downwards)
            turn = described.whole
            moving += Double(described.share)
        }
        let thumbnail = levels[1].values.map { $0 - mean }
        recent.append(Frame(time: seconds, thumbnail: thumbnail, flow: flow))
        while let first = recent.first, first.time < seconds - 2.6 { recent.removeFirst() }
        rows += PictureSignal.spans.map { compare(seconds - $0) { $0.thumbnail } }
        rows += PictureSignal.spans.map { compare(seconds - $0) { $0.flow } }
        rows += [log(speeds.0 + 0.1), speeds.1]
        whole += [turn.0, turn.1, turn.2]
        if let (moment, size) = stirring.append(image, seconds: seconds) {
            stirTimes.append(moment)
            stirSizes.append(size)
        }
        times.append(seconds)
        brightness.append(mean)
        pyramid = levels
    }

    private static func difference(_ one: [Float], _ other: [Float]) -> Float {
        var sum: Float = 0
        for index in one.indices { sum += abs(one[index] - other[index]) }
        return sum / Float(max(1, one.count))
    }

    /// The log distance between the newest frame and an earlier time, interpolated between two frames.
    private func compare(_ moment: Double, _ part: (Frame) -> [Float]?) -> Float {
        guard let newest = recent.last, let now = part(newest),
            let after = recent.firstIndex(where: { $0.time >= moment - 1e-4 }), after < recent.count - 1
        else { return .nan }
        func distance(_ index: Int) -> Float? {
            guard let then = part(recent[index]) else { return nil }
            var sum: Float = 0
            for place in now.indices {
                let step = now[place] - then[place]
                sum += step * step
            }
            return (sum / Float(now.count)).squareRoot()
        }
        guard let high = distance(after) else { return .nan }
        if recent[after].time <= moment + 2e-3 { return log(high + 1e-3) }
        guard after > 0, let low = distance(after - 1), recent[after].time - recent[after - 1].time < 0.5 else {
            return .nan
        }
        let share = Float((moment - recent[after - 1].time) / (recent[after].time - recent[after - 1].time))
        return log(low + share * (high - low) + 1e-3)
    }

    /// The signal; nil for fewer than two different frames.
    public func finish() -> PictureSignal? {
        guard times.count > 1 else { return nil }
        return PictureSignal(
            times: times, rows: rows, brightness: brightness, whole: whole, activity: moving / Double(times.count - 1),
            duplicates: duplicates, stirTimes: stirTimes, stirSizes: stirSizes)
    }
}

/// Amount of motion by direction in each of 4 x 4 parts of a frame, the camera's motion (the median) removed.
struct FlowHistogram {
    /// Square roots of 4 x 4 x 8 sums of speed by direction.
    let roots: [Float]
    /// Mean speed, and mean speed downwards, in pixels a second.
    let speed: Float
    let downwards: Float
    /// Share of pixels that move by more than a quarter of a pixel.
    let share: Float
    /// Motion of the whole frame: to the right and down in pixels a second, and about its middle in radians a second.
    let whole: (Float, Float, Float)

    init(_ field: FlowField, seconds: Double) {
        let (mx, my) = (FlowField.median(field.x), FlowField.median(field.y))
        var sums = [Float](repeating: 0, count: 128)
        var (total, down, moving): (Float, Float, Float) = (0, 0, 0)
        var (torque, inertia): (Float, Float) = (0, 0)
        let (middleX, middleY) = (Float(field.width - 1) / 2, Float(field.height - 1) / 2)
        for row in 0..<field.height {
            let band = row * 4 / field.height
            for column in 0..<field.width {
                let (u, v) = (field.x[row * field.width + column] - mx, field.y[row * field.width + column] - my)
                let size = (u * u + v * v).squareRoot()
                // The octant of a direction, without trigonometry.
                let octant = (u < 0 ? 4 : 0) + (v < 0 ? 2 : 0) + (abs(u) < abs(v) ? 1 : 0)
                sums[(band * 4 + column * 4 / field.width) * 8 + octant] += size
                let (x, y) = (Float(column) - middleX, Float(row) - middleY)
                torque += x * v - y * u
                inertia += x * x + y * y
                total += size
                down += v
                if size > 0.25 { moving += 1 }
            }
        }
        let count = Float(field.width * field.height)
        let scale = 1 / (count / 16 * Float(seconds))
        roots = sums.map { ($0 * scale).squareRoot() }
        speed = total / count / Float(seconds)
        downwards = down / count / Float(seconds)
        share = moving / count
        whole = (mx / Float(seconds), my / Float(seconds), torque / max(1, inertia) / Float(seconds))
    }
}
