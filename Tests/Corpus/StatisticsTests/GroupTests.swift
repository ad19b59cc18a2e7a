import Foundation
import Statistics
import SyncModel
import Testing

@Suite("Groups that differ")
struct GroupTests {
    private let encoders = ["A", "B", "C", "D"]
    private let cameras = ["Nikon", "Canon", "Sony"]

    /// 1,000 clips of 30 speakers.
    private func corpus(_ seed: UInt64, encoderLate: Double, namesSpeakers: Bool, foldersBySpeaker: Bool = false)
        -> MadeCorpus
    {
        var corpus = MadeCorpus(seed: seed)
        for speaker in 0..<30 {
            let habit = 10 * corpus.normal()
            for _ in 0..<34 {
                let encoder = corpus.pick(encoders)
                var attributes = [
                    ("encoder", encoder), ("camera", corpus.pick(cameras)),
                    ("take", corpus.pick(["1", "2", "3", "4", "5"])),
                ]
                if namesSpeakers { attributes.append(("speaker", "p\(speaker)")) }
                corpus.add(
                    offset: encoder == "B" ? -encoderLate : 0, habit: habit, attributes: attributes,
                    folder: foldersBySpeaker ? "clips/p\(speaker)" : "clips/\(corpus.pick(["x", "y", "z"]))")
            }
        }
        return corpus
    }

    @Test("an encoder that is 80 ms late is named first and alone, with its difference", arguments: [true, false])
    func encoder(namesSpeakers: Bool) throws {
        let statistics = corpus(11, encoderLate: 80, namesSpeakers: namesSpeakers).statistics
        #expect(statistics.named.map(\.name) == ["encoder = B"])
        let difference = try #require(statistics.groups.first?.difference)
        #expect(abs(difference.milliseconds + 80) < 5)
        #expect(difference.lower <= -80 && -80 <= difference.upper)
    }

    @Test(
        "without a fault at most 1 of 20 corpora names a group, whether speakers are known, unknown or folders",
        arguments: [(true, false), (false, false), (false, true)])
    func none(namesSpeakers: Bool, foldersBySpeaker: Bool) {
        var naming: [String] = []
        for seed in 0..<20 as Range<UInt64> {
            let statistics = corpus(
                300 + seed, encoderLate: 0, namesSpeakers: namesSpeakers, foldersBySpeaker: foldersBySpeaker
            ).statistics
            if let first = statistics.named.first { naming.append(first.name) }
        }
        #expect(naming.count <= 1, "\(naming)")
    }

    @Test("a folder that holds half of the late encoder's clips is explained by the encoder")
    func explained() throws {
        var corpus = MadeCorpus(seed: 12)
        for number in 0..<800 {
            let isLate = number % 8 == 0
            let folder = isLate && number % 16 == 0 || number % 40 == 1 ? "clips/odd" : "clips/even"
            corpus.add(
                offset: isLate ? -90 : 0, attributes: [("encoder", isLate ? "late" : number % 3 == 0 ? "x" : "y")],
                folder: folder)
        }
        let statistics = corpus.statistics
        #expect(statistics.named.map(\.name) == ["encoder = late"])
        #expect(statistics.groups.first { $0.name == "folder = clips/odd" }?.explainedBy == "encoder = late")
    }

    @Test("two faults are named both, the one that explains more first")
    func twoFaults() {
        var corpus = MadeCorpus(seed: 13)
        for number in 0..<1200 {
            let (isLate, isEarly) = (number % 6 == 0, number % 15 == 7)
            corpus.add(
                offset: (isLate ? -80 : 0) + (isEarly ? 120 : 0),
                attributes: [
                    ("encoder", isLate ? "late" : "good"), ("camera", isEarly ? "early" : number % 2 == 0 ? "a" : "b"),
                ])
        }
        #expect(corpus.statistics.named.map(\.name) == ["encoder = late", "camera = early"])
    }

