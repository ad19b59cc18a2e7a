import Foundation
import TimedText

/// Names of mended files.
public enum MendNames {
    /// Whether an output is timed text like a given one, not media.
    public static func isText(_ output: String, like text: String) -> Bool {
        let ending = (output as NSString).pathExtension.lowercased()
        return !ending.isEmpty && ending == (text as NSString).pathExtension.lowercased()
    }

    /// The name of a text that belongs to a mended clip: `take3.en.srt` of `take3.mp4` beside `fixed.mp4` becomes
    /// `fixed.en.srt`.
    ///
    /// - Parameter isOnly: there is no other text, whose name could become the same; else a name that does not begin
    ///   like the clip's is kept whole: `german.srt` becomes `fixed.german.srt`.
    public static func beside(_ output: String, clip: String, text: String, isOnly: Bool = true) -> String {
        let stem = ((clip as NSString).lastPathComponent as NSString).deletingPathExtension
        let name = (text as NSString).lastPathComponent
        let rest =
            name.hasPrefix(stem + ".")
            ? String(name.dropFirst(stem.count + 1)) : isOnly ? (name as NSString).pathExtension : name
        let made = (output as NSString).deletingPathExtension
        return rest.isEmpty ? made + ".labels" : made + "." + rest
    }

    /// The place of a mended clip in a folder; the name stays.
    public static func inside(_ folder: String, clip: String) -> String {
        (folder as NSString).appendingPathComponent((clip as NSString).lastPathComponent)
    }
}
