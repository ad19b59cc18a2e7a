import Fetching
import Foundation
import Plan
import SyncModel

/// Clips of a scan at URLs: their servers are queried ahead of time, and files to be measured are fetched while other
/// clips are measured.
final class RemoteClips {
    private let cacheLimit: Int
    private let ahead: Int
    private lazy var queue = RemoteClips.queue(cacheLimit)
    private var isStarted = false
    /// Clips being fetched or measured, by index in the plan.
    private var requests: [Int: ClipRequest] = [:]

    /// How many clips ahead servers are queried.
    private static let asked = 64

    /// - Parameters:
    ///   - cacheLimit: cache size for fetched clips, in bytes.
    ///   - jobs: clips measured in parallel.
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

    /// No more clips are started before some are done.
    var isFull: Bool { requests.count >= ahead }
    /// Nothing is in progress.
    var isIdle: Bool { requests.isEmpty }
    /// Becomes readable when something was fetched; -1: nothing is.
    var descriptor: Int32 { isStarted ? (try? queue.get().descriptor) ?? -1 : -1 }

    /// The request with the state of its files once that is known, or why it cannot be fetched.
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

    /// Starts fetching a clip's files.
    func fetch(_ request: ClipRequest, at index: Int) {
        requests[index] = request
        try? queue.get().fetch(request.addresses, ticket: index)
    }

    /// Requests whose files have arrived, and those that cannot be fetched, since the last call.
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

    /// A clip is done: its copies may be evicted.
    func done(_ index: Int, _ request: ClipRequest) {
        requests[index] = nil
        if isStarted { try? queue.get().release(index, request.addresses) }
    }

    func close() { if isStarted { try? queue.get().close() } }
}
