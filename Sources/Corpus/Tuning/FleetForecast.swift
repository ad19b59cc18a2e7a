import Foundation
import SignalCore

/// Distribution of the time that a corpus takes on several machines with fixed shards (`--shard i/n`).
///
/// Every clip's time is drawn: the cost by its size, times one of the sample's ratios. Each draw also resamples the
/// sample (a bootstrap), so that the interval includes the uncertainty of a small sample.
public struct FleetForecast: Sendable, Hashable {
    /// Wall seconds until the last machine is done: median, 5th and 95th percentile.
    public let seconds: Double
    public let lower: Double
    public let upper: Double
    /// Hours of all machines together: median.
    public let machineHours: Double
    /// By how many seconds the last machine is later than the mean one: median; 0 for one machine.
    public let straggling: Double

    /// The input of the forecast.
    public struct Task: Sendable {
        /// Sizes of clips in bytes; for more clips than these, they repeat.
        public var sizes: [Double]
        public var clips: Int
        public var machines: Int
        /// Share of the machines that fail half-way and resume a minute later.
        public var failing: Double

        public init(sizes: [Double], clips: Int? = nil, machines: Int = 1, failing: Double = 0) {
            self.sizes = sizes
            self.clips = clips ?? sizes.count
            self.machines = machines
            self.failing = failing
        }
    }

    /// Seconds until a failed machine is back.
    static let restart = 60.0
    /// Above this number of clips per machine, or in total, their sum is drawn instead of each clip.
    static let drawnOneByOne = 2000
    static let drawnTogether = 50_000
    /// Machines are drawn up to this number; for more, the latest is extrapolated.
    static let mostMachines = 1000

    /// - Precondition: the sample, the sizes and the machines are at least one.
    public init(_ task: Task, sample: [ClipCost], on machine: Machine, rounds: Int = 200, seed: UInt64 = 1) {
        precondition(!sample.isEmpty && !task.sizes.isEmpty && task.machines > 0 && task.clips > 0)
        var random = SplitMix64(seed: seed)
        var ends: [Double] = []
        var means: [Double] = []
        var late: [Double] = []
        for _ in 0..<rounds {
            let taken = (0..<sample.count).map { _ in sample[random.index(below: sample.count)] }
            let shares = FleetForecast.shares(task, CostModel(taken), machine, &random)
            ends.append(shares.latest)
            means.append(shares.mean)
            late.append(shares.latest - shares.mean)
        }
        ends.sort()
        means.sort()
        late.sort()
        seconds = Quantile.of(sorted: ends, 0.5)
        lower = Quantile.of(sorted: ends, 0.05)
        upper = Quantile.of(sorted: ends, 0.95)
        machineHours = Quantile.of(sorted: means, 0.5) * Double(min(task.machines, task.clips)) / 3600
        straggling = Quantile.of(sorted: late, 0.5)
    }

    /// One draw of the times of all machines.
    private static func shares(_ task: Task, _ model: CostModel, _ machine: Machine, _ random: inout SplitMix64) -> (
        latest: Double, mean: Double
    ) {
        let machines = min(task.machines, task.clips)
        let each = Double(task.clips) / Double(machines)
        let drawn = min(machines, mostMachines)
        let isDrawn = Int(each.rounded(.up)) <= drawnOneByOne && Double(drawn) * each <= Double(drawnTogether)
        var ends: [Double] = []
        for index in 0..<drawn {
            var end =
                isDrawn
                ? oneByOne(task, machines, index, model, machine, &random)
                : bySum(task, each, model, machine, &random)
            if random.uniform() < task.failing { end += restart + machine.startSeconds }
            ends.append(machine.startSeconds + end)
        }
        let mean = ends.reduce(0, +) / Double(drawn)
        var latest = ends.max() ?? 0
        if machines > drawn {
            // The maximum of more draws than were made, assuming a normal distribution.
            let variance = ends.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drawn - 1)
            latest = max(latest, mean + variance.squareRoot() * (2 * log(Double(machines))).squareRoot())
        }
        return (latest, mean)
    }

    /// Each clip goes to the worker that is free first.
    private static func oneByOne(
        _ task: Task, _ machines: Int, _ index: Int, _ model: CostModel, _ machine: Machine,
        _ random: inout SplitMix64
    ) -> Double {
        var free = [Double](repeating: 0, count: machine.workers)
        var place = index
        while place < task.clips {
            let bytes = task.sizes[place % task.sizes.count]
            let alone = model.seconds(bytes: bytes) * model.ratios[random.index(below: model.ratios.count)]
            let worker = free.indices.min { free[$0] < free[$1] } ?? 0
            free[worker] += machine.seconds(alone, bytes: bytes)
            place += machines
        }
        return free.max() ?? 0
    }

    /// The sum of many clips is nearly normal: mean and variance of one clip, times their number. At the end the
    /// workers are done within one clip of one another: half a clip more than their mean.
    private static func bySum(
        _ task: Task, _ clips: Double, _ model: CostModel, _ machine: Machine, _ random: inout SplitMix64
    ) -> Double {
        let ratio = model.ratios.reduce(0, +) / Double(model.ratios.count)
        let ratioSquare = model.ratios.reduce(0) { $0 + $1 * $1 } / Double(model.ratios.count)
        var (mean, square) = (0.0, 0.0)
        for bytes in task.sizes {
            let reading = machine.seconds(0, bytes: bytes)
            let computing = model.seconds(bytes: bytes) * machine.slowing
            mean += computing * ratio + reading
            square +=
                computing * computing * ratioSquare + 2 * computing * ratio * reading + reading * reading
        }
        mean /= Double(task.sizes.count)
        square /= Double(task.sizes.count)
        let deviation = (max(0, square - mean * mean) * clips).squareRoot()
        // Box and Muller 1958.
        let normal =
            (-2 * log(max(random.uniform(), 1e-300))).squareRoot() * cos(2 * .pi * random.uniform())
        let workers = Double(machine.workers)
        return max(0, mean * clips + deviation * normal) / workers + mean * (workers - 1) / workers / 2
    }
}
