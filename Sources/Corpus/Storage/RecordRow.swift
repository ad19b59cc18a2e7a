import Foundation
import GRDB
import SyncModel

/// Records to rows and back.
enum RecordRow {
    /// Of `clip`, in the order in which `record` reads them.
    static let columns = """
        id, key, path, audio_file, transcript_file, labels_file, clip_group, language, duration_s, verdict, error_code,
        error_message, error_remedy, tool_version, method_version, document_head, document_tail
        """

    /// Of `finding`, likewise.
    static let findingColumns = """
        clip_id, check_name, subject, reference, verdict, offset_ms, ci_low_ms, ci_high_ms, confidence, worst_ms, \
        drift_ppm, rate,
        because, method, document, curve
        """

    static func insert(_ record: ClipRecord, identity: String, _ parametersID: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM clip WHERE key = ?").execute(arguments: [record.key])
        let clip = try db.cachedStatement(
            sql: """
                INSERT INTO clip(key, path, audio_file, transcript_file, labels_file, clip_group, language, \
                duration_s, verdict,
                    offset_ms, error_code, error_message, error_remedy, tool_version, method_version, identity, \
                parameters_id,
                    measured_at, document_head, document_tail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let values: [(any DatabaseValueConvertible)?] = [
            record.key, record.clip, record.audioFile, record.transcriptFile, record.labelsFile, record.group,
            record.language,
            record.durationSeconds, record.verdict.rawValue, record.decisive?.offset?.milliseconds,
            record.failure?.code,
            record.failure?.message, record.failure?.remedy, record.toolVersion, record.methodVersion?.rawValue,
            identity,
            parametersID,
            StoreClock.now, record.documentHead, record.documentTail,
        ]
        try clip.execute(arguments: StatementArguments(values))
        let id = db.lastInsertedRowID
        precondition(record.documents.count == record.findings.count, "a finding is kept with its document")
        for (number, (finding, document)) in zip(record.findings, record.documents).enumerated() {
            try insert(finding, document, number, of: id, db)
        }
        try insert(record.attributes, of: id, db)
    }

    private static func insert(_ attributes: [ClipRecord.Attribute], of id: Int64, _ db: Database) throws {
        for (number, attribute) in attributes.enumerated() {
            try db.cachedStatement(sql: "INSERT INTO attribute(clip_id, number, name, value) VALUES (?, ?, ?, ?)")
                .execute(arguments: [id, number, attribute.name, attribute.value])
        }
    }

    /// Updates group, language and attributes of a stored clip from the record.
    static func describe(_ record: ClipRecord, _ db: Database) throws {
        guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM clip WHERE key = ?", arguments: [record.key]) else {
            return
        }
        try db.cachedStatement(sql: "UPDATE clip SET clip_group = ?, language = ? WHERE id = ?")
            .execute(arguments: [record.group, record.language, id])
        try db.cachedStatement(sql: "DELETE FROM attribute WHERE clip_id = ?").execute(arguments: [id])
        try insert(record.attributes, of: id, db)
    }

    /// The result of a clip that was measured with these parameters and has not changed since; nil: none.
    static func kept(_ db: Database, key: String, identity: String, _ parametersID: Int64) throws -> ClipRecord? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM clip WHERE key = ? AND identity = ? AND parameters_id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key, identity, parametersID]) else { return nil }
        return try record(row, db)
    }

    private static func insert(_ finding: Finding, _ document: String, _ number: Int, of id: Int64, _ db: Database)
        throws
    {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO finding(number, \(findingColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
                ?)
                """)
        let values: [(any DatabaseValueConvertible)?] = [
            number, id, finding.check.rawValue, finding.subject.rawValue, finding.reference.rawValue,
            finding.verdict.rawValue,
            finding.offset?.milliseconds, finding.interval?.lower.milliseconds, finding.interval?.upper.milliseconds,
            finding.confidence, finding.worst?.milliseconds, finding.drift?.ppm, finding.rate,
            Reasons.text(finding.because),
            finding.method.rawValue,
            document,
            CurveBlob.bytes(finding.curve),
        ]
        try statement.execute(arguments: StatementArguments(values))
    }

    /// The record of a row of `clip`, with its findings and attributes.
    static func record(_ row: Row, _ db: Database) throws -> ClipRecord {
        var record = try record(row)
        let id: Int64 = row[0]
        let findings = try db.cachedStatement(
            sql: "SELECT \(findingColumns) FROM finding WHERE clip_id = ? ORDER BY number")
        for row in try Row.fetchAll(findings, arguments: [id]) { try append(row, to: &record) }
        let attributes = try db.cachedStatement(
            sql: "SELECT name, value FROM attribute WHERE clip_id = ? ORDER BY number")
        record.attributes = try Row.fetchAll(attributes, arguments: [id]).map { ClipRecord.Attribute($0[0], $0[1]) }
        return record
    }

