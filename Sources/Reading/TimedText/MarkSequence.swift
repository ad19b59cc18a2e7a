/// Marks in time of a file without ends: each shows texts until the next one of the same channel, or clears them.
struct MarkSequence: Sendable {
    struct Mark: Sendable {
        let time: WrittenTime
        /// Seconds to add to the written time.
        var bias = 0.0
        /// Everything that belongs to it, up to the next one.
        var range: Range<Int>
        /// Its parts, indices into `parts`.
        var parts: [Int] = []
        /// Whether it names a speaker, and whether it continues the one named before.
        var names = false
        var continues = false

        var seconds: Double { time.seconds + bias }
    }

    /// What a mark does in one channel.
    struct Part: Sendable {
        let mark: Int
        let channel: Int
        /// nil: it clears what was shown.
        var item: Int?
        /// Everything that belongs to it.
        var range: Range<Int>
        /// Its text, or the place of one.
        var text: Range<Int>
        /// Whether its end is stated.
        var hasEnd = false
    }

    var marks: [Mark] = []
    var parts: [Part] = []
    /// What a clearing mark has in place of a text; nil: nothing can be cleared.
    let cleared: String?
    /// Whether each mark starts a line.
    let isLines: Bool

    func mark(of part: Int) -> Mark { marks[parts[part].mark] }

    mutating func add(_ mark: Mark) { marks.append(mark) }

    /// Adds a part to the last mark.
    ///
    /// - Returns: its index.
    mutating func add(channel: Int, _ range: Range<Int>, text: Range<Int>, hasEnd: Bool = false) -> Int {
        parts.append(Part(mark: marks.count - 1, channel: channel, item: nil, range: range, text: text, hasEnd: hasEnd))
        marks[marks.count - 1].parts.append(parts.count - 1)
        return parts.count - 1
    }

    /// The parts of each channel, in file order.
    var channels: [Int: [Int]] { Dictionary(grouping: parts.indices) { parts[$0].channel } }
}

extension DocumentBuilder {
    /// Makes the items with a part of a sequence of marks editable; nothing, if their times do not increase.
    mutating func finish(_ sequence: MarkSequence) {
        var sequence = sequence
        for (index, item) in items.enumerated() { if let part = item.place?.part { sequence.parts[part].item = index } }
        for channel in sequence.channels.values {
            let times = channel.map { sequence.mark(of: $0).seconds }
            guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
                for index in items.indices where items[index].place?.part != nil { items[index].place = nil }
                return
            }
        }
        for channel in sequence.channels.values {
            for (place, part) in channel.enumerated() {
                guard let index = sequence.parts[part].item else { continue }
                let next = place + 1 < channel.count ? channel[place + 1] : nil
                let after = next.flatMap { sequence.parts[$0].item }
                items[index].place?.isEndAssumed = next == nil
                guard items[index].place?.rights == nil else { continue }
                let canEnd = sequence.cleared != nil || next != nil
                items[index].place?.rights = EditRights(start: true, end: canEnd, text: true, division: true)
                guard let after, items[after].place?.rights != EditRights.none else { continue }
                let isJoined = sequence.cleared == nil
                items[index].place?.after = Neighbour(index: after, isJoined: isJoined)
                items[after].place?.before = Neighbour(index: index, isJoined: isJoined)
            }
        }
        self.sequence = sequence
    }
}

extension TimedTextDocument {
    /// What is to be shown in a channel.
    private struct Shown {
        /// Its part in the file, or the one that it was split from.
        let part: Int
        let item: Int?
        let isPiece: Bool
        let isLast: Bool
        let start: Double
        var end: Double
        /// As wanted, before they were brought to the file's steps.
        let wanted: (start: Double, end: Double)
        var isEdited = false
        var movesEnd = false
        var text: String?
    }

    /// What becomes of the parts of a file.
    private struct Plan {
        var times: [Int: Double] = [:]
        var texts: [Int: [UInt8]] = [:]
        var removed: Set<Int> = []
        /// Copies of parts at other times.
        var copies: [(part: Int, time: Double, text: [UInt8])] = []
    }

    func write(
        _ changes: [Int: [EditedPart]], _ sequence: MarkSequence, into splices: inout Splices
    ) throws(TimedTextError) {
        var touched: Set<Int> = []
        for index in changes.keys.sorted() {
            guard let part = items[index].place?.part, rights(of: index) != EditRights.none else {
                throw notChanged(index, "this item cannot be changed")
            }
            touched.insert(sequence.parts[part].channel)
        }
        var plan = Plan()
        for (channel, parts) in sequence.channels.sorted(by: { $0.key < $1.key }) where touched.contains(channel) {
            try arrange(parts, of: sequence, changes, into: &plan)
        }
        try apply(plan, sequence, into: &splices)
    }

