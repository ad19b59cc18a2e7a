public import Checks
import Foundation
import MediaIO
import Muxing
public import SyncModel

/// Cuts the recordings of one event to their common part, so that they start and end together.
public struct ViewsCut {
    private let measurement: ViewsMeasurement
    private let leastConfidence: Double

    public init(_ measurement: ViewsMeasurement, leastConfidence: Double = FixDecision.leastConfidence) {
        self.measurement = measurement
        self.leastConfidence = leastConfidence
    }

    /// Plans the cuts.
    ///
    /// Doubtful recordings are left unchanged, each with the reason.
    ///
    /// Texts and labels beside a recording with its name are cut too.
    ///
    /// - Parameter labels: further ones, which belong to a recording by their file names or by the view inside them.
    /// - Throws: `FixError` if fewer than two recordings are left, if they have no common part, or if labels belong to
    ///   none of them.
    public func plan(_ recordings: [String], folder: String, labels: [String] = []) throws -> FixPlan {
        let labels = try ViewLabels(recordings, named: labels)
        let report = measurement.report(recordings)
        if let chapter = report.clock.first(where: { $0.chapterOf != nil }), let first = chapter.chapterOf {
            throw FixError(
                "chapters", "\(chapter.clip.printable) is a chapter of the recording \(first.printable)",
                remedy:
                    "join its chapters (ffmpeg -f concat), or cut them unjoined with 'genlock views --export cut.sh'")
        }
        var skipped = report.failures.map { skip($0.clip, "\($0.failure.message): \($0.failure.remedy)", folder) }
        var kept: [ClockEntry] = []
        for entry in report.clock {
            if let reason = reason(entry, report) {
                skipped.append(skip(entry.clip, reason, folder))
            } else {
                kept.append(entry)
            }
        }
        guard kept.count > 1 else {
            let why = skipped.map { "\($0.clip.printable): \($0.why)" }.joined(separator: "; ")
            throw FixError(
                "cannot-tell", "the recordings cannot be aligned on one clock (\(why))",
                remedy: "see how they align with 'genlock views', or analyse all of them with --thorough")
        }
        guard let common = ClockEntry.common(kept) else {
            throw FixError(
                "nothing-shared", "the \(kept.count) recordings have no common part",
                remedy: "omit those that start later or end earlier")
        }
        var taken: Set<String> = []
        let rows = try kept.map { entry in
            let isStretched = abs(entry.rate - 1) * (common.end - common.start) > ClockEntry.negligibleStretch
            let span = TimeSpan(start: max(0, entry.own(common.start)), end: entry.own(common.end))
            var row = FixPlan.Row(
                .cut, clip: entry.clip, output: try output(entry.clip, folder, &taken), by: "measured",
                why: words(entry, report) + ViewsCut.unread(labels.unread[entry.clip] ?? []))
            row.texts = labels.files[entry.clip] ?? []
            row.cut = FixPlan.Cut(span: span, drift: isStretched ? entry.drift : nil, views: report.reference)
            return row
        }
        return FixPlan(rows: rows + skipped)
    }

    private static func unread(_ files: [String]) -> String {
        files.isEmpty
            ? ""
            : "; unchanged, as no times can be read: "
                + files.map { $0.nameOfPath.printable }.joined(separator: ", ")
    }

    private func skip(_ clip: String, _ why: String, _ folder: String) -> FixPlan.Row {
        FixPlan.Row(.skip, clip: clip, output: FixNames.inside(folder, clip: clip), by: "measured", why: why)
    }

    private func reason(_ entry: ClockEntry, _ report: ViewsReport) -> String? {
        if entry.clip == report.reference { return nil }
        guard let finding = report.findings.first(where: { $0.clip == entry.clip }) else {
            return "it was not measured"
        }
        guard entry.group == 0, finding.offset != nil else {
            return
                (finding.verdict == .unpaired
                ? "it belongs to another event" : "it cannot be aligned with the reference's clock")
                + FixDecision.reasons(finding)
        }
        if let segments = finding.segments, segments.count > 1 {
            return "its segments have different offsets: it cannot be cut as one"
        }
        guard let confidence = finding.confidence, confidence >= leastConfidence else {
            return "right within 40 ms only with a probability of \(String(format: "%.2f", finding.confidence ?? 0))"
        }
        return nil
    }

    private func words(_ entry: ClockEntry, _ report: ViewsReport) -> String {
        if entry.clip == report.reference { return "the reference" }
        let milliseconds = entry.start * 1000
        return String(
            format: "starts %.0f ms %@ the reference", abs(milliseconds), milliseconds < 0 ? "before" : "after")
    }

    private func output(_ clip: String, _ folder: String, _ taken: inout Set<String>) throws -> String {
        let name = clip.nameOfPath
        let ending = try MediaCutter.ending(for: clip) ?? name.endingOfPath
        var output = FixNames.inside(folder, clip: "\(name.withoutEnding).\(ending)")
        var number = 2
        while !taken.insert(output).inserted {
            output = FixNames.inside(folder, clip: "\(name.withoutEnding)-\(number).\(ending)")
            number += 1
        }
        return output
    }

