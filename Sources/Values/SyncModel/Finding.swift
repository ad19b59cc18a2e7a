/// Which relation was measured.
public enum Check: String, Sendable, CaseIterable, Codable {
    case lips, impacts, transcript, speakers, events, views, sensor, actions, container, compare, tracks
}

/// One value of a finding's evidence.
public enum EvidenceValue: Sendable, Hashable, Codable {
    /// A number shown with so many decimals; not finite means not known.
    case number(Double, decimals: Int)
    case count(Int)
    case text(String)
    case flag(Bool)
    case unknown
    indirect case list([EvidenceValue])
    indirect case object([Evidence])
}

extension EvidenceValue {
    /// As a number, where it is one.
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

/// One named value of the evidence behind a finding, in the order in which it is shown.
public struct Evidence: Sendable, Hashable, Codable {
    public let name: String
    public let value: EvidenceValue

    public init(_ name: String, _ value: EvidenceValue) {
        self.name = name
        self.value = value
    }

    /// How a best guess is shown; nil: there is none.
    public static func candidate(_ offset: Offset?, decimals: Int = 1) -> Evidence {
        Evidence("candidate_ms", offset.map { .number($0.milliseconds, decimals: decimals) } ?? .unknown)
    }
}

/// A reason for doubt, in words and with its figure.
public struct Doubt: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What one check says of one clip. The same value goes from the analyser over the workers' pipe into the store and on
/// to pages and to repair; JSON documents are views of it.
public struct Finding: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    public internal(set) var judgement: Judgement
    public var because: [Doubt]
    /// For people: nothing is decided by it.
    public internal(set) var evidence: [Evidence]
    /// The correlation curve for people to look at: height by offset; empty where there is none.
    public var curve: [CurvePoint]
    public var method: MethodVersion

    /// The largest offset inside the overlap, which decides the verdict; the offset itself where it is the same
    /// throughout.
    public var worst: Offset?
    /// nil: not measured, or told by `segments`.
    public var drift: Drift?
    /// A frame-rate ratio that the drift amounts to, such as `25/23.976`.
    public var rate: String?
    /// Pieces with an offset of their own; nil: one offset (and drift) throughout.
    public var segments: [OffsetSegment]?
    /// The file that holds the subject, where it is not the clip.
    public var subjectFile: String?
    /// The streams that were measured; nil: not told.
    public var subjectStream: StreamName?
    public var referenceStream: StreamName?
    /// Of `views` and `sensor`: the recording that is judged, and the one it is held against.
    public var clip: String?
    public var against: String?
    /// The subject's language as a BCP 47 tag, where it is known.
    public var language: String?
    /// Cues, words, turns or events judged one by one; nil where they were not looked at.
    public var items: [FindingItem]?
    /// Speech without text, in the reference's time.
    public var gaps: [TimeSpan]?
    /// Of `lips`: the faces that were seen; nil where they were not looked for.
    public var faces: [SeenFace]?
    /// Of `views`: where the recordings of the group lie on its clock.
    public var clock: [ClockPlace]?
    /// Of `sensor`: what is the matter with the log or the episode.
    public var faults: [LogFault] = []
    /// How much the answer rests on; nil where that is not told.
    public var support: Support?

    public init(
        check: Check, subject: Track, reference: Track, judgement: Judgement, because: [Doubt] = [],
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

    /// Judges it anew: what described the course of the offset goes with the old judgement.
    public mutating func judge(_ judgement: Judgement, because: [Doubt]) {
        self.judgement = judgement
        self.because = because
        worst = judgement.offset
        (drift, rate, segments) = (nil, nil, nil)
    }

    /// The evidence of a name, for people to read.
    public func evidence(_ name: String) -> EvidenceValue? { evidence.first { $0.name == name }?.value }

    /// The same finding with more evidence at its end.
    public func adding(_ more: [Evidence]) -> Finding {
        var copy = self
        copy.evidence += more
        return copy
    }

    /// The same finding with a best guess, told at the end of its evidence.
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
    /// How much an answer rests on: whether more has to be looked at is decided by it.
    public struct Support: Sendable, Hashable, Codable {
        /// Seconds that were compared, and those of them with voice.
        public var seconds: Double
        public var voicedSeconds: Double
        /// The share of short pieces that agree with the answer.
        public var agreement: Double
        /// Of the offset, in seconds.
        public var standardErrorSeconds: Double

        public init(seconds: Double, voicedSeconds: Double, agreement: Double, standardErrorSeconds: Double) {
            self.seconds = seconds
            self.voicedSeconds = voicedSeconds
            self.agreement = agreement
            self.standardErrorSeconds = standardErrorSeconds
        }
    }

    /// A face of a recording.
    public struct SeenFace: Sendable, Hashable, Codable {
        /// The same number for the same face throughout a clip.
        public var number: Int
        /// From when to when it was seen, in seconds of the recording's timeline.
        public var seen: TimeSpan
        /// Left, top, width and height in pixels of the frame.
        public var box: [Int]
        /// Seconds in which it is the one that speaks, and when.
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

    /// Where one recording lies on the clock of its group.
    public struct ClockPlace: Sendable, Hashable, Codable {
        public var clip: String
        /// Recordings that no evidence connects are in different groups, counted from 0.
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
