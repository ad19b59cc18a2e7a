import Checks
import Fetching
import Foundation
import Plan
import Reporting
import Statistics
import Storage
import SyncModel
import Workers

/// A scan from its plan to its last result: existing results are taken from the store, all others are measured by the
/// workers, and everything is printed in the order of the plan.
final class CorpusScan {
    struct Outcome {
        let isInterrupted: Bool
    }

    struct Options {
        /// The store for results; nil: none.
        var store: String?
        /// Wait for another scan that writes the same store.
        var wait = false
        /// Which existing results are used.
        var kept = KeptResults()
        var jobs = 1
        /// Threads that decode the video of a clip.
        var decoderThreads = 1
        /// Time limit per clip, in seconds; nil: by its length.
        var clipTimeout: Double?
        /// Cache size for fetched clips, in bytes.
        var cacheLimit = FetchCache.standardLimit
        /// A file descriptor that becomes readable on interruption; negative: none.
        var alarm: Int32 = -1

        /// Opens the store for writing; nil: none is asked for.
        func openStore(parameters: String) throws -> ScanStore? {
            try store.map { path in
                try ScanStore(path: path, parameters: parameters, wait: wait) {
                    Console.note("genlock: waiting for another scan that writes \(path.printable) (\($0))\n")
                }
            }
        }

        func startWorkers(_ orders: WorkerOrders) throws -> WorkerPool {
            try WorkerPool(
                jobs: jobs,
                launch: .init(
                    executable: Programs.otherWorker ?? Programs.own, arguments: ["worker"],
                    environment: Programs.workerEnvironment(decoderThreads: decoderThreads)),
                orders: orders, limits: WorkerLimits(clipSeconds: clipTimeout, clipMemory: orders.memoryLimit))
        }
    }

    private let plan: ScanPlan
    /// The parameters that results depend on.
    private let parameters: String
    private let orders: WorkerOrders
    private let options: Options
    private let printer: ScanPrinter
    private let progress: ScanProgress

    /// Completes a request shortly before it is measured, such as with rows of a table; it may ask which other clips,
    /// by name, will be measured too.
    var prepare: ((_ request: ClipRequest, _ isMeasured: (String) -> Bool) -> ClipRequest)?
    /// Documents about more than one clip that the store is to keep, whatever becomes of the scan.
    var documents: [(kind: String, name: String, body: String)] = []
    /// Results found in the store for clips whose turn has not come yet, by index in the plan.
    private var asked: [Int: Answer] = [:]
    /// Episodes of robot sets by name: their index in the plan.
    private lazy var episodePlaces = Dictionary(
        plan.clips.indices.filter { plan.clips[$0].request.episode != nil }.map { (plan.clips[$0].request.clip, $0) }
    ) { first, _ in first }
    /// The sample frame, if only a sample is scanned; stored for the reports.
    var sample: SampleFrame?
    /// All results of a sample, for its summary.
    private(set) var sampled: [ClipRecord] = []
    /// Episodes of robot sets, for pooling.
    private(set) var episodes: [ClipRecord] = []
    /// Existing results that are failures and were not re-measured.
    private(set) var failedBefore = 0
    /// The verdicts so far.
    private(set) var tally = VerdictTally()
    /// Key and verdict of every clip, for comparison with a baseline.
    private(set) var kept: [BaselineEntry] = []

    /// Maximum number of clips started ahead of the first unfinished one: results wait for earlier ones.
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

