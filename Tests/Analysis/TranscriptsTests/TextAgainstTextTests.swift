import Foundation
import SignalCore
import SyncModel
import Testing

@testable import Transcripts

@Suite("A timed text is laid on another by its words, or by its times")
struct TextAgainstTextTests {
    private typealias Item = TranscriptText.Item

    /// Words of no language, the same for the same seed.
    private static func sentences(_ count: Int, seed: UInt64) -> [String] {
        var random = SplitMix64(seed: seed)
        let syllables = ["ta", "re", "mi", "no", "ku", "sel", "var", "pon", "di", "lor", "ech", "um"]
        // Three hundred words, of which some are said often.
        let words = (0..<300).map { _ in
            (0..<Int(1 + random.next() % 3)).map { _ in syllables[Int(random.next() % 12)] }.joined()
        }
        return (0..<count).map { _ in
            (0..<Int(4 + random.next() % 6)).map { _ in
                words[min(Int(random.next() % 300), Int(random.next() % 300))]
            }.joined(separator: " ")
        }
    }

    /// Cues at the pace of speech.
    private static func text(_ sentences: [String], seed: UInt64, start: Double = 3) -> TranscriptText {
        var random = SplitMix64(seed: seed)
        var time = start
        return TranscriptText(
            items: sentences.enumerated().map { index, words in
                let length = Double(words.count) / 14
                defer { time += length + 0.2 + Double(random.next() % 2000) / 1000 }
                return Item(index: index, kind: .cue, text: words, start: time, end: time + length)
            })
    }

    /// Other times, and with `strays` seconds of error at most.
    private static func moved(
        _ text: TranscriptText, strays: Double = 0, seed: UInt64 = 5, _ time: (Double) -> Double
    ) -> TranscriptText {
        var random = SplitMix64(seed: seed)
        return TranscriptText(
            items: text.items.map { item in
                let error = strays * (Double(random.next() % 2001) / 1000 - 1)
                return Item(
                    index: item.index, kind: item.kind, text: item.text, start: time(item.start) + error,
                    end: time(item.end) + error)
            })
    }

    private let analyser = TextAgainstText()

    @Test("the same words at other times have that offset, with the contract's sign", arguments: [-31.7, 0.35, 412.0])
    func offset(_ seconds: Double) throws {
        let reference = Self.text(Self.sentences(40, seed: 1), seed: 2, start: 500)
        // t_reference = t_subject + offset
        let finding = analyser.finding(Self.moved(reference, strays: 0.05) { $0 - seconds }, reference: reference)
        #expect(finding.reference == .text && finding.subject == .text)
        let found = try #require(finding.offset)
        #expect(abs(found.milliseconds - 1000 * seconds) < 20)
        #expect(finding.interval.map { $0.lower.milliseconds < 1000 * seconds } == true)
        #expect(finding.verdict == .misaligned)
    }

    @Test("a text for another frame rate is told by its name, with the offset at zero")
    func rate() throws {
        let reference = Self.text(Self.sentences(120, seed: 3), seed: 4)
        let factor = 25.0 * 1001 / 24_000
        let finding = analyser.finding(Self.moved(reference) { ($0 - 1.5) / factor }, reference: reference)
        #expect(finding.rate == "25/23.976")
        #expect(try abs(#require(finding.offset).milliseconds - 1500) < 20)
        #expect(try abs(#require(finding.drift).ppm - 42_709) < 30)
    }

