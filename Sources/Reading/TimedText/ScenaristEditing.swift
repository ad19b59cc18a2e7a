/// The lines of an SCC file as codes, so that single captions can be moved, reworded, split and joined.
///
/// A caption is shown by a code of its line, and cleared by a line of its own, by a code within the line that loads the
/// next one, or by the next one. Moments are frames.
struct ScenaristCodes: Sendable {
    struct Line: Sendable {
        let number: Int
        let time: WrittenTime
        /// Everything up to the next line of codes.
        let range: Range<Int>
        let place: Range<Int>
        let codes: [UInt16]
        let begin: Int
        var end: Int { begin + codes.count }
    }

    struct Caption: Sendable {
        let channel: Int
        let line: Int
        /// The code that shows it.
        let code: Int
        /// nil: it is never cleared.
        let cleared: LineTwentyOne.Moment?
        let text: String
        /// Whether its line has its codes, and no other's.
        var isWhole = false
        /// Frames from the code that ends the caption before it to the one that shows it.
        var lead = 0
        var item: Int?
    }

    var lines: [Line]
    var captions: [Caption]

    func start(_ caption: Caption) -> Int { lines[caption.line].begin + caption.code }

    func end(_ caption: Caption) -> Int? { caption.cleared.map { lines[$0.line].begin + $0.code } }

    /// A code without parity and channel.
    static func command(_ code: UInt16) -> UInt16 { code & 0x777F }

    private static let erase: UInt16 = 0x142C
    private static let roll: UInt16 = 0x142D
    /// The commands that end what was shown before: of pop-on, roll-up and paint-on captions.
    private static let enders: Set<UInt16> = [0x142F, 0x142D, 0x1429, 0x1425, 0x1426, 0x1427]

    static func isErase(_ code: UInt16) -> Bool { command(code) == erase }

    /// Finds the captions that are alone in their line.
    mutating func examine() {
        for (index, caption) in captions.enumerated() {
            let codes = lines[caption.line].codes
            guard let found = ScenaristCodes.only(codes, channel: caption.channel), found.start.code == caption.code,
                found.text == caption.text, found.end == nil
            else { continue }
            captions[index].isWhole = true
            // The code that did end one; else the one that would.
            let done = captions.first {
                guard $0.channel == caption.channel, let moment = $0.cleared, moment.line == caption.line else {
                    return false
                }
                return moment.code <= caption.code && !ScenaristCodes.isErase(codes[moment.code])
            }?.cleared?.code
            let before = codes[..<caption.code]
            let ender =
                done ?? before.firstIndex { ScenaristCodes.command($0) == ScenaristCodes.roll }
                ?? before.firstIndex { ScenaristCodes.enders.contains(ScenaristCodes.command($0)) }
            captions[index].lead = ender.map { caption.code - $0 } ?? 0
        }
    }

    /// The only caption of a line.
    static func only(_ codes: [UInt16], channel: Int) -> LineTwentyOne.Caption? {
        var field = LineTwentyOneField()
        field.begin()
        for (index, code) in codes.enumerated() {
            field.take(UInt8(code >> 8 & 0x7F), UInt8(code & 0x7F), at: LineTwentyOne.Moment(line: 0, code: index))
        }
        guard field.channels[channel].captions.count == 1, field.channels[1 - channel].captions.isEmpty,
            let last = codes.lastIndex(where: { $0 & 0x7F7F != 0 })
        else { return nil }
        // What follows the code that shows it would belong to another caption.
        let caption = field.channels[channel].captions[0]
        guard caption.start.code < codes.count else { return nil }
        let isPopOn = command(codes[caption.start.code]) == 0x142F
        guard
            !isPopOn
                || last <= caption.start.code + 1
                    && codes[caption.start.code...last].allSatisfy({ $0 == codes[caption.start.code] })
        else { return nil }
        let controls = codes.filter { (0x10..<0x20).contains($0 >> 8 & 0x7F) }
        // Commands of the second field are others.
        return controls.allSatisfy { Int($0 >> 11 & 1) == channel && command($0) & 0x7770 != 0x1520 } ? caption : nil
    }

