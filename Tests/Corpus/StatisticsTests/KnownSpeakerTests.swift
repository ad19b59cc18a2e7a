import Foundation
import SignalCore
import Testing

@testable import Statistics

@Suite("The common bias of few known speakers")
struct KnownSpeakerTests {
    private static let truth = -20.0

    /// What speakers differ by, and each clip's own error: one standard deviation in ms.
    struct Scatter: Sendable, CustomTestStringConvertible {
        let check: String
        /// What the program knows of it beforehand.
        let habit: Double
        let among: Double
        let own: Double
        var testDescription: String { "\(check), speakers \(among) ms, clips \(own) ms" }
    }

    private static let scatters = [
        Scatter(check: "lips", habit: 10, among: 10, own: 8), Scatter(check: "lips", habit: 10, among: 25, own: 8),
        Scatter(check: "transcript", habit: 0, among: 0, own: 15),
        Scatter(check: "transcript", habit: 0, among: 20, own: 15),
        Scatter(check: "transcript", habit: 0, among: 30, own: 8),
    ]

    private struct Outcome {
        var held = 0
        var halves: [Double] = []
        var share: Double { Double(held) / Double(halves.count) }
        /// The middle of all half widths.
        var half: Double { halves.sorted()[halves.count / 2] }
    }

    /// Of so many corpora; in every second one the speakers have unequal numbers of clips.
    private func outcome(_ scatter: Scatter, speakers: Int, corpora: Int) throws -> Outcome {
        var result = Outcome()
        for seed in 0..<corpora {
            var dice = SplitMix64(seed: UInt64(seed * 100 + speakers))
            func normal() -> Double {
                (-2 * log(max(dice.uniform(), 1e-300))).squareRoot() * cos(2 * Double.pi * dice.uniform())
            }
            var (offsets, people): ([Double], [Int]) = ([], [])
            for speaker in 0..<speakers {
                let mean = Self.truth + scatter.among * normal()
                for _ in 0..<(seed % 2 == 0 ? 10 : 4 + 7 * speaker % 20) {
                    offsets.append(mean + scatter.own * normal())
                    people.append(speaker)
                }
            }
            let location = try #require(
                Location(
                    offsets: offsets, errors: offsets.map { _ in scatter.own }, speakers: people, habit: scatter.habit,
                    speakersKnown: true))
            if abs(location.value - Self.truth) <= location.halfWidth { result.held += 1 }
            result.halves.append(location.halfWidth)
        }
        return result
    }

    @Test("the interval holds the truth in 93 of 100 corpora at least, however few they are", arguments: scatters)
    func coverage(scatter: Scatter) throws {
        for speakers in [2, 3, 4, 6, 12] {
            let share = try outcome(scatter, speakers: speakers, corpora: 300).share
            #expect(share >= 0.93, "\(speakers) speakers: \(share)")
        }
    }

    @Test("a speaker less makes the interval wider, not narrower, whatever the number", arguments: scatters)
    func noJump(scatter: Scatter) throws {
        let halves = try (2...8).map { try outcome(scatter, speakers: $0, corpora: 150).half }
        for (fewer, more) in zip(halves, halves.dropFirst()) { #expect(more <= fewer * 1.03, "\(halves)") }
    }

    @Test("with many speakers the interval is about as wide as their own scatter makes it")
    func many() throws {
        for scatter in Self.scatters {
            let outcome = try outcome(scatter, speakers: 40, corpora: 60)
            let ideal = 1.96 * ((scatter.among * scatter.among + scatter.own * scatter.own / 11) / 40).squareRoot()
            let least = 1.96 * scatter.habit / 40.0.squareRoot()
            #expect(outcome.half <= 1.35 * max(ideal, least), "\(scatter): \(outcome.half), \(ideal)")
        }
    }

    @Test("more clips of few speakers are not called enough where the speakers limit what can be known")
    func enough() throws {
        var corpus = MadeCorpus(seed: 31)
        for speaker in 0..<3 {
            for _ in 0..<100 {
                corpus.add(offset: 0, habit: 20 * Double(speaker - 1), attributes: [("speaker", "p\(speaker)")])
            }
        }
        let bias = try #require(corpus.statistics.main?.bias)
        #expect(bias.estimate.upper - bias.estimate.lower > 60)
        #expect(bias.enoughFor5 == nil)
    }
}
