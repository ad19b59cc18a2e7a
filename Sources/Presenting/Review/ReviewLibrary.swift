import Foundation
import MediaIO
import Plan
import Reporting
import Storage
import SyncModel
import TimedText
import Transcripts

/// The store's clips for the page. Files are only ever named by a clip's key: nothing else can be reached.
struct ReviewLibrary: Sendable {
    let store: String
    let showsAll: Bool
    let isReadOnly: Bool
    let desk: ReviewErrand.Desk

    /// Which clips are listed.
    private static let flagged: [Verdict] = [.unpaired, .misaligned, .inconclusive, .marginal]

    /// All decisions that are not undone.
    func decisions() throws -> [Decision] { try StoreReader(path: store).decisions() }

    /// The flagged clips, worst first, each with its decision.
    func list(person: String) throws -> JSONValue {
        let reader = try StoreReader(path: store)
        let decisions = Dictionary(try reader.decisions().map { ($0.key, $0) }) { $1 }
        let records = try reader.records(documents: false).map(\.record)
            .filter { showsAll ? $0.verdict != .failed : ReviewLibrary.flagged.contains($0.verdict) }
            .sorted {
                ($0.verdict.severity, abs($0.decisive?.offset?.milliseconds ?? 0), $1.key) > (
                    $1.verdict.severity, abs($1.decisive?.offset?.milliseconds ?? 0), $0.key
                )
            }
        return .object([
            ("person", .string(person)), ("store", .string(store)), ("read_only", .bool(isReadOnly)),
            (
                "clips",
                .array(
                    records.map { record in
                        .object([
                            ("key", .string(record.key)), ("verdict", .string(record.verdict.rawValue)),
                            ("offset_ms", ReviewLibrary.number(record.decisive?.offset?.milliseconds)),
                            ("decision", decisions[record.key].map(ReviewLibrary.json) ?? .null),
                        ])
                    })
            ),
        ])
    }

    private static func number(_ value: Double?) -> JSONValue { value.map { .number($0, decimals: 1) } ?? .null }

    static func json(_ decision: Decision) -> JSONValue {
        .object([
            ("id", .integer(Int(decision.id))), ("key", .string(decision.key)),
            ("choice", .string(decision.choice.rawValue)),
            ("finding", decision.finding?.json ?? .null),
            ("offset_ms", number(decision.offsetMilliseconds)), ("comment", .string(decision.comment)),
            ("by", .string(decision.by)),
            ("at", .string(decision.at)), ("measured_verdict", .string(decision.measuredVerdict)),
            ("measured_ms", number(decision.measuredMilliseconds)),
            ("method_version", decision.methodVersion.map { .string($0.rawValue) } ?? .null),
        ])
    }

    func record(_ key: String) throws -> ClipRecord? { try StoreReader(path: store).record(key: key)?.completed }

    /// All details of one clip.
    func clip(_ record: ClipRecord) throws -> JSONValue {
        let decision = try StoreReader(path: store).decision(key: record.key)
        let picture = pictureFile(record)
        let isThere = FileManager.default.isReadableFile(atPath: picture)
        // The default finding to accept: the worst that can be accepted.
        let meant =
            decision?.finding.flatMap { name in record.findings.firstIndex { $0.name == name } }
            ?? record.decisive.flatMap { worst in record.findings.firstIndex { $0.name == worst.name } } ?? 0
        return .object([
            ("key", .string(record.key)), ("clip", .string(record.clip)), ("verdict", .string(record.verdict.rawValue)),
            ("duration_s", record.durationSeconds.map { .number($0, decimals: 3) } ?? .null),
            (
                "missing",
                isThere
                    ? .null
                    : .string(
                        "\(picture) does not exist: run 'genlock review' in the folder where the scan was run")
            ),
            ("plays", .bool(plays(picture))),
            ("findings", .array(record.findings.map { ReviewLibrary.summary($0, of: record.clip) })),
            ("meant", .integer(meant)),
            (
                "views",
                .array(
                    views(record).map {
                        .object([
                            ("clip", .string($0.clip)), ("offset_ms", .number($0.milliseconds, decimals: 1)),
                            ("plays", .bool(plays($0.clip))),
                        ])
                    })
            ),
            ("decision", decision.map(ReviewLibrary.json) ?? .null),
        ])
    }

    private static func summary(_ finding: Finding, of clip: String) -> JSONValue {
        let words = finding.offset.map {
            OffsetWords.sentence($0, subject: finding.subject, reference: finding.reference)
        }
        return .object([
            ("name", finding.name.json), ("candidate_ms", number(finding.candidate?.milliseconds)),
            ("expected_ms", number(finding.expectation.offset.milliseconds)),
            (
                "curve",
                .array(
                    finding.curve.map {
                        .array([.number($0.offset.milliseconds, decimals: 1), .number($0.height, decimals: 2)])
                    })
            ),
            ("check", .string(finding.check.rawValue)), ("verdict", .string(finding.verdict.rawValue)),
            ("offset_ms", number(finding.offset?.milliseconds)),
            ("words", words.map { .string($0) } ?? .null),
            ("confidence", finding.confidence.map { .number($0, decimals: 2) } ?? .null),
            ("low_ms", number(finding.interval?.lower.milliseconds)),
            ("high_ms", number(finding.interval?.upper.milliseconds)),
            ("drift_ppm", number(finding.drift?.ppm)),
            ("because", .array(finding.because.map { .string(ShellWord.filled($0.description, for: clip)) })),
        ])
    }

    /// The views of a group and their positions on its clock: what to add to a view's own time to get the group's.
    private func views(_ record: ClipRecord) -> [(clip: String, milliseconds: Double)] {
        for finding in record.findings where finding.check == .views {
            let found = (finding.clock ?? []).map { (clip: $0.clip, milliseconds: $0.offset?.milliseconds ?? 0) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func pictureFile(_ record: ClipRecord) -> String { views(record).first?.clip ?? record.clip }

    /// The file of a part of a clip: `clip`, `audio`, or the index of a view; nil: there is none.
    func file(_ record: ClipRecord, part: String) -> String? {
        switch part {
        case "clip": pictureFile(record)
        case "audio": record.audioFile ?? pictureFile(record)
        default:
            Int(part).flatMap { number in views(record).indices.contains(number) ? views(record)[number].clip : nil }
        }
    }

    private func plays(_ path: String) -> Bool { desk(.plays(path)) { true }?.plays ?? false }

    /// The clip's timed text, in its own order.
    func text(_ record: ClipRecord) -> JSONValue {
        let files = record.transcriptFile.map { [$0] } ?? TranscriptsBeside.of(record.clip)
        guard let file = files.first,
            let source = try? TranscriptSource(
                path: file, frameRate: nil, encoding: nil, tier: nil, mediaName: record.clip)
        else {
            return .object([("file", .null), ("items", .array([]))])
        }
        return .object([
            ("file", .string(file)),
            (
                "items",
                .array(
                    source.text.items.prefix(5000).map {
                        .object([
                            ("start_s", .number($0.start, decimals: 3)), ("end_s", .number($0.end, decimals: 3)),
                            ("text", .string($0.text)),
                        ])
                    })
            ),
        ])
    }
}
