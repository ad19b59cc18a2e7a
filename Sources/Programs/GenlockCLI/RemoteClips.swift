import Fetching
import Foundation
import Plan
import SyncModel

/// Clips of a scan that lie at addresses: their servers are asked ahead of time, and what is to be measured is fetched
/// while other clips are measured.
final class RemoteClips {
    private let cacheLimit: Int
    private let ahead: Int
    private lazy var queue = RemoteClips.queue(cacheLimit)
    private var isStarted = false
    /// What is being fetched or measured, by its place in the plan.
    private var requests: [Int: ClipRequest] = [:]

    /// Clips whose servers are asked before it is their turn.
    private static let asked = 64

    /// - Parameters:
    ///   - cacheLimit: bytes of fetched clips that are kept.
    ///   - jobs: clips measured at once.
    init(cacheLimit: Int, jobs: Int) {
        self.cacheLimit = cacheLimit
        ahead = 2 * jobs + 4
    }

    private static func queue(_ limit: Int) -> Result<FetchQueue, ClipFailure> {
        do throws(ClipFailure) {
            return .success(
                FetchQueue(try Fetcher(environment: ProcessInfo.processInfo.environment, limit: limit)))
        } catch { return .failure(error) }
    }

    /// No more clips are begun before some are done.
    var isFull: Bool { requests.count >= ahead }
    /// Nothing is under way.
    var isIdle: Bool { requests.isEmpty }
    /// Becomes readable when something was fetched; -1: nothing is.
    var descriptor: Int32 { isStarted ? (try? queue.get().descriptor) ?? -1 : -1 }

    /// The request with the state of its files, once that is known, or why it is not to be had.
    ///
    /// - Parameter next: the clips from this one on.
    func known(_ request: ClipRequest, next: ArraySlice<ScanPlan.PlannedClip>) -> Result<ClipRequest, ClipFailure>? {
        switch queue {
        case .failure(let failure): return .failure(failure)
        case .success(let queue):
            isStarted = true
            for clip in next.prefix(RemoteClips.asked) { queue.ask(clip.request.addresses) }
            return queue.versions(of: request.addresses).map { versions in
                versions.map { versions in
                    var known = request
                    known.remote = versions.mapValues { ClipRequest.RemoteCopy(version: $0) }
                    return known
                }
            }
        }
    }

    /// Begins to fetch a clip's files.
    func fetch(_ request: ClipRequest, at index: Int) {
        requests[index] = request
        try? queue.get().fetch(request.addresses, ticket: index)
    }

    /// Requests whose files are here, and those that cannot be had, since this was asked before.
    func fetched() -> [(index: Int, request: ClipRequest, failure: ClipFailure?)] {
        guard isStarted, let queue = try? queue.get() else { return [] }
        return queue.takeFinished().compactMap { ticket, result in
            guard var request = requests[ticket] else { return nil }
            switch result {
            case .failure(let failure): return (ticket, request, failure)
            case .success(let paths):
                for (address, path) in paths { request.remote[address]?.path = path }
                return (ticket, request, nil)
            }
        }
    }

    /// A clip is done: its copies may make room for others.
    func done(_ index: Int, _ request: ClipRequest) {
        requests[index] = nil
        if isStarted { try? queue.get().release(index, request.addresses) }
    }

    func close() { if isStarted { try? queue.get().close() } }
}
