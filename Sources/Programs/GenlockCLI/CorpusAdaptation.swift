import Assets
import Checks
import Files
import Foundation
import LipSync
import Plan
import Reporting
import Storage
import SyncModel
import Workers

/// From a store to an adapted model, and to new answers for inconclusive clips.
struct CorpusAdaptation {
    let store: String
    let output: String
    /// An attribute that names the speaker; nil: speakers are identified by voice.
    let speakerColumn: String?
    let seed: UInt32
    let jobs: Int
    /// Stores no new answers.
    let leavesStore: Bool
    let tell: @Sendable (String) -> Void

    /// Minimum confidence of answers used for training.
    static let leastConfidence = 0.8
    /// The store keeps a re-measured clip's earlier answer as a document of this kind, by key.
    static let earlier = "before-adapting"
    /// The training report, as a document of this kind by the model's method.
    static let told = "adaptation"

    /// A clip of the store to train on or to re-measure.
    struct Candidate {
        let record: ClipRecord
        let finding: Finding
        let parameters: ScanParameters.Known

        /// Seconds by which the audio is behind the video; nil: inconclusive.
        var lag: Double? { finding.offset.map { -$0.milliseconds / 1000 } }
    }

    /// - Throws: `StoreError`; `ClipFailure` naming what is missing.
    func run() throws -> AdaptationOutcome {
        guard let trainer = Trainer() else {
            throw ClipFailure(
                code: "no-trainer", message: "the training program (Python with PyTorch) is not installed",
                remedy: Trainer.remedy)
        }
        let candidates = try candidates()
        tell(
            "\(candidates.count { $0.lag != nil }) clips were answered with confidence, "
                + "\(candidates.count { $0.lag == nil }) were inconclusive")
        let folder = try made { () throws(StagedFileError) in try PrivateFolder.make("genlock-adapt") }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let taken = try features(of: candidates, into: folder)
        let model = folder + "/model.safetensors"
        let report = try train(trainer, folder, model)
        guard report.refused.isEmpty else {
            return AdaptationOutcome(report: report, method: nil, model: nil, measured: [])
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: model))
        let method = try AdaptedLipModel(data: data).method
        try made { () throws(StagedFileError) in try StagedFile.write(data, to: output, replacing: true) }
        let again = leavesStore ? [] : try measure(taken.filter { $0.lag == nil }, method, report)
        return AdaptationOutcome(report: report, method: method, model: output, measured: again)
    }

    private func made<Value>(_ body: () throws(StagedFileError) -> Value) throws -> Value {
        do { return try body() } catch {
            throw ClipFailure(
                code: "not-written", message: error.description, remedy: "check that its folder exists and has room")
        }
    }

    /// The clips whose lips were answered with confidence and one constant offset, and inconclusive ones with a face
    /// and a voice: measured by the packaged model, and unchanged since.
    private func candidates() throws -> [Candidate] {
        let reader = try StoreReader(path: store)
        let packaged = try LipModel.packaged().method
        return try reader.records(documents: true, curves: true).compactMap { record, _ in
            guard let found = record.completed.findings.first(where: { $0.check == .lips }), found.method == packaged,
                record.audioFile == nil, !FetchedFiles.isAddress(record.clip),
                let words = try reader.parameters(key: record.key),
                let parameters = ScanParameters.Known(words),
                try reader.result(
                    key: record.key, identity: ContentIdentity.of(request(of: record)), parameters: words) != nil
            else { return nil }
            if found.offset != nil {
                let isSteady = found.segments == nil && found.drift == nil
                let isSure = (found.confidence ?? 0) >= CorpusAdaptation.leastConfidence
                guard isSteady, isSure else { return nil }
            } else if found.verdict != .inconclusive {
                return nil
            }
            return Candidate(record: record, finding: found, parameters: parameters)
        }
    }

    /// The scan's request for a clip, as far as the store has it.
    private func request(of record: ClipRecord) -> ClipRequest {
        var files = ClipFiles(audio: record.audioFile, transcripts: record.transcriptFile.map { [$0] } ?? [])
        files.labels = record.labelsFile
        var request = ClipRequest(clip: record.clip, files: files)
        request.group = record.group
        request.language = record.language
        request.attributes = record.attributes
        return request
    }

    /// One line of `clips.jsonl`.
    private struct Line: Codable {
        let file: String
        let name: String
        let identity: String
        let talker: String?
        let lag: Double?
    }

    /// Lets confined processes re-read the clips, and writes their features.
    ///
    /// - Returns: the clips with usable features.
    private func features(of candidates: [Candidate], into folder: String) throws -> [Candidate] {
        let desks = (0..<min(jobs, max(1, candidates.count))).map { _ in Errand.desk() }
        defer { for desk in desks { desk.close() } }
        let lines = SharedTable<Result<Line, ClipFailure>>()
        DispatchQueue.concurrentPerform(iterations: desks.count) { job in
            for place in stride(from: job, to: candidates.count, by: desks.count) {
                let candidate = candidates[place]
                guard let question = try? WireJSON.encode(Errand.lipFeatures(candidate.record.clip)) else { continue }
                switch desks[job].ask(question, about: candidate.record.clip, seconds: 300) {
                case .success(let data) where !data.isEmpty:
                    let name = "\(place).safetensors"
                    do {
                        try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
                    } catch {
                        lines.put(
                            .failure(
                                ClipFailure(
                                    code: "not-written", message: "\(folder) cannot be written (\(error))",
                                    remedy: "make room there, or set TMPDIR to another folder")), place)
                        continue
                    }
                    let speaker = speakerColumn.flatMap { column in
                        candidate.record.attributes.first { $0.name == column }?.value
                    }
                    lines.put(
                        .success(
                            Line(
                                file: name, name: candidate.record.key,
                                identity: ContentIdentity.content(of: candidate.record.clip), talker: speaker,
                                lag: candidate.lag)), place)
                default: continue
                }
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = Data()
        for place in lines.all.keys.sorted() {
            guard let line = try lines.all[place]?.get() else { continue }
            text += try encoder.encode(line) + Data("\n".utf8)
        }
        try text.write(to: URL(fileURLWithPath: folder + "/clips.jsonl"))
        return lines.all.keys.sorted().map { candidates[$0] }
    }

    private func train(_ trainer: Trainer, _ folder: String, _ model: String) throws -> AdaptationReport {
        let tell = Teller(tell)
        var answer = ""
        let status = try trainer.run(
            [
                folder, model, "--packaged", LipModel.packagedFile().path, "--seed", "\(seed)", "--jobs", "\(jobs)",
            ], onLine: { tell.say($0) }, onAnswer: { answer = $0 })
        guard status == 0, let report = try? JSONDecoder().decode(AdaptationReport.self, from: Data(answer.utf8)) else {
            throw ClipFailure(
                code: "not-trained", message: "training on \(store.printable) failed: \(tell.last)",
                remedy: status == 1 ? "scan more clips with talking faces" : "run 'genlock doctor'")
        }
        return report
    }

    /// Reports from another thread, and keeps the last line.
    private final class Teller: @unchecked Sendable {
        // Unchecked: guarded by the lock.
        private let lock = NSLock()
        private let tell: @Sendable (String) -> Void
        private var words = ""

        init(_ tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

        func say(_ line: String) {
            lock.withLock {
                words = line
                tell(line)
            }
        }
        var last: String { lock.withLock { words } }
    }

    /// Re-measures inconclusive clips, stores the new answers, and keeps the old ones beside them.
    private func measure(_ refused: [Candidate], _ method: MethodVersion, _ report: AdaptationReport) throws
        -> [AdaptationOutcome.Measured]
    {
        var measured: [AdaptationOutcome.Measured] = []
        for (known, some) in Dictionary(grouping: refused, by: \.parameters) {
            var settings = known.settings
            settings.assets = AssetFolder(environment: ProcessInfo.processInfo.environment).root
            settings.lipModel = LipModelFile(path: URL(fileURLWithPath: output).path, method: method)
            let parameters = try ScanParameters(checks: known.checks, settings: settings).document
            let kept = try ScanStore(path: store, parameters: parameters)
            try kept.keep(document: report.document, kind: CorpusAdaptation.told, name: method.rawValue)
            let pool = try WorkerPool(
                jobs: jobs,
                launch: .init(executable: Programs.own, arguments: ["worker"], environment: Programs.workerEnvironment),
                orders: WorkerOrders(
                    checks: [.lips], settings: settings, memoryLimit: WorkerLimits.defaultMemory(jobs: jobs)),
                limits: WorkerLimits(clipSeconds: nil, clipMemory: WorkerLimits.defaultMemory(jobs: jobs)))
            var next = 0
            try pool.run(
                next: {
                    guard next < some.count else { return nil }
                    defer { next += 1 }
                    return WorkerPool.Job(index: next, request: request(of: some[next].record))
                }, isExhausted: { next >= some.count },
                finished: { job, answer in
                    let before = some[job.index]
                    guard let finding = answer.findings.first(where: { $0.check == .lips }), finding.offset != nil
                    else { return }
                    let findings = before.record.completed.findings.map { old in
                        old.check == .lips ? finding.adding(before.finding.asEarlier) : old
                    }
                    var both = ClipReport(
                        clip: before.record.clip, soundFile: before.record.audioFile,
                        durationSeconds: before.record.durationSeconds, outcome: .measured(findings))
                    both.facts = before.record.attributes
                    measured.append(
                        .init(
                            clip: before.record.clip, finding: finding, before: before.record.verdict,
                            after: both.verdict))
                    try kept.keep(
                        document: before.record.document, kind: CorpusAdaptation.earlier, name: before.record.key)
                    kept.add(
                        both.record(key: before.record.key).described(by: job.request),
                        identity: ContentIdentity.of(job.request))
                },
                idle: { try kept.commit() })
            try kept.close()
        }
        return measured.sorted { $0.clip < $1.clip }
    }
}

extension Finding {
    /// The packaged model's result, as evidence beside the adapted one's answer.
    fileprivate var asEarlier: [Evidence] {
        [
            Evidence("packaged_verdict", .text(verdict.rawValue)),
            Evidence("packaged_method", .text(method.rawValue)),
        ]
    }
}

/// Values by index, filled by several threads.
private final class SharedTable<Value>: @unchecked Sendable {
    // Unchecked: guarded by the lock.
    private let lock = NSLock()
    private var values: [Int: Value] = [:]

    func put(_ value: Value, _ place: Int) { lock.withLock { values[place] = value } }
    var all: [Int: Value] { lock.withLock { values } }
}
