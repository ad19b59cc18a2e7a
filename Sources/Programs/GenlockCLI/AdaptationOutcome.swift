import Foundation
import SyncModel

/// The trainer's report on a model: counts are pairs of part and whole.
struct AdaptationReport: Decodable {
    struct Trials: Decodable {
        let trueAnswered: [Int]
        let ofTheseRight: [Int]
        let bestGuessRight: [Int]
        let foreignAnswered: [Int]

        enum CodingKeys: String, CodingKey {
            case trueAnswered = "true_answered"
            case ofTheseRight = "of_these_right"
            case bestGuessRight = "best_guess_right"
            case foreignAnswered = "foreign_answered"
        }

        var json: JSONValue {
            .object([
                ("true_answered", .share(trueAnswered)), ("of_these_right", .share(ofTheseRight)),
                ("best_guess_right", .share(bestGuessRight)), ("foreign_answered", .share(foreignAnswered)),
            ])
        }
    }

    let labels: Int
    let speakers: Int
    let refusedBefore: Int
    let newlyAnswered: Int
    /// Clips that both models answer, within 40 ms of each other.
    let agreeing: [Int]
    let halvesAgreeing: [Int]
    let movedRight: [Int]
    /// Mean, and its 95 % interval if there are enough clips.
    let biasShift: [Double?]
    let trials: [String: Trials]
    /// Share of the training kept, 0 to 1: interpolation between the packaged and the trained weights.
    let trainingKept: Double
    /// Of the same true windows, how many were answered and right with each share of the training.
    let compared: [String: Int]
    /// Why it must not be used.
    let refused: [String]

    enum CodingKeys: String, CodingKey {
        case labels, trials, compared, refused
        case speakers = "talkers"
        case trainingKept = "training_kept"
        case refusedBefore = "refused_before"
        case newlyAnswered = "newly_answered"
        case agreeing
        case halvesAgreeing = "halves_agreeing"
        case movedRight = "moved_right"
        case biasShift = "bias_shift_ms"
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("labels", .integer(labels)), ("talkers", .integer(speakers)),
            ("refused_before", .integer(refusedBefore)), ("newly_answered", .integer(newlyAnswered)),
            ("agreeing", .share(agreeing)), ("halves_agreeing", .share(halvesAgreeing)),
            ("moved_right", .share(movedRight)),
            ("bias_shift_ms", .array(biasShift.map { $0.map { .number($0, decimals: 1) } ?? .null })),
            ("trials", .object(trials.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
            ("training_kept", .number(trainingKept, decimals: 2)),
            ("compared", .object(compared.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
            ("refused", .array(refused.map { .string($0) })),
        ]
    }

    /// As stored.
    var document: String { JSONValue.object(members).compact }
}

extension JSONValue {
    fileprivate static func share(_ counts: [Int]) -> JSONValue { .array(counts.map { .integer($0) }) }
}

/// Result of adapting to a corpus.
struct AdaptationOutcome {
    struct Measured {
        let clip: String
        /// The new finding on its lips.
        let finding: Finding
        /// The clip's verdicts.
        let before: Verdict
        let after: Verdict
    }

    let report: AdaptationReport
    /// nil: the model did not pass its checks.
    let method: MethodVersion?
    /// Path of the written model.
    let model: String?
    /// Formerly inconclusive clips that now have an answer.
    let measured: [Measured]

    var isUsed: Bool { method != nil }

    var json: JSONValue {
        .object(
            [
                ("schema_version", .integer(Version.schema)), ("tool_version", .string(Version.tool)),
                ("model", model.map { .string($0) } ?? .null),
                ("method_version", method.map { .string($0.rawValue) } ?? .null),
            ] + report.members + [
                (
                    "measured_again",
                    .array(
                        measured.map { answer in
                            .object([
                                ("clip", .string(answer.clip)),
                                ("verdict", .string(answer.finding.verdict.rawValue)),
                                (
                                    "offset_ms",
                                    answer.finding.offset.map { .number($0.milliseconds, decimals: 1) } ?? .null
                                ),
                            ])
                        })
                )
            ])
    }

    /// The share of the training that is kept, and the counts that decided it.
    private var training: String {
        let counts = report.compared.sorted { (Double($0.key) ?? 0) < (Double($1.key) ?? 0) }
            .map { String(format: "%.0f %%: %d", 100 * (Double($0.key) ?? 0), $0.value) }.joined(separator: ", ")
        let kept =
            report.trainingKept > 0
            ? String(format: "%.0f %% of the training is kept", 100 * report.trainingKept)
            : "none of the training is kept, only the impostor cohort and confidence of the corpus"
        return "\(kept) (windows answered correctly with \(counts))"
    }

    var text: String {
        func share(_ counts: [Int]) -> String { "\(counts.first ?? 0) of \(counts.last ?? 0)" }
        var lines: [String] = []
        for answer in measured {
            let offset = answer.finding.offset.map { String(format: "%+8.1f ms  ", $0.milliseconds) } ?? ""
            lines.append("\(answer.finding.verdict.rawValue)  \(offset)\(answer.clip.printable)")
        }
        if !measured.isEmpty { lines.append("") }
        lines.append("trained on \(report.labels) clips of \(report.speakers) speakers; on held-out speakers:")
        for (name, words) in [("packaged", "packaged model"), ("adapted", "adapted model ")] {
            guard let trials = report.trials[name] else { continue }
            lines.append(
                """
                  \(words): answers \(share(trials.trueAnswered)) true windows, right in \
                \(share(trials.ofTheseRight)); \
                \(share(trials.foreignAnswered)) with unrelated audio
                """)
        }
        lines.append("  \(training)")
        lines.append("  answers that agree with those of the packaged model: \(share(report.agreeing))")
        if let mean = report.biasShift.first ?? nil {
            lines.append(String(format: "  the mean of the corpus moved by %+.1f ms", mean))
        }
        lines.append(
            """
              \(report.newlyAnswered) of \(report.refusedBefore) inconclusive clips are answered; \
            halves agree in \(share(report.halvesAgreeing)), moved audio is followed in \(share(report.movedRight))
            """)
        if let model, let method {
            lines.append("\(model.printable) (\(method.rawValue)) passed its checks")
        } else {
            lines.append("no model was written and nothing was changed:")
            lines += report.refused.map { "  \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
