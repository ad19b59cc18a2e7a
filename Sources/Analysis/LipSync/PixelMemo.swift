import SignalCore
import Synchronization

/// What the stem made of the latest runs of crops: a long recording is judged again and again while more of it is
/// looked at, and the runs of before are the same.
final class PixelMemo: Sendable {
    private struct Key: Hashable {
        let crops: FNV1a
        let times: [Double]
    }

    private struct Kept {
        var segments: [Key: PixelTrack.Segment] = [:]
        var order: [Key] = []
    }

    /// Runs that are kept.
    private static let most = 64
    private let kept = Mutex(Kept())

    /// What was made of the same crops and times before, or what `make` makes of them now.
    func segment(
        of crops: [ArraySlice<UInt8>], times: [Double], make: () -> PixelTrack.Segment
    ) -> PixelTrack.Segment {
        let key = Key(crops: FNV1a(joining: crops), times: times)
        if let known = kept.withLock({ $0.segments[key] }) { return known }
        let made = make()
        kept.withLock { kept in
            guard kept.segments.updateValue(made, forKey: key) == nil else { return }
            kept.order.append(key)
            if kept.order.count > PixelMemo.most { kept.segments[kept.order.removeFirst()] = nil }
        }
        return made
    }
}
