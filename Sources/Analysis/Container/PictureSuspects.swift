public import SyncModel

/// Segments of a video stream whose packets differ from their neighbours: the only ones that must be decoded to judge
/// the stream's health.
///
/// A repeated or black frame costs an encoder almost nothing; a torn one, or one after it, costs much more than others
/// of its kind; lost ones leave a gap in the timestamps.
public struct PictureSuspects: Sendable {
    /// In seconds on the file's own clock, ascending, apart from each other.
    public let spans: [TimeSpan]
    /// Gaps of the timestamps that are whole frames long, as they would have been shown.
    public let holes: [TimeSpan]
    /// The usual interval between two frames, in seconds.
    public let step: Double

    /// Neighbours of the same kind on either side that a packet is compared with.
    private static let neighbours = 12
    /// A packet of less than this share of its neighbours' size is suspicious; and of more than this many times.
    private static let small = 0.4
    private static let large = 2.5
    /// Frames that are examined on either side of a suspect.
    private static let margin = 14.0
    /// Gaps of more than this are pauses, in seconds; and a stream with a larger share of gaps is intentionally
    /// variable.
    private static let longestHole = 5.0
    private static let mostHoles = 0.03

    /// - Parameter isWhole: all of the stream is examined.
    public init?(_ facts: StreamFacts, isWhole: Bool = false) {
        guard let times = StreamTimes(facts), facts.packets.count == facts.stamps.count, facts.packets.count > 24,
            times.step > 0, facts.stamps.allSatisfy({ $0.isFinite && abs($0) < 1e7 })
        else { return nil }
        step = times.step
        let shown = ShownPacket.inOrder(facts)
        holes = PictureSuspects.holes(shown, times)
        guard !isWhole else {
            spans = [TimeSpan(start: shown[0].seconds, end: shown[shown.count - 1].seconds + times.step)]
            return
        }
        var marked = shown.indices.filter { shown[$0].isBroken || PictureSuspects.isOdd($0, shown) }
            .map { shown[$0].seconds }
        marked += holes.flatMap { [$0.start, $0.end] }
        spans = PictureSuspects.merged(marked.sorted(), by: PictureSuspects.margin * times.step)
    }

    private static func holes(_ shown: [ShownPacket], _ times: StreamTimes) -> [TimeSpan] {
        guard times.regularity > 1 - mostHoles, times.pace > 0 else { return [] }
        return zip(shown, shown.dropFirst()).compactMap { left, right in
            let pictures = (right.seconds - left.seconds) / times.pace
            let whole = pictures.rounded()
            guard whole >= 2, abs(pictures - whole) < 0.2, right.seconds - left.seconds < longestHole else {
                return nil
            }
            return TimeSpan(start: left.seconds + times.pace, end: right.seconds)
        }
    }

    private static func isOdd(_ index: Int, _ shown: [ShownPacket]) -> Bool {
        let packet = shown[index]
        // Where every frame is coded on its own, equal frames give equal packets.
        if packet.kind == .alone {
            guard index > 0 else { return false }
            if abs(Int(packet.bytes) - Int(shown[index - 1].bytes)) <= max(8, Int(packet.bytes) / 2000) { return true }
        }
        let usual = usualBytes(index, shown)
        guard usual > 0 else { return false }
        let ratio = Double(packet.bytes) / usual
        if packet.kind == .alone { return ratio < 0.6 || ratio > 1.7 }
        if packet.kind == .key {
            // Encoders insert an irregular keyframe for a frame that nothing before it predicts.
            return ratio < 0.5 || ratio > 2 || isOutOfTurn(index, shown)
        }
        return ratio < small || ratio > large
    }

    /// The median size of the nearest packets of the same kind.
    private static func usualBytes(_ index: Int, _ shown: [ShownPacket]) -> Double {
        let kind = shown[index].kind
        var near: [Double] = []
        for direction in [-1, 1] {
            var (other, count, reach) = (index + direction, 0, 0)
            while shown.indices.contains(other), count < neighbours, reach < 40 * neighbours {
                if shown[other].kind == kind {
                    near.append(Double(shown[other].bytes))
                    count += 1
                }
                other += direction
                reach += 1
            }
        }
        return near.count < 4 ? 0 : median(near)
    }

    /// Whether the distance from the keyframe before is not that of the stream's other keyframes.
    private static func isOutOfTurn(_ index: Int, _ shown: [ShownPacket]) -> Bool {
        let usual = shown[index].usualTurn
        guard index > 0, let before = shown[index].turn else { return false }
        return usual.map { before != $0 } ?? true
    }

    private static func merged(_ marks: [Double], by margin: Double) -> [TimeSpan] {
        var spans: [TimeSpan] = []
        for mark in marks {
            if let last = spans.last, mark - margin <= last.end {
                spans[spans.count - 1] = TimeSpan(start: last.start, end: mark + margin)
            } else {
                spans.append(TimeSpan(start: mark - margin, end: mark + margin))
            }
        }
        return spans
    }
}

/// A packet in the order in which it is shown.
struct ShownPacket {
    enum Kind { case key, forward, between, alone }
    let seconds: Double
    let bytes: Int32
    let kind: Kind
    let isBroken: Bool
    /// Packets since the last keyframe, of a keyframe; and how many they are most often in this stream.
    var turn: Int?
    var usualTurn: Int?

    static func inOrder(_ facts: StreamFacts) -> [ShownPacket] {
        let isAlone = facts.packets.count { $0.isKey } * 10 > facts.packets.count * 9
        var latest = -Double.infinity
        var shown: [ShownPacket] = []
        for (stamp, packet) in zip(facts.stamps, facts.packets) {
            let kind: Kind = isAlone ? .alone : packet.isKey ? .key : stamp < latest ? .between : .forward
            latest = max(latest, stamp)
            shown.append(ShownPacket(seconds: stamp, bytes: packet.bytes, kind: kind, isBroken: packet.isBroken))
        }
        shown.sort { $0.seconds < $1.seconds }
        var last: Int?
        var turns: [Int: Int] = [:]
        for index in shown.indices where shown[index].kind == .key {
            if let last {
                shown[index].turn = index - last
                turns[index - last, default: 0] += 1
            }
            last = index
        }
        // Only a recurring interval is regular.
        if let usual = turns.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), usual.value > 1 {
            for index in shown.indices where shown[index].kind == .key { shown[index].usualTurn = usual.key }
        }
        return shown
    }
}
