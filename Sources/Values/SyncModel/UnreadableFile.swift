extension Finding {
    /// The finding for a file of a clip that cannot be read: `failed`, with the reason and a remedy.
    public static func unreadable(
        _ failure: ClipFailure, file: String? = nil, check: Check, subject: Track, reference: Track,
        tolerance: Tolerance, method: MethodVersion
    ) -> Finding {
        var finding = Finding(
            check: check, subject: subject, reference: reference, judgement: Judgement(.failed, tolerance: tolerance),
            because: [Reason("\(failure.message): \(failure.remedy)")], method: method)
        finding.subjectFile = file
        return finding
    }
}
