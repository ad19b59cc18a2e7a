import DelimitedText
import Foundation
public import Muxing
import Plan
public import SyncModel

/// What to do with many clips: a table that people can read, edit and apply.
public struct FixPlan: Sendable {
    /// A recording that is cut to the common part of its event.
    public struct Cut: Sendable, Hashable, Codable {
        /// Seconds of its own timeline.
        public var span: TimeSpan
        /// Its clock drift against the reference, in ppm.
        public var drift: Drift?
        /// The reference, whose name groups the rows of one event.
        public var views: String

        public init(span: TimeSpan, drift: Drift?, views: String) {
            self.span = span
            self.drift = drift
            self.views = views
        }
    }

    /// What to do with one clip, or with one of its texts.
    public struct Row: Sendable, Hashable, Codable {
        public enum Action: String, Sendable, CaseIterable, Codable {
            /// Move the audio or the text.
            case move
            /// Cut it to the common part of its event.
            case cut
            /// Leave it unchanged; `why` gives the reason.
            case skip
        }

        public var action: Action
        public var clip: String
        public var audioFile: String?
        /// The only audio stream to move, counted from 0 among them; nil: each, by its own offset.
        public var audioStream: Int?
        /// The text or labels to move; nil: the audio.
        public var subjectFile: String?
        public var move: SoundMove?
        public var cut: Cut?
        /// Texts that move with the audio; for a cut, texts and labels that are cut too.
        public var texts: [String] = []
        /// The expected offset of the audio against the video.
        public var expectation = Expectation.together
        /// The check that measured the move; nil: given by a person.
        public var measuredBy: Check?
        public var output: String
        /// "measured", or the person who decided.
        public var by: String
        public var why: String

        public init(_ action: Action, clip: String, output: String, by: String, why: String) {
            self.action = action
            self.clip = clip
            self.output = output
            self.by = by
            self.why = why
        }

        public func request(isForced: Bool, leavesOut: Bool) -> FixRequest {
            var request = FixRequest(clip: clip, output: output)
            request.audioFile = audioFile
            request.audioStream = audioStream
            request.transcripts = subjectFile.map { [$0] } ?? texts
            request.leavesDoubtfulTexts = subjectFile == nil
            request.subject = subjectFile == nil ? .sound : .text
            request.move = move
            request.moveBy = by
            request.measuredBy = measuredBy
            request.expectation = expectation
            request.isForced = isForced
            request.leavesOut = leavesOut
            return request
        }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    private static let columns = [
        "action", "clip", "audio", "offset_ms", "drift_ppm", "segments", "start_s", "end_s", "views", "output", "by",
        "why", "audio_stream", "subject_file", "texts", "expect_ms", "check",
    ]

    /// The plan as CSV. A row whose `action` is changed to `skip` is not applied.
    public var csv: String {
        let lines = rows.map { row -> [String] in
            let move = row.move
            return [
                row.action.rawValue, row.clip, row.audioFile ?? "",
                move.map { FixPlan.number($0.offset.milliseconds) } ?? "",
                (move?.drift ?? row.cut?.drift).map { FixPlan.number($0.ppm) } ?? "",
                FixPlan.text(move?.segments ?? []), row.cut.map { FixPlan.seconds($0.span.start) } ?? "",
                row.cut.map { FixPlan.seconds($0.span.end) } ?? "", row.cut?.views ?? "", row.output, row.by, row.why,
                row.audioStream.map(String.init) ?? "", row.subjectFile ?? "",
                row.texts.isEmpty ? "" : JSONValue.array(row.texts.map { .string($0) }).compact,
                row.expectation == .together ? "" : FixPlan.number(row.expectation.offset.milliseconds),
                row.measuredBy?.rawValue ?? "",
            ]
        }
        return ([FixPlan.columns] + lines).map(CSVText.row).joined()
    }

    /// Parses a plan.
    ///
    /// - Throws: `ClipFailure` with the row and its fault.
    public init(csv text: String, file: String) throws {
        var rows: [Row] = []
        var problem: ClipFailure?
        var outputs: Set<String> = []
        CSVTable(data: Data(text.utf8), separator: UInt8(ascii: ",")).rows { line, row in
            guard problem == nil else { return }
            do throws(ManifestRowError) {
                let fields = try row.get()
                let row = try FixPlan.row(Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first })
                guard row.action == .skip || outputs.insert(row.output).inserted else {
                    throw ManifestRowError(
                        message: "writes the file of an earlier row, \(row.output.printable)",
                        remedy: "give every row an output of its own")
                }
                rows.append(row)
            } catch {
                problem = ClipFailure(
                    code: "bad-plan", message: "\(file.printable) row \(line) \(error.message)", remedy: error.remedy)
            }
        }
        if let problem { throw problem }
        self.rows = rows
    }