    /// Whether a line only clears, in one channel.
    func isClear(_ line: Int) -> Bool {
        let codes = lines[line].codes.filter { $0 & 0x7F7F != 0 }
        return codes.allSatisfy(ScenaristCodes.isErase) && Set(codes.map { $0 >> 11 & 1 }).count == 1
    }

    /// Whether a line shows a caption, and nothing else of its channel.
    func isShown(_ line: Int) -> Bool { captions.contains { $0.isWhole && $0.line == line } }
}

extension DocumentBuilder {
    /// Makes the captions editable that have a line of their own.
    mutating func finish(_ codes: ScenaristCodes) {
        var codes = codes
        codes.examine()
        guard zip(codes.lines, codes.lines.dropFirst()).allSatisfy({ $0.begin < $1.begin }) else { return }
        for (index, item) in items.enumerated() {
            guard let part = item.place?.part else { continue }
            codes.captions[part].item = index
            items[index].place?.isEndAssumed = codes.captions[part].cleared == nil
            items[index].place?.rights =
                codes.captions[part].isWhole
                ? EditRights(start: true, end: true, text: true, division: true) : EditRights.none
        }
        for channel in Set(codes.captions.map(\.channel)) {
            let own = codes.captions.filter { $0.channel == channel }.sorted { codes.start($0) < codes.start($1) }
            for (one, next) in zip(own, own.dropFirst()) where one.isWhole && next.isWhole {
                guard let before = one.item, let after = next.item else { continue }
                let gap = Double(next.lead) / ScenaristCaptions.rate
                items[before].place?.after = Neighbour(
                    index: after, isJoined: false, gap: gap, reach: ScenaristCodes.reach)
                items[after].place?.before = Neighbour(
                    index: before, isJoined: false, gap: gap, reach: ScenaristCodes.reach)
            }
        }
        self.codes = codes
    }
}

extension ScenaristCodes {
    /// Seconds before a caption in which the one before is usually cleared.
    static let reach = 0.15
}

extension TimedTextDocument {
    /// A caption to be shown.
    private struct Shown {
        let caption: Int
        let isPiece: Bool
        let isLast: Bool
        let start: Int
        let end: Int
        var isEdited: Bool
        var movesEnd: Bool
        let text: String
    }

    /// A caption's end by a code of its own.
    private struct Clearing {
        let frame: Int
        /// The line that has had it; nil: none.
        let line: Int?
        let channel: Int
        let isChanged: Bool
    }

    /// A line as it will be.
    private struct Sent {
        /// The line that it was, or was made from.
        let line: Int
        let isNew: Bool
        var begin: Int
        var codes: [UInt16]
        var isChanged: Bool
    }

    private func frame(_ seconds: Double) -> Int { Int((seconds * ScenaristCaptions.rate).rounded()) }

    func write(
        _ changes: [Int: [EditedPart]], _ file: ScenaristCodes, into splices: inout Splices
    ) throws(TimedTextError) {
        for index in changes.keys.sorted() where rights(of: index) == EditRights.none {
            throw TimedTextError(
                code: "unwritable-item",
                message: """
                    cannot be written: line \(items[index].line): its codes are spread over several lines, or the line \
                    has \
                    those of other captions
                    """,
                remedy: "change this caption in its own editor, or convert the file to SubRip or WebVTT")
        }
        let channels = Set(changes.keys.compactMap { items[$0].place?.part.map { file.captions[$0].channel } })
        var sent: [Sent] = []
        var gone: Set<Int> = []
        for channel in channels.sorted() {
            let (shown, clearings) = try plan(channel, file, changes)
            try send(shown, clearings, channel, file, into: &sent, gone: &gone)
        }
        try put(sent, gone, file, into: &splices)
    }

    // MARK: What is shown and cleared

