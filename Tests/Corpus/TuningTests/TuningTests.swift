import Foundation
import SignalCore
import Testing

@testable import Tuning

@Suite("What a corpus will take")
struct TuningTests {
    @Test("a cost that is exactly so much a clip and so much a byte is found; the sample's sum is kept")
    func exact() {
        let sizes = [1e6, 5e6, 2e6, 9e6, 30e6]
        let model = CostModel(sizes.map { ClipCost(bytes: $0, seconds: 0.3 + 2e-7 * $0) })
        #expect(abs(model.secondsPerClip - 0.3) < 1e-9 && abs(model.secondsPerByte - 2e-7) < 1e-15)
        #expect(model.ratios.allSatisfy { abs($0 - 1) < 1e-9 })
        let noisy = [
            ClipCost(bytes: 1e6, seconds: 1), ClipCost(bytes: 2e6, seconds: 5), ClipCost(bytes: 4e6, seconds: 3),
        ]
        #expect(abs(CostModel(noisy).seconds(noisy.map(\.bytes)) - 9) < 1e-9)
    }

    @Test("larger files never cost less, no clip costs less than nothing, and one clip is a sample")
    func bounds() {
        let falling = CostModel([1e6, 2e6, 3e6].map { ClipCost(bytes: $0, seconds: 4 - $0 / 1e6) })
        #expect(falling.secondsPerByte == 0 && abs(falling.secondsPerClip - 2) < 1e-9)
        let steep = CostModel([1e6, 2e6, 3e6].map { ClipCost(bytes: $0, seconds: $0 / 1e6 - 0.9) })
        #expect(steep.secondsPerClip >= 0 && steep.secondsPerByte > 0)
        #expect(CostModel([ClipCost(bytes: 0, seconds: 2)]).seconds(bytes: 5) == 2)
    }

    @Test("clips that all take the same: workers share them, and the last round is as long as a clip")
    func schedule() {
        let sample = [ClipCost(bytes: 1, seconds: 2), ClipCost(bytes: 1, seconds: 2)]
        let machine = Machine(workers: 4, slowing: 1.5, startSeconds: 1)
        let forecast = FleetForecast(
            .init(sizes: [Double](repeating: 1, count: 9)), sample: sample, on: machine, rounds: 5)
        // Nine clips of 3 s by four workers: three rounds.
        #expect(abs(forecast.seconds - 10) < 1e-9 && abs(forecast.upper - 10) < 1e-9)
        let shared = FleetForecast(
            .init(sizes: [Double](repeating: 1, count: 8), machines: 2), sample: sample, on: machine, rounds: 5)
        #expect(abs(shared.seconds - 4) < 1e-9 && abs(shared.machineHours - 8.0 / 3600) < 1e-12)
    }

    @Test("a truncated file among equal ones does not widen the forecast")
    func truncated() {
        let clips = (0..<12).map { ClipCost(bytes: 1e6 + 1e4 * Double($0), seconds: 1 + 0.01 * Double($0)) }
        let sample = clips + [ClipCost(bytes: 200, seconds: 0.02)]
        let forecast = FleetForecast(
            .init(sizes: sample.map(\.bytes), clips: 1300), sample: sample, on: Machine(workers: 1, slowing: 1))
        #expect(abs(forecast.seconds / 1266 - 1) < 0.25 && forecast.upper / forecast.lower < 1.8)
        #expect(forecast.straggling == 0 && abs(forecast.machineHours * 3600 - forecast.seconds) < 1e-6)
    }

    @Test("a sum that is drawn at once is what its clips one by one amount to")
    func sums() {
        var random = SplitMix64(seed: 3)
        let sample = (0..<40).map { _ in
            let bytes = 1e6 * (1 + 9 * random.uniform())
            return ClipCost(bytes: bytes, seconds: 0.2 + bytes * 1e-7 * (0.5 + random.uniform()))
        }
        let sizes = sample.map(\.bytes)
        let machine = Machine(workers: 2, slowing: 1.2, bytesPerSecond: 50e6, measuredBytesPerSecond: 500e6)
        let few = FleetForecast(.init(sizes: sizes, clips: 2000), sample: sample, on: machine)
        let many = FleetForecast(.init(sizes: sizes, clips: 2_000_000), sample: sample, on: machine)
        #expect(abs(many.seconds / few.seconds - 1000) < 30)
        #expect((many.upper - many.lower) / many.seconds < 0.35)
    }

    @Test("storage that is slower than measured holds every worker up; a thousand million clips are reckoned at once")
    func storage() {
        let sample = [ClipCost(bytes: 10e6, seconds: 1), ClipCost(bytes: 10e6, seconds: 1)]
        let fast = Machine(workers: 2, slowing: 1)
        let slow = Machine(workers: 2, slowing: 1, bytesPerSecond: 10e6, measuredBytesPerSecond: 1e12)
        // Two workers share 10 MB a second: 2 s of reading beside 1 s of computing.
        #expect(abs(slow.clipsPerSecond(sample) / fast.clipsPerSecond(sample) - 1.0 / 3) < 1e-3)
        let huge = FleetForecast(
            .init(sizes: [10e6], clips: 1_000_000_000, machines: 5000, failing: 0.02), sample: sample, on: fast,
            rounds: 20)
        #expect(huge.seconds > 100_000 && huge.seconds < 101_000)
    }

    @Test("the fastest setting that keeps the answers is best; what is as fast with fewer workers or threads is better")
    func advice() {
        func trial(_ workers: Int, _ rate: Double, threads: Int = 1, keeps: Bool = true) -> TuningTrial {
            TuningTrial(
                options: ["--jobs \(workers)"], words: "\(workers)", workers: workers, decoderThreads: threads,
                clipsPerSecond: rate, processorSeconds: 1, answered: 5, clips: 10, keepsAnswers: keeps)
        }
        #expect(
            TuningAdvice.best([trial(1, 1), trial(2, 1.9), trial(4, 1.92), trial(2, 9, keeps: false)])?.workers == 2)
        #expect(TuningAdvice.best([trial(1, 1), trial(2, 1.5), trial(4, 1.9)])?.workers == 4)
        #expect(TuningAdvice.best([]) == nil)
        #expect(TuningAdvice.best([trial(2, 1.92, threads: 2), trial(2, 1.9)])?.decoderThreads == 1)
        #expect(TuningAdvice.best([trial(1, 1), trial(1, 1.5, threads: 2)])?.decoderThreads == 2)
    }
}
