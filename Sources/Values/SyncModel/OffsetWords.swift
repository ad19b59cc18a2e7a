import Foundation

/// Formats offsets for people: never a bare sign.
public enum OffsetWords {
    /// "sound late by 62 ms", "sound early by 5 ms", "sound and picture together".
    public static func sentence(_ offset: Offset, subject: Track, reference: Track) -> String {
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

    /// The continuation of a drift after the offset at its start: "at its start; it drifts later by 6.0 ms a minute
    /// (100 ppm, give or take 12)".
    public static func course(_ drift: Drift, rate: String?) -> String {
        var line =
            """
            at its start; it drifts \(drift.ppm < 0 ? "later" : "earlier") by \
            \(String(format: "%.1f", abs(drift.ppm) * 60 / 1000)) ms a minute
            """
        line += " (\(String(format: "%.0f", abs(drift.ppm))) ppm"
        if let interval = drift.interval {
            line += ", give or take \(String(format: "%.0f", (interval.upperBound - interval.lowerBound) / 2))"
        }
        return line + ")" + (rate.map { ": \($0)" } ?? "")
    }

    /// The worst offset, if it is not constant.
    public static func worst(_ worst: Offset, subject: Track, reference: Track) -> String {
        "at worst \(sentence(worst, subject: subject, reference: reference)): this decides the verdict"
    }

    /// The names of subject and reference in sentences.
    public static func name(_ track: Track) -> String {
        switch track {
        case .audio: "sound"
        case .video: "picture"
        case .text, .labels, .sensor, .named: track.rawValue
        }
    }

    /// "62 ms late", "5 ms early", "0 ms".
    public static func place(_ offset: Offset) -> String {
        offset.direction == .aligned ? "0 ms" : "\(size(offset)) ms \(offset.direction.rawValue)"
    }

    /// Whole milliseconds without a sign, limited to eleven days.
    private static func size(_ offset: Offset) -> Int { Int(min(abs(offset.milliseconds), 1e9).rounded()) }
}
