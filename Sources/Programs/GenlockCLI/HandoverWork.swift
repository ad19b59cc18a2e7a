import ArgumentParser
import Foundation
import HTMLReport
import Reporting
import Statistics
import Storage
import SyncModel
import TimedText

/// The hand-over to the annotators of the texts.
struct HandoverOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write what annotators should correct to this folder: handover.csv, .json and .html.",
            valueName: "folder"),
        completion: .directory)
    var handover: String?

    @Option(
        help: ArgumentHelp(
            "Manifest column that names the annotator (default: annotator).", valueName: "column"))
    var annotator: String?

    @Option(
        help: ArgumentHelp(
            """
            Also draw N texts to review, stratified by language, annotator and length (sample.csv), and estimate the \
            overall error rate from those reviewed.
            """, valueName: "n"))
    var sample: Int?

    @Flag(help: "With --sample: draw single cues, not texts.")
    var cues = false

    @Option(
        help: ArgumentHelp(
            "Desired precision of the error rate, ± percentage points (default: 5).", valueName: "points")
    )
    var within: Double?

    func validate() throws {
        if handover == nil, annotator != nil || sample != nil || within != nil {
            throw ValidationError("--annotator, --sample and --within require --handover")
        }
        if cues, sample == nil { throw ValidationError("--cues requires --sample") }
        if let sample, sample < 1 { throw ValidationError("--sample must be 1 or more") }
        if let within, !(0.1...50).contains(within) {
            throw ValidationError("--within must be 0.1 to 50 percentage points")
        }
    }

    /// - Throws: `StoreError`, or `ClipFailure` if a file cannot be written.
    func write(_ stores: [String], to folder: String, quiet: Bool) throws {
        let made = try HandoverWork(stores, annotator: annotator ?? "annotator").made(
            sample: sample, byCue: cues, goal: (within ?? 5) / 100)
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw ClipFailure(
                code: "not-written", message: "\(folder.printable) cannot be created", remedy: "name another folder")
        }
        var files = [
            ("handover.csv", made.csv), ("handover.json", made.json.pretty + "\n"),
            ("handover.html", HandoverPage.html(made)),
        ]
        if let sample = made.sampleCSV { files.append(("sample.csv", sample)) }
        for (name, text) in files {
            let file = OutputFile(folder + "/" + name)
            file.write(text)
            try file.finish()
        }
        guard !quiet else { return }
        Console.note(
            """
            genlock: \(made.entries.count) places to fix in \(made.files.count { $0.entries > 0 }) of \
            \(made.files.count) files: \(folder.printable)/handover.html\n
            """)
        if let sentence = made.sampleSentence, made.sample?.units != 0 { Console.note("genlock: \(sentence)\n") }
        if let first = made.unread.first {
            Console.note(
                """
                genlock: the cues of \(made.unread.count) texts cannot be drawn, such as \(first.printable), which \
                cannot be read: run this where the scan ran\n
                """)
        }
    }
}

/// Findings and decisions about texts and labels, as entries of a hand-over.
private struct HandoverWork {
    private let records: [ClipRecord]
    private let edits: [TextEdit]
    private let decisions: [String: Decision]
    private let annotator: String

    init(_ stores: [String], annotator: String) throws {
        self.annotator = annotator
        records = try StoreReader.records(of: stores, documents: true).map(\.completed)
        var edits: [TextEdit] = []
        var decisions: [String: Decision] = [:]
        for store in stores {
            let reader = try StoreReader(path: store)
            edits += try reader.textEdits()
            for decision in try reader.decisions() where decisions[decision.key].map({ $0.at < decision.at }) ?? true {
                decisions[decision.key] = decision
            }
        }
        (self.edits, self.decisions) = (edits, decisions)
    }

    private func annotator(of record: ClipRecord) -> String {
        record.attributes.first { $0.name == annotator }?.value ?? ""
    }

