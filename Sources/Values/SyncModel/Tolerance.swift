/// The allowed offset of a subject: an inner and an outer limit, each for early and late.
///
/// Within the inner limits nobody notices; beyond the outer ones everybody does. Milliseconds, all positive.
///
/// ```swift
/// let tolerance = try Tolerance(parsing: "early=40,100:late=60,120")
/// let offset = Offset(milliseconds: -62)
/// let interval = OffsetInterval(centre: offset, halfWidthSeconds: 0.010)
/// print(tolerance.verdict(on: offset, interval: interval, expecting: .together))  // marginal
/// ```
public struct Tolerance: Sendable, Hashable, Codable {
    /// The two limits of one side in milliseconds, `0 <= inner <= outer`.
    public struct Edges: Sendable, Hashable, Codable {
        public let inner: Double
        public let outer: Double

        public init(inner: Double, outer: Double) {
            precondition(inner >= 0 && inner <= outer, "edges are 0 <= inner <= outer")
            self.inner = inner
            self.outer = outer
        }
    }

    public let early: Edges
    public let late: Edges

    public init(early: Edges, late: Edges) {
        self.early = early
        self.late = late
    }

    /// 40 and 100 ms either way, the default.
    public static let standard = Tolerance(early: Edges(inner: 40, outer: 100), late: Edges(inner: 40, outer: 100))

    /// The inner range, in the sign of offsets (positive: the subject is early).
    public var innerMilliseconds: ClosedRange<Double> { -late.inner...early.inner }
    /// The outer range, in the sign of offsets.
    public var outerMilliseconds: ClosedRange<Double> { -late.outer...early.outer }

    /// Distance from inner to outer limit for presets with one level, in milliseconds.
    static let outerMargin = 60.0

    /// The largest limit, an hour in milliseconds; larger values are typing errors.
    static let largestEdge = 3_600_000.0

    /// Presets by name. The subject is the audio: "early" is audio before the video.
    ///
    /// - `ebu-r37`: EBU R37-2007: audio early by at most 40 ms, late by at most 60 ms.
    /// - `bt1359`: ITU-R BT.1359-1: detectable from +45 to -125 ms, acceptable from +90 to -185 ms.
    /// - `atsc-is191`: ATSC IS-191 (2003): audio early by at most 15 ms, late by at most 45 ms.
    public static let presets: [(name: String, tolerance: Tolerance)] = [
        ("default", .standard),
        ("ebu-r37", .oneLevel(early: 40, late: 60)),
        ("bt1359", Tolerance(early: Edges(inner: 45, outer: 90), late: Edges(inner: 125, outer: 185))),
        ("atsc-is191", .oneLevel(early: 15, late: 45)),
    ]

    private static func oneLevel(early: Double, late: Double) -> Tolerance {
        Tolerance(
            early: Edges(inner: early, outer: early + outerMargin),
            late: Edges(inner: late, outer: late + outerMargin))
    }

    /// Parses a preset's name, `INNER,OUTER`, or `early=INNER,OUTER:late=INNER,OUTER`, in milliseconds.
    ///
    /// - Throws: `ToleranceError` with a message for the user.
    public init(parsing text: String) throws {
        if let preset = Tolerance.presets.first(where: { $0.name == text.lowercased() }) {
            self = preset.tolerance
            return
        }
        if !text.contains("=") {
            let edges = try Tolerance.edges(text, of: text)
            self.init(early: edges, late: edges)
            return
        }
        var sides: [String: Edges] = [:]
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, pair[0] == "early" || pair[0] == "late", sides[pair[0]] == nil else {
                throw ToleranceError(text: text)
            }
            sides[pair[0]] = try Tolerance.edges(pair[1], of: text)
        }
        guard let early = sides["early"], let late = sides["late"] else { throw ToleranceError(text: text) }
        self.init(early: early, late: late)
    }

    private static func edges(_ text: String, of whole: String) throws -> Edges {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard let first = numbers.first, let inner = first, numbers.count <= 2,
            let outer = numbers.count == 2 ? numbers[1] : inner + outerMargin,
            inner >= 0, inner <= outer, outer <= largestEdge
        else { throw ToleranceError(text: whole) }
        return Edges(inner: inner, outer: outer)
    }
}

/// A tolerance that cannot be read.
public struct ToleranceError: Error, CustomStringConvertible {
    public let text: String

    public var description: String {
        let names = Tolerance.presets.map(\.name).joined(separator: ", ")
        return
            """
            '\(text.printable)' is not a tolerance: give INNER,OUTER in ms (40,100), early=40,100:late=60,120, or one \
            of \(names)
            """
    }
}
