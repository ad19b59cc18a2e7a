/// Which finding of a clip is meant: what was measured against what, in which file and stream. It outlives a new
/// measurement.
public struct FindingName: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    /// The file that holds the subject; nil: the clip.
    public var subjectFile: String?
    public var subjectStream: StreamName?
    public var referenceStream: StreamName?
    /// Of `views` and `sensor`: the recording that is judged, and the one it is held against.
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
