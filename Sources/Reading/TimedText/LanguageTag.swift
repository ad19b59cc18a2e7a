import Foundation

/// The language that a file's name says.
package enum LanguageTag {
    /// `en` of `take.en.srt`, `de-AT` of `take.de-AT.vtt`; nil: the name says none. (Subtags as BCP 47 shapes them.)
    package static func inName(_ path: String) -> String? {
        let tag = ((path as NSString).deletingPathExtension as NSString).pathExtension
        let parts = tag.split(separator: "-")
        guard let first = parts.first, (2...3).contains(first.count), parts.count <= 3,
            tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
            Locale.LanguageCode(first.lowercased()).isISOLanguage
        else { return nil }
        return tag
    }
}
