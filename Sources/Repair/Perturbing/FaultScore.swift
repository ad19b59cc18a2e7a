import Foundation
public import SyncModel

/// A tool's answer for one row of the truth.
public struct FaultAnswer: Sendable {
    public var verdict: Verdict?
    public var offset: Offset?

    public init(verdict: Verdict?, offset: Offset?) { (self.verdict, self.offset) = (verdict, offset) }
}

/// How well planted faults were found, by kind.
public struct FaultScore: Sendable {
    public let fault: Fault
    /// Rows of the truth, and those with any answer.
    public var rows = 0
    public var looked = 0
    /// Rows with an offset.
    public var answered = 0
    /// Of these, within 20, 40 and 80 ms of the planted offset plus the answer for the untouched clip.
    public var within: [Int: Int] = [20: 0, 40: 0, 80: 0]
    /// Errors of all comparable answers, in ms, ascending.
    public var misses: [Double] = []
    public var unpaired = 0
    /// Reported as misaligned or unpaired.
    public var accused = 0

    /// Scores a tool's answers by fault kind, in order.
    ///
    /// Errors are relative to the tool's answer for the untouched clip, since the user's material may have any offset.
    public static func scores(_ truth: [TruthTable.Entry], _ answer: (TruthTable.Entry) -> FaultAnswer?) -> [FaultScore]
    {
        let untouched = Dictionary(
            truth.filter { $0.fault == .none }.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        var result: [Fault: FaultScore] = [:]
        for entry in truth {
            var score = result[entry.fault] ?? FaultScore(fault: entry.fault)
            defer { result[entry.fault] = score }
            score.rows += 1
            guard let said = answer(entry) else { continue }
            score.looked += 1
            if said.verdict == .unpaired { score.unpaired += 1 }
            if said.verdict == .unpaired || said.verdict == .misaligned { score.accused += 1 }
            guard let offset = said.offset else { continue }
            score.answered += 1
            guard !entry.offsets.isEmpty, entry.fault != .none else { continue }
            // The same check of the same clip, untouched.
            let base = untouched[entry.source].flatMap { same in
                answer(TruthTable.Entry(name: same.name, source: same.source, fault: entry.fault, offsets: []))?.offset
            }
            guard let base else { continue }
            let moved = offset.milliseconds - base.milliseconds
            let miss = entry.offsets.map { abs(moved - $0.milliseconds) }.min() ?? 0
            score.misses.append(miss)
            for limit in score.within.keys where miss <= Double(limit) { score.within[limit, default: 0] += 1 }
        }
        return Fault.allCases.compactMap { fault in
            guard var score = result[fault] else { return nil }
            score.misses.sort()
            return score
        }
    }

    /// nil: nothing could be compared.
    public var medianMiss: Double? { misses.isEmpty ? nil : misses[misses.count / 2] }

    public var json: JSONValue {
        .object([
            ("fault", .string(fault.rawValue)), ("rows", .integer(rows)), ("looked", .integer(looked)),
            ("answered", .integer(answered)), ("compared", .integer(misses.count)),
            ("within_20_ms", .integer(within[20] ?? 0)), ("within_40_ms", .integer(within[40] ?? 0)),
            ("within_80_ms", .integer(within[80] ?? 0)),
            ("median_miss_ms", medianMiss.map { .number($0, decimals: 1) } ?? .null),
            ("unpaired", .integer(unpaired)), ("accused", .integer(accused)),
        ])
    }
}
