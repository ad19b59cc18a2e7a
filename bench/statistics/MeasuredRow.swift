import Foundation
import SyncModel

/// What the lip estimator once said of a real clip whose truth was known: a row of `bench/results/accuracy-*.csv`.
struct MeasuredRow {
    let kind: String
    let speaker: String
    let seconds: Int
    /// Answer less truth, in ms; nil: not answered.
    let error: Double?
    /// Half the width of the 95 % interval, in ms.
    let half: Double
    let verdict: Verdict

    /// `unpaired` needs a confidence of at most this; rows of older runs are judged anew.
    private static let mostWhenUnpaired = 0.02

    static func read(_ path: String) throws -> [MeasuredRow] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count >= 12, let seconds = Int(fields[4]), var verdict = Verdict(rawValue: fields[6]) else {
                return nil
            }
            if verdict == .unpaired, (Double(fields[10]) ?? 0) > mostWhenUnpaired { verdict = .inconclusive }
            let error = Double(fields[7]).map { $0 + (Double(fields[5]) ?? 0) }
            let half = ((Double(fields[9]) ?? 0) - (Double(fields[8]) ?? 0)) / 2
            return MeasuredRow(
                kind: fields[0], speaker: fields[2], seconds: seconds, error: error, half: half, verdict: verdict)
        }
    }
}
