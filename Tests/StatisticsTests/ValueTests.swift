import Foundation
import Statistics
import Testing

@Suite("Values of a corpus")
struct ValueTests {
    @Test("A group without a value says that it is not said")
    func unsaid() {
        var counts = VerdictCounts()
        counts.add(.inSync)
        counts.add(.notApplicable)
        #expect(counts.askable == 1)
        #expect(counts.clips == 2)
    }
}
