import Foundation
import SyncModel

/// Faults that files declare or their streams show, over a corpus. The verdict on a clip's content hides them: a file
/// that ends half-way may be in sync as far as it goes.
public struct FileFaults: Sendable, Hashable {
    /// Faults whose sentences begin alike, such as "a frame is shown twice".
    public struct Kind: Sendable, Hashable {
        public let clips: Int
        /// The first clip that has it, and what is wrong there.
        public let clip: String
        public let sentence: String
    }

    /// How many clips have any.
    public let clips: Int
    /// The most frequent first.
    public let kinds: [Kind]

    private static let separator = "; what to do: "
    /// Words without figures that tell one kind of sentence from another.
    private static let tellingWords = 4

    /// - Parameter records: with the reasons of their findings; documents are not needed.
    init(_ records: [ClipRecord]) {
        var (clips, kinds) = (0, [String: Kind]())
        for record in records {
            let own = FileFaults.sentences(record)
            if !own.isEmpty { clips += 1 }
            for (name, sentence) in own {
                let known = kinds[name]
                kinds[name] = Kind(
                    clips: (known?.clips ?? 0) + 1, clip: known?.clip ?? record.clip,
                    sentence: known?.sentence ?? sentence)
            }
        }
        self.clips = clips
        self.kinds = kinds.sorted { (-$0.value.clips, $0.key) < (-$1.value.clips, $1.key) }.map(\.value)
    }

    /// What is wrong with the file of one clip, by kind.
    static func sentences(_ record: ClipRecord) -> [String: String] {
        var own: [String: String] = [:]
        for finding in record.findings where finding.check == .container {
            for reason in finding.because {
                guard let end = reason.description.range(of: separator)?.lowerBound else { continue }
                let sentence = String(reason.description[..<end])
                let name = name(sentence)
                if own[name] == nil { own[name] = sentence }
            }
        }
        return own
    }

    private static func name(_ sentence: String) -> String {
        sentence.split(separator: " ").filter { !$0.contains(where: \.isNumber) }.prefix(tellingWords)
            .joined(separator: " ")
    }

    var json: JSONValue {
        .array(
            kinds.map {
                .object([
                    ("clips", .integer($0.clips)), ("first", .string($0.clip)), ("words", .string($0.sentence)),
                ])
            })
    }

    /// Lines for a terminal, preceded by an empty one; none if there are no faults.
    var lines: [String] {
        guard clips > 0 else { return [] }
        return ["", "faults of the files themselves, whatever the verdict: \(clips) clip\(clips == 1 ? "" : "s")"]
            + kinds.map { kind in
                let count = String(kind.clips)
                let room = String(repeating: " ", count: max(0, 7 - count.count))
                return "  \(room)\(count)  \(kind.sentence.printable), in \(kind.clip.printable)"
            }
    }
}
