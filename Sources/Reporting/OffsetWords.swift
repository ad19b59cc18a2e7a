public import SyncModel

/// Offsets as people read them: never a bare sign.
public enum OffsetWords {
    /// "sound late by 62 ms", "sound early by 5 ms", "sound and picture together".
    public static func sentence(_ offset: Offset, subject: String, reference: String) -> String {
        switch offset.direction {
        case .aligned: "\(name(subject)) and \(name(reference)) together"
        case .early: "\(name(subject)) early by \(size(offset)) ms"
        case .late: "\(name(subject)) late by \(size(offset)) ms"
        }
    }

    /// "35 to 90 ms late", or "12 ms late to 30 ms early".
    public static func interval(_ interval: OffsetInterval) -> String {
        let (low, high) = (interval.lower, interval.upper)
        switch (low.direction, high.direction) {
        case (.late, .late): return "\(size(high)) to \(size(low)) ms late"
        case (.early, .early): return "\(size(low)) to \(size(high)) ms early"
        case (.aligned, .aligned): return "0 ms"
        case (.aligned, .early): return "0 to \(size(high)) ms early"
        case (.late, .aligned): return "0 to \(size(low)) ms late"
        default: return "\(size(low)) ms late to \(size(high)) ms early"
        }
    }

    /// What the streams are called in sentences.
    public static func name(_ stream: String) -> String {
        switch stream {
        case "audio": "sound"
        case "video": "picture"
        default: stream
        }
    }

    /// "62 ms late", "5 ms early", "0 ms".
    public static func place(_ offset: Offset) -> String {
        offset.direction == .aligned ? "0 ms" : "\(size(offset)) ms \(offset.direction.rawValue)"
    }

    /// Whole milliseconds without a sign; what is beyond all measure is cut at eleven days.
    private static func size(_ offset: Offset) -> Int { Int(min(abs(offset.milliseconds), 1e9).rounded()) }
}
