import DelimitedText
import Testing

@Suite("The separator is guessed from the first lines")
struct SeparatorGuessTests {
    private func lines(_ text: String, within bytes: Int = 100, cutsLast: Bool = false) -> [ArraySlice<UInt8>] {
        SeparatorGuess.lines(of: Array(text.utf8)[...], within: bytes, atMost: 3, cutsLast: cutsLast)
    }

    @Test("lines are looked at that are no comments and not blank, and not the one that is cut off")
    func head() {
        #expect(lines("#x\n\na\r\nb\rc\nd").map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "c"])
        #expect(lines("a\nb\nccc\nd", within: 5).count == 3)
        #expect(lines("a\nb\nccc\nd", within: 5, cutsLast: true).count == 2)
        #expect(lines("a\nb\nccc", within: 100, cutsLast: true).count == 3)
    }

    @Test("the one that all lines hold, or that parts the first into most fields")
    func guesses() {
        let candidates = Array(";,".utf8)
        #expect(SeparatorGuess.heldByAll(lines("a,b;c\nd,e\n"), of: candidates) == UInt8(ascii: ","))
        #expect(SeparatorGuess.heldByAll(lines("a,b;c\nd,e;\n"), of: candidates) == UInt8(ascii: ";"))
        #expect(SeparatorGuess.heldByAll(lines("a,b\nc"), of: candidates) == nil)
        #expect(SeparatorGuess.heldByAll(lines(""), of: candidates) == nil)
        #expect(SeparatorGuess.mostFields(lines("a,b;c;d\n"), of: candidates) == UInt8(ascii: ";"))
        #expect(SeparatorGuess.mostFields(lines("a,\"b;c;d\"\n"), of: candidates) == UInt8(ascii: ","))
        #expect(SeparatorGuess.mostFields(lines("a,b;c\nd,e;f;g\n"), of: candidates) == UInt8(ascii: ","))
        #expect(SeparatorGuess.mostFields(lines("a\nb,c\n"), of: candidates) == nil)
    }
}
