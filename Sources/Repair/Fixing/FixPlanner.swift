import Foundation
import MediaIO
import Muxing
public import SyncModel

/// Makes a plan from stored results, without measuring.
///
/// ```swift
/// let plan = FixPlanner(folder: "fixed").plan(try StoreReader.records(of: ["corpus.sqlite"]))
/// for row in plan.rows where row.action == .move {
///     let outcome = fixer.fix(row.request(isForced: false, leavesOut: false))
///     print("\(outcome.clip): \(outcome.kind.rawValue)")
/// }
/// ```
public struct FixPlanner {
    public let folder: String
    public let leastConfidence: Double

    public init(folder: String, leastConfidence: Double = FixDecision.leastConfidence) {
        self.folder = folder
        self.leastConfidence = leastConfidence
    }

    /// A person's decision on a clip.
    public struct Word: Sendable, Hashable {
        public enum Choice: Sendable, Hashable {
            /// The measured offset is right; the offset is the one shown to the person, nil: none was measured.
            case accepted(Offset?)
            /// This offset is right.
            case corrected(Offset)
            case cannotTell
        }

        public let by: String
        public let choice: Choice
        /// The decided finding; nil in decisions of version 0.1.0.
        public let finding: FindingName?

        public init(by: String, choice: Choice, finding: FindingName?) {
            self.by = by
            self.choice = choice
            self.finding = finding
        }
    }

    /// The same without cutting events.
    public func plan(_ records: [ClipRecord], words: [String: Word] = [:]) -> FixPlan {
        plan(records, words: words) { (_: [String]) throws(Never) in [] }
    }

    /// The rows of clips that are not in sync, with an action each; outputs with equal names get numbers.
    ///
    /// - Parameter views: plans how to cut the recordings of an accepted event, the reference first.
    public func plan<Failure: Error>(
        _ records: [ClipRecord], words: [String: Word], views: ([String]) throws(Failure) -> [FixPlan.Row]
    ) throws(Failure) -> FixPlan {
        var taken: Set<String> = []
        var rows: [FixPlan.Row] = []
        // An event is no file.
        let base = FixPlanner.commonFolder(
            records.filter { $0.findings.contains { $0.check != .views } }.map(\.clip))
        for record in records {
            let record = record.completed
            let word = words[record.key]
            if let word, case .accepted = word.choice, let finding = accepted(record, word), finding.check == .views,
                finding.offset != nil, finding.verdict != .inSync, let clock = finding.clock, clock.count > 1
            {
                let cuts = try views(clock.map(\.clip))
                for var row in cuts {
                    row.by = word.by
                    row.output = output(
                        row.clip.withoutEnding + "." + row.output.endingOfPath, below: base, &taken)
                    rows.append(row)
                }
                if !cuts.isEmpty { continue }
            }
            for var row in self.rows(record, word) {
                if row.output.isEmpty {
                    row.output = output(row.subjectFile ?? row.audioFile ?? row.clip, below: base, &taken)
                }
                rows.append(row)
            }
        }
        return FixPlan(rows: rows)
    }

    private func output(_ name: String, below base: String, _ taken: inout Set<String>) -> String {
        let place = FixPlanner.place(name, below: base)
        var output = inside(place)
        var number = 2
        while !taken.insert(output).inserted {
            output = inside(place.withoutEnding + "-\(number)." + place.endingOfPath)
            number += 1
        }
        return output
    }

    private func inside(_ place: String) -> String {
        place.split(separator: "/").reduce(folder) { FixNames.inside($0, clip: String($1)) }
    }

    /// The longest path of folders that all clips have in common, with its slash at the end; empty: none.
    static func commonFolder(_ clips: [String]) -> String {
        guard let first = clips.first else { return "" }
        func folder(_ path: Substring) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
        var base = folder(first[...])
        for clip in clips { while !clip.hasPrefix(base) { base = folder(base.dropLast()) } }
        return base
    }

    /// Where a file is below that folder, so that fixed clips of several folders are in the same ones. Other files,
    /// addresses, and paths that lead out of a folder have their name only.
    static func place(_ name: String, below base: String) -> String {
        guard name.hasPrefix(base) else { return name.nameOfPath }
        let rest = String(name.dropFirst(base.count))
        let isBelow =
            !rest.isEmpty && !rest.hasPrefix("/") && !rest.contains("://")
            && !rest.split(separator: "/").contains("..")
        return isBelow ? rest : name.nameOfPath
    }