    @Test("attributes with the same clips are told with each other")
    func sameClips() {
        var corpus = MadeCorpus(seed: 14)
        for number in 0..<400 {
            corpus.add(
                offset: number % 8 == 0 ? -90 : 0,
                attributes: [
                    ("encoder", number % 8 == 0 ? "late" : "good"), ("site", number % 8 == 0 ? "north" : "south"),
                ])
        }
        let named = corpus.statistics.named
        #expect(named.count == 1)
        #expect(named.first?.sameClips == ["site = north"])
    }

    @Test("numbers with many values are compared in quarters")
    func quarters() {
        var corpus = MadeCorpus(seed: 15)
        for _ in 0..<800 {
            let light = (corpus.uniform() * 1000).rounded() / 10
            if light < 25 && corpus.uniform() < 0.5 {
                corpus.add(.inconclusive, attributes: [("brightness", "\(light)")])
            } else {
                corpus.add(offset: 0, attributes: [("brightness", "\(light)")])
            }
        }
        let less = corpus.statistics.lessAnswered
        #expect(less.count == 1)
        #expect(less.first?.attribute == "brightness")
        #expect(less.first?.value.hasPrefix("0") == true)
    }

    @Test("a rare language that is answered less is told, and an uploader with other people's sound")
    func coverage() {
        var corpus = MadeCorpus(seed: 16)
        for number in 0..<600 {
            let language = number % 10 == 0 ? "fi" : "en"
            let uploader = number % 12 == 5 ? "ben" : number % 2 == 0 ? "anna" : "carl"
            let attributes = [("lang", language), ("site", uploader)]
            if language == "fi", number % 20 == 0 {
                corpus.add(.inconclusive, attributes: attributes)
            } else if uploader == "ben", number % 24 == 5 {
                corpus.add(.unpaired, attributes: attributes)
            } else {
                corpus.add(offset: 0, attributes: attributes)
            }
        }
        // Half of the clips in Finnish and half of Ben's have no offset, and no others: unpaired is no answer either.
        let less = corpus.statistics.lessAnswered
        #expect(less.map(\.name) == ["lang = fi", "site = ben"])
        #expect(less.map { $0.coverage?.value } == [0.5, 0.5])
        #expect(corpus.statistics.moreUnpaired.map(\.name) == ["site = ben"])
    }

    @Test("a step by date is found on its day, a slope over its span, and neither where there is none")
    func dates() throws {
        func corpus(_ seed: UInt64, _ offset: (Int) -> Double) -> MadeCorpus {
            var corpus = MadeCorpus(seed: seed)
            for number in 0..<600 {
                let day = number * 90 / 600
                let date = "2024-0\(1 + day / 30)-\(String(format: "%02d", 1 + day % 28))"
                corpus.add(offset: offset(day), attributes: [("recorded", date)])
            }
            return corpus
        }
        let step = try #require(corpus(17) { $0 < 30 ? 0 : -60 }.statistics.main?.trend)
        #expect(step.shape == .step && step.at == "2024-02-01")
        #expect(abs(step.change.milliseconds + 60) < 6)
        #expect(corpus(19) { _ in -10 }.statistics.main?.trend == nil)
        let slope = try #require(corpus(18) { -60 * Double($0) / 90 }.statistics.main?.trend)
        #expect(slope.change.milliseconds < -40)
    }

    @Test("people look first at what a group shows, then at what nothing explains, and hours are told")
    func review() {
        var corpus = MadeCorpus(seed: 20)
        for number in 0..<400 {
            corpus.add(
                offset: number == 3 ? 700 : number % 8 == 0 ? -180 : 0,
                attributes: [("encoder", number % 8 == 0 ? "late" : "good")])
        }
        let review = corpus.statistics.review
        #expect(review.first.prefix(3).allSatisfy { $0.why == .ofGroup && $0.group == "encoder = late" })
        #expect(review.first.dropFirst(3).first?.clip == "clips/1003.mp4")
        #expect(review.clips == 4)
        #expect(abs(review.hours - 4 * (18 + 15) / 3600) < 1e-9)
    }
}
