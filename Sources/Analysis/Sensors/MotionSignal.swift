/// Amount of motion over time: of a video, or of a channel of a log.
public struct MotionSignal: Sendable {
    /// What it is compared with: speed with speed, change of speed with acceleration.
    public enum Kind: String, Sendable { case speed, change }

    public let kind: Kind
    /// Its source, for people: `speed`, `position`, `acceleration`, ...
    public let source: String
    /// Increasing, in seconds.
    public let times: [Double]
    /// Not negative, in any unit.
    public let values: [Double]

    public init(kind: Kind, source: String, times: [Double], values: [Double]) {
        precondition(times.count == values.count, "a value for each time")
        self.kind = kind
        self.source = source
        let known = times.indices.filter { times[$0].isFinite && values[$0].isFinite }
        self.times = known.count == times.count ? times : known.map { times[$0] }
        self.values = known.count == times.count ? values : known.map { values[$0] }
    }

    /// The length of a vector at each time: channels of one unit.
    public static func size(of channels: [[Double]], times: [Double], kind: Kind, source: String) -> MotionSignal {
        let known = times.indices.filter { row in channels.allSatisfy { row < $0.count && $0[row].isFinite } }
        let values = known.map { row in channels.reduce(0) { $0 + $1[row] * $1[row] }.squareRoot() }
        return MotionSignal(kind: kind, source: source, times: known.map { times[$0] }, values: values)
    }

    /// The speed of channels that are speeds, smoothed where their noise requires it.
    public static func speed(ofSpeeds channels: [[Double]], times: [Double], source: String) -> MotionSignal {
        .size(of: CalmedChannels.speeds(channels, times: times), times: times, kind: .speed, source: source)
    }

    /// The speed of a position, over steps of at least `span` seconds; over longer ones where the sensor's noise
    /// requires it.
    public static func speed(ofPosition channels: [[Double]], times: [Double], span: Double = 0.04, source: String)
        -> MotionSignal
    {
        if let width = CalmedChannels.width(ofPosition: channels, times: times, usual: span) {
            let (moments, sizes) = CalmedChannels.slopes(channels, times: times, width: width)
            return MotionSignal(kind: .speed, source: source, times: moments, values: sizes)
        }
        var moments: [Double] = []
        var values: [Double] = []
        var back = 0
        for row in times.indices {
            while back + 1 < row, times[row] - times[back + 1] >= span { back += 1 }
            let seconds = times[row] - times[back]
            guard seconds >= span * 0.9, seconds < 0.5 else { continue }
            let sum = channels.reduce(0.0) { sum, values in
                let step = (values[row] - values[back]) / seconds
                return sum + step * step
            }
            guard sum.isFinite else { continue }
            moments.append((times[row] + times[back]) / 2)
            values.append(sum.squareRoot())
        }
        return MotionSignal(kind: .speed, source: source, times: moments, values: values)
    }

    /// The same with its times moved.
    public func moved(bySeconds seconds: Double) -> MotionSignal {
        MotionSignal(kind: kind, source: source, times: times.map { $0 + seconds }, values: values)
    }

    /// The same with times multiplied by one and `share`: for a clock that is slow by it.
    func stretched(by share: Double) -> MotionSignal {
        share == 0
            ? self : MotionSignal(kind: kind, source: source, times: times.map { $0 * (1 + share) }, values: values)
    }

    /// How fast a speed changes, up or down.
    public var change: MotionSignal {
        var moments: [Double] = []
        var steps: [Double] = []
        for index in times.indices.dropFirst()
        where times[index] > times[index - 1] && times[index] - times[index - 1] < 0.5 {
            moments.append((times[index] + times[index - 1]) / 2)
            steps.append(abs(values[index] - values[index - 1]) / (times[index] - times[index - 1]))
        }
        return MotionSignal(kind: .change, source: source, times: moments, values: steps)
    }
}