    /// Findings about texts and labels: the subject is an annotated file.
    private static func isOfText(_ finding: Finding) -> Bool {
        [.transcript, .speakers, .events, .actions].contains(finding.check) && finding.subjectFile != nil
    }

    /// The items of a text file; nil if it is gone, inside media, or not a text.
    private static func document(_ file: String) -> TimedTextDocument? {
        FileManager.default.contents(atPath: file).flatMap { try? TimedTextReader().read(Array($0), name: file) }
    }

    /// Cues that can be reviewed one by one, instead of whole texts.
    private struct CueUnits {
        var units: [SamplePlan.Unit] = []
        var cues: [String: Handover.Cue] = [:]
        /// Texts whose cues cannot be drawn.
        var unread: [String] = []

        /// - Parameter edits: people's edits of this file.
        mutating func add(_ record: ClipRecord, _ file: String, _ stratum: [String], _ edits: [TextEdit]) {
            guard let document = HandoverWork.document(file) else { return unread.append(file) }
            let decided = Dictionary(grouping: edits) { $0.item }
            let isOfWords = document.items.allSatisfy { $0.kind == .word || $0.kind == .phone }
            for (index, item) in document.items.enumerated()
            where !item.isComment && item.kind != .phone && (isOfWords || item.kind != .word) {
                let key = [record.key, file, String(index)].joined(separator: "\n")
                cues[key] = Handover.Cue(
                    clip: record.clip, file: file, line: item.line, start: item.start, text: item.text)
                units.append(
                    SamplePlan.Unit(
                        key: key, stratum: stratum,
                        isWrong: decided[String(index)].map { $0.contains { $0.action != .accept } }))
            }
        }

        /// Only reviewed units that were drawn count for the estimate: whoever opens a text sees its doubtful cues
        /// first.
        func plan(_ count: Int, _ goal: Double) -> (SamplePlan, looked: Set<String>) {
            func unseen(_ unit: SamplePlan.Unit) -> SamplePlan.Unit {
                SamplePlan.Unit(key: unit.key, stratum: unit.stratum, isWrong: nil)
            }
            let first = SamplePlan(units.map(unseen), count: count, goal: goal)
            let drawn = Set(first.strata.flatMap(\.drawn))
            let known = units.map { drawn.contains($0.key) ? $0 : unseen($0) }
            return (SamplePlan(known, count: count, goal: goal), Set(known.filter { $0.isWrong != nil }.map(\.key)))
        }
    }

    func made(sample count: Int?, byCue: Bool, goal: Double) -> Handover {
        var cues = CueUnits()
        var entries: [Handover.Entry] = []
        var files: [Handover.File] = []
        var units: [SamplePlan.Unit] = []
        var looked: Set<String> = []
        for record in records {
            let name = annotator(of: record)
            let found = record.findings.filter(HandoverWork.isOfText)
            let ofClip = edits.filter { $0.subject.clip == record.key || $0.subject.clip == record.clip }
            var isWrong = false
            for finding in found {
                let file = finding.subjectFile ?? ""
                let mine = ofClip.filter { $0.subject.file == file }
                var list = whole(finding, record, name)
                list += items(finding, record, name, accepted: HandoverWork.settled(mine))
                let corrected = people(mine, record, name, isOfLabels: finding.check == .actions)
                if corrected.contains(where: { $0.problem != "" }) { isWrong = true }
                list += corrected
                files.append(
                    Handover.File(
                        annotator: name, clip: record.clip, file: file, verdict: finding.verdict, entries: list.count))
                entries += list
            }
            guard !found.isEmpty else { continue }
            let decision = decisions[record.key].flatMap { decision in
                decision.finding.map { name in found.contains { $0.name == name } } == true ? decision : nil
            }
            let isLooked = !ofClip.isEmpty || (decision != nil && decision?.choice != .cannotTell)
            if isLooked { looked.insert(record.key) }
            if let decision, decision.choice != .cannotTell, abs(decision.offsetMilliseconds ?? .infinity) > 100 {
                isWrong = true
            }
            let language = record.language ?? found.compactMap(\.language).first ?? "language not known"
            let stratum = [
                language, name.isEmpty ? "annotator not named" : name, SamplePlan.lengthClass(record.durationSeconds),
            ]
            units.append(SamplePlan.Unit(key: record.key, stratum: stratum, isWrong: isLooked ? isWrong : nil))
            guard byCue else { continue }
            for file in found.filter({ $0.check == .transcript }).compactMap(\.subjectFile) {
                cues.add(record, file, stratum, ofClip.filter { $0.subject.file == file })
            }
        }
        if byCue, let count {
            let (plan, looked) = cues.plan(count, goal)
            var made = Handover(entries: entries, files: files, sample: plan, looked: looked)
            made.cues = cues.cues
            made.unread = cues.unread
            return made
        }
        return Handover(
            entries: entries, files: files, sample: count.map { SamplePlan(units, count: $0, goal: goal) },
            looked: looked)
    }