    /// - Throws: `StoreError`, `StagedFileError` for the monitor's file, or why the workers cannot be started.
    func run() throws -> Outcome {
        try progress.begin()
        let store = try options.openStore(parameters: parameters)
        for document in documents {
            try store?.keep(document: document.body, kind: document.kind, name: document.name)
        }
        let pool = try options.startWorkers(orders)
        for problem in plan.problems { show(problem.record(key: problem.clip), isNew: true) }

        var taken = 0
        var delivered = 0
        var waiting: [Int: ClipRecord] = [:]
        var identities: [Int: String] = [:]
        var unchanged = 0
        var isInterrupted = false
        let remote = RemoteClips(cacheLimit: options.cacheLimit, jobs: options.jobs)
        defer { remote.close() }
        let comparesMasters = orders.checks.contains(.compare)
        let masters = MasterDesk(store: store, plan: comparesMasters ? plan : ScanPlan())
        var ready: [WorkerPool.Job] = []
        func deliver() {
            while let record = waiting.removeValue(forKey: delivered) {
                show(record, isNew: identities.removeValue(forKey: delivered) != nil)
                delivered += 1
            }
        }
        // A failure to fetch is not stored: the next scan tries again.
        func unfetched(_ index: Int, _ failure: ClipFailure) {
            let clip = self.plan.clips[index]
            waiting[index] = ClipReport(clip: clip.request.clip, durationSeconds: nil, outcome: .failed(failure))
                .record(key: clip.key).described(by: clip.request)
            identities[index] = ""
        }
        func takeFetched() {
            for (index, request, failure) in remote.fetched() {
                if let failure {
                    unfetched(index, failure)
                    remote.done(index, request)
                } else {
                    ready.append(WorkerPool.Job(index: index, request: self.completed(request, store)))
                }
            }
        }
        /// Advances in the plan to the next local clip to be measured, or as far as servers have answered.
        func advance() throws -> WorkerPool.Job? {
            while taken < self.plan.clips.count, taken - delivered < CorpusScan.window {
                var (index, clip) = (taken, self.plan.clips[taken])
                let isRemote = !clip.request.addresses.isEmpty
                if isRemote {
                    guard !remote.isFull,
                        let known = remote.known(clip.request, next: self.plan.clips[taken...])
                    else { return nil }
                    switch known {
                    case .failure(let failure):
                        taken += 1
                        unfetched(index, failure)
                        remote.done(index, clip.request)
                        continue
                    case .success(let request):
                        clip = ScanPlan.PlannedClip(key: clip.key, request: request)
                    }
                }
                taken += 1
                let answer = try self.answer(of: index, clip, store)
                self.asked[index] = nil
                if let kept = answer.kept {
                    if isRemote { remote.done(index, clip.request) }
                    if kept.isDescribedAnew { store?.describe(kept.record) }
                    waiting[index] = kept.record
                    unchanged += 1
                    masters.spared(clip.request)
                    if kept.record.verdict == .failed { self.failedBefore += 1 }
                    deliver()
                    continue
                }
                identities[index] = answer.identity
                if isRemote {
                    remote.fetch(clip.request, at: index)
                    continue
                }
                if let record = self.withoutWorker(clip) {
                    store?.add(record, identity: answer.identity)
                    waiting[index] = record
                    continue
                }
                let job = WorkerPool.Job(index: index, request: self.completed(clip.request, store))
                guard comparesMasters else { return job }
                if let job = try masters.take(job) { return job }
            }
            return nil
        }
        try pool.run(
            next: {
                takeFetched()
                return try ready.isEmpty ? advance() : ready.removeFirst()
            },
            isExhausted: {
                taken >= self.plan.clips.count && remote.isIdle && ready.isEmpty && masters.isIdle
            },
            finished: { job, report in
                let record = report.record(key: self.plan.clips[job.index].key).described(by: job.request)
                store?.add(record, identity: identities[job.index] ?? "")
                waiting[job.index] = record
                if !job.request.remote.isEmpty { remote.done(job.index, job.request) }
                ready += masters.done(job)
            },
            made: { try masters.keep($1, of: $0) },
            idle: {
                takeFetched()
                // Fetching continues while every worker is busy.
                if ready.isEmpty, taken < self.plan.clips.count, !self.plan.clips[taken].request.addresses.isEmpty,
                    let job = try advance()
                {
                    ready.append(job)
                }
                // Stored first, then reported.
                try store?.commit()
                deliver()
                self.progress.tick()
            },
            wake: options.alarm,
            source: { remote.descriptor },
            stop: {
                if !isInterrupted { isInterrupted = self.isRung }
                return isInterrupted
            })
        deliver()
        progress.end()
        if let sample {
            try store?.keep(document: SampleDocument.text(sample), kind: SampleDocument.kind, name: SampleDocument.name)
        }
        if let store { try PlanProblems.keep(plan, in: store) }
        try store?.close(unchanged: unchanged)
        if let confinement = pool.confinement { progress.note(confinement) }
        if isInterrupted { tellHowToGoOn(done: delivered) }
        return Outcome(isInterrupted: isInterrupted)
    }

    /// The identity of a clip's content, and its existing result.
    private struct Answer {
        let identity: String
        let kept: KeptResults.Kept?
    }

    private func answer(of index: Int, _ clip: ScanPlan.PlannedClip, _ store: ScanStore?) throws -> Answer {
        guard let store else { return Answer(identity: "", kept: nil) }
        if let known = asked[index] { return known }
        let identity = ContentIdentity.of(clip.request)
        let answer = Answer(
            identity: identity,
            kept: try options.kept.record(of: clip, identity: identity) { try store.result(key: $0, identity: $1) })
        asked[index] = answer
        return answer
    }

    private func completed(_ request: ClipRequest, _ store: ScanStore?) -> ClipRequest {
        guard let prepare else { return request }
        return prepare(request) { name in
            guard let index = self.episodePlaces[name] else { return false }
            return (try? self.answer(of: index, self.plan.clips[index], store))?.kept == nil
        }
    }

    /// The result of an episode whose video is not measured; nil: a worker is needed.
    private func withoutWorker(_ clip: ScanPlan.PlannedClip) -> ClipRecord? {
        guard let task = clip.request.episode, !task.wantsContent || task.failure != nil else { return nil }
        return EpisodeMeasurer(orders.settings).measure(clip.request.clip, task).record(key: clip.key)
            .described(by: clip.request)
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
                genlock: interrupted; \(done) of \(total) clips are done and saved in \(storePath.printable): run the \
                same command again to resume\n
                """
            )
        } else {
            Console.note(
                """
                genlock: interrupted; \(done) of \(total) clips are done; use --store FILE to make a scan \
                resumable\n
                """
            )
        }
    }
}
