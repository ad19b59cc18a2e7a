import Foundation
import SyncModel
package import TimedText

/// Which items of a document are compared with the audio: one kind of them, words before cues.
package struct TranscriptSelection {
    let text: TranscriptText
    let notes: [String]
    let disagreements: [TierAgreement.Disagreement]

    init(_ document: TimedTextDocument, tier: String?, mediaName: String, path: String) throws {
        var notes: [String] = []
        var items = Array(document.items.enumerated().filter { !$0.element.isComment })
        if let tier { items = try TranscriptSelection.items(items, ofTier: tier, document, path: path) }
        items = try TranscriptSelection.items(items, ofRecording: mediaName, path: path)
        func spoken(_ kind: TimedItem.Kind) -> [(offset: Int, element: TimedItem)] {
            items.filter { $0.element.kind == kind && $0.element.text.contains { !$0.isWhitespace } }
        }
        let (words, cues, phones, turns) = (spoken(.word), spoken(.cue), spoken(.phone), spoken(.turn))
        let enough =
            words.count >= 2
            && words.count * 2 >= cues.reduce(0) { $0 + $1.element.text.split { $0.isWhitespace }.count } / 2
        let chosen: [(offset: Int, element: TimedItem)]
        let kind: FindingItem.Kind
        if enough || cues.isEmpty && !words.isEmpty {
            (chosen, kind) = (words, .word)
        } else if !cues.isEmpty {
            (chosen, kind) = (cues, .cue)
        } else if !turns.isEmpty {
            (chosen, kind) = (turns, .turn)
        } else {
            (chosen, kind) = (phones, .word)
        }
        let used = Set(chosen.map(\.element.tier))
        if document.tiers.count > 1, used.count < document.tiers.count, tier == nil {
            notes.append(
                """
                of \(document.tiers.count) tiers, \
                \(used.sorted().map { "'\(document.tiers[$0].name)'" }.joined(separator: ", ")) was compared with the \
                audio
                """
            )
        }
        text = TranscriptText(items: TranscriptSelection.withoutRolling(chosen, kind))
        self.notes = notes
        disagreements = TierAgreement.disagreements(
            of: (words.isEmpty ? cues : words).flatMap { [$0.element.start, $0.element.end] },
            with: phones.flatMap { [$0.element.start, $0.element.end] })
    }

    /// Those of one tier.
    package static func items(
        _ items: [(offset: Int, element: TimedItem)], ofTier tier: String, _ document: TimedTextDocument, path: String
    ) throws -> [(offset: Int, element: TimedItem)] {
        guard let index = document.tiers.firstIndex(where: { $0.name == tier }) else {
            let names = document.tiers.map { "'\($0.name)'" }.joined(separator: ", ")
            throw ClipFailure(
                code: "no-such-tier", message: "\(path.printable) has no tier '\(tier.printable)'",
                remedy: "its tiers are \(names)")
        }
        return items.filter { $0.element.tier == index }
    }

    /// If a file has several recordings, those with the media's name.
    package static func items(
        _ items: [(offset: Int, element: TimedItem)], ofRecording mediaName: String, path: String
    ) throws -> [(offset: Int, element: TimedItem)] {
        let recordings = Set(items.compactMap(\.element.recording))
        guard recordings.count > 1 else { return items }
        func stem(_ name: String) -> String {
            name.nameOfPath.split(separator: ".").first.map(String.init) ?? name
        }
        let wanted = stem(mediaName)
        let mine = items.filter { $0.element.recording.map(stem) == wanted }
        guard !mine.isEmpty else {
            throw ClipFailure(
                code: "no-such-recording",
                message:
                    "\(path.printable) contains \(recordings.count) recordings, none named '\(wanted.printable)'",
                remedy: "give the media of one of them, such as '\((recordings.min() ?? "").printable)'")
        }
        return mine
    }

    /// Roll-up captions repeat each line: the repeat is omitted.
    private static func withoutRolling(_ items: [(offset: Int, element: TimedItem)], _ kind: FindingItem.Kind)
        -> [TranscriptText.Item]
    {
        var result: [TranscriptText.Item] = []
        var shown: [String] = []
        var until = -Double.infinity
        for (index, item) in items {
            var text = item.text
            if kind == .cue {
                let lines = item.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                    .filter { !$0.isEmpty }
                let isNext = abs(item.start - until) < 0.2 || item.start < until
                let fresh = isNext ? lines.filter { !shown.contains($0) } : lines
                if isNext, fresh.count < lines.count { text = fresh.joined(separator: "\n") }
                shown = lines
                until = item.end
            }
            result.append(TranscriptText.Item(index: index, kind: kind, text: text, start: item.start, end: item.end))
        }
        return result
    }
}