    private func plan(
        _ channel: Int, _ file: ScenaristCodes, _ changes: [Int: [EditedPart]]
    ) throws(TimedTextError) -> ([Shown], [Clearing]) {
        var all: [Shown] = []
        let own = file.captions.indices.filter { file.captions[$0].channel == channel }
        for number in own {
            let caption = file.captions[number]
            guard let index = caption.item else { continue }
            let item = items[index]
            let parts = changes[index] ?? [EditedPart(start: item.start, end: item.end)]
            for (count, part) in parts.enumerated() {
                let one = Shown(
                    caption: number, isPiece: count > 0, isLast: count + 1 == parts.count, start: frame(part.start),
                    end: frame(part.end), isEdited: count > 0 || frame(part.start) != frame(item.start),
                    movesEnd: count > 0 || frame(part.end) != frame(item.end), text: part.text ?? item.text)
                guard one.start < one.end || !one.isEdited && !one.movesEnd else {
                    throw TimedTextError(
                        code: "unwritable-time", message: "line \(item.line) would last less than a frame",
                        remedy: "give it more time, or join it with the next one")
                }
                all.append(one)
            }
        }
        all = all.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
        let final = own.last.map { file.captions[$0] }
        let finalEnd = final.flatMap { $0.cleared == nil ? $0.item : nil }.map { frame(items[$0].end) }
        var clearings: [Clearing] = []
        for (place, one) in all.enumerated() {
            let caption = file.captions[one.caption]
            let next = place + 1 < all.count ? all[place + 1] : nil
            // The code that ended it, if it was one of its own.
            let known = caption.cleared.flatMap {
                ScenaristCodes.isErase(file.lines[$0.line].codes[$0.code]) ? $0.line : nil
            }
            /// Whether another caption's code ends it, as before.
            func isAsBefore(_ one: Shown, _ all: [Shown]) -> Bool {
                guard known == nil, !one.movesEnd, one.isLast, let line = caption.cleared?.line else { return false }
                let isGone = own.contains { number in
                    file.captions[number].line == line
                        && file.captions[number].item.flatMap { changes[$0]?.isEmpty } ?? false
                }
                return !isGone && !all.contains { !$0.isPiece && $0.isEdited && file.captions[$0.caption].line == line }
            }
            if let next {
                let natural = next.start - file.captions[next.caption].lead
                if one.end == natural || isAsBefore(one, all) { continue }
                guard one.end < natural || !(one.isEdited || one.movesEnd || next.isEdited) else {
                    throw overlap(one, next, file)
                }
            } else if one.end == finalEnd || caption.cleared == nil && !one.movesEnd {
                continue
            }
            try checkEnd(one, known, next, file, changes)
            guard one.isLast || one.movesEnd || known != nil else { continue }
            if one.movesEnd, let known, !file.isClear(known), !file.isShown(known) {
                throw TimedTextError(
                    code: "unwritable-item",
                    message: """
                        cannot be written: the caption of line \(file.lines[caption.line].number) is cleared within \
                        line \
                        \(file.lines[known].number), which has codes of several captions
                        """,
                    remedy: "change this end in its own editor, or convert the file to SubRip or WebVTT")
            }
            let isSame = known != nil && one.isLast && file.end(caption) == one.end
            // Joined captions are cleared as the last of them was.
            let there =
                isSame
                ? known
                : own.compactMap { number -> Int? in
                    let other = file.captions[number]
                    guard let moment = other.cleared, file.end(other) == one.end,
                        ScenaristCodes.isErase(file.lines[moment.line].codes[moment.code])
                    else { return nil }
                    return moment.line
                }.first
            clearings.append(
                Clearing(
                    frame: one.end, line: there ?? (one.isLast ? known : nil), channel: channel,
                    isChanged: there == nil))
        }
        return (all, clearings)
    }

    /// - Throws: if it would last longer than until a code that ends it and is not its own or the next one's.
    private func checkEnd(
        _ one: Shown, _ known: Int?, _ next: Shown?, _ file: ScenaristCodes, _ changes: [Int: [EditedPart]]
    ) throws(TimedTextError) {
        let caption = file.captions[one.caption]
        guard one.movesEnd, !one.isPiece, known == nil, let line = caption.cleared?.line,
            let end = file.end(caption), one.end > end,
            !(next.map { file.captions[$0.caption].line == line && file.captions[$0.caption].isWhole } ?? false)
        else { return }
        // The captions of that line may be joined to this one.
        let others = file.captions.filter { $0.line == line }
        guard !others.contains(where: { $0.item.flatMap { changes[$0]?.isEmpty } ?? false }) else { return }
        throw TimedTextError(
            code: "unwritable-item",
            message: """
                cannot be written: the caption of line \(file.lines[caption.line].number) ends by a code of line \
                \(file.lines[line].number), which is not of the next caption alone
                """,
            remedy: "change this end in its own editor, or convert the file to SubRip or WebVTT")
    }