    /// Cuts the recordings of one event, re-measures the results, and only then keeps them: all or none.
    public func cut(_ rows: [FixPlan.Row], isForced: Bool) -> [FixOutcome] {
        do {
            return try attempt(rows, isForced: isForced)
        } catch {
            let failure: ClipFailure
            switch error {
            case let error as FixError: failure = error.failure
            case let error as MediaError: failure = error.failure
            case let error as ClipFailure: failure = error
            default:
                failure = ClipFailure(
                    code: "internal", message: "the recordings cannot be cut (\(error))",
                    remedy: "report this bug with the recordings")
            }
            let kind: FixOutcome.Kind = (error as? FixError)?.isRefusal == true ? .refused : .failed
            return ViewsCut.left(rows.map(\.clip), kind, failure)
        }
    }

    /// The outcomes of all recordings of an event if one of them prevents the cut.
    public static func left(_ clips: [String], _ kind: FixOutcome.Kind, _ failure: ClipFailure) -> [FixOutcome] {
        let others = ClipFailure(
            code: "left-with-others",
            message: "it is unchanged: recordings of one event are cut together or not at all",
            remedy: "see the message for the first of them")
        return clips.enumerated().map { FixOutcome(clip: $1, kind: kind, failure: $0 == 0 ? failure : others) }
    }

    private func attempt(_ rows: [FixPlan.Row], isForced: Bool) throws -> [FixOutcome] {
        let before = measurement.report(rows.map(\.clip))
        let set = OutputSet(sources: rows.flatMap { [$0.clip] + $0.texts }, isForced: isForced)
        var cuts: [(row: FixPlan.Row, place: StagedOutput, notes: [String])] = []
        for row in rows {
            guard let cut = row.cut else { continue }
            let place = try set.place(row.output, asLargeAs: row.clip)
            let made = try MediaCutter(span: cut.span, rate: 1 + (cut.drift?.ppm ?? 0) * 1e-6).cut(
                row.clip, into: place)
            cuts.append((row, place, ViewsCut.notes(made, cut)))
        }
        let after = measurement.report(cuts.map(\.place.partial))
        for failure in after.failures {
            throw FixError(
                failure.failure.code, failure.failure.message, remedy: failure.failure.remedy, isRefusal: false)
        }
        for (row, place, _) in cuts {
            guard let finding = after.findings.first(where: { $0.clip == place.partial }), finding.verdict != .inSync
            else { continue }
            guard finding.offset != nil || finding.verdict == .unpaired else { continue }
            throw FixError(
                "not-mended",
                """
                \(row.clip.printable) was cut, but afterwards \
                \(finding.offset.map { "is \(OffsetWords.place($0))" } ?? "does not belong to the others")
                """,
                remedy: "nothing was kept; see how the recordings align with 'genlock views'")
        }
        let labels = try cuts.map { try ViewsCut.labels($0.row, in: set) }
        let unread = try ViewLabels(rows.map(\.clip), named: []).unread
        try set.finish()
        return zip(cuts, labels).map { cut, labels in
            let (row, place, notes) = cut
            let now = after.findings.first { $0.clip == place.partial }
            let isReference = place.partial == after.reference
            var outcome = FixOutcome(clip: row.clip, kind: .fixed)
            let remark =
                !isReference && now?.offset == nil ? ["the re-measurement is inconclusive; it was cut as planned"] : []
            outcome.written =
                [
                    FixOutcome.Written(
                        subject: .named("view"), source: row.clip, output: row.output,
                        was: before.findings.first { $0.clip == row.clip }?.offset, now: now?.offset,
                        check: .views, method: .commonPart, notes: notes + remark)
                ] + labels
            outcome.left = (unread[row.clip] ?? []).map { "\($0.printable) is unchanged: no times can be read" }
            return outcome
        }
    }

    /// Writes a recording's texts and labels with times relative to its cut.
    private static func labels(_ row: FixPlan.Row, in set: OutputSet) throws -> [FixOutcome.Written] {
        guard let cut = row.cut, !row.texts.isEmpty else { return [] }
        let rate = 1 + (cut.drift?.ppm ?? 0) * 1e-6
        let frames = LabelFix.Frames(rate: try MediaFile(path: row.clip).videoStream?.frameRate, stay: false)
        let names = FixNames.beside(row.output, clip: row.clip, texts: row.texts)
        return try row.texts.map { path in
            try LabelFix(path).write(to: names[path] ?? row.output, in: set, frames: frames) {
                ($0 - cut.span.start) * rate
            }
        }
    }

    private static func notes(_ made: CutMedia, _ cut: FixPlan.Cut) -> [String] {
        var notes = [
            String(format: "from %.3f s to %.3f s of it; ", cut.span.start, cut.span.end)
                + (made.isSoundAnew ? "the audio was re-encoded" : "every packet unchanged")
        ]
        if made.hiddenSeconds > 0.001 {
            notes[0] += String(
                format: "; %.2f s before the cut stay in the file, hidden, back to the keyframe", made.hiddenSeconds)
        }
        return notes + made.leftOut.map { "dropped: \($0)" }
    }
}
