import Testing

@testable import GoldenNumbers

@Suite("A detector of changed answers")
struct GoldenNumbersTests {
    private let file: GoldenNumbers.File = [
        "made-1": ["a": ["offset_ms": .number(120), "verdict": .text("misaligned"), "trust": .number(.infinity)]]
    ]

    private func complaints(_ offset: Double, _ verdict: String = "misaligned", method: String = "made-1") -> [String] {
        GoldenNumbers.compare(
            "a", method: method,
            ["offset_ms": .number(offset), "verdict": .text(verdict), "trust": .number(.infinity)], with: file)
    }

    @Test("the same numbers are no change, nor is what processors differ by")
    func same() {
        #expect(complaints(120).isEmpty)
        #expect(complaints(120.01).isEmpty)
        #expect(complaints(119.99).isEmpty)
    }

    @Test("other answers under the same version are told, with what was and what is")
    func changed() throws {
        let told = try #require(complaints(120.05).first)
        #expect(told.contains("answers of made-1 changed: give it a new version"))
        #expect(told.contains("offset_ms was 120.0, is 120.05"))
        #expect(complaints(120, "marginal").count == 1)
        #expect(complaints(.nan).count == 1)
        let fewer = GoldenNumbers.compare("a", method: "made-1", ["offset_ms": .number(120)], with: file)
        #expect(fewer.first?.contains("verdict was misaligned, is absent") == true)
    }

    @Test("a new version and a new case ask to be recorded")
    func unknown() {
        #expect(complaints(120, method: "made-2").first?.contains("made-2 is not in") == true)
        let other = GoldenNumbers.compare("b", method: "made-1", ["verdict": .text("in-sync")], with: file)
        #expect(other.first?.contains("'b' of made-1 is not in") == true)
    }

    @Test("recording adds what is missing and complains; it never changes what stands under a version")
    func record() {
        let answers: GoldenNumbers.Answers = ["offset_ms": .number(1.23456789)]
        let (more, added) = GoldenNumbers.record("b", method: "made-1", answers, in: file)
        #expect(added.count == 1 && more["made-1"]?["b"] == ["offset_ms": .number(1.23457)])
        #expect(more["made-1"]?["a"] == file["made-1"]?["a"])
        let (kept, refused) = GoldenNumbers.record("a", method: "made-1", answers, in: file)
        #expect(kept == file && refused.first?.contains("give it a new version") == true)
        let (newer, _) = GoldenNumbers.record("a", method: "made-2", answers, in: file)
        #expect(newer.keys.sorted() == ["made-2"])
    }
}
