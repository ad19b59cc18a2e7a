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

    @Test("a first stamp that is not 0 costs what it is off; half a row is none")
    func lateStart() throws {
        let fault = try #require(
            judge.content(episode, table(), rows { ($0.first, $0.last) = (26.3, 26.3 + 299.0 / 30) }, videos: video())
                .first)
        #expect(fault.kind == .lateStart)
        #expect(abs((fault.costMilliseconds ?? 0) - 26_300) < 1e-6)
        #expect(fault.row == 0)
        let early = judge.content(episode, table(), rows { $0.first = -2 }, videos: video())
        #expect(early.map(\.kind) == [.lateStart])
        // Where all stamps scatter by as much, it is scatter.
        func jitter(_ milliseconds: Double) -> [LogFault] {
            [LogFault(.jitter, "they scatter", costMilliseconds: milliseconds, remedy: "mend it")]
        }
        #expect(judge.faults(clock: jitter(1500), content: early).map(\.kind) == [.jitter])
        #expect(judge.faults(clock: jitter(50), content: early).map(\.kind) == [.jitter, .lateStart])
        #expect(judge.faults(clock: [], content: early) == early)
        #expect(judge.content(episode, table(), rows { $0.first = 0.016 }, videos: video()).isEmpty)
    }

    private func stretch(_ index: Int, _ from: Double, _ to: Double, camera: String = "top") -> RobotEpisode {
        RobotEpisode(
            index: index, table: "f.parquet", isShared: true, declaredRows: nil,
            videos: [.init(camera: camera, path: camera + ".mp4", from: from, to: to)], attributes: [])
    }

    private func shared(_ episodes: [RobotEpisode], length: Double? = nil) -> SharedVideos {
        SharedVideos(
            episodes, framesPerSecond: 30,
            facts: ["top.mp4": VideoFacts(frames: nil, seconds: length, framesPerSecond: 30, failure: nil)])
    }

    @Test("episodes that follow each other in a shared video are in order, whatever the order of the list")
    func following() {
        let right = shared([stretch(1, 9.0667, 17), stretch(0, 0, 9.0666), stretch(2, 17, 20)], length: 20.03)
        #expect(right.faults.isEmpty)
        #expect(right.unclaimed == nil)
        // The same seconds of two files are no overlap.
        #expect(shared([stretch(0, 0, 9), stretch(1, 0, 9, camera: "side")]).faults.isEmpty)
    }

    @Test("two episodes that claim the same seconds are both named, with what it costs")
    func overlap() throws {
        let wrong = shared([stretch(0, 0, 9), stretch(1, 8.5, 16.5), stretch(2, 16.5, 20)])
        #expect(wrong.faults.keys.sorted() == [0, 1])
        let fault = try #require(wrong.faults[0]?.first)
        #expect(fault.kind == .overlap)
        #expect(abs((fault.costMilliseconds ?? 0) - 500) < 1e-6)
        #expect(fault.sentence.contains("to episode 1"))
        #expect(wrong.faults[1]?.first?.sentence.contains("to episode 0") == true)
        // One that lies within another does not hide the next.
        #expect(shared([stretch(0, 0, 9), stretch(1, 2, 3), stretch(2, 8, 12)]).faults[2] != nil)
    }

    @Test("what lies before, between and behind the episodes belongs to none")
    func holes() throws {
        for (episodes, length, words) in [
            ([stretch(0, 1, 9)], 9.0, "before episode 0"), ([stretch(0, 0, 9), stretch(1, 10, 12)], 12, "between"),
            ([stretch(0, 0, 9)], 10, "after episode 0"),
        ] {
            let wrong = shared(episodes, length: length)
            #expect(wrong.unclaimed?.kind == .unclaimed)
            #expect(wrong.unclaimed?.sentence.contains(words) == true)
            #expect(wrong.unclaimed?.sentence.hasPrefix("1.00 s") == true, "\(wrong.unclaimed?.sentence ?? "")")
            #expect(wrong.faults.isEmpty)
        }
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
