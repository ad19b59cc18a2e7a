import Foundation
import SyncModel
import TimedText

/// Names of fixed files.
public enum FixNames {
    /// Whether an output is timed text like the given one, and not media.
    public static func isText(_ output: String, like text: String) -> Bool {
        let ending = output.endingOfPath.lowercased()
        return !ending.isEmpty && ending == text.endingOfPath.lowercased()
    }

    /// The name of a text of a fixed clip: `take3.en.srt` of `take3.mp4` beside `fixed.mp4` becomes `fixed.en.srt`.
    ///
    /// - Parameter isWhole: keep the whole name if it does not begin like the clip's: `german.srt` becomes
    ///   `fixed.german.srt`.
    private static func beside(_ output: String, clip: String, text: String, isWhole: Bool) -> String {
        let stem = clip.nameOfPath.withoutEnding
        let name = text.nameOfPath
        let rest =
            name.hasPrefix(stem + ".")
            ? String(name.dropFirst(stem.count + 1)) : isWhole ? name : name.endingOfPath
        let made = output.withoutEnding
        return rest.isEmpty ? made + ".labels" : made + "." + rest
    }

    /// The names of all texts of a fixed clip; those that would collide keep their own name in it.
    public static func beside(_ output: String, clip: String, texts: [String]) -> [String: String] {
        var names: [String: String] = [:]
        for text in texts { names[text] = beside(output, clip: clip, text: text, isWhole: false) }
        let uses = names.values.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        for (text, name) in names where uses[name] ?? 0 > 1 {
            names[text] = beside(output, clip: clip, text: text, isWhole: true)
        }
        return names
    }

    /// The path of a fixed clip in a folder, with the same name.
    public static func inside(_ folder: String, clip: String) -> String {
        (folder as NSString).appendingPathComponent(clip.nameOfPath)
    }
}