    /// The same without findings and attributes.
    static func record(_ row: Row) throws -> ClipRecord {
        let code: String? = row[10]
        let failure = code.map { ClipFailure(code: $0, message: row[11] ?? "", remedy: row[12] ?? "") }
        var record = ClipRecord(key: row[1], clip: row[2], verdict: try verdict(row[9]))
        (record.audioFile, record.transcriptFile, record.labelsFile) = (row[3], row[4], row[5])
        (record.group, record.language, record.durationSeconds) = (row[6], row[7], row[8])
        record.failure = failure
        record.toolVersion = row[13]
        record.methodVersion = (row[14] as String?).map(MethodVersion.init(rawValue:))
        (record.documentHead, record.documentTail) = (row[15], row[16])
        return record
    }

    /// Adds the finding of a row, and its document.
    static func append(_ row: Row, to record: inout ClipRecord, curves: Bool = true) throws {
        record.findings.append(try finding(row, curves: curves))
        record.documents.append(row[14])
    }

    /// - Parameter curves: whether to read the curves, the largest part.
    static func finding(_ row: Row, curves: Bool = true) throws -> Finding {
        let (low, high): (Double?, Double?) = (row[6], row[7])
        let interval = low.flatMap { low in
            high.map { OffsetInterval(Offset(milliseconds: low), Offset(milliseconds: $0)) }
        }
        guard let check = Check(rawValue: row[1]) else { throw StoreError.unknown("check", row[1]) }
        let because: String? = row[12]
        let (offset, worst, drift): (Double?, Double?, Double?) = (row[5], row[9], row[10])
        var finding = Finding(
            check: check, subject: Track(rawValue: row[2]), reference: Track(rawValue: row[3]),
            judgement: Judgement(
                kept: try verdict(row[4]), offset: offset.map { Offset(milliseconds: $0) }, interval: interval,
                confidence: row[8]),
            because: because.map(Reasons.list) ?? [],
            curve: curves ? CurveBlob.points(row[15]) : [], method: MethodVersion(rawValue: row[13]))
        finding.worst = worst.map { Offset(milliseconds: $0) }
        finding.drift = drift.map { Drift(ppm: $0) }
        finding.rate = row[11]
        return finding
    }

    private static func verdict(_ name: String) throws -> Verdict {
        guard let verdict = Verdict(rawValue: name) else { throw StoreError.unknown("verdict", name) }
        return verdict
    }
}

/// The reasons of a finding in one column, one per line; a line break within a reason is kept as LINE SEPARATOR.
private enum Reasons {
    private static let separator: Unicode.Scalar = "\u{2028}"

    static func text(_ reasons: [Reason]) -> String? {
        guard !reasons.isEmpty else { return nil }
        return reasons.map { replaced($0.description.unicodeScalars, "\n", by: separator) }.joined(separator: "\n")
    }

    static func list(_ text: String) -> [Reason] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            Reason(replaced($0, separator, by: "\n"))
        }
    }

    private static func replaced(
        _ text: some Sequence<Unicode.Scalar>, _ old: Unicode.Scalar, by new: Unicode.Scalar
    ) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text { result.append(scalar == old ? new : scalar) }
        return String(result)
    }
}

extension StoreError {
    fileprivate static func unknown(_ what: String, _ name: String) -> StoreError {
        StoreError(
            message: "the store contains a \(what) '\(name.printable)' that this version does not know",
            remedy: "install the version that wrote it, or scan again with --force")
    }
}

/// A correlation curve as bytes: first offset and step in ms (Float32), then heights in hundredths (Int16), little
/// endian. Curves are evenly spaced; others keep their ends and are stored as if they were.
enum CurveBlob {
    static func bytes(_ curve: [CurvePoint]) -> Data? {
        guard curve.count > 1, let first = curve.first?.offset.milliseconds, let last = curve.last?.offset.milliseconds
        else { return nil }
        var data = Data(capacity: 8 + 2 * curve.count)
        for value in [Float(first), Float((last - first) / Double(curve.count - 1))] {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        for point in curve {
            let hundredths =
                point.height.isFinite ? Int16(max(-32_767, min(32_767, (point.height * 100).rounded()))) : 0
            withUnsafeBytes(of: hundredths.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    static func points(_ data: Data?) -> [CurvePoint] {
        guard let data, data.count >= 12, data.count % 2 == 0 else { return [] }
        let bytes = [UInt8](data)
        func float(_ at: Int) -> Double {
            Double(Float(bitPattern: (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[at + $1]) }))
        }
        let (first, step) = (float(0), float(4))
        return (0..<(bytes.count - 8) / 2).map { index in
            let value = Int16(bitPattern: UInt16(bytes[8 + 2 * index]) | UInt16(bytes[9 + 2 * index]) << 8)
            return CurvePoint(offset: Offset(milliseconds: first + Double(index) * step), height: Double(value) / 100)
        }
    }
}
