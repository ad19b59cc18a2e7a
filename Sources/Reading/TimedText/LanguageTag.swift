import Foundation
import SyncModel

/// The language that a file's name says.
package enum LanguageTag {
    /// Words behind the language in the names of subtitle files: for whom, or for which part of the speech, they are.
    package static let uses: Set<String> = ["sdh", "cc", "hi", "forced", "foreign", "default"]

    /// `en` of `take.en.srt` and `take.en.sdh.srt`, `de-AT` of `take.de-AT.vtt`; nil: the name says none. (Subtags as
    /// BCP 47 shapes them.)
    package static func inName(_ path: String) -> String? {
        var name = path.withoutEnding
        // Alone `hi` is Hindi.
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