    private func shown(
        _ parts: [Int], _ sequence: MarkSequence, _ changes: [Int: [EditedPart]]
    ) -> [Shown] {
        var result: [Shown] = []
        for part in parts {
            guard let index = sequence.parts[part].item else { continue }
            let item = items[index]
            let mark = sequence.mark(of: part)
            guard let pieces = changes[index] else {
                result.append(
                    Shown(
                        part: part, item: index, isPiece: false, isLast: true, start: item.start, end: item.end,
                        wanted: (item.start, item.end)))
                continue
            }
            for (count, piece) in pieces.enumerated() {
                var shown = Shown(
                    part: part, item: index, isPiece: count > 0, isLast: count + 1 == pieces.count,
                    start: held(piece.start, mark, insteadOf: item.start), end: piece.end,
                    wanted: (piece.start, piece.end))
                shown.isEdited = count > 0 || abs(shown.start - item.start) > 1e-9 || pieces.count > 1
                shown.movesEnd = count > 0 || abs(piece.end - item.end) > 1e-9
                shown.text = piece.text.flatMap { count > 0 || $0 != editableText(of: index) ? $0 : nil }
                result.append(shown)
            }
        }
        return result.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            .map(\.element)
    }

    /// The nearest time that a mark can hold.
    private func held(_ time: Double, _ mark: MarkSequence.Mark, insteadOf old: Double) -> Double {
        abs(time - old) < 1e-9 ? old : mark.time.style.rounded(time - mark.bias) + mark.bias
    }

    private func stepText(_ style: TimeStyle) -> String {
        let milliseconds = Int((style.step * 1000).rounded())
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }

    /// Decides when the parts of a channel show and clear.
    private func arrange(
        _ parts: [Int], of sequence: MarkSequence, _ changes: [Int: [EditedPart]], into plan: inout Plan
    ) throws(TimedTextError) {
        var all = shown(parts, sequence, changes)
        /// The first clearing part after each shown one.
        var clears: [Int: Int] = [:]
        var shownPart: Int?
        for part in parts {
            if sequence.parts[part].item != nil {
                shownPart = part
            } else if let owner = shownPart, clears[owner] == nil {
                clears[owner] = part
            }
        }
        func seconds(_ part: Int) -> Double { sequence.mark(of: part).seconds }
        let free = Set(parts.filter { sequence.parts[$0].item == nil })
        var used: Set<Int> = []
        let final = parts.last.flatMap { sequence.parts[$0].item }.map { items[$0] }
        /// Whether the end of the last text is the one that was assumed, or any where none can be stated.
        func isAssumed(_ one: Shown) -> Bool {
            guard let final else { return false }
            return abs(final.end - one.wanted.end) < 1e-6
                || abs(final.end - final.start - one.wanted.end + one.wanted.start) < 1e-6
                || one.isPiece && sequence.cleared == nil
        }
        for (place, old) in all.enumerated() {
            let next = place + 1 < all.count ? all[place + 1] : nil
            if old.movesEnd, let item = old.item {
                // An end is the next start, or has a mark of its own.
                let mark = sequence.mark(of: clears[old.part] ?? old.part)
                let isNext = next.map { abs($0.wanted.start - old.wanted.end) < 1e-6 } ?? false
                all[place].end =
                    isNext ? next?.start ?? old.end : held(old.end, mark, insteadOf: items[item].end)
            }
            let one = all[place]
            guard one.start < one.end - 1e-9 || next == nil && isAssumed(one) || !one.isEdited && !one.movesEnd else {
                let line = one.item.map { items[$0].line } ?? 0
                let step = stepText(sequence.mark(of: one.part).time.style)
                throw TimedTextError(
                    code: "unwritable-time",
                    message: "line \(line) would last no time: the file's steps are \(step)",
                    remedy: "give it more time, or join it with the next one")
            }
            if let next, one.end > next.start + 1e-6, one.isEdited || one.movesEnd || next.isEdited,
                !sequence.parts[one.part].hasEnd
            {
                throw overlap(one, next)
            }
            guard !sequence.parts[one.part].hasEnd else {
                if one.movesEnd, let item = one.item { throw notChanged(item, "this end cannot be changed") }
                continue
            }
            let own = clears[one.part]
            let isNeeded = next.map { one.end < $0.start - 1e-6 } ?? (one.movesEnd && !isAssumed(one) || own != nil)
            guard isNeeded else { continue }
            if let there = free.subtracting(used).filter({ abs(seconds($0) - one.end) < 1e-6 }).min() {
                used.insert(there)
            } else if let own, one.isLast, !used.contains(own) {
                used.insert(own)
                plan.times[own] = one.end
            } else if let cleared = sequence.cleared {
                plan.copies.append((one.part, one.end, try encoded(cleared)))
            } else {
                throw lasting(one, next)
            }
        }
        // A mark inside what is shown would clear it.
        for part in free.subtracting(used) {
            let time = seconds(part)
            let inside = all.first { $0.start <= time + 1e-6 && time < $0.end - 1e-6 }
            let isOwn = all.contains { ($0.isEdited || $0.movesEnd) && clears[$0.part] == part }
            if inside.map({ $0.isEdited || $0.movesEnd }) ?? false || inside != nil && isOwn {
                plan.removed.insert(part)
            }
        }
        try place(all, parts, sequence, changes, into: &plan)
    }

