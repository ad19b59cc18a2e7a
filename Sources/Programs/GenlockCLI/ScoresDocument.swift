import Foundation
import Reporting
import Scores
import SyncModel

/// Scores as printed.
enum ScoresDocument {
    case events(recordings: Int, EventScores, DetectionScores, SegmentScores, DetectionScores)
    case speakers(recordings: Int, SpeakerScores, SpeakerScores.Result)

    var json: JSONValue {
        switch self {
        case .events(let recordings, let byEvent, let events, let bySegment, let segments):
            .object([
                ("schema_version", .integer(1)), ("scores", .string("events")), ("recordings", .integer(recordings)),
                (
                    "event_based",
                    ScoresDocument.object(
                        events,
                        [
                            ("collar_s", .number(byEvent.collar, decimals: 6)),
                            ("length_share", .number(byEvent.shareOfLength, decimals: 6)),
                            ("compares_ends", .bool(byEvent.comparesEnds)),
                        ])
                ),
                (
                    "segment_based",
                    ScoresDocument.object(segments, [("segment_s", .number(bySegment.resolution, decimals: 6))])
                ),
            ])
        case .speakers(let recordings, let scores, let sum):
            .object([
                ("schema_version", .integer(1)), ("scores", .string("speakers")), ("recordings", .integer(recordings)),
                ("collar_s", .number(scores.collar, decimals: 6)), ("skip_overlap", .bool(scores.skipsOverlap)),
                ("diarization_error_rate", .number(sum.errorRate, decimals: 9)),
                ("total_s", .number(sum.total, decimals: 6)),
                ("correct_s", .number(sum.correct, decimals: 6)), ("confusion_s", .number(sum.confusion, decimals: 6)),
                ("missed_s", .number(sum.missed, decimals: 6)), ("false_alarm_s", .number(sum.falseAlarm, decimals: 6)),
                ("jaccard_error_rate", .number(sum.jaccardErrorRate, decimals: 9)),
                ("detection_error_rate", .number(sum.detectionErrorRate, decimals: 9)),
                ("detection_total_s", .number(sum.speech, decimals: 6)),
                ("detection_missed_s", .number(sum.speechMissed, decimals: 6)),
                ("detection_false_alarm_s", .number(sum.speechFalseAlarm, decimals: 6)),
                ("purity", .number(sum.purity, decimals: 9)), ("coverage", .number(sum.coverage, decimals: 9)),
            ])
        }
    }

    private static func object(_ scores: DetectionScores, _ parameters: [(String, JSONValue)]) -> JSONValue {
        .object(
            parameters.map { (name: $0.0, value: $0.1) } + [
                ("overall", object(scores.overall)),
                (
                    "class_wise_average",
                    .object([
                        ("f_measure", .number(scores.meanFMeasure ?? .nan, decimals: 9)),
                        ("error_rate", .number(scores.meanErrorRate ?? .nan, decimals: 9)),
                    ])
                ),
                (
                    "class_wise",
                    .object(
                        scores.byLabel.keys.sorted().map {
                            (name: $0, value: object(scores.byLabel[$0] ?? DetectionCounts()))
                        })
                ),
            ])
    }

    private static func object(_ counts: DetectionCounts) -> JSONValue {
        func rate(_ value: Double?) -> JSONValue { value.map { .number($0, decimals: 9) } ?? .null }
        return .object([
            ("f_measure", rate(counts.fMeasure)), ("precision", rate(counts.precision)),
            ("recall", rate(counts.recall)),
            ("error_rate", rate(counts.errorRate)), ("substitution_rate", rate(counts.substitutionRate)),
            ("deletion_rate", rate(counts.deletionRate)),
            ("insertion_rate", rate(counts.insertionRate)), ("reference", .integer(counts.reference)),
            ("estimated", .integer(counts.estimated)),
            ("true_positives", .integer(counts.truePositives)), ("substitutions", .integer(counts.substitutions)),
            ("deletions", .integer(counts.deletions)), ("insertions", .integer(counts.insertions)),
        ])
    }

    var text: String {
        switch self {
        case .events(let recordings, let byEvent, let events, let bySegment, let segments):
            let ends =
                byEvent.comparesEnds
                ? """
                onset within \(ms(byEvent.collar)), end within \(ms(byEvent.collar)) or \
                \(percent(byEvent.shareOfLength)) of the length
                """
                : "onset within \(ms(byEvent.collar)), ends not compared"
            return """
                \(recordings) recording\(recordings == 1 ? "" : "s"), \(events.overall.reference) reference and \
                \(events.overall.estimated) estimated events

                event by event (\(ends)):
                \(table(events))
                by segments of \(bySegment.resolution.formatted) s:
                \(table(segments))

                """
        case .speakers(let recordings, let scores, let sum):
            func share(_ seconds: Double) -> String { sum.total > 0 ? percent(seconds / sum.total) : "-" }
            let left = [
                scores.collar > 0 ? "\(ms(scores.collar)) around each boundary excluded" : nil,
                scores.skipsOverlap ? "overlapping speech excluded" : nil,
            ].compactMap { $0 }
            return """
                \(recordings) recording\(recordings == 1 ? "" : "s"), \(seconds(sum.total)) \
                labelled\(left.isEmpty ? "" : "; " + left.joined(separator: ", "))

                diarization error rate  \(percent(sum.errorRate))
                  missed                \(seconds(sum.missed))  \(share(sum.missed))
                  false alarm           \(seconds(sum.falseAlarm))  \(share(sum.falseAlarm))
                  another speaker       \(seconds(sum.confusion))  \(share(sum.confusion))
                jaccard error rate      \(percent(sum.jaccardErrorRate))
                detection error rate    \(percent(sum.detectionErrorRate))
                purity, coverage        \(percent(sum.purity)), \(percent(sum.coverage))

                """
        }
    }

    private func table(_ scores: DetectionScores) -> String {
        func column(_ value: Double?) -> String { (value.map(percent) ?? "-").leftPadded(11) }
        func row(_ name: String, _ counts: DetectionCounts, _ width: Int) -> String {
            let label = String(name.printable.prefix(width))
            return "  " + label + String(repeating: " ", count: width - label.count) + column(counts.fMeasure)
                + column(counts.precision) + column(counts.recall)
                + column(counts.errorRate) + String(counts.reference).leftPadded(10)
                + String(counts.estimated).leftPadded(10)
        }
        let names = scores.byLabel.keys.sorted()
        let width = min(30, max(8, names.map { $0.printable.count }.max() ?? 0))
        let head =
            "  " + String(repeating: " ", count: width)
            + ["F", "precision", "recall", "errors"].map { $0.leftPadded(11) }.joined() + "reference".leftPadded(10)
            + "estimated".leftPadded(10)
        var lines = [head, row("all", scores.overall, width)]
        if names.count > 1 { lines += names.map { row($0, scores.byLabel[$0] ?? DetectionCounts(), width) } }
        return lines.joined(separator: "\n") + "\n"
    }

    private func ms(_ seconds: Double) -> String { "\(Int((seconds * 1000).rounded())) ms" }
    private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
    private func seconds(_ value: Double) -> String { String(format: "%.1f s", value) }
}

extension Double {
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String(self) }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
