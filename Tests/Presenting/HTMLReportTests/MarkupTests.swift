import Testing

@testable import HTMLReport

@Suite("Text in a page")
struct MarkupTests {
    @Test("whatever a file is called, it stays text")
    func escaped() {
        #expect(Markup.escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
        #expect(!Markup.scriptSafe("\"</script><!--\u{2028}\"").contains("<"))
        #expect(Markup.scriptSafe("\"</script>\"") == "\"\\u003c/script>\"")
    }

    @Test("coordinates have one decimal at most")
    func place() {
        #expect(Markup.place(12) == "12")
        #expect(Markup.place(-0.26) == "-0.3")
        #expect(Markup.place(1.04) == "1")
        #expect(Markup.place(.nan) == "0")
    }
}
