import DelimitedText
import Foundation
import Reporting
public import Storage
import SyncModel

/// Export of decisions as tables.
public enum DecisionExport {
    private static let columns = [
        "clip", "choice", "offset_ms", "by", "at", "comment", "measured_verdict", "measured_ms", "method_version",
    ]

    public static func csv(_ decisions: [Decision]) -> String {
        func number(_ value: Double?) -> String { value.map { JSONValue.number($0, decimals: 1).compact } ?? "" }
        let rows = decisions.map {
            [
                $0.key, $0.choice.rawValue, number($0.offsetMilliseconds), $0.by, $0.at, $0.comment, $0.measuredVerdict,
                number($0.measuredMilliseconds),
                $0.methodVersion?.rawValue ?? "",
            ]
        }
        return ([columns] + rows).map(CSVText.row).joined()
    }

    public static func lines(_ decisions: [Decision]) -> String {
        decisions.map { ReviewLibrary.json($0).compact + "\n" }.joined()
    }
}

/// Agreement between people and program.
public struct DecisionAgreement: Sendable {
    public let looked: Int
    public let agreed: Int
    public let corrected: Int
    public let couldNotTell: Int
    /// The median size of corrections in ms; nil if there are none.
    public let middleCorrection: Double?

    public init(_ decisions: [Decision]) {
        looked = decisions.count
        agreed = decisions.filter { $0.agrees() == true }.count
        couldNotTell = decisions.filter { $0.choice == .cannotTell }.count
        corrected = looked - agreed - couldNotTell
        let sizes = decisions.compactMap { decision in
            decision.choice == .correct
                ? decision.offsetMilliseconds.flatMap { to in decision.measuredMilliseconds.map { abs(to - $0) } } : nil
        }.sorted()
        middleCorrection = sizes.isEmpty ? nil : sizes[sizes.count / 2]
    }

    /// One line for a report; empty if nothing was reviewed.
    public var sentence: String {
        guard looked > 0 else { return "" }
        let told = looked - couldNotTell
        let share =
            told > 0 ? " (\(Int((100 * Double(agreed) / Double(told)).rounded())) % of those judged)" : ""
        let middle = middleCorrection.map { ", by a median of \(Int($0.rounded())) ms" } ?? ""
        return
            """
            people reviewed \(looked): agreed with \(agreed)\(share), corrected \(corrected)\(middle), could not \
            tell \(couldNotTell)
            """
    }
}
