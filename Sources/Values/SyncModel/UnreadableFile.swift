extension Finding {
    /// What is said of a file that belongs to a clip and could not be read: `failed`, with what is wrong and what to
    /// do.
    public static func unreadable(
        _ failure: ClipFailure, file: String? = nil, check: Check, subject: Track, reference: Track,
        tolerance: Tolerance, method: MethodVersion
    ) -> Finding {
        var finding = Finding(
            check: check, subject: subject, reference: reference, judgement: Judgement(.failed, tolerance: tolerance),
            because: [Doubt("\(failure.message): \(failure.remedy)")], method: method)
        finding.subjectFile = file
        return finding
    }
}
