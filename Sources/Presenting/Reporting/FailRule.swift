import SyncModel

/// A rule by which a corpus fails: `misaligned>1%`, `misaligned+unpaired>=5`, `failed>0`.
///
/// Shares are of all clips. Several rules are separated by commas; meeting one is enough.
///
/// ```swift
/// let rules = try FailRule.parse("misaligned>1%,failed>0")
/// let hasFailed = rules.contains { $0.isMet(by: report.tally) }
/// ```
public struct FailRule: Sendable, Hashable {
    /// As given.
    public let text: String
    private let verdicts: [Verdict]
    private let isInclusive: Bool
    private let limit: Double
    private let isShare: Bool

    /// - Throws: `FailRuleError` with a sentence for the user.
    public static func parse(_ text: String) throws -> [FailRule] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { try FailRule(String($0)) }
    }

    private init(_ text: String) throws {
        let plain = text.filter { !$0.isWhitespace }
        guard let sign = plain.firstIndex(of: ">") else { throw FailRuleError(text: text) }
        var number = plain[plain.index(after: sign)...]
        isInclusive = number.hasPrefix("=")
        if isInclusive { number = number.dropFirst() }
        isShare = number.hasSuffix("%")
        if isShare { number = number.dropLast() }
        guard let limit = Double(number), limit.isFinite, limit >= 0 else { throw FailRuleError(text: text) }
        let names = plain[..<sign].split(separator: "+", omittingEmptySubsequences: false)
        let verdicts = names.map { Verdict(rawValue: String($0)) }
        guard !verdicts.isEmpty, verdicts.allSatisfy({ $0 != nil }) else { throw FailRuleError(text: text) }
        self.text = plain
        self.limit = limit
        self.verdicts = verdicts.compactMap { $0 }
    }

    /// Whether a corpus fails by it. An empty corpus meets no share.
    public func isMet(by tally: VerdictTally) -> Bool {
        let count = Double(Set(verdicts).reduce(0) { $0 + tally.count($1) })
        if isShare, tally.clips == 0 { return false }
        let value = isShare ? 100 * count / Double(tally.clips) : count
        return isInclusive ? value >= limit : value > limit
    }

    /// The counts as text: "misaligned>1%: 3 of 120 clips".
    public func explanation(of tally: VerdictTally) -> String {
        "\(text): \(Set(verdicts).reduce(0) { $0 + tally.count($1) }) of \(tally.clips) clips"
    }
}

/// A malformed rule.
public struct FailRuleError: Error, CustomStringConvertible {
    public let text: String
    public var description: String {
        let names = Verdict.allCases.map(\.rawValue).joined(separator: ", ")
        return
            "'\(text.printable)' is not a rule such as misaligned>1% or misaligned+unpaired>=5; verdicts are \(names)"
    }
}
