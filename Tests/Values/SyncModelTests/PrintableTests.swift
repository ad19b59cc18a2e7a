import SyncModel
import Testing

@Suite struct PrintableTests {
    @Test func ordinaryNamesStayAsTheyAre() {
        for name in [
            "take3.mov", "with space.mp4", "Zürich 東京 👩‍👩‍👧.mkv", "",
            "it's \"quoted\"\\n.mp4", "e\u{301}.mp4",
        ] {
            #expect(name.printable == name)
        }
    }

    @Test func controlCharactersBecomeEscapes() {
        #expect("a\nb\rc\td".printable == "a\\nb\\rc\\td")
        #expect("\u{0}\u{1B}[31m\u{7F}\u{85}".printable == "\\x00\\x1b[31m\\x7f\\x85")
        #expect("\r\n".printable == "\\r\\n")
    }

    @Test func whatEndsALineElsewhereIsEscapedToo() {
        #expect("a\u{2028}b\u{2029}c".printable == "a\\u{2028}b\\u{2029}c")
    }

    @Test func nothingThatTurnsTheTextAroundIsLeftIn() {
        #expect("a\u{202E}4pm.exe".printable == "a\\u{202e}4pm.exe")
    }

    @Test func theResultIsOneLine() {
        #expect("1\n2\u{B}3\u{C}4\r\n5\u{85}6\u{2028}7".printable.split(whereSeparator: \.isNewline).count == 1)
    }
}
