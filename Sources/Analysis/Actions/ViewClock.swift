public import SyncModel

/// A view's clock against that of its session: `t_session = t_view + offset + drift * t_view`.
public struct ViewClock: Sendable, Hashable {
    public let offset: Offset
    public let drift: Drift

    public init(offset: Offset, drift: Drift = Drift(ppm: 0)) {
        self.offset = offset
        self.drift = drift
    }

    /// A time of the view on the session's clock, in seconds.
    public func sessionSeconds(_ seconds: Double) -> Double {
        seconds + drift.offset(offset, atSubjectSeconds: seconds).seconds
    }
}

extension LabelTrack {
    /// The same labels on the session's clock.
    public func onClock(_ clock: ViewClock) -> LabelTrack {
        var copy = self
        for index in copy.segments.indices {
            copy.segments[index].start = clock.sessionSeconds(segments[index].start)
            copy.segments[index].end = clock.sessionSeconds(segments[index].end)
        }
        return copy
    }
}
