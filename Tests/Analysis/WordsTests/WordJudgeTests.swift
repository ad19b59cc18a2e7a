import Foundation
import SyncModel
import Testing

@testable import Words

@Suite("Words one by one") struct WordJudgeTests {
    private static func aligners() -> [any SpeechAlignment] {
        [
            RenderingAligner(program: Spoken.program("genlock-speech-synth")),
            PocketSphinxAligner(program: Spoken.program("genlock-word-aligner")),
        ]
    }

    private static let english: Spoken = Spoken(Spoken.sentences, voice: "en-gb+f3")

    @Test("words where they are spoken are trusted, and a common lateness is told once")
    func allLate() {
        let spoken: Spoken = WordJudgeTests.english
        #expect(spoken.items.count > 45)
        let late = spoken.items.map {
            StatedItem(index: $0.index, words: $0.words, start: $0.start + 0.06, end: $0.end + 0.06)
        }
        let report = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            late, areCues: false, language: "en", sound: spoken.sound)
        #expect(report.looked == late.count)
        #expect(report.items.count { $0.flags.contains(.moved) || $0.flags.contains(.wrongText) } <= 1)
        let trusts = report.items.compactMap(\.trust)
        #expect(trusts.count { $0 > 0.8 } * 10 >= trusts.count * 8 && trusts.count >= 15, "\(trusts)")
        for (aligner, seconds) in report.common { #expect(abs(seconds + 0.06) < 0.03, "\(aligner): \(seconds)") }
    }

