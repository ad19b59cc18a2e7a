/// Why a clip cannot be read, with a remedy.
public struct ClipFailure: Error, Sendable, Hashable, Codable {
    /// A short name for programs, such as `no-such-file`.
    public let code: String
    /// Which file, and what was tried.
    public let message: String
    /// What to do next.
    public let remedy: String

    public init(code: String, message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

/// The result for one clip.
public struct ClipReport: Sendable, Codable {
    /// The path as the user gave it.
    public let clip: String
    /// The separate audio file, if any.
    public let soundFile: String?
    /// Length of the clip in seconds, if known.
    public let durationSeconds: Double?
    public let outcome: Outcome
    /// What the file declares, for comparison across a corpus; names begin with "file.".
    public var facts: [ClipRecord.Attribute] = []

    public enum Outcome: Sendable, Codable {
        case measured([Finding])
        case failed(ClipFailure)
    }

    public init(clip: String, soundFile: String? = nil, durationSeconds: Double?, outcome: Outcome) {
        self.clip = clip
        self.soundFile = soundFile
        self.durationSeconds = durationSeconds
        self.outcome = outcome
    }

    public var findings: [Finding] {
        if case .measured(let findings) = outcome { return findings }
        return []
    }

    public var failure: ClipFailure? {
        if case .failed(let failure) = outcome { return failure }
        return nil
    }

    /// The clip's own verdict: its worst finding. `container` counts only if no content check answered, and then only
    /// against the clip: consistent declarations do not prove that the content is in sync.
    public var verdict: Verdict {
        if failure != nil { return .failed }
        let content = findings.filter { $0.check != .container }
        let answered = content.contains { $0.verdict.carriesOffset || $0.verdict == .unpaired }
        let faults = findings.filter { $0.check == .container && $0.verdict.severity > Verdict.inSync.severity }
        let counted = answered ? content : content.isEmpty ? findings : content + faults
        return counted.map(\.verdict).max { $0.severity < $1.severity } ?? .notApplicable
    }

    /// The finding that decides the clip's verdict.
    public var decisive: Finding? {
        let verdict = self.verdict
        return findings.first { $0.verdict == verdict && $0.check != .container }
            ?? findings.first { $0.verdict == verdict }
    }
}
