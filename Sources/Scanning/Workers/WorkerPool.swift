import Files
public import Foundation
public import Plan
public import SyncModel

/// Measures clips in persistent worker processes, on the calling thread alone.
///
/// A clip that kills its worker, or exceeds time or memory, costs that worker and gives one `failed` report.
///
/// ```swift
/// signal(SIGPIPE, SIG_IGN)
/// let pool = try WorkerPool(
///     jobs: 4, launch: .init(executable: "/proc/self/exe", arguments: ["worker"], environment: environment),
///     orders: orders, limits: WorkerLimits(clipMemory: orders.memoryLimit))
/// try pool.run(
///     next: { jobs.popLast() }, isExhausted: { jobs.isEmpty },
///     finished: { job, report in print("\(job.request.clip): \(report.verdict.rawValue)") })
/// ```
public final class WorkerPool {
    /// How workers are started.
    public struct Launch: Sendable {
        public var executable: String
        public var arguments: [String]
        public var environment: [String: String]

        public init(executable: String, arguments: [String], environment: [String: String]) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
        }
    }

    /// Number of workers; fewer if the machine has not enough memory.
    private var jobs: Int
    private let launch: Launch
    private let orders: Data
    private let limits: WorkerLimits
    private var slots: [WorkerSlot] = []
    private var returned: [Job] = []
    /// Confinement of the first worker; nil until it reported it.
    public private(set) var confinement: Confinement?

    /// A clip with its index in the scan.
    public struct Job: Sendable {
        public let index: Int
        public let request: ClipRequest

        public init(index: Int, request: ClipRequest) {
            self.index = index
            self.request = request
        }
    }

    /// Polling interval of time and memory, in milliseconds.
    private static let look: Int32 = 50
    /// Number of consecutive workers that exit before they are ready after which the pool gives up.
    private static let hopeless = 3

    public init(jobs: Int, launch: Launch, orders: WorkerOrders, limits: WorkerLimits) throws {
        self.jobs = max(1, jobs)
        self.launch = launch
        self.orders = try WireJSON.encode(orders)
        self.limits = limits
    }

    /// Runs until there are no more clips, or until stopped; then all workers are ended.
    ///
    /// - Parameters:
    ///   - next: the next clip; nil: none now. All closures are called on this thread.
    ///   - isExhausted: whether there will be no more clips.
    ///   - finished: receives a clip's report, in order of completion.
    ///   - made: receives the data of a clip's master to store, before that clip's report. The bytes may come from a
    ///     compromised worker: only another worker may read them.
    ///   - idle: called after each batch of reports, and at least every 50 ms.
    ///   - wake: a descriptor whose readability ends the waiting, such as a signal's; -1: none.
    ///   - source: called before each wait for a descriptor that more clips come from; -1: none now.
    ///   - stop: called often; true ends the work immediately, and clips in progress are not reported.
    public func run(
        next: () throws -> Job?, isExhausted: () -> Bool, finished: (Job, ClipReport) throws -> Void,
        made: (Job, Data) throws -> Void = { _, _ in },
        idle: () throws -> Void = {}, wake: Int32 = -1, source: () -> Int32 = { -1 },
        stop: () -> Bool = { false }
    ) throws {
        defer { slots = [] }
        var stillborn = 0
        while !stop() {
            // Assigns clips to free workers.
            for slot in slots {
                while slot.wantsMore, let job = try take(next) { try slot.take(job, limits) }
            }
            while slots.count < jobs, let job = try take(next) {
                let process: WorkerProcess
                do {
                    process = try WorkerProcess(
                        executable: launch.executable, arguments: launch.arguments, environment: launch.environment)
                } catch {
                    guard !slots.isEmpty else { throw error }
                    jobs = slots.count
                    returned.append(job)
                    break
                }
                let slot = WorkerSlot(process)
                slot.process.send(.orders(orders))
                try slot.take(job, limits)
                slots.append(slot)
            }
            if slots.allSatisfy({ $0.jobs.isEmpty }), isExhausted(), returned.isEmpty { break }

            wait([wake, source()])
            for slot in slots {
                let outcome = attend(slot)
                if slot.isReady { stillborn = 0 }
                for (job, report, master) in outcome.reports {
                    if let master { try made(job, master) }
                    try finished(job, report)
                }
                guard let end = outcome.end else { continue }
                slots.removeAll { $0 === slot }
                let jobs = slot.jobs
                slot.process.kill()
                if end == .gone, !slot.isReady {
                    // Not the clip's fault: it was not started.
                    stillborn += 1
                    if stillborn >= WorkerPool.hopeless {
                        throw WorkerProcess.CannotStart(
                            description: "worker processes exit before they start"
                                + (slot.process.complaint.map { ": \($0)" } ?? ""))
                    }
                    returned += jobs
                } else if let first = jobs.first {
                    try finished(first, report(of: end, first, slot))
                    returned += jobs.dropFirst()
                }
            }
            try idle()
        }
    }

    /// Returned clips come first.
    private func take(_ next: () throws -> Job?) throws -> Job? {
        returned.isEmpty ? try next() : returned.removeFirst()
    }

    /// Waits for workers, or for further descriptors; negative ones are ignored.
    private func wait(_ others: [Int32]) {
        var watched: [pollfd] = []
        for slot in slots {
            watched.append(pollfd(fd: slot.process.output, events: Int16(POLLIN), revents: 0))
            if !slot.complaintsEnded {
                watched.append(pollfd(fd: slot.process.complaints, events: Int16(POLLIN), revents: 0))
            }
            if slot.process.hasUnsent {
                watched.append(pollfd(fd: slot.process.inputDescriptor, events: Int16(POLLOUT), revents: 0))
            }
        }
        for other in others where other >= 0 { watched.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&watched, nfds_t(watched.count), WorkerPool.look)
    }

    /// Reads a worker's frames, and checks its limits.
    private func attend(_ slot: WorkerSlot) -> (reports: [(Job, ClipReport, Data?)], end: WorkerSlot.End?) {
        var reports: [(Job, ClipReport, Data?)] = []
        if !slot.complaintsEnded, !slot.process.listen() { slot.complaintsEnded = true }
        slot.process.flush()
        let isAlive = slot.process.receive()
        do {
            while let frame = try slot.process.nextFrame() {
                switch frame {
                case .ready(let bits):
                    slot.isReady = true
                    if confinement == nil { confinement = Confinement(rawValue: bits) }
                    slot.begin()
                case .opened(let seconds): slot.opened(seconds)
                case .report(let data):
                    guard let report = try? WireJSON.decode(ClipReport.self, data), report.isSound,
                        let job = slot.finish()
                    else { return (reports, .malformedFrame) }
                    reports.append((job, report, slot.master))
                    slot.master = nil
                case .master(let data):
                    guard slot.jobs.first?.request.files?.wantsMaster == true, slot.master == nil else {
                        return (reports, .malformedFrame)
                    }
                    slot.master = data
                case .orders, .measure, .errand, .answer: return (reports, .malformedFrame)
                }
            }
        } catch { return (reports, .malformedFrame) }
        if !isAlive { return (reports, .gone) }
        guard !slot.jobs.isEmpty else { return (reports, nil) }
        if slot.isOverdue(limits) { return (reports, .tooSlow) }
        if slot.isDueForALook, let memory = slot.process.memory, memory > limits.clipMemory {
            return (reports, .tooLarge(memory))
        }
        return (reports, nil)
    }

    private static func tooMuchMemory(_ clip: String, _ message: String) -> ClipFailure {
        ClipFailure(
            code: "too-much-memory", message: "\(clip.printable) \(message)",
            remedy:
                """
                raise --clip-memory if its frames are large; otherwise it is damaged: check it with \(clip.inspection)
                """)
    }

    private func report(of end: WorkerSlot.End, _ job: Job, _ slot: WorkerSlot) -> ClipReport {
        let name = job.request.clip.printable
        let failure: ClipFailure
        switch end {
        case .tooSlow:
            let seconds = Int(limits.seconds(clipLength: slot.clipLength).rounded())
            failure = ClipFailure(
                code: "timed-out", message: "\(name) was not finished after \(seconds) s",
                remedy:
                    """
                    raise --clip-timeout if it is that long; otherwise it is damaged: check it with \
                    \(job.request.clip.inspection)
                    """)
        case .tooLarge(let memory):
            failure = WorkerPool.tooMuchMemory(
                job.request.clip,
                "used \(memory >> 20) MB of memory; the limit per clip is \(limits.clipMemory >> 20)")
        case .gone where slot.process.ranOutOfMemory:
            failure = WorkerPool.tooMuchMemory(
                job.request.clip,
                "requested more memory at once than the limit per clip, \(limits.clipMemory >> 20) MB")
        case .gone, .malformedFrame:
            // The memory limit inside the worker makes allocations fail, which crashes most libraries.
            let status = slot.process.status()
            let said = slot.process.complaint.map { ": \($0.printable.prefix(200))" } ?? ""
            let how = end == .malformedFrame ? "sent a malformed message" : WorkerPool.words(status)
            failure = ClipFailure(
                code: "worker-died", message: "\(name) ended the worker that read it, which \(how)\(said)",
                remedy:
                    """
                    it is damaged or malicious: check it with \(job.request.clip.inspection), or convert it; the other \
                    clips are not \
                    affected
                    """
            )
        }
        return ClipReport(clip: job.request.clip, durationSeconds: nil, outcome: .failed(failure))
    }

    /// A wait status in words.
    static func words(_ status: Int32) -> String {
        let number = status & 0x7F
        if number == 0 { return "exited with status \(status >> 8 & 0xFF)" }
        let name = strsignal(number).map { String(cString: $0) } ?? "unknown"
        return "was ended by signal \(number) (\(name))"
    }
}

