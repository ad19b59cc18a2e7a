public import SyncModel

extension FrameSequence {
    /// As bytes, to be kept.
    public func pack(into writer: inout PackedWriter) {
        writer.append(times)
        writer.append(changes)
        writer.append(pixels)
        writer.append(standing.flatMap { [$0.start, $0.end] })
        for value in [start, end, frameRate, repeatedShare] { writer.append(value) }
    }

    /// - Throws: if the bytes are malformed.
    public init(from reader: inout PackedReader) throws(PackedReader.Damaged) {
        let times = try reader.array(of: Double.self)
        let changes = try reader.array(of: Float.self)
        let pixels = try reader.array(of: UInt8.self)
        let spans = try reader.array(of: Double.self)
        var numbers: [Double] = []
        for _ in 0..<4 { numbers.append(try reader.double()) }
        guard !times.isEmpty, changes.count == times.count, pixels.count == times.count * FrameSequence.cells,
            spans.count % 2 == 0, (times + spans + numbers).allSatisfy({ abs($0) < 1e7 }),
            changes.allSatisfy({ $0.isFinite }), zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }),
            numbers[1] > numbers[0], numbers[2] > 0
        else { throw PackedReader.Damaged() }
        self.init(
            times: times, changes: changes, pixels: pixels,
            standing: stride(from: 0, to: spans.count, by: 2).map { Span(start: spans[$0], end: spans[$0 + 1]) },
            start: numbers[0], end: numbers[1], frameRate: numbers[2], repeatedShare: numbers[3])
    }
}