    @Test("where a minute was cut out, two pieces are found, and what is missing is named")
    func cut() throws {
        let reference = Self.text(Self.sentences(120, seed: 6), seed: 7)
        let border = reference.items[60].start
        let kept = reference.items.filter { $0.end < border || $0.start > border + 60 }
        let subject = TranscriptText(
            items: kept.map { item in
                let back = item.start > border ? 60.0 : 0
                return Item(
                    index: item.index, kind: .cue, text: item.text, start: item.start - back, end: item.end - back)
            })
        let finding = analyser.finding(subject, reference: reference)
        let segments = try #require(finding.segments)
        #expect(segments.map { ($0.offset.milliseconds / 1000).rounded() } == [0, 60])
        #expect(try abs(#require(segments.last).span.start - border) < 5)
        #expect(finding.evidence("missing_items") == .count(reference.items.count - kept.count))
        #expect(finding.items?.allSatisfy { $0.flags.isEmpty } == true)
    }

    @Test("of another language the times alone tell, within 60 ms")
    func translation() throws {
        let reference = Self.text(Self.sentences(60, seed: 8), seed: 9)
        let words = Self.sentences(60, seed: 1000)
        let other = TranscriptText(
            items: Self.moved(reference, strays: 0.12) { $0 - 7.25 }.items.map { item in
                Item(
                    index: item.index, kind: .cue, text: words[item.index].uppercased().replacing("A", with: "Ö"),
                    start: item.start, end: item.end)
            })
        let finding = analyser.finding(other, reference: reference)
        #expect(try abs(#require(finding.offset).milliseconds - 7250) < 60)
        #expect(finding.evidence("method") == .text("times alone"))
    }

    @Test("another episode in the same language is never laid anywhere", arguments: 0..<20)
    func otherEpisode(_ seed: UInt64) {
        // The words of one vocabulary in another order, at other times.
        let all = Self.sentences(240, seed: 100 + seed)
        let reference = Self.text(Array(all[..<120]), seed: 2 * seed)
        let other = Self.text(Array(all[120...]), seed: 2 * seed + 1)
        let finding = analyser.finding(other, reference: reference)
        #expect(finding.offset == nil)
        #expect(finding.verdict == .unpaired || finding.verdict == .inconclusive)
        let silent = TextAgainstText(timingOnly: true).finding(other, reference: reference)
        #expect(silent.verdict == .inconclusive && silent.offset == nil)
    }

    @Test("words that differ, extra and missing cues are named")
    func differences() throws {
        let sentences = Self.sentences(40, seed: 11)
        let reference = Self.text(sentences, seed: 12)
        var items = reference.items
        let words = items[10].text.split(separator: " ")
        items[10].text = (["hamster"] + words.dropFirst().map(String.init)).joined(separator: " ")
        items[20].text = "quite another remark about nothing at all"
        items.remove(at: 30)
        let finding = analyser.finding(TranscriptText(items: items), reference: reference)
        #expect(finding.verdict == .inSync)
        #expect(finding.items?.filter { $0.flags.contains(.extra) }.map(\.index) == [20])
        #expect(finding.gaps?.count == 2)
        let list = try #require(finding.evidence("words_differ")?.list)
        #expect(
            list.contains { value in
                guard case .object(let members) = value else { return false }
                return members.contains(Evidence("text", .text("hamster")))
                    && members.contains(Evidence("reference", .text(String(words[0]))))
            })
    }

    @Test("a few words tell nothing, and say so")
    func tooFew() {
        let reference = Self.text(Self.sentences(60, seed: 13), seed: 14)
        let subject = TranscriptText(items: [Item(index: 0, kind: .cue, text: "ta re", start: 4, end: 5)])
        let finding = analyser.finding(subject, reference: reference)
        #expect(finding.verdict == .inconclusive && finding.offset == nil && !finding.because.isEmpty)
        #expect(analyser.finding(TranscriptText(items: []), reference: reference).verdict == .notApplicable)
    }

    @Test("the longest chain of pairs ascends in both")
    func chain() {
        let pairs = [(0, 5), (1, 1), (2, 2), (3, 9), (4, 3), (5, 4), (6, 0), (7, 6)]
        #expect(TokenAlignment.longest(pairs).map(\.1) == [1, 2, 3, 4, 6])
        #expect(TokenAlignment.longest([]).isEmpty)
    }
}
