/// The time to add to a subject's timestamps to align it with its reference. Positive: the subject is early.
///
/// The sign is decided only here; see `init(subjectLateBySeconds:)`.
///
/// ```swift
/// let offset = Offset(subjectLateBySeconds: 0.062)
/// print(offset.milliseconds, offset.direction)  // -62.0 late
/// ```
public struct Offset: Sendable, Hashable, Comparable, Codable {
    /// Seconds to add to the subject's timestamps.
    public let seconds: Double

    /// An offset in seconds; positive: early.
    public init(seconds: Double) { self.seconds = seconds }

    /// An offset in milliseconds; positive: early.
    public init(milliseconds: Double) { self.seconds = milliseconds / 1000 }

    /// The offset that fixes a subject which is `late` seconds after its reference (negative: before it).
    public init(subjectLateBySeconds late: Double) { self.seconds = -late }

    /// Milliseconds to add to the subject's timestamps.
    public var milliseconds: Double { seconds * 1000 }

    /// The subject's direction. Less than half a millisecond is `aligned`: it would be shown as 0.
    public var direction: Direction {
        if abs(milliseconds) < 0.5 { return .aligned }
        return seconds > 0 ? .early : .late
    }

    public static func < (left: Offset, right: Offset) -> Bool { left.seconds < right.seconds }

    /// The direction of a subject's offset.
    public enum Direction: String, Sendable {
        case early, late, aligned
    }
}

/// A 95 % interval of an offset.
public struct OffsetInterval: Sendable, Hashable, Codable {
    public let lower: Offset
    public let upper: Offset

    /// The interval between two offsets, given in either order.
    public init(_ one: Offset, _ other: Offset) {
        lower = min(one, other)
        upper = max(one, other)
    }

    /// The interval symmetric about `centre`.
    public init(centre: Offset, halfWidthSeconds: Double) {
        lower = Offset(seconds: centre.seconds - halfWidthSeconds)
        upper = Offset(seconds: centre.seconds + halfWidthSeconds)
    }

    public func contains(_ offset: Offset) -> Bool { lower <= offset && offset <= upper }
}

/// A distance in samples or frames of a signal: only for signal code, never shown.
public struct Lag: Sendable, Hashable {
    /// Samples, possibly fractional, by which the second signal is after the first.
    public let samples: Double

    public init(samples: Double) { self.samples = samples }

    /// The lag in seconds at a sampling rate in hertz.
    public func seconds(atRate rate: Double) -> Double { samples / rate }
}
