public import SyncModel

/// A declaration of a file that costs alignment in some tools: what, how much, and the remedy.
public struct ContainerFault: Sendable, Hashable {
    /// Names as in `evidence.faults`.
    public enum Kind: String, Sendable, CaseIterable {
        case startsApart = "starts-apart"
        case durationsDiffer = "durations-differ"
        case gap = "timestamp-gap"
        case jumpBack = "timestamp-jump-back"
        case missingStamps = "missing-timestamps"
        case cutShort = "cut-short"
        case variableRate = "variable-frame-rate"
        case editList = "edit-list"
        case encoderDelay = "encoder-delay"
        case sampleRate = "sample-rate"
        case rateTag = "frame-rate-tag"
        case frameRate = "frame-rate"
        case frozen
        case doubled
        case black
        case torn
        case missingFrames = "missing-frames"
        case droppedSound = "dropped-sound"
        case clippedSound = "clipped-sound"
    }

    /// What a fault means for the answer.
    public enum Weight: Sendable, Hashable {
        /// Tools that follow the timestamps are right; only others are off.
        case note
        /// The file can be read in two ways, and only its content shows which is right; `candidate` is the offset if
        /// the other one is.
        case doubt(candidate: Offset)
        /// The audio is certainly slightly late: within an interval around an offset.
        case constant(Offset, OffsetInterval)
        /// Two declarations exclude each other: audio and video drift, and `rate` names the ratio.
        case drift(Drift, rate: String)
    }

    public let kind: Kind
    /// Description with figures.
    public let sentence: String
    /// Worst-case audio displacement in tools that misread the file; nil: none.
    public let cost: Offset?
    /// The remedy.
    public let remedy: String
    public let weight: Weight
    /// The affected times, in seconds from the file's origin; empty for faults of the declarations.
    public let moments: [TimeSpan]

    public init(
        _ kind: Kind, _ sentence: String, cost: Offset?, remedy: String, weight: Weight = .note,
        moments: [TimeSpan] = []
    ) {
        self.kind = kind
        self.sentence = sentence
        self.cost = cost
        self.remedy = remedy
        self.weight = weight
        self.moments = moments
    }

    /// Description and remedy on one line.
    var reason: Reason { Reason("\(sentence); what to do: \(remedy)") }

    var evidence: EvidenceValue {
        guard !moments.isEmpty else {
            return .object([
                Evidence("kind", .text(kind.rawValue)),
                Evidence("cost_ms", cost.map { .number($0.milliseconds, decimals: 1) } ?? .unknown),
                Evidence("remedy", .text(remedy)),
            ])
        }
        let lost = moments.reduce(0) { $0 + $1.length }
        return .object([
            Evidence("kind", .text(kind.rawValue)),
            Evidence("cost_ms", .number(1000 * lost, decimals: 1)),
            Evidence("remedy", .text(remedy)),
            Evidence(
                "times",
                .list(
                    moments.prefix(ContainerFault.mostMoments).map {
                        .object([
                            Evidence("at_s", .number($0.start, decimals: 3)),
                            Evidence("length_ms", .number(1000 * $0.length, decimals: 1)),
                        ])
                    })),
        ])
    }

    /// At most this many times of one fault are listed; its cost counts all.
    private static let mostMoments = 50
}

/// Figures formatted for sentences.
enum Words {
    /// "62 ms", "1.5 s": without a sign.
    static func size(_ seconds: Double) -> String {
        let size = abs(seconds)
        guard size.isFinite, size < 1e7 else { return "ages" }
        if size < 1 { return "\(Int((size * 1000).rounded())) ms" }
        return size < 10 ? "\(Words.decimals(size, 2)) s" : "\(Words.decimals(size, 1)) s"
    }

    /// A clock reading of a file: "12.3 s".
    static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e7 else { return "some time" }
        return "\(Words.decimals(seconds, 1)) s"
    }

    /// "12.30 s (40 ms), 15.02 s (40 ms) and 3 more": times and lengths.
    static func moments(_ moments: [TimeSpan]) -> String {
        let told = moments.prefix(3).map { "\(decimals($0.start, 2)) s (\(size($0.length)))" }
        let more = moments.count > 3 ? " and \(moments.count - 3) more" : ""
        return told.joined(separator: ", ") + more
    }

    /// "early by 62 ms", "late by 1.5 s": the displacement of the audio.
    static func place(_ offset: Offset) -> String {
        "\(offset.seconds > 0 ? "early" : "late") by \(size(offset.seconds))"
    }

    /// A frame rate as people write it: 23.976, 25, 29.97.
    static func rate(_ framesPerSecond: Double) -> String {
        let text = Words.decimals(framesPerSecond, 3)
        var short = text[...]
        while short.hasSuffix("0") { short = short.dropLast() }
        return String(short.hasSuffix(".") ? short.dropLast() : short)
    }

    static func decimals(_ value: Double, _ count: Int) -> String {
        var unit = 1
        for _ in 0..<count { unit *= 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if count == 0 { return "\(sign)\(scaled)" }
        let rest = String(scaled % unit)
        return "\(sign)\(scaled / unit)." + String(repeating: "0", count: count - rest.count) + rest
    }
}
