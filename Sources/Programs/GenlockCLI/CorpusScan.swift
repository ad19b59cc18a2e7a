import Checks
import Foundation
import Plan
import Reporting
import Statistics
import Storage
import SyncModel
import Workers

/// A scan from its plan to its last result: what is kept already is taken from the store, all else goes to the workers,
/// and everything is printed in the order of the plan.
final class CorpusScan {
    struct Outcome {
        let isInterrupted: Bool
    }

    struct Options {
        /// Where results are kept; nil: nowhere.
        var store: String?
        /// Wait for another scan that writes the same store.
        var wait = false
        /// Measure again what is kept already.
        var force = false
        var jobs = 1
        /// Seconds that one clip may take; nil: by its length.
        var clipTimeout: Double?
        /// Limits were named: clips that failed by others are measured again.
        var hasNewLimits = false
        /// A file descriptor that becomes readable when the user interrupts; negative: none.
        var alarm: Int32 = -1
    }

    private let plan: ScanPlan
    /// What results depend on beside the clips.
    private let parameters: String
    private let orders: WorkerOrders
    private let options: Options
    private let printer: ScanPrinter
    private let progress: ScanProgress

    /// Completes a request shortly before it is measured, such as with rows of a table.
    var prepare: ((ClipRequest) -> ClipRequest)?
    /// Where only a sample is scanned: what it is of, kept in the store for the reports.
    var sample: SampleFrame?
    /// Of a sample all results, for its summary.
    private(set) var sampled: [ClipRecord] = []
    /// Episodes of robot sets, for what they say together.
    private(set) var episodes: [ClipRecord] = []
    /// The verdicts so far.
    private(set) var tally = VerdictTally()
    /// Key and verdict of every clip, for a comparison.
    private(set) var kept: [BaselineEntry] = []

    /// Results that wait for one before them: no more clips are begun than so many ahead of the first that is not done.
    private static let window = 4096

    init(
        _ plan: ScanPlan, parameters: String, orders: WorkerOrders, options: Options, printer: ScanPrinter,
        progress: ScanProgress
    ) {
        self.plan = plan
        self.parameters = parameters
        self.orders = orders
        self.options = options
        self.printer = printer
        self.progress = progress
    }

    func run() throws -> Outcome {
        let store = try options.store.map { path in
            try ScanStore(path: path, parameters: parameters, wait: options.wait) {
                Console.note("genlock: waiting for another scan that writes \(path.printable) (\($0))\n")
            }
        }
        let pool = try WorkerPool(
            jobs: options.jobs,
            launch: .init(executable: Programs.own, arguments: ["worker"], environment: Programs.workerEnvironment),
            orders: orders, limits: WorkerLimits(clipSeconds: options.clipTimeout, clipMemory: orders.memoryLimit))
        progress.begin()
        for problem in plan.problems { show(problem.record(key: problem.clip), isNew: true) }

        var taken = 0
        var delivered = 0
        var waiting: [Int: ClipRecord] = [:]
        var identities: [Int: String] = [:]
        var unchanged = 0
        var isInterrupted = false
        func deliver() {
            while let record = waiting.removeValue(forKey: delivered) {
                show(record, isNew: identities.removeValue(forKey: delivered) != nil)
                delivered += 1
            }
        }
        try pool.run(
            next: {
                while taken < self.plan.clips.count, taken - delivered < CorpusScan.window {
                    let (index, clip) = (taken, self.plan.clips[taken])
                    taken += 1
                    if let done = self.withoutWorker(clip, store) {
                        (identities[index], waiting[index]) = done.isNew ? ("", done.record) : (nil, done.record)
                        if !done.isNew { unchanged += 1 }
                        continue
                    }
                    guard let store else {
                        identities[index] = ""
                        return WorkerPool.Job(index: index, request: self.prepare?(clip.request) ?? clip.request)
                    }
                    let identity = ContentIdentity.of(clip.request)
                    if !self.options.force, let record = try self.kept(clip, identity, store), self.stands(record) {
                        waiting[index] = record
                        unchanged += 1
                        deliver()
                        continue
                    }
                    identities[index] = identity
                    return WorkerPool.Job(index: index, request: self.prepare?(clip.request) ?? clip.request)
                }
                return nil
            },
            isExhausted: { taken >= self.plan.clips.count },
            finished: { job, report in
                var record = report.record(key: self.plan.clips[job.index].key)
                record.describe(job.request)
                store?.add(record, identity: identities[job.index] ?? "")
                waiting[job.index] = record
            },
            idle: {
                // Kept first, told then.
                try store?.commit()
                deliver()
                self.progress.tick()
            },
            wake: options.alarm,
            stop: {
                if !isInterrupted { isInterrupted = self.isRung }
                return isInterrupted
            })
        deliver()
        progress.end()
        if let sample {
            try store?.keep(document: SampleDocument.text(sample), kind: SampleDocument.kind, name: SampleDocument.name)
        }
        try store?.close(unchanged: unchanged)
        if let confinement = pool.confinement { progress.note(confinement) }
        if isInterrupted { tellHowToGoOn(done: delivered) }
        return Outcome(isInterrupted: isInterrupted)
    }

