/// A file written again with other times.
public struct RewrittenText: Sendable {
    public let bytes: [UInt8]
    /// Times that would lie before the beginning, and were put there.
    public let clamped: Int
}

extension TimedTextDocument {
    /// Whether it is a table whose times are all numbers of video frames.
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
    /// - Parameter map: the new time of a time, in seconds; its second argument is the start of the item that the time
    ///   belongs to, so that an item is moved as one. Where it gives back the same time, the bytes stay as they are.
    /// - Throws: `TimedTextError` where the file cannot hold the times.
    public func rewritten(_ map: (_ time: Double, _ anchor: Double) -> Double) throws(TimedTextError) -> RewrittenText {
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
            if let refusal { throw refusal }
            if field.base != nil { new = max(0, new) }
            var text = field.style.text(new)
            // A file that writes times before the beginning may keep doing so.
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
        return RewrittenText(bytes: result, clamped: clamped)
    }

    /// The recording's ends as stated, and where they go: they stay, unless a time between them would come to lie
    /// beyond.
    private func movedBounds(_ map: (Double, Double) -> Double) -> (old: ClosedRange<Double>, new: ClosedRange<Double>)
    {
        let ends = fields.filter(\.isBoundary).map(\.time)
        guard let first = ends.min(), let last = ends.max() else { return (0...0, 0...0) }
        var (low, high) = (first, last)
        // What lies beyond as the file stands does not move the ends.
        for field in fields where !field.isBoundary && (first...last).contains(field.time) {
            let moved = map(field.time, field.anchor)
            low = min(low, moved)
            high = max(high, moved)
        }
        return (first...last, low...high)
    }
}
