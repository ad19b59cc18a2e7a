import Foundation
import SyncModel

/// What the lip estimator once said of a real clip whose truth was known: a row of `bench/results/accuracy-*.csv`.
struct MeasuredRow {
    let kind: String
    let talker: String
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
                kind: fields[0], talker: fields[2], seconds: seconds, error: error, half: half, verdict: verdict)
        }
    }
}

/// Random numbers by a seed (SplitMix64: Steele, Lea & Flood 2014).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