    @Test("moved words are found, by two aligners where there are two and as doubtful where there is one")
    func moved() {
        let spoken: Spoken = WordJudgeTests.english
        let shifts: [Int: Double] = [5: 0.3, 20: -0.25, 33: 0.35, 45: -0.3]
        let moved = spoken.items.map { (item: StatedItem) -> StatedItem in
            StatedItem(
                index: item.index, words: item.words, start: item.start + (shifts[item.index] ?? 0),
                end: item.end + (shifts[item.index] ?? 0))
        }
        let report = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            moved, areCues: false, language: "en", sound: spoken.sound)
        let flagged = Set(
            report.items.filter {
                $0.flags.contains(.moved) || report.aligners.count == 1 && $0.flags.contains(.doubtful)
            }.map(\.index))
        #expect(flagged.intersection(shifts.keys).count >= 3, "\(flagged)")
        #expect(flagged.subtracting(shifts.keys).count <= 2, "\(flagged)")
        for item in report.items {
            if let shift = shifts[item.index], flagged.contains(item.index), let move = item.move {
                #expect(abs(move + shift) < 0.12)
            }
        }
    }

    @Test("words of another text, found anywhere, are not believed; those of the recording are")
    func otherText() {
        let english: Spoken = WordJudgeTests.english
        func report(_ items: [StatedItem], _ language: String) -> WordReport {
            WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
                items, areCues: false, language: language, sound: english.sound)
        }
        let own = report(english.items, "en")
        #expect(own.isOfTheRecording(areCues: false) && own.isReliable(areCues: false))
        for (voice, language) in [("de+f2", "de"), ("de+f2", "en")] {
            let other = report(Spoken(Spoken.german, voice: voice).items, language)
            #expect(
                !other.isOfTheRecording(areCues: false),
                "\(language): \(other.right(areCues: false)) of \(other.looked)")
        }
        // The same words in another order.
        let turned = zip(english.items, english.items.reversed()).map {
            StatedItem(index: $0.index, words: $1.words, start: $0.start, end: $0.end)
        }
        #expect(!report(turned, "en").isOfTheRecording(areCues: false))
    }

    @Test("a language with one aligner has no word called moved, only doubtful")
    func oneAligner() {
        let spoken = Spoken(Spoken.german, voice: "de+f2")
        let shifts: [Int: Double] = [4: 0.3, 18: -0.3, 30: 0.3]
        let moved = spoken.items.map { (item: StatedItem) -> StatedItem in
            let shift = shifts[item.index] ?? 0
            return StatedItem(index: item.index, words: item.words, start: item.start + shift, end: item.end + shift)
        }
        let report = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            moved, areCues: false, language: "de", sound: spoken.sound)
        #expect(report.aligners == ["rendering"])
        let flagged = Set(report.items.filter { $0.flags == [.doubtful] }.map(\.index))
        #expect(report.items.allSatisfy { !$0.flags.contains(.moved) && !$0.flags.contains(.wrongText) })
        #expect(flagged.intersection([4, 18, 30]).count >= 2, "\(flagged)")
        #expect(flagged.subtracting([4, 18, 30]).count <= 2, "\(flagged)")
    }

    @Test("in noise as loud as the speech it cannot be told, and nothing is called wrong")
    func noise() {
        let spoken = Spoken(Spoken.sentences, voice: "en-gb+f3", noise: 0)
        let report = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            spoken.items, areCues: false, language: "en", sound: spoken.sound)
        #expect(report.items.count { !$0.flags.isEmpty } <= spoken.items.count / 50)
        #expect(report.untold > spoken.items.count / 2)
    }

    @Test("no right cue is called another text, and a cue with another sentence is never trusted")
    func wrongSentence() {
        let spoken: Spoken = WordJudgeTests.english
        // One cue a sentence, by the pauses between them.
        var cues: [StatedItem] = []
        for item in spoken.items {
            if let last = cues.last, item.start - last.end < 0.5 {
                cues[cues.count - 1] = StatedItem(
                    index: last.index, words: last.words + item.words, start: last.start, end: item.end)
            } else {
                cues.append(StatedItem(index: cues.count, words: item.words, start: item.start, end: item.end))
            }
        }
        let right = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            cues, areCues: true, language: "en", sound: spoken.sound)
        #expect(right.items.allSatisfy { !$0.flags.contains(.wrongText) })
        cues[1].words = WordTokens.words(
            of: "Yesterday the teacher gave us sixteen letters to read in the dark street and nothing else was said")
        let wrong = WordJudge(aligners: WordJudgeTests.aligners(), budgetSeconds: nil).report(
            cues, areCues: true, language: "en", sound: spoken.sound)
        // A synthetic voice is foreign to PocketSphinx: it may find no way through, and then nothing is said.
        #expect(wrong.items.allSatisfy { !$0.flags.contains(.wrongText) || $0.index == 1 })
        #expect(wrong.items.allSatisfy { $0.index != 1 || ($0.trust ?? 0) < 0.1 })
    }

    @Test("without the programs nothing is said")
    func noPrograms() {
        let spoken: Spoken = WordJudgeTests.english
        let judge = WordJudge(
            aligners: [RenderingAligner(program: "/nowhere"), PocketSphinxAligner(program: "/nowhere")],
            budgetSeconds: nil)
        let report = judge.report(spoken.items, areCues: false, language: "en", sound: spoken.sound)
        #expect(report.items.allSatisfy { $0.trust == nil && $0.flags.isEmpty })
    }

    @Test("what two aligners measure alike is believed, what one measures is not")
    func chance() {
        func measured(_ start: Double, _ end: Double, spread: Double = 0.02, lost: Double = 0.1) -> MoveChance.Measured
        {
            MoveChance.Measured(start: start, end: end, spread: spread, lost: lost)
        }
        let alike = MoveChance([measured(0.25, 0.26), measured(0.27, 0.24, spread: 0.03)]) { _ in 1 }
        #expect(alike.trust < 0.05 && abs(alike.move - 0.25) < 0.03)
        #expect(alike.supports.allSatisfy { $0 > 2 })
        let one = MoveChance([measured(0.25, 0.25), measured(0, 0.01, spread: 0.03)]) { _ in 1 }
        #expect(one.trust > 0.5)
        let still = MoveChance([measured(0.01, -0.01), measured(-0.02, 0.02, spread: 0.03)]) { _ in 1 }
        #expect(still.trust > 0.98)
        let longer = MoveChance([measured(0, 0.3), measured(0.01, 0.28, spread: 0.03)]) { _ in 1 }
        #expect(longer.trust > 0.5, "a word that is only longer is not moved")
    }

    @Test("neighbours speak for a move from where they overlap to where they leave room, and against the other way")
    func neighbours() {
        let items = [(0.0, 0.3), (0.75, 1.0), (0.6, 0.9), (0.9, 1.2)].enumerated().map { index, span in
            StatedItem(index: index, words: ["a"], start: span.0, end: span.1)
        }
        let neighbours = NeighbourContext(items)
        #expect(neighbours.support(1, move: -0.4, least: 0.1) > 10)
        #expect(neighbours.support(0, move: 0.65, least: 0.1) < 1)
        #expect(neighbours.support(0, move: 0.05, least: 0.1) == 1)
    }

    @Test("a budget takes the worst passages and some of the others, the same each time and in order")
    func budget() {
        let passages = (0..<40).map { Passage(core: $0..<$0 + 1, all: $0..<$0 + 1) }
        var doubts = [Double](repeating: 0, count: 40)
        for place in [3, 17, 33] { doubts[place] = 0.3 }
        let chosen = SamplingBudget(seconds: 60).chosen(passages, doubts: doubts) { _ in 5 }
        #expect(Set(chosen).isSuperset(of: [passages[3], passages[17], passages[33]]))
        #expect(chosen.count <= 12 && chosen.count >= 10)
        #expect(chosen.map(\.core.lowerBound) == chosen.map(\.core.lowerBound).sorted())
        #expect(chosen.map(\.core.lowerBound).last! > 30)
    }
}
