import Foundation
public import SyncModel

/// A tool's answer for one row of the truth.
public struct FaultAnswer: Sendable {
    public var verdict: Verdict?
    /// nil: none was given.
    public var offset: OffsetCourse?
    /// The names of the faults that it found, such as `missing`, `jitter`, `drift` or `segments`.
    public var names: Set<String>

    public init(verdict: Verdict?, offset: OffsetCourse?, names: Set<String> = []) {
        (self.verdict, self.offset, self.names) = (verdict, offset, names)
        if let offset {
            if offset.pieces.count > 1 { self.names.insert(Fault.segments) }
            if offset.driftPPM != nil { self.names.insert(Fault.drift) }
        }
    }
}

/// How well planted faults were found, by kind.
public struct FaultScore: Sendable {
    public let fault: Fault
    /// Rows of the truth, and those with any answer.
    public var rows = 0
    public var looked = 0
    /// Rows with an offset.
    public var answered = 0
    /// Of these, within 20, 40 and 80 ms of the planted offset plus the answer for the untouched clip. Where the offset
    /// changes: in every segment, or at both ends of a drift.
    public var within: [Int: Int] = [20: 0, 40: 0, 80: 0]
    /// Errors of all comparable answers, in ms, ascending.
    public var misses: [Double] = []
    public var unpaired = 0
    /// Reported as misaligned or unpaired.
    public var accused = 0
    /// Reported under one of the fault's names.
    public var named = 0
    /// Errors of the drifts that were given where one was planted, in ppm, ascending.
    public var driftMisses: [Double] = []

    /// Scores a tool's answers by fault kind, in order.
    ///
    /// Errors are relative to the tool's answer for the untouched clip, since the user's material may have any offset.
    ///
    /// - Parameter answer: what the tool says of a row, by the check of a fault; nil: nothing.
    public static func scores(
        _ truth: [TruthTable.Entry], _ answer: (TruthTable.Entry, Fault) -> FaultAnswer?
    ) -> [FaultScore] {
        let plain = truth.filter { [Fault.none, .logNone, .viewNone].contains($0.fault) }
        let untouched = Dictionary(
            plain.map { (Key($0.fault, $0.source), $0) }, uniquingKeysWith: { first, _ in first })
        var result: [Fault: FaultScore] = [:]
        for entry in truth where entry.fault != .viewReference {
            var score = result[entry.fault] ?? FaultScore(fault: entry.fault)
            defer { result[entry.fault] = score }
            score.rows += 1
            guard let said = answer(entry, entry.fault) else { continue }
            score.looked += 1
            if said.verdict == .unpaired { score.unpaired += 1 }
            if said.verdict == .unpaired || said.verdict == .misaligned { score.accused += 1 }
            if !said.names.isDisjoint(with: entry.fault.names) { score.named += 1 }
            guard let offset = said.offset else { continue }
            score.answered += 1
            // The same check's answer for the untouched original.
            var untouchedAnswer: FaultAnswer?
            switch entry.fault.baseline {
            case nil: break
            case .original?: untouchedAnswer = FaultAnswer(verdict: .inSync, offset: OffsetCourse(Offset(seconds: 0)))
            case .row(let fault)?:
                untouchedAnswer = untouched[Key(fault, entry.source)].flatMap { answer($0, entry.fault) }
            }
            guard let own = untouchedAnswer, let zero = own.offset else { continue }
            guard let planted = entry.planted else { continue }
            if let drift = planted.driftPPM, let found = offset.driftPPM {
                score.driftMisses.append(abs(found - (zero.driftPPM ?? 0) - drift))
            }
            let times = planted.timesToCompare(durationSeconds: entry.durationSeconds, with: offset)
            let miss =
                times.map { time in
                    abs(
                        offset.milliseconds(at: time) - zero.milliseconds(at: time) - planted.milliseconds(at: time))
                }.max() ?? 0
            score.misses.append(miss)
            for limit in score.within.keys where miss <= Double(limit) { score.within[limit, default: 0] += 1 }
        }
        return Fault.allCases.compactMap { fault in
            guard var score = result[fault] else { return nil }
            score.misses.sort()
            score.driftMisses.sort()
            return score
        }
    }

    /// A row without a fault: its kind and its source.
    private struct Key: Hashable {
        let fault: Fault
        let source: String

        init(_ fault: Fault, _ source: String) { (self.fault, self.source) = (fault, source) }
    }

    /// nil: nothing could be compared.
    public var medianMiss: Double? { misses.isEmpty ? nil : misses[misses.count / 2] }
    public var medianDriftMiss: Double? { driftMisses.isEmpty ? nil : driftMisses[driftMisses.count / 2] }

    public var json: JSONValue {
        .object([
            ("fault", .string(fault.rawValue)), ("rows", .integer(rows)), ("looked", .integer(looked)),
            ("answered", .integer(answered)), ("compared", .integer(misses.count)),
            ("within_20_ms", .integer(within[20] ?? 0)), ("within_40_ms", .integer(within[40] ?? 0)),
            ("within_80_ms", .integer(within[80] ?? 0)),
            ("median_miss_ms", medianMiss.map { .number($0, decimals: 1) } ?? .null),
            ("drifts", .integer(driftMisses.count)),
            ("median_drift_miss_ppm", medianDriftMiss.map { .number($0, decimals: 1) } ?? .null),
            ("unpaired", .integer(unpaired)), ("accused", .integer(accused)),
            ("named", fault.names.isEmpty ? .null : .integer(named)),
        ])
    }
}
