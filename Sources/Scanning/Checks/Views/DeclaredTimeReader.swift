import Foundation
import MediaIO
import SyncModel
import Views

/// The declared recording time of a file: timecode (`tmcd`, MXF), the BWF `bext` time reference, creation time, camera
/// makers' tags.
enum DeclaredTimeReader {
    static func read(_ file: MediaFile) -> DeclaredTime? {
        var declared = DeclaredTime()
        let rate = file.videoStream?.frameRate
        if let text = file.tag("timecode"), let rate, let timecode = Timecode(text, rate: rate) {
            declared.timecode = text
            declared.frameRate = rate
            declared.source = file.format.hasPrefix("mxf") ? "mxf" : file.format.contains("mov") ? "tmcd" : "timecode"
            // It belongs to the first video frame, which is not always the start of the file.
            let late = file.videoStream?.start.map { $0.seconds - file.originSeconds } ?? 0
            declared.timecodeSeconds = timecode.seconds - late
        } else if let text = file.tag("time_reference"), let samples = Double(text),
            let sound = file.audioStreams.first, sound.sampleRate > 0
        {
            declared.timecodeSeconds = samples / Double(sound.sampleRate)
            declared.timecode = "\(text) samples at \(sound.sampleRate) Hz"
            declared.source = "bext"
        }
        for name in ["com.apple.quicktime.creationdate", "creation_time", "date_time_original", "modification_date"]
        where declared.createdSeconds == nil {
            declared.createdSeconds = file.tag(name).flatMap(seconds)
        }
        return declared == DeclaredTime() ? nil : declared
    }

    /// Seconds since 1970 of an ISO 8601 date; nil if invalid, or the epoch that means "unknown".
    static func seconds(_ text: String) -> Double? {
        let formatter = ISO8601DateFormatter()
        for options: ISO8601DateFormatter.Options in [
            [.withInternetDateTime, .withFractionalSeconds], [.withInternetDateTime],
        ] {
            formatter.formatOptions = options
            if let date = formatter.date(from: text) {
                let seconds = date.timeIntervalSince1970
                // 1904 and 1970 are the zeros of clocks that were never set.
                return seconds > 86_400 ? seconds : nil
            }
        }
        return nil
    }
}