    private func row(_ action: FixPlan.Row.Action, _ record: ClipRecord, _ by: String?, _ why: String) -> FixPlan.Row {
        var row = FixPlan.Row(action, clip: record.clip, output: "", by: by ?? "measured", why: why)
        row.audioFile = record.audioFile
        return row
    }

    private func rows(_ record: ClipRecord, _ word: Word?) -> [FixPlan.Row] {
        guard let word else { return measured(record) }
        func skip(_ why: String) -> [FixPlan.Row] { [row(.skip, record, word.by, why)] }
        switch word.choice {
        case .cannotTell: return skip("the reviewer could not tell")
        case .accepted(let seen):
            guard let finding = accepted(record, word) else {
                return skip(
                    word.finding == nil && seen != nil
                        ? "the decision does not identify the accepted finding: decide it again with 'genlock review'"
                        : "the decided finding no longer exists: decide it again with 'genlock review'")
            }
            switch finding.verdict {
            case .inSync: return []
            case .unpaired: return skip("\(word.by): \(FixPlanner.sides(finding)) do not belong together")
            default: break
            }
            guard let offset = finding.offset, let move = SoundMove(finding, expecting: finding.expectation.offset)
            else { return skip("the accepted finding has no usable offset: decide it again with 'genlock review'") }
            return moved(record, finding, move, by: word.by, measuredBy: finding.check, words(finding, offset))
        case .corrected(let offset):
            let finding = word.finding.flatMap { name in record.findings.first { $0.name == name } }
            if word.finding != nil, finding == nil {
                return skip("the decided finding no longer exists: decide it again with 'genlock review'")
            }
            let expected = finding?.expectation.offset ?? Offset(seconds: 0)
            let move = SoundMove(offset: Offset(seconds: offset.seconds - expected.seconds))
            if abs(move.offset.seconds) < 0.0005 { return [] }
            return moved(
                record, finding, move, by: word.by, measuredBy: nil,
                OffsetWords.sentence(
                    offset, subject: finding?.subject ?? .audio, reference: finding?.reference ?? .video))
        }
    }

    /// The finding that a person accepted; nil: unknown, or no longer there.
    private func accepted(_ record: ClipRecord, _ word: Word) -> Finding? {
        if let name = word.finding { return record.findings.first { $0.name == name } }
        // Decisions of version 0.1.0 have only the offset: exactly one finding must have it.
        guard case .accepted(let seen?) = word.choice else { return nil }
        let same = record.findings.filter {
            $0.offset.map { abs($0.milliseconds - seen.milliseconds) < 0.051 } ?? false
        }
        return same.count == 1 ? same[0] : nil
    }

    /// The row that moves a finding's subject.
    private func moved(
        _ record: ClipRecord, _ finding: Finding?, _ move: SoundMove, by: String, measuredBy: Check?, _ why: String
    ) -> [FixPlan.Row] {
        var row = row(.move, record, by, why)
        row.move = move
        row.measuredBy = measuredBy
        row.expectation = finding?.expectation ?? .together
        guard let finding else { return [row] }
        switch finding.subject {
        case .audio where finding.reference == .video:
            row.texts = texts(record)
            do {
                // A given offset applies to that stream only.
                row.audioStream = try audioStream(finding.subjectStream, of: record, isAlone: measuredBy == nil)
            } catch {
                return [self.row(.skip, record, by, error.description)]
            }
            return [row]
        case .text where finding.reference == .audio, .labels where finding.reference == .audio:
            guard let file = finding.subjectFile, FileManager.default.fileExists(atPath: file) else {
                return [
                    self.row(
                        .skip, record, by,
                        """
                        its text is inside the clip: genlock transcript \(ShellWord.path(record.clip)) --write \
                        \(ShellWord.path(ShellWord.fixed(record.clip)))
                        """)
                ]
            }
            row.subjectFile = file
            row.expectation = .together
            return [row]
        default:
            return [
                self.row(
                    .skip, record, by,
                    "\(FixPlanner.sides(finding)): this cannot be moved; see the finding")
            ]
        }
    }

