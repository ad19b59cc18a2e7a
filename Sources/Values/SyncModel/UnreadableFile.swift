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

extension String {
    /// A program that says what is wrong with the file at this path, as it is called for files of its kind.
    public var inspection: String {
        switch endingOfPath.lowercased() {
        case "h5", "hdf5": "'h5ls -r'"
        case "mcap": "'mcap doctor'"
        case "db3": "sqlite3's 'PRAGMA integrity_check'"
        default: "'ffprobe'"
        }
    }
}
