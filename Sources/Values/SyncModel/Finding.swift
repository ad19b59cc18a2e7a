/// Which relation was measured.
public enum Check: String, Sendable, CaseIterable, Codable {
    case lips, impacts, transcript, speakers, events, views, sensor, actions, container, compare, tracks
}

/// One value of a finding's evidence.
public enum EvidenceValue: Sendable, Hashable, Codable {
    /// A number with this many decimals; not finite: unknown.
    case number(Double, decimals: Int)
    case count(Int)
    case text(String)
    case flag(Bool)
    case unknown
    indirect case list([EvidenceValue])
    indirect case object([Evidence])
}

extension EvidenceValue {
    /// The value as a number, if it is one.
    public var number: Double? {
        switch self {
        case .number(let value, _): value
        case .count(let value): Double(value)
        default: nil
        }
    }

    public var list: [EvidenceValue]? {
        if case .list(let values) = self { return values }
        return nil
    }

    public var object: [Evidence]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

/// One named value of a finding's evidence, in display order.
public struct Evidence: Sendable, Hashable, Codable {
    public let name: String
    public let value: EvidenceValue

    public init(_ name: String, _ value: EvidenceValue) {
        self.name = name
        self.value = value
    }

    /// A best guess as evidence; nil: none.
    public static func candidate(_ offset: Offset?, decimals: Int = 1) -> Evidence {
        Evidence("candidate_ms", offset.map { .number($0.milliseconds, decimals: decimals) } ?? .unknown)
    }
}

/// A reason for doubt, in words and with a figure.
public struct Reason: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// The result of one check of one clip. The same value goes from the analyser over the workers' pipe into the store and
/// on to pages and repair; JSON documents are views of it.
///
/// ```swift
/// let finding = Finding(
///     check: .events, subject: .audio, reference: .video,
///     judgement: Judgement(.notApplicable, tolerance: .standard),
///     because: [Reason("there is no loud sound")], method: "slate-1")
/// ```
public struct Finding: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    public internal(set) var judgement: Judgement
    public var because: [Reason]
    /// For display only: nothing is decided by it.
    public internal(set) var evidence: [Evidence]
    /// The correlation curve for display: height by offset; may be empty.
    public var curve: [CurvePoint]
    public var method: MethodVersion

    /// The largest offset inside the overlap, which decides the verdict; the offset itself if it is constant.
    public var worst: Offset?
    /// nil: not measured, or given by `segments`.
    public var drift: Drift?
    /// A frame-rate ratio that equals the drift, such as `25/23.976`.
    public var rate: String?
    /// Segments with different offsets; nil: one offset (and drift) throughout.
    public var segments: [OffsetSegment]?
    /// The subject's file, if it is not the clip.
    public var subjectFile: String?
    /// The measured streams; nil: not stated.
    public var subjectStream: StreamName?
    public var referenceStream: StreamName?
    /// For `views` and `sensor`: the judged recording, and the one it is compared with.
    public var clip: String?
    public var against: String?
    /// The subject's language as a BCP 47 tag, if known.
    public var language: String?
    /// Cues, words, turns or events judged individually; nil if not judged.
    public var items: [FindingItem]?
    /// Speech without text, in the reference's time.
    public var gaps: [TimeSpan]?
    /// For `lips`: the faces found; nil if not searched for.
    public var faces: [SeenFace]?
    /// For `views`: the positions of the group's recordings on its clock.
    public var clock: [ClockPlace]?
    /// For `sensor`: faults of the log or the episode.
    public var faults: [LogFault] = []
    /// The amount of evidence behind the answer; nil if not stated.
    public var support: Support?

    public init(
        check: Check, subject: Track, reference: Track, judgement: Judgement, because: [Reason] = [],
        evidence: [Evidence] = [], curve: [CurvePoint] = [], method: MethodVersion
    ) {
        self.check = check
        self.subject = subject
        self.reference = reference
        self.judgement = judgement
        self.because = because
        self.evidence = evidence
        self.curve = curve
        self.method = method
        worst = judgement.offset
    }

    public var verdict: Verdict { judgement.verdict }
    public var offset: Offset? { judgement.offset }
    public var interval: OffsetInterval? { judgement.interval }
    public var confidence: Double? { judgement.confidence }
    public var candidate: Offset? { judgement.candidate }
    public var tolerance: Tolerance? { judgement.tolerance }
    public var expectation: Expectation { judgement.expectation }