    private func overlap(_ one: Shown, _ next: Shown, _ file: ScenaristCodes) -> TimedTextError {
        let (line, other) = (file.captions[one.caption].line, file.captions[next.caption].line)
        return TimedTextError(
            code: "unwritable-time",
            message: """
                cannot hold both: the caption of line \(file.lines[line].number) lasts until the one of line \
                \(file.lines[other].number) at the latest
                """,
            remedy: "move that end or that start first")
    }

    // MARK: Lines

    private func send(
        _ shown: [Shown], _ clearings: [Clearing], _ channel: Int, _ file: ScenaristCodes, into sent: inout [Sent],
        gone: inout Set<Int>
    ) throws(TimedTextError) {
        /// Codes of a line that end a caption of the channel, which are now elsewhere or in the clearings.
        var enders: [Int: Set<Int>] = [:]
        for caption in file.captions where caption.channel == channel {
            guard let moment = caption.cleared, ScenaristCodes.isErase(file.lines[moment.line].codes[moment.code])
            else { continue }
            let codes = file.lines[moment.line].codes
            enders[moment.line, default: []].insert(moment.code)
            if moment.code + 1 < codes.count, codes[moment.code + 1] == codes[moment.code] {
                enders[moment.line]?.insert(moment.code + 1)
            }
        }
        func frames(_ line: Int) -> [Int] {
            file.captions.filter { $0.channel == channel && $0.cleared?.line == line && enders[line] != nil }
                .compactMap(file.end).filter { enders[line]?.contains($0 - file.lines[line].begin) ?? false }
        }
        var left = clearings
        let lineOfCaption = Set(file.captions.filter { $0.channel == channel && $0.isWhole }.map(\.line))
        for one in shown where file.captions[one.caption].isWhole {
            let caption = file.captions[one.caption]
            let line = file.lines[caption.line]
            let old = one.isPiece ? [] : frames(caption.line).sorted()
            let kept = left.filter { $0.line == caption.line && !$0.isChanged }.map(\.frame)
            let isReworded = one.text != caption.text
            var isDirty = one.isEdited || isReworded || one.isPiece || Set(old) != Set(kept)
            let base = line.codes.indices.filter { !(enders[caption.line]?.contains($0) ?? false) }.map {
                line.codes[$0]
            }
            var codes = base
            var code = base.count - line.codes[caption.code...].count
            // Codes after the one that shows it cannot be of another's end.
            if isReworded {
                codes = try LineTwentyOneWriter(channel: channel).reworded(base, from: caption.text, to: one.text)
                guard let found = ScenaristCodes.only(codes, channel: channel),
                    found.text == LineTwentyOneWriter.rows(of: one.text).joined(separator: "\n")
                else {
                    throw LineTwentyOneWriter.refused(
                        "it would not read as written", "use other characters, or change it in its own editor")
                }
                code = found.start.code
            }
            let lead = isReworded ? min(code, caption.lead) : caption.lead
            // What clears while these codes are sent is sent among them.
            var begin = one.start - code
            var inside: [Clearing] = []
            for clearing in left.sorted(by: { $0.frame > $1.frame }) where clearing.frame < one.start {
                guard clearing.frame + 2 > begin else { break }
                inside.append(clearing)
                begin = min(begin - 2, clearing.frame)
            }
            isDirty = isDirty || inside.contains(where: \.isChanged)
            let isHere = inside.filter { $0.line == caption.line && !$0.isChanged }
            guard isDirty else {
                left.removeAll { $0.line == caption.line && !$0.isChanged }
                continue
            }
            left.removeAll { clearing in inside.contains { $0.frame == clearing.frame } }
            // What was sent here and is now before it, is a line of its own.
            left = left.map {
                $0.line == caption.line && !one.isPiece
                    ? Clearing(frame: $0.frame, line: nil, channel: channel, isChanged: true) : $0
            }
            let shift = one.start - file.start(caption)
            let isShifted = !isReworded && !one.isPiece && inside.isEmpty && old.isEmpty && isHere.isEmpty
            if isShifted {
                sent.append(
                    Sent(
                        line: caption.line, isNew: false, begin: line.begin + shift, codes: line.codes, isChanged: true)
                )
                continue
            }
            let made = embedded(codes, code, lead, one.start, inside.map(\.frame).sorted(by: >), channel)
            sent.append(
                Sent(line: caption.line, isNew: one.isPiece, begin: made.begin, codes: made.codes, isChanged: true))
            for clearing in inside { if let old = clearing.line, file.isClear(old) { gone.insert(old) } }
        }
        // Captions that were removed.
        let stay = Set(shown.filter { !$0.isPiece }.map { file.captions[$0.caption].line })
        for line in lineOfCaption.subtracting(stay) { gone.insert(line) }
        let code = LineTwentyOneWriter.code(0x14 | UInt8(channel * 8), 0x2C)
        for clearing in left {
            if let line = clearing.line, file.isClear(line), !gone.contains(line) {
                guard clearing.isChanged else { continue }
                let shift = clearing.frame - (frames(line).min() ?? clearing.frame)
                sent.append(
                    Sent(
                        line: line, isNew: false, begin: file.lines[line].begin + shift, codes: file.lines[line].codes,
                        isChanged: true))
            } else if clearing.isChanged || clearing.line.map(gone.contains) ?? false {
                let line = file.lines.lastIndex { $0.begin <= clearing.frame } ?? 0
                sent.append(Sent(line: line, isNew: true, begin: clearing.frame, codes: [code, code], isChanged: true))
            }
        }
        // Lines that cleared what now lasts longer.
        let used = Set(clearings.compactMap(\.line))
        for line in enders.keys where file.isClear(line) && !used.contains(line) { gone.insert(line) }
    }

