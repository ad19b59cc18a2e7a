import Foundation
import SyncModel

/// The language in a file's name.
package enum LanguageTag {
    /// Words after the language in names of subtitle files: the audience, or the part of the speech.
    package static let uses: Set<String> = ["sdh", "cc", "hi", "forced", "foreign", "default"]

    /// `en` for `take.en.srt` and `take.en.sdh.srt`, `de-AT` for `take.de-AT.vtt`; nil: none. (Subtags of the form of
    /// BCP 47.)
    package static func inName(_ path: String) -> String? {
        var name = path.withoutEnding
        // `hi` alone is Hindi.
        while uses.contains(name.endingOfPath.lowercased()),
            name.endingOfPath.lowercased() != "hi" || isTag(name.withoutEnding.endingOfPath)
        {
            name = name.withoutEnding
        }
        return isTag(name.endingOfPath) ? name.endingOfPath : nil
    }

    private static func isTag(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-")
        guard let first = parts.first, (2...3).contains(first.count), parts.count <= 3,
            tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else { return false }
        return LanguageCode.isKnown(String(first))
    }
}