/// A worker with its jobs and time limit.
private final class WorkerSlot {
    enum End: Equatable {
        case gone, malformedFrame, tooSlow
        case tooLarge(Int)
    }

    let process: WorkerProcess
    /// The first one is in progress.
    private(set) var jobs: [WorkerPool.Job] = []
    private(set) var clipLength: Double?
    private var patience: ProcessPatience
    private var lastTook = Double.infinity
    private var lastLook = 0.0
    var isReady = false
    /// The data to store of the master of the current clip.
    var master: Data?
    var complaintsEnded = false

    init(_ process: WorkerProcess) {
        self.process = process
        patience = ProcessPatience(process.pid)
    }

    var wantsMore: Bool { jobs.isEmpty || (jobs.count < 4 && lastTook < 0.05) }

    func take(_ job: WorkerPool.Job, _ limits: WorkerLimits) throws {
        process.send(.measure(try WireJSON.encode(job.request)))
        jobs.append(job)
        if jobs.count == 1 { begin() }
    }

    /// Starts the time of the first job.
    func begin() {
        patience.begin()
        clipLength = nil
    }

    func opened(_ seconds: Double) { clipLength = seconds.isFinite ? seconds : nil }

    /// Whether the first job exceeded its time limit.
    func isOverdue(_ limits: WorkerLimits) -> Bool { patience.isOver(limits.seconds(clipLength: clipLength)) }

    /// The first job is done.
    func finish() -> WorkerPool.Job? {
        guard !jobs.isEmpty else { return nil }
        lastTook = patience.elapsed
        defer { begin() }
        return jobs.removeFirst()
    }

    /// Reading a worker's memory costs more than a quick clip: it is examined now and then.
    var isDueForALook: Bool {
        let now = ProcessInfo.processInfo.systemUptime
        guard now - lastLook >= 0.04 else { return false }
        lastLook = now
        return true
    }
}

extension ClipReport {
    /// Whether it satisfies the invariants of its types: it may come from a compromised worker.
    fileprivate var isSound: Bool { findings.allSatisfy { $0.verdict.carriesOffset == ($0.offset != nil) } }
}
