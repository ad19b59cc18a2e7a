import Actions
import Foundation
import SyncModel

/// Measures of agreement as text, each with its usual values.
enum AgreementText {
    /// Title and interpretation of a measure.
    static let measures: [(name: String, title: String, usual: String)] = [
        (
            "fleiss_kappa", "Fleiss' kappa by frame",
            "above 0.8 is almost perfect, 0.6 to 0.8 substantial (Landis & Koch 1977)"
        ),
        (
            "cohen_kappa", "Cohen's kappa by frame, mean of pairs",
            "above 0.8 is almost perfect, 0.6 to 0.8 substantial (Landis & Koch 1977)"
        ),
        (
            "krippendorff_alpha", "Krippendorff's alpha by frame",
            "rely on 0.8 and more, draw tentative conclusions from 0.667 (Krippendorff 2004)"
        ),
        (
            "unitised_alpha", "Krippendorff's unitised alpha",
            "strict on boundaries: rely on 0.8 and more, tentative from 0.667 (Krippendorff 2004)"
        ),
        ("gamma", "gamma", "1 is perfect, 0 is chance; careful annotation of actions reaches 0.7 to 0.9"),
        ("f1@10", "segmental F1@10", "annotators who follow one guideline reach 90 and more"),
        ("f1@25", "segmental F1@25", "annotators who follow one guideline reach 85 and more"),
        (
            "f1@50", "segmental F1@50",
            "annotators who follow one guideline reach 75 and more; below 60 boundaries are guesses"
        ),
        ("edit", "edit score", "below 90 the order of actions itself is disputed"),
        (
            "temporal_iou", "temporal overlap of matched actions",
            "0.5 is the usual minimum for a correct detection, 0.75 a strict one"
        ),
        (
            "frame_iou", "overlap by frame, mean of classes",
            "rare classes count as much as frequent ones: check the low ones"
        ),
        ("boundary_f1_100ms", "boundaries within 100 ms", "hard to reach by hand: 0.5 is good"),
        ("boundary_f1_250ms", "boundaries within 250 ms", "0.7 and more for sharp actions"),
        ("boundary_f1_500ms", "boundaries within 500 ms", "0.8 and more is usual"),
        ("boundary_f1_1000ms", "boundaries within 1 s", "below 0.8 actions are missed, not misplaced"),
    ]

    static func lines(_ report: AgreementReport) -> [String] {
        var lines = [
            "",
            """
            agreement of \(report.raterNames.count) \(report.raters)s in \(report.sessions) \
            session\(report.sessions == 1 ? "" : "s") (95 % intervals over sessions):
            """,
        ]
        let width = measures.map(\.title.count).max() ?? 0
        for row in measures {
            guard let measure = report[row.name], measure.value.isFinite else { continue }
            let title = row.title + String(repeating: " ", count: width - row.title.count)
            let interval = measure.lower.isFinite ? " (\(number(measure.lower)) to \(number(measure.upper)))" : ""
            lines.append("  \(title)  \(number(measure.value))\(interval): \(row.usual)")
        }
        for attribute in [report.raters, "class", "session"] {
            let parts = report.parts.filter { $0.attribute == attribute }
            guard parts.count > 1 else { continue }
            let shown = parts.prefix(3).map { "\($0.value.printable) \(number($0.kappa))" }.joined(separator: ", ")
            lines.append("  lowest kappa by \(attribute): \(shown)")
        }
        return lines
    }

    private static func number(_ value: Double) -> String { String(format: abs(value) > 1.5 ? "%.1f" : "%.3f", value) }
}

extension AgreementReport {
    var json: JSONValue {
        func measure(_ measure: Measure) -> (name: String, value: JSONValue) {
            let usual = AgreementText.measures.first { $0.name == measure.name }?.usual
            return (
                measure.name,
                .object([
                    ("value", .number(measure.value, decimals: 6)),
                    (
                        "ci95",
                        measure.lower.isFinite
                            ? .array([.number(measure.lower, decimals: 4), .number(measure.upper, decimals: 4)]) : .null
                    ),
                    ("usual", usual.map { .string($0) } ?? .null),
                ])
            )
        }
        let rows = pairs.map { pair in
            JSONValue.object([
                ("reference", .string(pair.reference)), ("subject", .string(pair.subject)),
                ("sessions", .integer(pair.sessions)),
                ("measures", .object(pair.measures.map { (name: $0.name, value: .number($0.value, decimals: 6)) })),
            ])
        }
        let lowest = parts.map { part in
            JSONValue.object([
                ("attribute", .string(part.attribute)), ("value", .string(part.value)),
                ("kappa", .number(part.kappa, decimals: 4)),
                ("seconds", .number(part.seconds, decimals: 1)),
            ])
        }
        return .object([
            ("raters", .string(raters)), ("names", .array(raterNames.map { .string($0) })),
            ("sessions", .integer(sessions)),
            ("frame_rate", .number(frameRate, decimals: 4)), ("measures", .object(measures.map(measure))),
            ("gamma_sessions", .integer(gammaSessions)),
            ("pairs", .array(rows)), ("lowest", .array(lowest)),
        ])
    }
}