    /// The times and texts of what is shown.
    private func place(
        _ all: [Shown], _ parts: [Int], _ sequence: MarkSequence, _ changes: [Int: [EditedPart]],
        into plan: inout Plan
    ) throws(TimedTextError) {
        for one in all {
            guard let index = one.item, let place = items[index].place else { continue }
            var text: [UInt8]?
            if let wanted = one.text {
                guard let here = place.text else { throw notChanged(index, "the text of an item cannot be changed") }
                text = try written(wanted, here)
            }
            if one.isPiece {
                let old = Array(source.bytes[origins(sequence.parts[one.part].text)])
                plan.copies.append((one.part, one.start, text ?? old))
            } else {
                plan.times[one.part] = one.start
                if let text { plan.texts[one.part] = text }
            }
        }
        for part in parts {
            guard let index = sequence.parts[part].item, changes[index]?.isEmpty ?? false else { continue }
            plan.removed.insert(part)
        }
    }

    private func origins(_ range: Range<Int>) -> Range<Int> {
        source.origin(of: range.lowerBound)..<source.origin(of: range.upperBound)
    }

    private func overlap(_ one: Shown, _ next: Shown) -> TimedTextError {
        let lines = [one, next].map { $0.item.map { items[$0].line } ?? 0 }
        return TimedTextError(
            code: "unwritable-time",
            message: """
                cannot hold both: in \(format.name) the text of line \(lines[0]) lasts until the one of line \
                \(lines[1]) \
                at the latest, but would end \(Int(((one.end - next.start) * 1000).rounded())) ms after its start
                """,
            remedy: "move that end or that start first")
    }

    private func lasting(_ one: Shown, _ next: Shown?) -> TimedTextError {
        let line = one.item.map { items[$0].line } ?? 0
        return TimedTextError(
            code: "unwritable-time",
            message: """
                cannot hold that end: in \(format.name) the text of line \(line) lasts until the next one\
                \(next?.item.map { ", of line \(items[$0].line)" } ?? ", and there is none")
                """,
            remedy: "move the start of the next one, or convert the file to a format with ends, such as SubRip")
    }

    // MARK: Bytes

