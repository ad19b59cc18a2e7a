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
        var offset: Offset?
        var driftPPM: Double?
        /// The judged view.
        var clip: String?
        /// The names of the faults that it reports.
        var names: Set<String> = []
    }

    /// Those of a store, of a folder of documents named like the rows, or of a table with the columns `name`,
    /// `offset_ms`, `drift_ppm`, `verdict` and `found`.
    static func read(_ path: String) throws -> [FaultAnswers] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return try documents(path)
        }
        return try FixInputs.isStore(path) ? store(path) : table(path)
    }

    private static func store(_ path: String) throws -> [FaultAnswers] {
        try StoreReader(path: path).records().compactMap { kept -> FaultAnswers? in
            let isSet = kept.record.findings.contains { $0.check == .views }
            // Only a finding's document states the view, and what is wrong with single items.
            let isDetailed = isSet || kept.record.findings.contains { $0.check == .transcript }
            let record = isDetailed ? kept.record.completed : kept.record
            let stated = record.attributes.first { $0.name == "name" }?.value
            guard let name = stated ?? (isSet ? record.group : nil) else { return nil }
            return FaultAnswers(
                name: name, verdict: record.verdict,
                findings: record.findings.map { finding in
                    let flags = (finding.items ?? []).flatMap { $0.flags.map(\.rawValue) }
                    return Said(
                        check: finding.check, subject: finding.subject, reference: finding.reference,
                        verdict: finding.verdict, offset: finding.offset, driftPPM: finding.drift?.ppm,
                        clip: finding.clip, names: Set(flags))
                }, other: nil)
        }
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
            verdict: verdict, offset: (finding["offset_ms"] as? Double).map { Offset(milliseconds: $0) },
            driftPPM: finding["drift_ppm"] as? Double, clip: finding["clip"] as? String,
            names: Set(faults + [evidence["kind"] as? String].compactMap { $0 }))
    }

    private static func table(_ path: String) throws -> [FaultAnswers] {
        var result: [FaultAnswers] = []
        CSVTable(data: try PerturbCommand.data(path), separator: UInt8(ascii: ",")).rows { _, row in
            guard case .success(let values) = row else { return }
            func value(_ column: String) -> String? { values.first { $0.name.lowercased() == column }?.value }
            guard let name = value("name") else { return }
            let offset = value("offset_ms").flatMap(Double.init).map { Offset(milliseconds: $0) }
            let found = (value("found") ?? "").split(separator: " ").map(String.init)
            result.append(
                FaultAnswers(
                    name: name, verdict: nil, findings: nil,
                    other: FaultAnswer(
                        verdict: value("verdict").flatMap(Verdict.init), offset: offset, names: Set(found),
                        driftPPM: value("drift_ppm").flatMap(Double.init))))
        }
        guard !result.isEmpty else { throw nothing(path) }
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
        return FaultAnswer(verdict: best.verdict, offset: best.offset, names: names, driftPPM: best.driftPPM)
    }

    /// Whether a path of an answer is that of the table, which is relative to the table's folder for copies.
    private static func isFile(_ path: String, _ listed: String) -> Bool {
        path == listed || (!listed.hasPrefix("/") && path.hasSuffix("/" + listed))
    }
}
