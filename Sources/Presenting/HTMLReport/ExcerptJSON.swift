import Foundation
import Reporting
import SyncModel

/// An excerpt as the page draws it: signals encoded as letters, frames as data URLs.
enum ExcerptJSON {
    static func text(_ excerpt: ClipExcerpt) -> String {
        var members: [(name: String, value: JSONValue)] = []
        if let note = excerpt.note { members.append(("note", .string(note.printable))) }
        if excerpt.span.end > excerpt.span.start {
            members.append(
                ("span", .array([.number(excerpt.span.start, decimals: 3), .number(excerpt.span.end, decimals: 3)])))
            members.append(("sight", .string(excerpt.sight.rawValue)))
        }
        if !excerpt.sound.isEmpty {
            // Compressed slightly, so that quiet speech is visible.
            let loudest = Double(excerpt.sound.max() ?? 0)
            let values = excerpt.sound.map { pow(Double($0) / max(loudest, 1e-6), 0.7) }
            members.append(
                (
                    "sound",
                    .array([
                        .number(excerpt.soundStart, decimals: 3), .string(LetterCode.letters(values, low: 0, high: 1)),
                    ])
                ))
        }
        let seen = excerpt.seen.compactMap(\.self).map(Double.init)
        if let low = seen.min(), let high = seen.max(), high > low {
            members.append(
                ("seen", .string(LetterCode.letters(excerpt.seen.map { $0.map(Double.init) }, low: low, high: high))))
        }
        if let moment = excerpt.moment {
            members.append(
                (
                    "moment",
                    .array([
                        .number(moment.heard, decimals: 3), moment.seen.map { .number($0, decimals: 3) } ?? .null,
                        .string(moment.words),
                    ])
                ))
        }
        members.append(
            (
                "stills",
                .array(
                    excerpt.stills.map { still in
                        .array([
                            .number(still.seconds, decimals: 3), .integer(still.width), .integer(still.height),
                            .string("data:image/jpeg;base64," + Data(still.jpeg).base64EncodedString()),
                        ])
                    })
            ))
        return Markup.scriptSafe(JSONValue.object(members).compact)
    }
}