    /// The number of the only audio stream to move; nil: each is moved by its own offset.
    ///
    /// - Parameter isAlone: also if it is the file's default stream.
    private func audioStream(_ stream: StreamName?, of record: ClipRecord, isAlone: Bool) throws(MediaError) -> Int? {
        guard let index = stream?.index else { return nil }
        let file = try MediaFile(path: record.audioFile ?? record.clip)
        let usual = try file.audioStream(number: nil)
        guard isAlone || usual?.index != index else { return nil }
        return file.audioStreams.firstIndex { $0.index == index }
    }

    /// The texts and labels that were compared with the audio: they move with it.
    private func texts(_ record: ClipRecord) -> [String] {
        var texts: [String] = []
        for finding in record.findings where finding.reference == .audio {
            guard let file = finding.subjectFile, !texts.contains(file), FileManager.default.fileExists(atPath: file)
            else { continue }
            texts.append(file)
        }
        return texts
    }

    /// The rows that follow from the measurements alone.
    private func measured(_ record: ClipRecord) -> [FixPlan.Row] {
        func skip(_ why: String) -> [FixPlan.Row] { [row(.skip, record, nil, why)] }
        let about = record.findings.filter {
            $0.subject == .audio && $0.reference == .video && $0.check != .container
        }
        let best = about.filter { $0.offset != nil }.max { ($0.confidence ?? 0) < ($1.confidence ?? 0) }
        if about.isEmpty, record.findings.contains(where: { $0.check == .views }) {
            return record.verdict == .misaligned || record.verdict == .marginal
                ? skip("a group of views: cut them to their common part with 'genlock fix --views'") : []
        }
        switch record.verdict {
        case .inSync, .notApplicable, .measured: return []
        case .failed:
            // The row names the clip already.
            return skip(
                record.failure?.message.replacing(record.clip.printable + " ", with: "", maxReplacements: 1)
                    ?? "cannot be read")
        case .unpaired: return skip("they do not belong together\(unpaired(record))")
        case .inconclusive: return skip("inconclusive: decide it with 'genlock review'")
        case .misaligned, .marginal: break
        }
        guard let best, best.verdict != .inSync, let offset = best.offset,
            let move = SoundMove(best, expecting: best.expectation.offset)
        else { return skip(otherwise(record)) }
        let answered = about.compactMap(\.offset?.seconds)
        if let low = answered.min(), let high = answered.max(), high - low > FixDecision.contradiction {
            return skip("its checks disagree: decide it with 'genlock review'")
        }
        guard let confidence = best.confidence, confidence >= leastConfidence else {
            return skip(
                """
                right within 40 ms only with a probability of \(String(format: "%.2f", best.confidence ?? 0)): decide \
                it with 'genlock review'
                """
            )
        }
        guard best.check != .compare else {
            return skip(
                """
                \(words(best, offset)): genlock fix \(ShellWord.path(record.clip)) --master MASTER -o \
                \(ShellWord.path(ShellWord.fixed(record.clip)))
                """)
        }
        return moved(record, best, move, by: "measured", measuredBy: best.check, words(best, offset))
    }

    /// What is off if it is not the audio against the video.
    private func otherwise(_ record: ClipRecord) -> String {
        let other = record.findings.first {
            ($0.verdict == .misaligned || $0.verdict == .marginal) && $0.reference == .audio
        }
        guard let other, let offset = other.offset else {
            return "the fault is not between audio and video"
        }
        return "\(words(other, offset)): accept it with 'genlock review', or fix only the text with 'genlock fix'"
    }

    private func unpaired(_ record: ClipRecord) -> String {
        record.findings.first { $0.verdict == .unpaired }.map { ": \(FixPlanner.sides($0)) (\($0.check.rawValue))" }
            ?? ""
    }

    private static func sides(_ finding: Finding) -> String {
        "\(OffsetWords.name(finding.subject)) and \(OffsetWords.name(finding.reference))"
    }

    private func words(_ finding: Finding, _ offset: Offset) -> String {
        OffsetWords.sentence(offset, subject: finding.subject, reference: finding.reference)
            + " (\(finding.check.rawValue))"
    }
}
