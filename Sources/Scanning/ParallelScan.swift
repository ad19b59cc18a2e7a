import Foundation
public import SyncModel

/// Measures many clips on several threads and hands out the reports in the order of the clips.
public struct ParallelScan: Sendable {
    public let jobs: Int

    public init(jobs: Int) { self.jobs = max(1, jobs) }

    /// - Parameters:
    ///   - makeMeasurer: called once on each thread.
    ///   - deliver: called with each report, in the order of the requests, one call at a time.
    public func run(
        _ requests: [ClipRequest], makeMeasurer: @escaping @Sendable () -> ClipMeasurer,
        deliver: @escaping @Sendable (ClipReport) -> Void
    ) {
        let queue = WorkQueue(requests: requests, deliver: deliver)
        let threads = (0..<min(jobs, requests.count)).map { _ in
            let thread = Thread {
                let measurer = makeMeasurer()
                while let (index, request) = queue.next() { queue.finish(index, measurer.measure(request)) }
                queue.leave()
            }
            // Some decoders keep large tables on the stack.
            thread.stackSize = 8 << 20
            queue.enter()
            return thread
        }
        for thread in threads { thread.start() }
        queue.wait()
    }
}

/// The clips still to do, and the reports that wait for their turn.
private final class WorkQueue: @unchecked Sendable {
    // Unchecked: everything that changes is behind `lock`.
    private let lock = NSLock()
    private let group = DispatchGroup()
    private let requests: [ClipRequest]
    private let deliver: @Sendable (ClipReport) -> Void
    private var taken = 0
    private var delivered = 0
    private var waiting: [Int: ClipReport] = [:]

    init(requests: [ClipRequest], deliver: @escaping @Sendable (ClipReport) -> Void) {
        self.requests = requests
        self.deliver = deliver
    }

    func next() -> (Int, ClipRequest)? {
        lock.withLock {
            guard taken < requests.count else { return nil }
            defer { taken += 1 }
            return (taken, requests[taken])
        }
    }

    func finish(_ index: Int, _ report: ClipReport) {
        lock.withLock {
            waiting[index] = report
            while let ready = waiting.removeValue(forKey: delivered) {
                deliver(ready)
                delivered += 1
            }
        }
    }

    func enter() { group.enter() }
    func leave() { group.leave() }
    func wait() { group.wait() }
}
