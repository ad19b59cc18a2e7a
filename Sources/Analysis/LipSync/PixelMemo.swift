import SignalCore
import Synchronization

/// Cache of the stem's results for the latest runs of crops: a long recording is judged repeatedly while more of it is
/// examined, and earlier runs do not change.
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

    /// The cached result for the same crops and times, or else that of `make`.
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
