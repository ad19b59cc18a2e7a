import Testing

@testable import MediaIO

@Suite("Whole numbers of times beyond all measure")
struct SaturatingTests {
    @Test("the nearest there is room for")
    func nearest() {
        #expect(Int64(saturating: 1e300) == .max && Int64(saturating: -.infinity) == .min)
        #expect(Int64(saturating: .nan) == 0 && Int64(saturating: 9.223372036854776e18) == .max)
        #expect(Int64(saturating: -2.5) == -3 || Int64(saturating: -2.5) == -2)
        #expect(Int64(saturating: 41.7) == 42)
    }
}