    /// The codes of a caption with those that clear others among them, so that each is sent at its frame.
    private func embedded(
        _ codes: [UInt16], _ code: Int, _ lead: Int, _ start: Int, _ frames: [Int], _ channel: Int
    ) -> (begin: Int, codes: [UInt16]) {
        let erase = LineTwentyOneWriter.code(0x14 | UInt8(channel * 8), 0x2C)
        let repeated = LineTwentyOneWriter.repetitions(codes)
        var (result, rest, next, least) = (Array(codes[code...]), Array(codes[..<code]), start, lead)
        for frame in frames {
            let gap = next - frame
            // Twice, as all codes, where there is room.
            let count = gap - 2 >= least ? 2 : 1
            var taken = min(max(0, gap - count), rest.count)
            if taken < rest.count, repeated[rest.count - taken], taken > 0 { taken -= 1 }
            let fill = max(0, gap - count - taken)
            result =
                [UInt16](repeating: erase, count: count) + [UInt16](repeating: 0x8080, count: fill)
                + rest.suffix(taken) + result
            rest.removeLast(taken)
            (next, least) = (frame, 0)
        }
        return (next - rest.count, rest + result)
    }

    // MARK: Bytes

    private func put(
        _ sent: [Sent], _ gone: Set<Int>, _ file: ScenaristCodes, into splices: inout Splices
    ) throws(TimedTextError) {
        let changed = Dictionary(sent.filter { !$0.isNew }.map { ($0.line, $0) }) { first, _ in first }
        var all = file.lines.indices.filter { !gone.contains($0) }.map { line in
            changed[line]
                ?? Sent(
                    line: line, isNew: false, begin: file.lines[line].begin, codes: file.lines[line].codes,
                    isChanged: false)
        }
        all += sent.filter(\.isNew)
        all = all.enumerated().sorted { ($0.element.begin, $0.offset) < ($1.element.begin, $1.offset) }.map(\.element)
        try checkRoom(all, file)
        var staying: [Sent] = []
        var moved: [Sent] = sent.filter(\.isNew)
        for (line, _) in file.lines.enumerated() where !gone.contains(line) {
            guard let one = changed[line] else {
                staying.append(
                    Sent(
                        line: line, isNew: false, begin: file.lines[line].begin, codes: [], isChanged: false))
                continue
            }
            let next = ((line + 1)..<file.lines.count).first { changed[$0] == nil && !gone.contains($0) }
            let fits =
                staying.last.map { $0.begin < one.begin } ?? true
                && next.map { one.begin < file.lines[$0].begin } ?? true
            if fits { staying.append(one) } else { moved.append(one) }
        }
        // New lines first: what stands at the same place is taken away after.
        let separator = self.separator(file)
        for one in moved.sorted(by: { $0.begin < $1.begin }) {
            let bytes = try self.bytes(one, file)
            if let next = staying.first(where: { $0.begin > one.begin }) {
                let place = file.lines[next.line].range.lowerBound
                splices.add(place..<place, bytes + separator)
            } else if let last = file.lines.last {
                splices.add(last.place.upperBound..<last.place.upperBound, separator + bytes)
            }
        }
        for one in staying where one.isChanged {
            let line = file.lines[one.line]
            if one.begin != line.begin { splices.add(line.time.range, try time(one.begin, line)) }
            if one.codes != line.codes { splices.add(line.place, source.encode(text(one.codes, line))) }
        }
        let left = gone.union(moved.filter { !$0.isNew }.map(\.line))
        for line in left.sorted() {
            // The last line goes with what separates it from the one before.
            let before = ((0..<line).reversed()).first { !left.contains($0) }
            let isLast = !file.lines.indices.contains { $0 > line && !left.contains($0) }
            let lower = isLast ? before.map { file.lines[$0].place.upperBound } : nil
            let upper = isLast ? file.lines[line].place.upperBound : file.lines[line].range.upperBound
            let range = (lower ?? file.lines[line].range.lowerBound)..<upper
            splices.add(range, [])
        }
    }

