import Testing

@testable import TimedText

@Suite("Every format that is written is read again as it was")
struct RoundTripTests {
    @Test("there is a sample of each format")
    func formats() throws {
        let read = try EditMutationTests.samples.map {
            try TimedTextReader(frameRate: 25).read($0.bytes, name: $0.name).format
        }
        #expect(Set(read) == Set(TimedTextFormat.allCases))
    }

    @Test("written, moved by 4 s and back: the same items, and bytes that stay", arguments: EditMutationTests.samples)
    func again(_ sample: EditMutationTests.Sample) throws {
        func read(_ bytes: [UInt8]) throws -> TimedTextDocument {
            try TimedTextReader(frameRate: 25).read(bytes, name: sample.name)
        }
        let document = try read(sample.bytes)
        #expect(document.refusal == nil)
        #expect(try document.rewritten { time, _ in time }.bytes == sample.bytes)
        let later = try read(try document.rewritten { time, _ in time + 4 }.bytes)
        let back = try read(try later.rewritten { time, _ in time - 4 }.bytes)
        for other in [later, back] {
            #expect(other.tiers == document.tiers && other.format == document.format)
            #expect(other.items.map(\.text) == document.items.map(\.text))
            #expect(other.items.map(\.speaker) == document.items.map(\.speaker))
            #expect(other.items.map(\.kind) == document.items.map(\.kind))
            #expect(other.items.map(\.recording) == document.items.map(\.recording))
        }
        let step = (document.fields.map(\.style.step).max() ?? 0.001) + 1e-6
        // A grid's unlabelled rest ends with the recording.
        for (index, item) in document.items.enumerated() where document.format != .textGrid || !item.text.isEmpty {
            #expect(abs(later.items[index].start - item.start - 4) <= step, "\(index)")
            #expect(abs(later.items[index].end - item.end - 4) <= step, "\(index)")
            #expect(abs(back.items[index].start - item.start) <= step, "\(index)")
            #expect(abs(back.items[index].end - item.end) <= step, "\(index)")
        }
    }
}
