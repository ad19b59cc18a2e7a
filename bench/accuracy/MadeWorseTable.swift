import Foundation
import SignalCore

/// Clips made worse, or merely other, in known ways: does accuracy fall into no answer, or into wrong ones?
struct MadeWorseTable {
    private let trials: [Trial]
    /// Clips that are answered wrong as they were recorded, whatever is done to them.
    private let offAsRecorded: Set<String>

    init(_ trials: [Trial], asRecorded: [Trial]) {
        self.trials = trials
        offAsRecorded = Set(
            asRecorded.filter { $0.kind == "moved" && $0.movedMilliseconds == 0 && $0.isWrong }.map(\.clip))
    }

    func show() {
        let names = Degradation.allCases.map(\.rawValue) + Encoding.all.map(\.name)
        guard trials.contains(where: { names.contains($0.kind) }) else { return }
        print(
            """
            \n| made otherwise, 3 s | n | coverage | wrong among answers | wrong among all | clips off as recorded \
            aside | median | bias |
            """
        )
        print("|---|---|---|---|---|---|---|---|")
        for name in names {
            let some = trials.filter { $0.kind == name }
            guard !some.isEmpty else { continue }
            let answered = some.filter { $0.offset != nil }
            let others = answered.filter { !offAsRecorded.contains($0.clip) }
            let median = Standardisation.percentile(some.compactMap(\.error).map { Float(abs($0)) }, 0.5) ?? .nan
            print(
                """
                | \(name) | \(some.count) | \(share(answered.count, some.count)) | \
                \(share(answered.count(where: \.isWrong), answered.count)) 
                """
                    + """
                    | \(share(answered.count(where: \.isWrong), some.count)) | \
                    \(share(others.count(where: \.isWrong), others.count)) 
                    """
                    + "| \(String(format: "%.1f", median)) | \(Clustered.milliseconds(some) { $0.error }) |")
        }
        guard !offAsRecorded.isEmpty else { return }
        print(
            """
            \nWrong: an answer more than 40 ms off. Off as recorded: \(offAsRecorded.sorted().joined(separator: ", ")).
            """
        )
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "" : "\(Clustered.percent(Double(part) / Double(whole))) (\(part) of \(whole))"
    }
}

extension Trial {
    /// An answer more than 40 ms off.
    var isWrong: Bool { error.map { abs($0) > 40 } ?? false }
}