    /// What is between the first two lines of codes.
    private func separator(_ file: ScenaristCodes) -> [UInt8] {
        guard let first = file.lines.first, file.lines.count > 1 else {
            return source.encode(Array((lineEnd + lineEnd).utf8))
        }
        let range = source.origin(of: first.place.upperBound)..<source.origin(of: first.range.upperBound)
        return Array(source.bytes[range])
    }

    private func time(_ frame: Int, _ line: ScenaristCodes.Line) throws(TimedTextError) -> [UInt8] {
        guard frame >= 0, let text = line.time.style.text(Double(frame) / ScenaristCaptions.rate) else {
            throw TimedTextError(
                code: "unwritable-time",
                message: "line \(line.number) would have to be sent before the start: its codes take a frame each",
                remedy: "show it later")
        }
        return source.encode(text)
    }

    private func bytes(_ one: Sent, _ file: ScenaristCodes) throws(TimedTextError) -> [UInt8] {
        let line = file.lines[one.line]
        let between = source.string(line.time.range.upperBound..<line.place.lowerBound)
        return try time(one.begin, line) + source.encode(Array(between.utf8) + text(one.codes, line))
    }

    private func text(_ codes: [UInt16], _ line: ScenaristCodes.Line) -> [UInt8] {
        let isUpper = source.utf8[line.place].contains { (0x41...0x46).contains($0) }
        return Array(
            codes.map { code in
                let text = String(code, radix: 16, uppercase: isUpper)
                return String(repeating: "0", count: 4 - text.count) + text
            }.joined(separator: " ").utf8)
    }

    /// - Throws: if two lines would have to be sent at once that were not before.
    private func checkRoom(_ all: [Sent], _ file: ScenaristCodes) throws(TimedTextError) {
        for one in all where one.begin < 0 { _ = try time(one.begin, file.lines[one.line]) }
        for (one, next) in zip(all, all.dropFirst()) where one.isChanged || next.isChanged {
            let over = one.begin + one.codes.count - next.begin
            let isOld = !one.isNew && !next.isNew && one.line + 1 == next.line
            guard over > max(0, isOld ? file.lines[one.line].end - file.lines[next.line].begin : 0) else { continue }
            let changed = next.isChanged ? next : one
            func milliseconds(_ frames: Int) -> Int { Int((Double(frames) / ScenaristCaptions.rate * 1000).rounded()) }
            throw TimedTextError(
                code: "unwritable-time",
                message: """
                    cannot be sent in time: the codes of line \(file.lines[changed.line].number) take \
                    \(milliseconds(changed.codes.count)) ms, of which the line \(next.isChanged ? "before" : "after") \
                    needs \(milliseconds(over)) ms
                    """,
                remedy: "shorten the text, or show it later")
        }
    }
}