    /// Items of the file that a person decided about: the check's flags on them are settled.
    private static func settled(_ edits: [TextEdit]) -> Set<Int> { Set(edits.compactMap { Int($0.item) }) }

    private func entry(
        _ finding: Finding, _ record: ClipRecord, _ name: String, _ problem: String, _ what: String
    ) -> Handover.Entry {
        Handover.Entry(
            annotator: name, clip: record.clip, file: finding.subjectFile ?? "", problem: problem, what: what,
            by: finding.check.rawValue)
    }

    /// The problem of a file as a whole, unless a person accepted or corrected it otherwise.
    private func whole(_ finding: Finding, _ record: ClipRecord, _ name: String) -> [Handover.Entry] {
        if let decision = decisions[record.key], decision.finding == finding.name, decision.choice == .correct,
            let milliseconds = decision.offsetMilliseconds
        {
            guard abs(milliseconds) > 40 else { return [] }
            let offset = Offset(milliseconds: milliseconds)
            var one = entry(
                finding, record, name, offset.direction.rawValue,
                OffsetWords.sentence(offset, subject: finding.subject, reference: finding.reference))
            (one.offsetMilliseconds, one.by) = (milliseconds, decision.by)
            return [one]
        }
        switch finding.verdict {
        case .unpaired:
            return [entry(finding, record, name, "other-recording", "it does not belong to this recording")]
        case .misaligned, .marginal:
            guard let offset = finding.offset else { return [] }
            var what = OffsetWords.sentence(offset, subject: finding.subject, reference: finding.reference)
            if let rate = finding.rate { what += ", made for another frame rate (\(rate))" }
            if let segments = finding.segments, segments.count > 1 { what += ", in \(segments.count) segments" }
            // With drift or segments the offset at the start may be small: the worst one decides.
            let worst = finding.worst ?? offset
            if OffsetWords.place(worst) != OffsetWords.place(offset) {
                what += "\(finding.drift == nil ? "" : " at the start"), at worst \(OffsetWords.place(worst))"
            }
            var one = entry(finding, record, name, worst.direction.rawValue, what)
            one.offsetMilliseconds = offset.milliseconds
            return [one]
        case .failed: return [entry(finding, record, name, "unreadable", finding.because.first?.description ?? "")]
        default: return []
        }
    }

    private static let words: [FindingItem.Flag: String] = [
        .moved: "the audio has it at another time", .doubtful: "not found in the audio there",
        .wrongText: "other words are heard there", .noSpeech: "nobody speaks there",
        .overlap: "overlaps with its neighbour", .tooFast: "too fast to be said or read",
        .outOfOrder: "out of order", .pastEnd: "past the end of the recording",
        .extra: "the other text has no such item",
    ]

