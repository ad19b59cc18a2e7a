import Foundation
public import SyncModel

/// Fetches files during a scan: servers are queried for file states ahead of time, and copies are made in the requested
/// order.
///
/// One thread makes requests and takes results; others do the work.
public final class FetchQueue: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by the lock.
    private let fetcher: Fetcher
    private let condition = NSCondition()
    private var pipe: [Int32] = [-1, -1]
    private var isOpen = true
    private var threads = 0

    /// Addresses to query, those in progress, and results.
    private var questions: [String] = []
    private var states: [String: Result<RemoteFile.State, ClipFailure>?] = [:]
    /// Sets of addresses to copy, by the caller's number.
    private var orders: [(ticket: Int, addresses: [String])] = []
    /// Whether a thread is waiting for space or reserving it: one at a time, in order.
    private var isReserving = false
    private var transfers = 0
    private var copies: [Int: [String: FetchCache.Copy]] = [:]
    private var finished: [(ticket: Int, result: Result<[String: String], ClipFailure>)] = []

    /// Threads in all, and those that may copy at the same time.
    private static let most = 12
    private static let mostTransfers = 4

    public init(_ fetcher: Fetcher) { self.fetcher = fetcher }

    deinit {
        for end in pipe where end >= 0 { Foundation.close(end) }
    }

    /// Readable when a result is available; to be polled, never read.
    public var descriptor: Int32 {
        condition.withLock {
            if pipe[0] < 0 {
                guard Foundation.pipe(&pipe) == 0 else { return -1 }
                for end in pipe {
                    _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                    _ = fcntl(end, F_SETFL, O_NONBLOCK)
                }
            }
            return pipe[0]
        }
    }

    // MARK: What the scan says

    /// Queries servers about new files.
    public func ask(_ addresses: [String]) {
        condition.withLock {
            for address in addresses where states[address] == nil {
                states[address] = .some(nil)
                questions.append(address)
            }
            work()
        }
    }

    /// Version strings of the files, by address; nil: not all are known yet.
    public func versions(of addresses: [String]) -> Result<[String: String], ClipFailure>? {
        condition.withLock {
            var result: [String: String] = [:]
            for address in addresses {
                guard let known = states[address], let state = known else { return nil }
                switch state {
                case .success(let state): result[address] = state.version
                case .failure(let failure): return .failure(failure)
                }
            }
            return .success(result)
        }
    }

    /// Requests copies of files whose versions are known.
    public func fetch(_ addresses: [String], ticket: Int) {
        condition.withLock {
            orders.append((ticket, addresses))
            work()
        }
    }

    /// Completed requests: paths by address, or the failure. The copies are kept until released.
    public func takeFinished() -> [(ticket: Int, result: Result<[String: String], ClipFailure>)] {
        condition.withLock {
            var bytes = [UInt8](repeating: 0, count: 256)
            while pipe[0] >= 0, read(pipe[0], &bytes, bytes.count) > 0 {}
            defer { finished = [] }
            return finished
        }
    }

    /// Releases copies, and the file states.
    public func release(_ ticket: Int, _ addresses: [String]) {
        // Copies are released outside the lock.
        let gone = condition.withLock {
            for address in addresses { states[address] = nil }
            return copies.removeValue(forKey: ticket)
        }
        withExtendedLifetime(gone) {}
    }

    /// Nothing more is fetched.
    public func close() {
        condition.withLock {
            isOpen = false
            condition.broadcast()
        }
    }

    // MARK: The threads

    private var isWanted: Bool { condition.withLock { isOpen } }

    private func ring() {
        if pipe[1] >= 0 { _ = write(pipe[1], [1], 1) }
    }

    /// Starts a thread if there is more to do than there are threads.
    private func work() {
        condition.broadcast()
        guard threads < FetchQueue.most, threads < questions.count + orders.count + transfers else { return }
        threads += 1
        let thread = Thread { [self] in while step() {} }
        thread.stackSize = 1 << 20
        thread.start()
    }

    private enum Task {
        case ask(String)
        case copy(ticket: Int, states: [(address: String, state: RemoteFile.State)])
    }

    private func next() -> Task? {
        condition.lock()
        defer { condition.unlock() }
        while isOpen {
            if !isReserving, transfers < FetchQueue.mostTransfers, !orders.isEmpty {
                let order = orders.removeFirst()
                transfers += 1
                isReserving = true
                let known = order.addresses.map { address in
                    (address, ((states[address] ?? nil).flatMap { try? $0.get() }) ?? .init(size: nil, version: "?"))
                }
                return .copy(ticket: order.ticket, states: known)
            }
            if !questions.isEmpty { return .ask(questions.removeFirst()) }
            condition.wait()
        }
        return nil
    }

    /// Does one task; false: the queue was closed.
    private func step() -> Bool {
        guard let task = next() else { return false }
        switch task {
        case .ask(let address):
            let result = FetchQueue.result(address) {
                try fetcher.state(address, isWanted: { [weak self] in self?.isWanted ?? false })
            }
            condition.withLock {
                // Not if it was released in the meantime.
                if states[address] != nil { states[address] = .some(result) }
                ring()
            }
        case .copy(let ticket, let files): copy(ticket, files)
        }
        return true
    }

    private func copy(_ ticket: Int, _ files: [(address: String, state: RemoteFile.State)]) {
        let isWanted = { [weak self] in self?.isWanted ?? false }
        var reserved: [Bool] = []
        var copies: [String: FetchCache.Copy] = [:]
        func doneReserving() {
            condition.withLock {
                isReserving = false
                condition.broadcast()
            }
        }
        let result = FetchQueue.result(files.first?.address ?? "") { () throws -> [String: String] in
            do {
                defer { doneReserving() }
                // Space for all of them at once, so that two clips never wait for each other.
                let sizes = files.map { $0.state.size ?? 0 }
                try fetcher.cache.reserve(
                    sizes.reduce(0, +), for: files.first?.address ?? "", isWanted: isWanted)
                reserved = files.map { _ in true }
            }
            for (place, file) in files.enumerated() {
                // From here on the copy accounts for its space.
                reserved[place] = false
                copies[file.address] = try fetcher.copy(file.address, file.state, hasRoom: true, isWanted: isWanted)
            }
            return copies.mapValues(\.path)
        }
        for (place, isLeft) in reserved.enumerated() where isLeft {
            fetcher.cache.release(files[place].state.size ?? 0)
        }
        condition.withLock {
            transfers -= 1
            if case .success = result { self.copies[ticket] = copies }
            finished.append((ticket, result))
            ring()
            condition.broadcast()
        }
    }

    private static func result<Value>(_ address: String, _ work: () throws -> Value) -> Result<Value, ClipFailure> {
        do {
            return .success(try work())
        } catch let failure as ClipFailure {
            return .failure(failure)
        } catch {
            return .failure(
                ClipFailure(
                    code: "not-fetched", message: "\(address.printable) cannot be fetched (\(error))",
                    remedy: "try again"))
        }
    }
}