    /// Replaces the judgement; what described the old one's offset signal is removed.
    public mutating func judge(_ judgement: Judgement, because: [Reason]) {
        self.judgement = judgement
        self.because = because
        worst = judgement.offset
        (drift, rate, segments) = (nil, nil, nil)
    }

    /// The evidence of this name, for display.
    public func evidence(_ name: String) -> EvidenceValue? { evidence.first { $0.name == name }?.value }

    /// The same finding with evidence appended.
    public func adding(_ more: [Evidence]) -> Finding {
        var copy = self
        copy.evidence += more
        return copy
    }

    /// The same finding with a best guess appended to its evidence.
    public func proposing(_ candidate: Offset) -> Finding {
        var copy = adding([.candidate(candidate)])
        copy.judgement = Judgement(
            kept: verdict, offset: offset, interval: interval, confidence: confidence, candidate: candidate,
            tolerance: tolerance, expectation: expectation)
        return copy
    }

    /// The same finding without some of its evidence.
    public func removing(evidence names: Set<String>) -> Finding {
        var copy = self
        copy.evidence.removeAll { names.contains($0.name) }
        return copy
    }
}

extension Finding {
    /// The amount of evidence behind an answer; it decides whether to analyse more.
    public struct Support: Sendable, Hashable, Codable {
        /// Seconds compared, and seconds of them with voice.
        public var seconds: Double
        public var voicedSeconds: Double
        /// Share of short segments that agree with the answer.
        public var agreement: Double
        /// Standard error of the offset, in seconds.
        public var standardErrorSeconds: Double
        /// How much better the beginning or the end fits an offset of its own, in deviations of chance; nil: unknown.
        public var rival: Double?

        public init(
            seconds: Double, voicedSeconds: Double, agreement: Double, standardErrorSeconds: Double,
            rival: Double? = nil
        ) {
            self.seconds = seconds
            self.voicedSeconds = voicedSeconds
            self.agreement = agreement
            self.standardErrorSeconds = standardErrorSeconds
            self.rival = rival
        }
    }

    /// A face in a recording.
    public struct SeenFace: Sendable, Hashable, Codable {
        /// The same number for the same face throughout a clip.
        public var number: Int
        /// First and last time it is visible, in seconds of the recording's timeline.
        public var seen: TimeSpan
        /// Left, top, width and height in pixels of the frame.
        public var box: [Int]
        /// Seconds in which it is the active speaker, and when.
        public var speakingSeconds: Double
        public var turns: [TimeSpan]

        public init(number: Int, seen: TimeSpan, box: [Int], speakingSeconds: Double, turns: [TimeSpan]) {
            self.number = number
            self.seen = seen
            self.box = box
            self.speakingSeconds = speakingSeconds
            self.turns = turns
        }

        public var evidence: EvidenceValue {
            .object([
                Evidence("face", .count(number)),
                Evidence("start_s", .number(seen.start, decimals: 2)),
                Evidence("end_s", .number(seen.end, decimals: 2)),
                Evidence("box", .list(box.map { .count($0) })),
                Evidence("speaking_s", .number(speakingSeconds, decimals: 2)),
                Evidence(
                    "turns",
                    .list(turns.map { .list([.number($0.start, decimals: 2), .number($0.end, decimals: 2)]) })),
            ])
        }
    }

    /// The position of one recording on its group's clock.
    public struct ClockPlace: Sendable, Hashable, Codable {
        public var clip: String
        /// Recordings without connecting evidence are in different groups, counted from 0.
        public var group: Int
        /// What to add to its own timestamps; nil: not known.
        public var offset: Offset?

        public init(clip: String, group: Int, offset: Offset?) {
            self.clip = clip
            self.group = group
            self.offset = offset
        }

        public var evidence: EvidenceValue {
            var fields = [Evidence("clip", .text(clip)), Evidence("group", .count(group))]
            if let offset { fields.append(Evidence("offset_ms", .number(offset.milliseconds, decimals: 3))) }
            return .object(fields)
        }
    }
}

/// One point of a correlation curve.
public struct CurvePoint: Sendable, Hashable, Codable {
    public let offset: Offset
    /// Height in standard deviations above the curve's mean.
    public let height: Double

    public init(offset: Offset, height: Double) {
        self.offset = offset
        self.height = height
    }
}
