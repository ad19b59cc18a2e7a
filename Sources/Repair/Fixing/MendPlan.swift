import DelimitedText
import Foundation
public import Muxing
import Plan
public import SyncModel

/// What is to be done with many clips: a table that people can read, change and apply.
public struct MendPlan: Sendable {
    /// A recording that is cut to what all of its event share.
    public struct Cut: Sendable, Hashable {
        /// Seconds of its own timeline.
        public var span: TimeSpan
        /// Its clock against the reference's, in parts per million.
        public var drift: Drift?
        /// The reference, whose name holds the rows of one event together.
        public var views: String

        public init(span: TimeSpan, drift: Drift?, views: String) {
            self.span = span
            self.drift = drift
            self.views = views
        }
    }

    /// One clip.
    public struct Row: Sendable, Hashable {
        /// Move or cut it; else it is left as it is, and `why` says so.
        public var isMoved: Bool
        public var clip: String
        public var audioFile: String?
        public var move: SoundMove?
        /// Cut it, instead of moving its sound.
        public var cut: Cut?
        public var output: String
        /// "measured", or who decided.
        public var by: String
        public var why: String

        public init(
            isMoved: Bool, clip: String, audioFile: String? = nil, move: SoundMove?, cut: Cut? = nil, output: String,
            by: String, why: String
        ) {
            self.isMoved = isMoved
            self.clip = clip
            self.audioFile = audioFile
            self.move = move
            self.cut = cut
            self.output = output
            self.by = by
            self.why = why
        }

        /// The word of the column `action`.
        public var action: String { !isMoved ? "skip" : cut == nil ? "move" : "cut" }

        public func request(isForced: Bool, leavesOut: Bool) -> MendRequest {
            var request = MendRequest(clip: clip, output: output)
            request.audioFile = audioFile
            request.move = move
            request.moveBy = by
            request.isMeasured = by == "measured"
            request.isForced = isForced
            request.leavesOut = leavesOut
            return request
        }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    private static let columns = [
        "action", "clip", "audio", "offset_ms", "drift_ppm", "segments", "start_s", "end_s", "views", "output", "by",
        "why",
    ]

    /// The plan as CSV. A row whose `action` is changed to `skip` is left alone.
    public var csv: String {
        let lines = rows.map { row -> [String] in
            let move = row.move
            return [
                row.action, row.clip, row.audioFile ?? "", move.map { MendPlan.number($0.offset.milliseconds) } ?? "",
                (move?.drift ?? row.cut?.drift).map { MendPlan.number($0.ppm) } ?? "",
                MendPlan.text(move?.segments ?? []),
                row.cut.map { MendPlan.seconds($0.span.start) } ?? "",
                row.cut.map { MendPlan.seconds($0.span.end) } ?? "", row.cut?.views ?? "",
                row.output, row.by, row.why,
            ]
        }
        return ([MendPlan.columns] + lines).map(CSVText.row).joined()
    }

    /// Reads a plan back.
    ///
    /// - Throws: `ClipFailure` naming the row and what is wrong with it.
    public init(csv text: String, file: String) throws {
        var rows: [Row] = []
        var problem: ClipFailure?
        func bad(_ line: Int, _ what: String, _ remedy: String) {
            problem =
                problem
                ?? ClipFailure(code: "bad-plan", message: "\(file.printable) row \(line) \(what)", remedy: remedy)
        }
        CSVTable(data: Data(text.utf8), separator: UInt8(ascii: ",")).rows { line, row in
            let values: [String: String]
            switch row {
            case .failure(let error): return bad(line, error.message, error.remedy)
            case .success(let fields): values = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
            }
            guard let action = values["action"], ["move", "cut", "skip"].contains(action) else {
                return bad(line, "has no action 'move', 'cut' or 'skip'", "write one of them")
            }
            guard let clip = values["clip"], !clip.isEmpty else {
                return bad(line, "names no clip", "fill the column 'clip', or remove the row")
            }
            let words = (output: values["output"] ?? "", by: values["by"] ?? "", why: values["why"] ?? "")
            if action == "skip" {
                return rows.append(
                    Row(isMoved: false, clip: clip, move: nil, output: words.output, by: words.by, why: words.why))
            }
            if words.output.isEmpty { return bad(line, "names no output", "fill the column 'output'") }
            let drift = values["drift_ppm"].flatMap(Double.init)
            if let drift, !(drift.isFinite && abs(drift) < 100_000) {
                return bad(line, "has a drift beyond all measure", "give parts per million")
            }
            if action == "cut" {
                guard let start = values["start_s"].flatMap(Double.init),
                    let end = values["end_s"].flatMap(Double.init), start.isFinite, end.isFinite, end > start
                else {
                    return bad(
                        line, "has no start_s and end_s", "write seconds of the recording's own time, the start first")
                }
                let cut = Cut(
                    span: TimeSpan(start: start, end: end), drift: drift.map { Drift(ppm: $0) },
                    views: values["views"] ?? "")
                return rows.append(
                    Row(
                        isMoved: true, clip: clip, move: nil, cut: cut, output: words.output, by: words.by,
                        why: words.why))
            }
            guard let milliseconds = values["offset_ms"].flatMap(Double.init), milliseconds.isFinite,
                abs(milliseconds) < 36e5
            else {
                return bad(line, "has no offset_ms", "write milliseconds to add to the sound's times, such as -118")
            }
            guard let segments = MendPlan.segments(values["segments"] ?? "") else {
                return bad(line, "has segments that cannot be read", "write START-END:OFFSET_MS, with ; between")
            }
            let audio = values["audio"] ?? ""
            rows.append(
                Row(
                    isMoved: true, clip: clip, audioFile: audio.isEmpty ? nil : audio,
                    move: SoundMove(
                        offset: Offset(milliseconds: milliseconds), drift: drift.map { Drift(ppm: $0) },
                        segments: segments),
                    output: words.output, by: words.by, why: words.why))
        }
        if let problem { throw problem }
        self.rows = rows
    }

    private static func number(_ value: Double) -> String { JSONValue.number(value, decimals: 3).compact }

    /// To a hundredth of a millisecond.
    private static func seconds(_ value: Double) -> String { JSONValue.number(value, decimals: 5).compact }

    private static func text(_ segments: [OffsetSegment]) -> String {
        segments.map { "\(number($0.span.start))-\(number($0.span.end)):\(number($0.offset.milliseconds))" }.joined(
            separator: ";")
    }

    private static func segments(_ text: String) -> [OffsetSegment]? {
        var result: [OffsetSegment] = []
        for part in text.split(separator: ";") {
            let pieces = part.split(separator: ":")
            let ends = pieces.first.map { $0.split(separator: "-").compactMap { Double($0) } } ?? []
            guard pieces.count == 2, ends.count == 2, ends[0] <= ends[1], let offset = Double(pieces[1]) else {
                return nil
            }
            result.append(
                OffsetSegment(span: TimeSpan(start: ends[0], end: ends[1]), offset: Offset(milliseconds: offset)))
        }
        return result
    }
}
