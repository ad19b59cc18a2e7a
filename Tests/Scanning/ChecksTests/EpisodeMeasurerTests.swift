import Foundation
import MadeFiles
import Sensors
import SignalCore
import SyncModel
import Testing

@testable import Checks
@testable import Plan
@testable import RobotSets

/// Half an hour of an episode: bursts of speed, seen and stamped by clocks that may run apart.
@Suite("What is found in an episode's pictures is told whole")
struct EpisodeMeasurerTests {
    private static let seconds = 1800.0

    private func courses(ppm: Double) -> (picture: MotionSignal, rows: MotionSignal) {
        var random = SplitMix64(seed: 4)
        func next(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
        var speed = [Double](repeating: 0.02, count: Int((Self.seconds + 20) * 50))
        for _ in 0..<Int(Self.seconds) {
            let (moment, width, size) = (next(0...Self.seconds + 20), next(0.08...0.4), next(0.3...1.3))
            for index in max(0, Int((moment - 3 * width) * 50))..<min(speed.count, Int((moment + 3 * width) * 50)) {
                speed[index] += size * exp(-0.5 * pow((Double(index) / 50 - moment) / width, 2))
            }
        }
        func value(_ time: Double) -> Double { speed[max(0, min(speed.count - 1, Int((time * 50).rounded())))] }
        let times = (0..<Int(Self.seconds * 30)).map { Double($0) / 30 }
        return (
            MotionSignal(
                kind: .speed, source: "picture", times: times,
                values: times.map { value($0 + 5) * next(0.3...1.7) }),
            MotionSignal(
                kind: .speed, source: "position", times: times,
                values: times.map { value($0 * (1 + ppm * 1e-6) + 5) * next(0.5...1.5) })
        )
    }

    private func finding(ppm: Double, faults: [LogFault] = [], rows: MotionSignal? = nil) throws -> Finding {
        let made = try MadeSet(info: MadeSet.info)
        let camera = RobotEpisode.Video(camera: "top", path: made.root + "/v.mp4")
        let episode = RobotEpisode(
            index: 0, table: "t.parquet", isShared: false, declaredRows: nil, videos: [camera], attributes: [])
        var task = EpisodeTask(
            SetSurvey.Case(
                episode: episode, faults: faults, failure: nil, rows: Int(Self.seconds * 30),
                columns: ["observation.state"], cameras: [camera]), framesPerSecond: 30)
        task.wantsContent = true
        let (picture, own) = courses(ppm: ppm)
        task.courses = [EpisodeTask.Course(rows ?? own)]
        return EpisodeMeasurer(CheckSettings(assets: "")).finding(
            "t.parquet", task, camera, seen: .init(motion: SeenMotion(speed: picture, frameSeconds: 1 / 30)),
            faults: task.faults)
    }

    @Test("rows that run off by 150 parts per million are misaligned by the worst moment, and the drift is told")
    func drift() throws {
        let finding = try finding(ppm: 150)
        #expect(finding.verdict == .misaligned)
        #expect(abs((finding.offset?.milliseconds ?? 999)) < 30)
        #expect(abs((finding.drift?.ppm ?? 0) - 150) < 20)
        #expect(abs((finding.worst?.milliseconds ?? 0) - 270) < 40)
    }

    @Test("rows whose clock stands still are inconclusive for that, though nothing can be compared")
    func stopped() throws {
        let fault = LogFault(.stopped, "column timestamp never changes", remedy: "write the times")
        let nothing = MotionSignal(kind: .speed, source: "position", times: [0], values: [0])
        let finding = try finding(ppm: 0, faults: [fault], rows: nothing)
        #expect(finding.verdict == .inconclusive)
        #expect(finding.because.first?.description.hasPrefix("column timestamp never changes") == true)
        #expect(finding.faults == [fault])
    }
}