    private func apply(
        _ plan: Plan, _ sequence: MarkSequence, into splices: inout Splices
    ) throws(TimedTextError) {
        var inserted: [(time: Double, bytes: [UInt8], isOfLast: Bool)] = []
        let last = sequence.marks.count - 1
        func copy(_ parts: [Int], of mark: Int, at time: Double, _ texts: [Int: [UInt8]]) throws(TimedTextError) {
            let bytes = try self.bytes(of: mark, sequence, at: time, keeping: parts, texts)
            inserted.append((time, bytes, mark == last))
        }
        for (part, time, text) in plan.copies {
            try copy([part], of: sequence.parts[part].mark, at: time, [part: text])
        }
        var staying: [(mark: Int, time: Double)] = []
        var (cuts, times): ([Range<Int>], [(Int, Double)]) = ([], [])
        var removed: Set<Int> = []
        for (number, mark) in sequence.marks.enumerated() {
            let kept = mark.parts.filter { !plan.removed.contains($0) }
            let moved = kept.filter { abs((plan.times[$0] ?? mark.seconds) - mark.seconds) > 1e-9 }
            if kept.isEmpty, !mark.parts.isEmpty {
                removed.insert(number)
                cuts.append(mark.range)
                continue
            }
            let time = moved.first.flatMap { plan.times[$0] } ?? mark.seconds
            let isWhole = moved.count == kept.count && moved.allSatisfy { plan.times[$0] == time }
            let isOrdered = isWhole && !moved.isEmpty && fits(time, number, sequence, plan, staying.last?.time)
            if isWhole, !moved.isEmpty, !isOrdered {
                removed.insert(number)
                try copy(kept, of: number, at: time, plan.texts)
                cuts.append(mark.range)
                continue
            }
            if isOrdered { times.append((number, time)) }
            staying.append((number, isOrdered ? time : mark.seconds))
            for part in mark.parts where plan.removed.contains(part) || !isWhole && moved.contains(part) {
                cuts.append(sequence.parts[part].range)
                if let time = plan.times[part], !plan.removed.contains(part) {
                    try copy([part], of: number, at: time, plan.texts)
                }
            }
            for part in kept where isWhole || !moved.contains(part) {
                if let text = plan.texts[part] { splices.add(sequence.parts[part].text, text) }
            }
        }
        for number in removed where sequence.marks[number].names && number < last {
            guard sequence.marks[number + 1].continues, !removed.contains(number + 1) else { continue }
            throw TimedTextError(
                code: "unwritable-item",
                message: """
                    cannot be written: the paragraph after line \(line(of: number, sequence)) takes its speaker from it
                    """,
                remedy: "name the speaker of that paragraph in the file first")
        }
        // The last one may lack what separates it from a next one.
        let missing = try encoded(
            String(repeating: lineEnd, count: sequence.isLines ? max(0, missingLines(sequence)) : 0))
        let ordered = inserted.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (time, bytes, isOfLast) in ordered.map(\.element) {
            if let next = staying.first(where: { $0.time > time + 1e-9 }) {
                let place = sequence.marks[next.mark].range.lowerBound
                splices.add(place..<place, isOfLast ? bytes + missing : bytes)
            } else {
                let end = sequence.marks[last].range.upperBound
                splices.add(end..<end, missing + bytes)
            }
        }
        for (number, time) in times {
            let mark = sequence.marks[number]
            splices.add(mark.time.range, try timeBytes(mark, time))
        }
        for cut in cuts { splices.add(cut, []) }
    }

    private func line(of mark: Int, _ sequence: MarkSequence) -> Int {
        sequence.marks[mark].parts.compactMap { sequence.parts[$0].item }.first.map { items[$0].line } ?? mark + 1
    }

    /// Whether a mark with a new time can stay between its neighbours.
    private func fits(
        _ time: Double, _ number: Int, _ sequence: MarkSequence, _ plan: Plan, _ before: Double?
    ) -> Bool {
        if let before, time < before - 1e-9 { return false }
        guard
            let next = sequence.marks[(number + 1)...].first(where: { mark in
                let kept = mark.parts.filter { !plan.removed.contains($0) }
                return mark.parts.isEmpty
                    || kept.contains { plan.times[$0].map { abs($0 - mark.seconds) < 1e-9 } ?? true }
            })
        else { return true }
        return time <= next.seconds + 1e-9
    }

    private func timeBytes(_ mark: MarkSequence.Mark, _ time: Double) throws(TimedTextError) -> [UInt8] {
        guard let text = mark.time.style.text(time - mark.bias) else {
            throw TimedTextError(
                code: "unwritable-time", message: "cannot hold a time of \(time) s",
                remedy: "choose a time after the start")
        }
        return source.encode(text)
    }

    /// A mark with some of its parts, at another time.
    private func bytes(
        of number: Int, _ sequence: MarkSequence, at time: Double, keeping parts: [Int], _ texts: [Int: [UInt8]]
    ) throws(TimedTextError) -> [UInt8] {
        let mark = sequence.marks[number]
        var splices = Splices()
        splices.add(mark.time.range, try timeBytes(mark, time))
        for part in mark.parts {
            if !parts.contains(part) {
                splices.add(sequence.parts[part].range, [])
            } else if let text = texts[part] {
                splices.add(sequence.parts[part].text, text)
            }
        }
        return splices.applied(to: source, in: mark.range)
    }

    /// Line ends that the last mark has less than the first one.
    private func missingLines(_ sequence: MarkSequence) -> Int {
        func lines(_ mark: MarkSequence.Mark) -> Int {
            let text = mark.parts.last.map { sequence.parts[$0].text.upperBound } ?? mark.range.lowerBound
            return source.string(min(text, mark.range.upperBound)..<mark.range.upperBound).count { $0.isNewline }
        }
        guard let first = sequence.marks.first, let last = sequence.marks.last else { return 0 }
        return max(sequence.marks.count > 1 ? lines(first) : 1, 1) - lines(last)
    }
}