    private func items(
        _ finding: Finding, _ record: ClipRecord, _ name: String, accepted: Set<Int>
    ) -> [Handover.Entry] {
        // For a text of another recording nothing is listed item by item.
        guard finding.verdict != .unpaired else { return [] }
        var result: [Handover.Entry] = []
        let open = (finding.items ?? []).filter { !accepted.contains($0.index) }
        let written = open.isEmpty ? [] : finding.subjectFile.flatMap(HandoverWork.document)?.items ?? []
        for item in open {
            // If the file was changed since, its lines are others.
            let own = written.indices.contains(item.index) ? written[item.index] : nil
            let line = own.flatMap { abs($0.start - item.startSeconds) < 0.02 ? $0.line : nil }
            for flag in item.flags {
                var one = entry(finding, record, name, flag.rawValue, HandoverWork.words[flag] ?? flag.rawValue)
                (one.kind, one.start, one.end) = (item.kind.rawValue, item.startSeconds, item.endSeconds)
                (one.text, one.trust, one.line) = (item.text, item.trust, line)
                if flag == .moved, let offset = item.offset {
                    one.offsetMilliseconds = offset.milliseconds
                    one.correctStart = item.startSeconds + offset.milliseconds / 1000
                    one.correctEnd = item.endSeconds + offset.milliseconds / 1000
                }
                result.append(one)
            }
        }
        for gap in finding.gaps ?? [] {
            var one = entry(finding, record, name, "missing-text", "speech without text")
            (one.start, one.end) = (gap.start, gap.end)
            result.append(one)
        }
        return result
    }

    /// People's corrections: for several edits of one item its first and its last state.
    private func people(
        _ edits: [TextEdit], _ record: ClipRecord, _ name: String, isOfLabels: Bool
    ) -> [Handover.Entry] {
        var result: [String: Handover.Entry] = [:]
        var order: [String] = []
        for edit in edits where edit.action != .accept {
            // An inserted item is a separate place.
            let item = edit.action == .insert ? edit.name : edit.item
            var one =
                result[item]
                ?? Handover.Entry(
                    annotator: name, clip: record.clip, file: edit.subject.file, problem: edit.action.rawValue,
                    what: "", by: edit.by)
            if result[item] == nil {
                order.append(item)
                (one.start, one.end, one.text) = (edit.before.start, edit.before.end, edit.before.text)
                one.line = edit.before.line
            }
            one.by = edit.by
            switch edit.action {
            case .accept: break
            case .change:
                one.correctStart = edit.start ?? one.correctStart
                one.correctEnd = edit.end ?? one.correctEnd
                one.correctText = edit.text ?? one.correctText
            case .split:
                one.correctText = [edit.text, edit.second].compactMap { $0 }.joined(separator: " | ")
                one.correctEnd = edit.start
            case .merge: one.correctText = edit.text
            case .insert:
                (one.start, one.end, one.text) = (edit.start, edit.end, "")
                (one.correctStart, one.correctEnd, one.correctText) = (edit.start, edit.end, edit.text)
            case .wrongText: break
            }
            let said = [
                edit.action != .insert && (one.correctStart != nil || one.correctEnd != nil)
                    ? "its times are wrong" : nil,
                edit.action == .insert ? "it is missing" : nil,
                edit.action == .split ? "it is two items" : edit.action == .merge ? "it is one with the next" : nil,
                edit.action == .wrongText ? (isOfLabels ? "it is a wrong label" : "other words are heard there") : nil,
                edit.action == .change && one.correctText != nil
                    ? (isOfLabels ? "its name is wrong" : "its words are wrong") : nil,
            ].compactMap { $0 }
            one.problem =
                edit.action == .change
                ? (one.correctText == nil
                    ? "times" : one.correctStart == nil && one.correctEnd == nil ? "text" : "times and text")
                : edit.action.rawValue
            one.what = said.joined(separator: ", ")
            if !edit.comment.isEmpty { one.what += ": " + edit.comment }
            result[item] = one
        }
        return order.compactMap { result[$0] }
    }
}