    private static func row(_ values: [String: String]) throws(ManifestRowError) -> Row {
        func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
        func double(_ name: String) -> Double? { text(name).flatMap(Double.init) }
        guard let action = text("action").flatMap(Row.Action.init(rawValue:)) else {
            throw ManifestRowError(message: "has no action 'move', 'cut' or 'skip'", remedy: "use one of them")
        }
        guard let clip = text("clip") else {
            throw ManifestRowError(message: "has no clip", remedy: "fill the column 'clip', or remove the row")
        }
        var row = Row(action, clip: clip, output: text("output") ?? "", by: text("by") ?? "", why: text("why") ?? "")
        row.audioFile = text("audio")
        row.subjectFile = text("subject_file")
        if action == .skip { return row }
        if row.output.isEmpty { throw ManifestRowError(message: "has no output", remedy: "fill the column 'output'") }
        if let texts = text("texts") {
            guard let names = try? JSONDecoder().decode([String].self, from: Data(texts.utf8)) else {
                throw ManifestRowError(
                    message: "has texts that cannot be read",
                    remedy: "write a list such as [\"take3.srt\"], or leave it empty")
            }
            row.texts = names
        }
        let drift = double("drift_ppm")
        if let drift, !(drift.isFinite && abs(drift) < 100_000) {
            throw ManifestRowError(message: "has a drift out of range", remedy: "give it in ppm")
        }
        if action == .cut {
            guard let start = double("start_s"), let end = double("end_s"), start.isFinite, end.isFinite, end > start
            else {
                throw ManifestRowError(
                    message: "has no start_s and end_s",
                    remedy: "give seconds on the recording's own clock, the start first")
            }
            row.cut = Cut(
                span: TimeSpan(start: start, end: end), drift: drift.map { Drift(ppm: $0) }, views: text("views") ?? "")
            return row
        }
        guard let milliseconds = double("offset_ms"), milliseconds.isFinite, abs(milliseconds) < 36e6 else {
            throw ManifestRowError(
                message: "has no offset_ms", remedy: "give the milliseconds to add to its times, such as -118")
        }
        guard let segments = FixPlan.segments(values["segments"] ?? "") else {
            throw ManifestRowError(
                message: "has segments that cannot be read", remedy: "write START-END:OFFSET_MS, separated by ;")
        }
        row.move = SoundMove(
            offset: Offset(milliseconds: milliseconds), drift: drift.map { Drift(ppm: $0) }, segments: segments)
        if let stream = text("audio_stream") {
            guard let number = Int(stream), number >= 0 else {
                throw ManifestRowError(
                    message: "has the invalid audio_stream '\(stream.printable)'",
                    remedy: "give the audio stream's number, counted from 0")
            }
            row.audioStream = number
        }
        if let expected = text("expect_ms") {
            guard let value = Double(expected), value.isFinite else {
                throw ManifestRowError(
                    message: "has the invalid expect_ms '\(expected.printable)'",
                    remedy: "give milliseconds, or leave it empty")
            }
            row.expectation = .offset(Offset(milliseconds: value))
        }
        if let check = text("check") {
            guard let known = Check(rawValue: check) else {
                throw ManifestRowError(
                    message: "has the unknown check '\(check.printable)'", remedy: "leave it empty")
            }
            row.measuredBy = known
        } else if row.by == "measured" {
            // As in plans of version 0.1.0.
            row.measuredBy = .lips
        }
        return row
    }

    private static func number(_ value: Double) -> String { JSONValue.number(value, decimals: 3).compact }

    /// To a hundredth of a millisecond.
    private static func seconds(_ value: Double) -> String { JSONValue.number(value, decimals: 5).compact }

    private static func text(_ segments: [OffsetSegment]) -> String {
        segments.map { "\(number($0.span.start))-\(number($0.span.end)):\(number($0.offset.milliseconds))" }.joined(
            separator: ";")
    }

    /// `START-END:OFFSET_MS`, separated by `;`; each number may have a sign.
    private static func segments(_ text: String) -> [OffsetSegment]? {
        var result: [OffsetSegment] = []
        for part in text.split(separator: ";") {
            let number = #"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*"#
            guard let whole = try? Regex("^\(number)-\(number):\(number)$").wholeMatch(in: String(part)) else {
                return nil
            }
            let numbers = (1...3).compactMap { whole.output[$0].substring.flatMap { Double($0) } }
            guard numbers.count == 3, numbers.allSatisfy(\.isFinite), numbers[0] <= numbers[1] else { return nil }
            result.append(
                OffsetSegment(
                    span: TimeSpan(start: numbers[0], end: numbers[1]), offset: Offset(milliseconds: numbers[2])))
        }
        return result
    }
}
