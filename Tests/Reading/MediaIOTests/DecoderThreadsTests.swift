import Testing

@testable import MediaIO

@Suite("The number of threads that decode a clip's video")
struct DecoderThreadsTests {
    @Test(
        "a number within the range counts; anything else means one",
        arguments: [(nil, 1), ("", 1), ("4", 4), ("16", 16), ("0", 1), ("17", 1), ("-2", 1), ("two", 1)]
            as [(String?, Int)])
    func number(value: String?, number: Int) {
        #expect(DecoderThreads.number(value) == number)
    }
}
