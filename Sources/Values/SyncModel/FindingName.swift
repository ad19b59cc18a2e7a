/// Identifies a finding of a clip: what was measured against what, in which file and stream. It stays valid after a
/// re-measurement.
public struct FindingName: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    /// The subject's file; nil: the clip.
    public var subjectFile: String?
    public var subjectStream: StreamName?
    public var referenceStream: StreamName?
    /// For `views` and `sensor`: the judged recording, and the one it is compared with.
    public var clip: String?
    public var against: String?

    enum CodingKeys: String, CodingKey {
        case check, subject, reference, clip, against
        case subjectFile = "subject_file"
        case subjectStream = "subject_stream"
        case referenceStream = "reference_stream"
    }

    public init(check: Check, subject: Track, reference: Track) {
        self.check = check
        self.subject = subject
        self.reference = reference
    }
}

extension Finding {
    public var name: FindingName {
        var name = FindingName(check: check, subject: subject, reference: reference)
        (name.subjectFile, name.clip, name.against) = (subjectFile, clip, against)
        (name.subjectStream, name.referenceStream) = (subjectStream, referenceStream)
        return name
    }
}
