import SyncModel
import Testing

@testable import HTMLReport

@Suite("How offsets are spread")
struct HistogramTests {
    @Test("every clip is accounted for: in a bin, beyond the ends, or without an offset by verdict")
    func accounted() throws {
        var records = (0..<500).map { index in
            Made.record("\(index).mp4", [Made.finding(.inSync, milliseconds: Double(index % 41) - 20)])
        }
        records.append(Made.record("far.mp4", [Made.finding(.misaligned, milliseconds: -9_000)]))
        records += (0..<7).map { Made.record("x\($0).mp4", [Made.finding(.inconclusive, because: ["quiet"])]) }
        let histogram = try #require(OffsetHistogram.all(records) { _ in .standard }.first)
        #expect(histogram.answered == 501)
        #expect(histogram.below == 1 && histogram.above == 0)
        #expect(histogram.silent.map(\.count) == [7])
        #expect(histogram.first <= -130 && histogram.first + histogram.width * Double(histogram.counts.count) >= 130)
        #expect(
            HistogramDrawing.sentence(histogram)
                == "501 with an offset, 7 without: 7 inconclusive; 1 later than shown")
    }

    @Test("0 is an edge of two bins, and an offset lies in the bin that its drawing says")
    func bins() throws {
        let records = [
            Made.record("a.mp4", [Made.finding(.inSync, milliseconds: -0.5)]),
            Made.record("b.mp4", [Made.finding(.inSync, milliseconds: 0.5)]),
        ]
        let histogram = try #require(OffsetHistogram.all(records) { _ in .standard }.first)
        let zero = Int((-histogram.first / histogram.width).rounded())
        #expect(histogram.first + Double(zero) * histogram.width == 0)
        #expect(histogram.counts[zero - 1] == 1 && histogram.counts[zero] == 1)
    }

    @Test("sound and text have a drawing each; what a file only says of itself has none beside them")
    func relations() {
        let names = OffsetHistogram.all(Made.corpus) { _ in .standard }.map(\.subject)
        #expect(names == [.audio, .text])
    }

    @Test("all views have one drawing, whatever they are called, and each counts")
    func views() throws {
        let group = Made.record(
            "views of talk",
            ["b.mp4", "c.mp4"].map {
                Made.finding(
                    .misaligned, check: .views, subject: .named($0), reference: .named("a.mp4"), milliseconds: 300)
            })
        let all = OffsetHistogram.all([group]) { $0 == .named("views") ? .standard : nil }
        #expect(all.count == 1 && all[0].answered == 2 && all[0].tolerance != nil)
    }

    @Test("widths are 1, 2 or 5 times a power of ten")
    func widths() {
        #expect(OffsetHistogram.round(atLeast: 5) == 5)
        #expect(OffsetHistogram.round(atLeast: 5.1) == 10)
        #expect(OffsetHistogram.round(atLeast: 130) == 200)
    }

    @Test("letters carry 64 steps, and a dot what is not known")
    func letters() {
        #expect(LetterCode.letters([0, nil, 1, 0.5, 2], low: 0, high: 1) == "A._g_")
    }
}
