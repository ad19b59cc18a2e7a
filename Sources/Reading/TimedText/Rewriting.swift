/// A file rewritten with new times.
public struct RewrittenText: Sendable {
    public let bytes: [UInt8]
    /// Number of times before the start that were set to it.
    public let clamped: Int
}

extension TimedTextDocument {
    /// Whether it is a table whose times are all frame numbers.
    public var countsFrames: Bool {
        format == .table && !fields.isEmpty
            && fields.allSatisfy { field in
                if case .number(let unit, _, _) = field.style {
                    ![60, 1, 1e-3, 1e-6, 1e-9].contains(unit)
                } else {
                    false
                }
            }
    }

    /// The file with every time moved.
    ///
    /// - Parameter map: the new time of a time, in seconds; its second argument is the start of the time's item, so
    ///   that an item is moved as a whole. If the time is unchanged, so are the bytes.
    /// - Throws: `TimedTextError` if the file format cannot hold the times, or if the encoding would be recognised as
    ///   another one.
    public func rewritten(_ map: (_ time: Double, _ anchor: Double) -> Double) throws(TimedTextError) -> RewrittenText {
        func moves(_ time: Double, _ item: TimedItem) -> Bool { abs(map(time, item.start) - time) > 1e-9 }
        if let refusal, items.contains(where: { moves($0.start, $0) || moves($0.end, $0) }) { throw refusal }
        let encoding = source
        var clamped = 0
        var result: [UInt8] = []
        result.reserveCapacity(source.bytes.count + 64)
        var copied = 0
        let bounds = movedBounds(map)
        for field in fields.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let old = field.written
            var new: Double
            if field.isBoundary {
                let isEnd = field.time == bounds.old.lowerBound || field.time == bounds.old.upperBound
                new =
                    isEnd
                    ? (field.time == bounds.old.lowerBound ? bounds.new.lowerBound : bounds.new.upperBound)
                    : min(max(map(field.time, field.anchor), bounds.new.lowerBound), bounds.new.upperBound)
            } else {
                new = map(field.time, field.anchor) - (field.base.map { map($0, field.anchor) } ?? 0) - field.bias
            }
            guard abs(new - old) > 1e-9 else { continue }
            if field.base != nil { new = max(0, new) }
            var text = field.style.text(new)
            // A file with times before the start may keep such times.
            if text == nil, new < 0, field.written < 0 {
                text = field.style.text(-new).map { [UInt8(ascii: "-")] + $0 }
            }
            if text == nil, new < 0 {
                clamped += 1
                text = field.style.text(0)
            }
            guard let text else {
                throw TimedTextError(
                    code: "unwritable-time", message: "cannot hold a time of \(new) s",
                    remedy: "use another format or a smaller offset")
            }
            let (from, to) = (encoding.origin(of: field.range.lowerBound), encoding.origin(of: field.range.upperBound))
            guard from >= copied, to >= from else { continue }
            result += source.bytes[copied..<from]
            result += source.encode(text)
            copied = to
        }
        result += source.bytes[copied...]
        guard source.isReadAlike(result) else {
            throw TimedTextError(
                code: "unwritable-encoding", message: "would be taken for another encoding with the new times",
                remedy: "convert it first: iconv -f ENCODING -t UTF-8")
        }
        return RewrittenText(bytes: result, clamped: clamped)
    }

    /// The stated ends of the recording, and their new values: unchanged, unless a time inside would be outside.
    private func movedBounds(_ map: (Double, Double) -> Double) -> (old: ClosedRange<Double>, new: ClosedRange<Double>)
    {
        let ends = fields.filter(\.isBoundary).map(\.time)
        guard let first = ends.min(), let last = ends.max() else { return (0...0, 0...0) }
        var (low, high) = (first, last)
        // Times already outside do not move the ends.
        for field in fields where !field.isBoundary && (first...last).contains(field.time) {
            let moved = map(field.time, field.anchor)
            low = min(low, moved)
            high = max(high, moved)
        }
        return (first...last, low...high)
    }
}
