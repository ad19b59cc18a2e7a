import Testing

@testable import TimedText

/// Writes edits of a text, reads it again, and compares it with what was asked.
struct EditCheck {
    let document: TimedTextDocument
    let name: String
    var frameRate: Double?

    enum Outcome {
        case held
        /// The writer refused it.
        case refused(TimedTextError)
        /// It cannot be read again, or reads otherwise: a review refuses that.
        case differs(String)
    }

    private struct Wanted {
        let tier: String
        let text: String?
        let (start, end): (Double, Double)
        let (startLimit, endLimit): (Double, Double)
    }

    /// What should be read after the changes.
    private func wanted(_ changes: [Int: [EditedPart]]) -> [Wanted] {
        var settled = changes
        for (index, parts) in changes {
            guard let first = parts.first, let last = parts.last else { continue }
            let (before, after) = document.neighbours(of: index)
            let item = document.items[index]
            func follow(_ neighbour: Neighbour?, _ isEnd: Bool, _ old: Double, _ new: Double) {
                guard let neighbour, abs(old - new) > 1e-9 else { return }
                let other = document.items[neighbour.index]
                let edge = isEnd ? other.end : other.start
                guard let time = neighbour.followed(isEnd: isEnd, edge: edge, old: old, new: new) else { return }
                var parts = settled[neighbour.index] ?? [EditedPart(start: other.start, end: other.end)]
                guard !parts.isEmpty, changes[neighbour.index] == nil else { return }
                if isEnd { parts[parts.count - 1].end = time } else { parts[0].start = time }
                settled[neighbour.index] = parts
            }
            follow(before, true, item.start, first.start)
            follow(after, false, item.end, last.end)
        }
        var result: [Wanted] = []
        for (index, item) in document.items.enumerated() {
            let step = (document.step(of: index) ?? 0.001) * 1.02 + 1e-6
            guard let parts = settled[index] else {
                result.append(
                    Wanted(
                        tier: document.tiers[item.tier].name, text: item.text, start: item.start, end: item.end,
                        startLimit: 1e-5,
                        endLimit: document.isEndAssumed(of: index) ? .infinity : 1e-5))
                continue
            }
            for part in parts {
                // Markup of an edited text is read as markup.
                let text = part.text.map { $0.contains { "<{&\\".contains($0) } ? nil : $0 } ?? item.text
                // A point has one time.
                let isPoint = item.start == item.end && !document.rights(of: index).end
                result.append(
                    Wanted(
                        tier: document.tiers[item.tier].name, text: text, start: part.start,
                        end: isPoint ? part.start : part.end,
                        startLimit: step,
                        endLimit: document.isEndAssumed(of: index) ? .infinity : step))
            }
        }
        return result
    }

    func outcome(_ changes: [Int: [EditedPart]]) -> Outcome {
        let bytes: [UInt8]
        do { bytes = try document.rewritten(changes) } catch { return .refused(error) }
        // What was guessed of the file is the same: other bytes may lead to another guess, which a review refuses.
        var reader = TimedTextReader(frameRate: frameRate)
        if document.encoding != .binary { (reader.encoding, reader.format) = (document.encoding, document.format) }
        guard let again = try? reader.read(bytes, name: name) else {
            return .differs("it cannot be read again")
        }
        let wanted = wanted(changes)
        guard again.items.count == wanted.count else {
            return .differs("\(again.items.count) items instead of \(wanted.count)")
        }
        var left = again.items.indices.map { $0 }
        for one in wanted {
            let place = left.firstIndex { index in
                let item = again.items[index]
                return again.tiers[item.tier].name == one.tier && (one.text.map { $0 == item.text } ?? true)
                    && abs(item.start - one.start) <= one.startLimit
                    && (abs(item.end - one.end) <= one.endLimit || again.isEndAssumed(of: index))
            }
            guard let place else {
                let read = again.items.map { "\($0.text) \($0.start) \($0.end)" }.joined(separator: "; ")
                return .differs("nothing reads as \(one.text ?? "") \(one.start) \(one.end), but \(read)")
            }
            left.remove(at: place)
        }
        return .held
    }
}
