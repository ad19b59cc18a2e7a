import Foundation

/// Timecode of SMPTE ST 12-1: hours, minutes, seconds, frames; a semicolon before the frames where numbers are dropped.
public struct Timecode: Sendable, Hashable {
    public let text: String
    /// Frames since midnight.
    public let frames: Int
    /// Frames per second of real time.
    public let rate: Double

    /// Seconds since midnight: frames over the real rate, so that non-drop 29.97 runs slow against a clock.
    public var seconds: Double { Double(frames) / rate }

    /// - Parameter rate: video frames a second; timecode counts the nearest whole number of them.
    /// - Returns: nil if the text is not a timecode of that rate.
    public init?(_ text: String, rate: Double) {
        guard rate >= 1, rate < 1000 else { return nil }
        let parts = text.split(omittingEmptySubsequences: false) { ":;.,".contains($0) }.map { Int($0) }
        guard parts.count == 4, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
            let count = parts[3]
        else { return nil }
        let nominal = Int(rate.rounded())
        guard (0..<24).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds),
            (0..<nominal).contains(count)
        else { return nil }
        let isDrop = text.contains(";") || text.dropFirst(6).contains { ".,".contains($0) }
        var frames = nominal * (3600 * hours + 60 * minutes + seconds) + count
        if isDrop, nominal % 30 == 0 {
            // Two numbers (four at 59.94) are omitted every minute but each tenth.
            let minutes = 60 * hours + minutes
            frames -= nominal / 15 * (minutes - minutes / 10)
        }
        self.text = text
        self.frames = frames
        self.rate = rate
    }
}