    /// What the store holds of a clip that has not changed.
    private func kept(_ clip: ScanPlan.PlannedClip, _ identity: String, _ store: ScanStore) throws -> ClipRecord? {
        try store.result(key: clip.key, identity: identity)
            ?? ContentIdentity.withContent(clip.request).flatMap { try store.result(key: clip.key, identity: $0) }
    }

    /// The result of an episode whose pictures are not looked at; nil: a worker is needed.
    private func withoutWorker(_ clip: ScanPlan.PlannedClip, _ store: ScanStore?) -> (record: ClipRecord, isNew: Bool)?
    {
        guard let task = clip.request.episode, !task.wantsContent || task.failure != nil else { return nil }
        let identity = store == nil ? "" : ContentIdentity.of(clip.request)
        if let store, !options.force, let kept = try? kept(clip, identity, store) { return (kept, false) }
        var record = EpisodeMeasurer(orders.settings).measure(clip.request.clip, task).record(key: clip.key)
        record.describe(clip.request)
        store?.add(record, identity: identity)
        return (record, true)
    }

    /// Whether a kept result may be taken for this scan's.
    private func stands(_ record: ClipRecord) -> Bool {
        guard options.hasNewLimits, let code = record.failure?.code else { return true }
        return !["timed-out", "too-much-memory", "out-of-memory", "worker-died"].contains(code)
    }

    private func show(_ record: ClipRecord, isNew: Bool) {
        tally.add(record.verdict)
        if sample != nil { sampled.append(record) }
        if record.findings.first?.check == .sensor { episodes.append(record) }
        kept.append(BaselineEntry(key: record.key, verdict: record.verdict))
        progress.clear()
        printer.add(record)
        progress.add(record, isNew: isNew)
    }

    private var isRung: Bool {
        guard options.alarm >= 0 else { return false }
        var byte: UInt8 = 0
        return read(options.alarm, &byte, 1) == 1
    }

    private func tellHowToGoOn(done: Int) {
        let total = plan.clips.count
        if let storePath = options.store {
            Console.note(
                """
                genlock: interrupted; \(done) of \(total) clips are done and kept in \(storePath.printable): run the \
                same command again to go on\n
                """
            )
        } else {
            Console.note(
                """
                genlock: interrupted; \(done) of \(total) clips are done; with --store FILE a scan goes on where it \
                was\n
                """
            )
        }
    }
}

extension ClipRecord {
    /// Adds what the plan knew of the clip.
    fileprivate mutating func describe(_ request: ClipRequest) {
        audioFile = request.files?.audio
        transcriptFile = request.files?.transcripts.first
        labelsFile = request.files?.labels
        group = request.group
        language = request.language
        // The manifest's own stand first.
        attributes = request.attributes + attributes
        if request.episode != nil { nameFaults() }
    }
}
