import Foundation
import Perturbing
import Plan
import Storage
import SyncModel

/// What a tool says of one row of the truth, or of one camera set.
struct FaultAnswers {
    /// That of the row, or of the set.
    let name: String
    private let verdict: Verdict?
    /// nil: the table of another tool, which gives one answer per row.
    private let findings: [Said]?
    private let other: FaultAnswer?

    /// One finding, from a store or from a document.
    private struct Said {
        var check: Check
        var subject: Track
        var reference: Track
        var verdict: Verdict
        var offset: OffsetCourse?
        /// The judged view.
        var clip: String?
        /// The names of the faults that it reports.
        var names: Set<String> = []
    }

    /// Those of a store, of a folder of documents named like the rows, or of a table with the columns `name`,
    /// `offset_ms`, `drift_ppm`, `verdict` and `found`.
    ///
    /// - Parameter tell: receives what is wrong with a table, a sentence each.
    static func read(_ path: String, tell: (String) -> Void) throws -> [FaultAnswers] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return try documents(path)
        }
        return try FixInputs.isStore(path) ? store(path) : table(path, tell: tell)
    }

    private static func store(_ path: String) throws -> [FaultAnswers] {
        try StoreReader(path: path).records().compactMap { kept -> FaultAnswers? in
            let isSet = kept.record.findings.contains { $0.check == .views }
            // Only a finding's document states the view, its segments, and what is wrong with single items.
            let record = kept.record.completed
            let stated = record.attributes.first { $0.name == "name" }?.value
            guard let name = stated ?? (isSet ? record.group : nil) else { return nil }
            return FaultAnswers(
                name: name, verdict: record.verdict,
                findings: record.findings.map { finding in
                    let flags = (finding.items ?? []).flatMap { $0.flags.map(\.rawValue) }
                    return Said(
                        check: finding.check, subject: finding.subject, reference: finding.reference,
                        verdict: finding.verdict, offset: course(finding), clip: finding.clip, names: Set(flags))
                }, other: nil)
        }
    }

    private static func course(_ finding: Finding) -> OffsetCourse? {
        if let segments = finding.segments, segments.count > 1 {
            return OffsetCourse(pieces: segments.map { .init(start: $0.span.start, offset: $0.offset) })
        }
        return finding.offset.map { OffsetCourse($0, driftPPM: finding.drift?.ppm) }
    }

    /// Documents of `genlock views` and `genlock actions`; one that cannot be read is no answer.
    private static func documents(_ folder: String) throws -> [FaultAnswers] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let result = names.filter { $0.hasSuffix(".json") }.compactMap { name -> FaultAnswers? in
            guard let data = FileManager.default.contents(atPath: folder + "/" + name),
                let document = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
                let findings = document["findings"] as? [[String: Any]]
            else { return nil }
            return FaultAnswers(
                name: String(name.dropLast(".json".count)),
                verdict: (document["verdict"] as? String).flatMap(Verdict.init), findings: findings.compactMap(said),
                other: nil)
        }
        guard !result.isEmpty else { throw nothing(folder) }
        return result
    }

    private static func said(_ finding: [String: Any]) -> Said? {
        func text(_ name: String) -> String { finding[name] as? String ?? "" }
        guard let check = Check(rawValue: text("check")), let verdict = Verdict(rawValue: text("verdict")) else {
            return nil
        }
        let evidence = finding["evidence"] as? [String: Any] ?? [:]
        let faults = (evidence["faults"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
        return Said(
            check: check, subject: Track(rawValue: text("subject")), reference: Track(rawValue: text("reference")),
            verdict: verdict, offset: course(finding), clip: finding["clip"] as? String,
            names: Set(faults + [evidence["kind"] as? String].compactMap { $0 }))
    }

    private static func course(_ finding: [String: Any]) -> OffsetCourse? {
        let pieces = (finding["segments"] as? [[String: Any]] ?? []).compactMap { segment -> OffsetCourse.Piece? in
            guard let start = segment["start_s"] as? Double, let offset = segment["offset_ms"] as? Double else {
                return nil
            }
            return OffsetCourse.Piece(start: start, offset: Offset(milliseconds: offset))
        }
        if pieces.count > 1 { return OffsetCourse(pieces: pieces) }
        guard let offset = finding["offset_ms"] as? Double else { return nil }
        return OffsetCourse(Offset(milliseconds: offset), driftPPM: finding["drift_ppm"] as? Double)
    }

    private static let answering = ["offset_ms", "drift_ppm", "segments", "verdict", "found"]

    private static func table(_ path: String, tell: (String) -> Void) throws -> [FaultAnswers] {
        var result: [FaultAnswers] = []
        var columns: [String] = []
        var mistakes: [String] = []
        CSVTable(data: try PerturbCommand.data(path), separator: UInt8(ascii: ",")).rows { line, row in
            guard case .success(let values) = row else {
                mistakes.append("row \(line) cannot be read")
                return
            }
            if columns.isEmpty { columns = values.map { $0.name.lowercased() } }
            /// The text of a column; nil: it is empty, or what tables write for nothing.
            func value(_ column: String) -> String? {
                let text = values.first { $0.name.lowercased() == column }?.value.trimmingCharacters(in: .whitespaces)
                return text.flatMap { ["", "nan", "none", "null", "na"].contains($0.lowercased()) ? nil : $0 }
            }
            func number(_ column: String) -> Double? {
                guard let text = value(column) else { return nil }
                if let number = Double(text), number.isFinite { return number }
                mistakes.append("\(column) of row \(line) is '\(text.printable)', which is no number")
                return nil
            }
            guard let name = value("name") else {
                mistakes.append("row \(line) has no name")
                return
            }
            let verdict = value("verdict").flatMap { text -> Verdict? in
                if let verdict = Verdict(rawValue: text) { return verdict }
                mistakes.append(
                    "verdict of row \(line) is '\(text.printable)'; it is one of "
                        + Verdict.allCases.map(\.rawValue).joined(separator: ", "))
                return nil
            }
            let segments = value("segments") ?? ""
            let offset = OffsetCourse(
                milliseconds: number("offset_ms"), driftPPM: number("drift_ppm"), segments: segments)
            if offset == nil, !segments.isEmpty {
                mistakes.append("segments of row \(line) are not as in 0.0:0.0 12.5:-200")
            }
            let found = (value("found") ?? "").split(separator: " ").map(String.init)
            result.append(
                FaultAnswers(
                    name: name, verdict: nil, findings: nil,
                    other: FaultAnswer(verdict: verdict, offset: offset, names: Set(found))))
        }
        guard !result.isEmpty else { throw nothing(path) }
        guard columns.contains(where: answering.contains) else {
            throw ClipFailure(
                code: "no-answers",
                message: "\(path.printable) has none of the columns \(answering.joined(separator: ", ")), but "
                    + columns.map(\.printable).joined(separator: ", "),
                remedy: "rename the column of the offset to offset_ms: milliseconds to add to the subject's times")
        }
        for mistake in mistakes.prefix(5) { tell("\(path.printable): \(mistake)") }
        if mistakes.count > 5 { tell("\(path.printable): \(mistakes.count - 5) more of these") }
        return result
    }

    private static func nothing(_ path: String) -> ClipFailure {
        ClipFailure(
            code: "no-answers", message: "\(path.printable) holds no answers",
            remedy: "give a store, a folder of documents, or a table with the columns name and offset_ms")
    }

    /// The answers of checks about the fault's subject; for an untouched clip its own verdict.
    ///
    /// - Parameter fault: that of the entry, or another one whose check is asked of an entry without a fault.
    func answer(to entry: TruthTable.Entry, of fault: Fault) -> FaultAnswer? {
        guard let findings else { return other }
        guard let check = fault.check else {
            return FaultAnswer(verdict: verdict, offset: findings.lazy.compactMap(\.offset).first)
        }
        let told = findings.filter { finding in
            switch check {
            case .lips: finding.subject == .audio && finding.reference == .video && finding.check != .container
            case .views: finding.check == .views && finding.clip.map { Self.isFile($0, entry.media) } == true
            default: finding.check == check
            }
        }
        let names = told.reduce(into: Set<String>()) { $0.formUnion($1.names) }
        guard let best = told.first(where: { $0.offset != nil }) ?? told.first else {
            // Labels without a difference have no finding.
            guard check == .actions, let verdict else { return nil }
            return FaultAnswer(verdict: verdict, offset: nil)
        }
        return FaultAnswer(verdict: best.verdict, offset: best.offset, names: names)
    }

    /// Whether a path of an answer is that of the table, which is relative to the table's folder for copies.
    private static func isFile(_ path: String, _ listed: String) -> Bool {
        path == listed || (!listed.hasPrefix("/") && path.hasSuffix("/" + listed))
    }
}
