import Foundation
import MadeFiles
import Sensors
import SyncModel
import Testing

@testable import RobotSets

@Suite("What is the matter with an episode is named with what it costs")
struct EpisodeJudgeTests {
    let made: MadeSet
    let judge: EpisodeJudge
    let episode: RobotEpisode

    init() throws {
        made = try MadeSet(info: MadeSet.info)
        judge = EpisodeJudge(set: try RobotSet(root: made.root))
        episode = RobotEpisode(
            index: 4, table: "d/episode_000004.parquet", isShared: false, declaredRows: 300,
            videos: [.init(camera: "observation.images.top", path: "v.mp4")], attributes: [])
    }

    private func rows(_ change: (inout EpisodeRows) -> Void = { _ in }) -> EpisodeRows {
        var rows = EpisodeRows()
        (rows.episode, rows.count, rows.stamped, rows.numbered) = (4, 300, 300, 300)
        (rows.first, rows.last, rows.leastStep, rows.mostStep) = (0, 299.0 / 30, 1.0 / 30 - 1e-6, 1.0 / 30 + 1e-6)
        (rows.firstFrame, rows.leastFrameStep, rows.mostFrameStep) = (0, 1, 1)
        rows.channels = [.init(name: "observation.state", known: [300, 300], span: [1.2, 0])]
        change(&rows)
        return rows
    }

    private func video(frames: Int? = 300, rate: Double? = 30, seconds: Double? = 10) -> [String: VideoFacts] {
        ["v.mp4": VideoFacts(frames: frames, seconds: seconds, framesPerSecond: rate, failure: nil)]
    }

    private func table(_ columns: Set<String> = ["timestamp", "frame_index", "observation.state"]) -> TableContent {
        TableContent(columns: columns, episodes: [rows()], failure: nil)
    }

    @Test("an episode in order has nothing the matter with it, and its rows need no look")
    func plain() {
        #expect(judge.isPlain(rows()))
        #expect(judge.content(episode, table(), rows(), videos: video()).isEmpty)
    }

    @Test("any step out of the beat, a number out of turn or a slow clock asks for a look at every row")
    func askew() {
        #expect(!judge.isPlain(rows { $0.mostStep = 2.0 / 30 }))
        #expect(!judge.isPlain(rows { $0.leastStep = 0 }))
        #expect(!judge.isPlain(rows { $0.last = 10.1 }))
        #expect(!judge.isPlain(rows { $0.mostFrameStep = 2 }))
        #expect(!judge.isPlain(rows { $0.stamped = 299 }))
    }

    @Test("a short video costs the frames that are missing")
    func short() throws {
        let fault = try #require(
            judge.content(episode, table(), rows(), videos: video(frames: 288, seconds: 9.6)).first)
        #expect(fault.kind == .count)
        #expect(abs((fault.costMilliseconds ?? 0) - 400) < 1e-6)
        #expect(fault.sentence.contains("300 rows for 288 video frames of observation.images.top"))
    }

    @Test("a missing video, a video at another rate, and a list that counts otherwise")
    func others() {
        #expect(judge.content(episode, table(), rows(), videos: [:]).map(\.kind) == [.noVideo])
        #expect(
            judge.content(episode, table(), rows(), videos: video(rate: 25, seconds: 12)).map(\.kind) == [
                .rate
            ])
        #expect(
            judge.content(episode, table(), rows { $0.count = 290 }, videos: video(frames: 290)).map(\.kind) == [
                .count
            ])
    }

    @Test("numbers that are none, channels that never change, columns that are not there, another episode's table")
    func columns() {
        let holes = rows { $0.channels = [.init(name: "observation.state", known: [300, 296], span: [1, 1])] }
        let fault = judge.content(episode, table(), holes, videos: video()).first
        #expect(fault?.kind == .noValues)
        #expect(fault?.sentence == "column observation.state[1] has no number in 4 of its 300 rows")
        #expect(
            judge.content(
                episode, table(),
                rows { $0.channels = [.init(name: "observation.state", known: [300, 300], span: [0, 0])] },
                videos: video()
            ).map(\.kind) == [.constantChannel])
        #expect(
            judge.content(episode, table(["frame_index", "observation.state"]), rows(), videos: video()).map(\.kind)
                == [.noColumn])
        #expect(
            judge.content(episode, table(["timestamp", "frame_index"]), rows(), videos: video()).first?.sentence
                .contains("observation.state") == true)
        #expect(
            judge.content(episode, table(), rows { $0.episode = 9 }, videos: video()).map(\.kind) == [.otherEpisode])
    }

    @Test("within a shared video an episode has to lie inside it and be as long as its rows")
    func shared() {
        let inside = RobotEpisode(
            index: 4, table: "f.parquet", isShared: true, declaredRows: 300,
            videos: [.init(camera: "top", path: "v.mp4", from: 20, to: 30)], attributes: [])
        #expect(judge.content(inside, table(), rows(), videos: video(frames: 900, seconds: 30)).isEmpty)
        #expect(
            judge.content(inside, table(), rows(), videos: video(frames: 870, seconds: 29)).map(\.kind) == [
                .length
            ])
        let other = RobotEpisode(
            index: 4, table: "f.parquet", isShared: true, declaredRows: 300,
            videos: [.init(camera: "top", path: "v.mp4", from: 20, to: 29)], attributes: [])
        #expect(
            judge.content(other, table(), rows(), videos: video(frames: 900, seconds: 30)).map(\.kind) == [
                .count
            ])
    }

    @Test("the clock is judged as any log's: the same kinds, seen row by row")
    func clock() {
        let gap = (0..<300).map { Double($0) / 30 + ($0 >= 100 ? 1 : 0) }
        #expect(judge.clock(times: gap, frames: (0..<300).map(Double.init)).map(\.kind) == [.gap])
        let unit = judge.clock(times: (0..<300).map { Double($0) * 1000 / 30 }, frames: [])
        #expect(unit.map(\.kind) == [.unit])
        #expect(unit.first?.remedy.contains("seconds") == true)
    }
}
