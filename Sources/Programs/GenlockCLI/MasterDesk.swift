import Checks
import Files
import Foundation
import Plan
import Storage
import SyncModel
import Workers

/// The masters of a scan: each is decoded once, by the worker that gets its first copy, while its other copies wait.
/// The kept data goes into the store, and to the other copies' workers in a temporary file.
final class MasterDesk {
    private enum State {
        /// A worker is decoding it, and these jobs wait.
        case making(waiting: [WorkerPool.Job])
        case kept(file: String)
        /// Nothing can be kept of it: each worker that needs it decodes it.
        case each
    }

    private let store: ScanStore?
    private var states: [String: State] = [:]
    /// Number of unfinished copies, by master.
    private var left: [String: Int] = [:]
    private var folder: String?
    private var made = 0

    init(store: ScanStore?, plan: ScanPlan) {
        self.store = store
        for clip in plan.clips { if let master = MasterDesk.master(clip.request) { left[master, default: 0] += 1 } }
    }

    deinit { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

    /// Whether jobs wait here.
    var isIdle: Bool {
        states.values.allSatisfy { if case .making(let waiting) = $0 { waiting.isEmpty } else { true } }
    }

    /// The master of a request, if it is a local file.
    private static func master(_ request: ClipRequest) -> String? {
        guard let master = request.files?.master, !FetchedFiles.isAddress(master) else { return nil }
        return master
    }

    /// The job to give to the worker; nil: it waits here.
    func take(_ job: WorkerPool.Job) throws -> WorkerPool.Job? {
        guard let master = MasterDesk.master(job.request) else { return job }
        switch states[master] {
        case .making(let waiting):
            states[master] = .making(waiting: waiting + [job])
            return nil
        case .kept(let file): return job.with { $0.keptMaster = file }
        case .each: return job
        case nil:
            let identity = ContentIdentity.of(file: master)
            if let bytes = try store?.master(identity: identity, method: CompareMeasurement.method.rawValue),
                let file = write(bytes)
            {
                states[master] = .kept(file: file)
                return job.with { $0.keptMaster = file }
            }
            guard store != nil || left[master] ?? 0 > 1 else {
                states[master] = .each
                return job
            }
            states[master] = .making(waiting: [])
            return job.with { $0.wantsMaster = true }
        }
    }

    /// A worker has decoded a job's master.
    func keep(_ bytes: Data, of job: WorkerPool.Job) throws {
        guard let master = MasterDesk.master(job.request), case .making(let waiting) = states[master] else { return }
        // A master that changed meanwhile is another one: the data belongs to its state when it was decoded.
        try store?.keep(
            master: bytes, of: master, identity: ContentIdentity.of(file: master),
            method: CompareMeasurement.method.rawValue)
        if left[master] ?? 0 > 1, let file = write(bytes) {
            states[master] = .kept(file: file)
            released += waiting.map { job in job.with { $0.keptMaster = file } }
        } else {
            states[master] = .each
            released += waiting
        }
    }

    /// Jobs that no longer need to wait.
    private var released: [WorkerPool.Job] = []

    /// A job has ended, with or without success. Returns the jobs that waited for it.
    func done(_ job: WorkerPool.Job) -> [WorkerPool.Job] {
        guard let master = MasterDesk.master(job.request) else { return [] }
        if job.request.files?.wantsMaster == true, case .making(let waiting) = states[master] {
            states[master] = .each
            released += waiting
        }
        left[master, default: 1] -= 1
        if left[master] ?? 0 <= 0, case .kept(let file) = states[master] {
            try? FileManager.default.removeItem(atPath: file)
            states[master] = nil
        }
        defer { released = [] }
        return released
    }

    /// A clip that needs no worker.
    func spared(_ request: ClipRequest) { if let master = MasterDesk.master(request) { left[master, default: 1] -= 1 } }

    /// nil: there is no room.
    private func write(_ bytes: Data) -> String? {
        if folder == nil { folder = try? PrivateFolder.make("genlock-masters") }
        guard let folder else { return nil }
        made += 1
        let file = folder + "/\(made)"
        do {
            try bytes.write(to: URL(fileURLWithPath: file))
            return file
        } catch {
            try? FileManager.default.removeItem(atPath: file)
            return nil
        }
    }
}

extension WorkerPool.Job {
    /// The same with other files.
    fileprivate func with(_ change: (inout ClipFiles) -> Void) -> WorkerPool.Job {
        guard var files = request.files else { return self }
        change(&files)
        var changed = request
        changed.files = files
        return WorkerPool.Job(index: index, request: changed)
    }
}
