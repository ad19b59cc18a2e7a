import Files
public import Foundation
public import SyncModel

/// Sends requests one after another to a persistent confined process: for a program with rights that needs information
/// from media. The answer is bytes, which the caller must validate.
public final class ErrandDesk: @unchecked Sendable {
    // Unchecked: the process is only accessed on the desk's thread, all else is guarded by the lock.
    private let launch: WorkerPool.Launch
    private let memory: Int
    private let lock = Monitor()
    private var waiting: [Errand] = []
    private var isOpen = true

    private final class Errand {
        let question: Data
        let subject: String
        let seconds: Double
        var answer: Result<Data, ClipFailure>?
        var isGivenUp = false

        init(_ question: Data, _ subject: String, _ seconds: Double) {
            (self.question, self.subject, self.seconds) = (question, subject, seconds)
        }
    }

    /// - Parameters:
    ///   - launch: a program that runs `Worker.answer`.
    ///   - memory: memory limit of one request in bytes.
    public init(launch: WorkerPool.Launch, memory: Int) {
        self.launch = launch
        self.memory = memory
        let thread = Thread { [weak self] in
            // The process is killed with the thread that starts it, so that is a separate one.
            var process: WorkerProcess?
            while let errand = self?.next() { self?.run(errand, &process) }
            process?.kill()
        }
        thread.stackSize = 512 << 10
        thread.start()
    }

    deinit { close() }

    /// Ends the process; further requests fail.
    public func close() {
        lock.lock()
        isOpen = false
        lock.broadcast()
        lock.unlock()
    }

    /// The answer to a request; waits for it.
    ///
    /// - Parameters:
    ///   - subject: the file, for messages.
    ///   - seconds: time limit.
    ///   - isWanted: called often; false cancels.
    public func ask(_ question: Data, about subject: String, seconds: Double, while isWanted: () -> Bool = { true })
        -> Result<Data, ClipFailure>
    {
        let errand = Errand(question, subject, seconds)
        lock.lock()
        defer { lock.unlock() }
        waiting.append(errand)
        lock.broadcast()
        while true {
            if let answer = errand.answer { return answer }
            guard isOpen, isWanted() else {
                errand.isGivenUp = true
                return .failure(ClipFailure(code: "given-up", message: "request cancelled", remedy: "ask again"))
            }
            lock.wait(seconds: 0.05)
        }
    }

    /// The same with JSON both ways; a malformed answer is a failure.
    public func ask<Question: Encodable, Answer: Decodable>(
        _ question: Question, _ answer: Answer.Type, about subject: String, seconds: Double,
        while isWanted: () -> Bool = { true }
    ) -> Result<Answer, ClipFailure> {
        guard let data = try? WireJSON.encode(question) else {
            return .failure(ErrandDesk.died(subject, "malformed message"))
        }
        return ask(data, about: subject, seconds: seconds, while: isWanted).flatMap { data in
            (try? WireJSON.decode(answer, data)).map { .success($0) }
                ?? .failure(ErrandDesk.died(subject, "malformed message"))
        }
    }

    private static func died(_ subject: String, _ how: String) -> ClipFailure {
        ClipFailure(
            code: "worker-died", message: "\(subject.printable) ended the process that read it (\(how))",
            remedy: "it is damaged or malicious: check it with \(subject.inspection), or convert it")
    }

    private func next() -> Errand? {
        lock.lock()
        defer { lock.unlock() }
        while waiting.isEmpty, isOpen { lock.wait(seconds: 0.2) }
        return isOpen ? waiting.removeFirst() : nil
    }

    private func isGivenUp(_ errand: Errand) -> Bool { lock.withLock { errand.isGivenUp || !isOpen } }

    private func run(_ errand: Errand, _ process: inout WorkerProcess?) {
        var answer: Result<Data, ClipFailure>
        if isGivenUp(errand) { return }
        do {
            let worker: WorkerProcess
            if let known = process {
                worker = known
            } else {
                worker = try WorkerProcess(
                    executable: launch.executable, arguments: launch.arguments, environment: launch.environment)
                process = worker
            }
            answer = asked(errand, worker)
        } catch {
            answer = .failure(ClipFailure(code: "no-worker", message: "\(error)", remedy: "run 'genlock doctor'"))
        }
        if case .failure = answer {
            process?.kill()
            process = nil
        }
        lock.lock()
        errand.answer = answer
        lock.broadcast()
        lock.unlock()
    }

    private func asked(_ errand: Errand, _ worker: WorkerProcess) -> Result<Data, ClipFailure> {
        func exceeded(_ code: String, _ what: String) -> Result<Data, ClipFailure> {
            .failure(
                ClipFailure(
                    code: code, message: "\(errand.subject.printable) \(what)",
                    remedy: "it is damaged: check it with \(errand.subject.inspection)"))
        }
        worker.send(.errand(errand.question))
        var patience = ProcessPatience(worker.pid)
        while true {
            var watched = [
                pollfd(fd: worker.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: worker.inputDescriptor, events: worker.hasUnsent ? Int16(POLLOUT) : 0, revents: 0),
            ]
            _ = poll(&watched, 2, 50)
            worker.listen()
            worker.flush()
            let isAlive = worker.receive()
            do {
                while let frame = try worker.nextFrame() {
                    if case .answer(let data) = frame { return .success(data) }
                    if case .ready = frame { continue }
                    return .failure(ErrandDesk.died(errand.subject, "it sent a malformed message"))
                }
            } catch { return .failure(ErrandDesk.died(errand.subject, "it sent a malformed message")) }
            if !isAlive, worker.ranOutOfMemory {
                return exceeded("too-much-memory", "requested more memory at once than the limit")
            }
            if !isAlive { return .failure(ErrandDesk.died(errand.subject, WorkerPool.words(worker.status()))) }
            if isGivenUp(errand) {
                return .failure(ClipFailure(code: "given-up", message: "request cancelled", remedy: "ask again"))
            }
            if patience.isOver(errand.seconds) {
                return exceeded("timed-out", "was not finished after \(Int(errand.seconds)) s")
            }
            if let memory = worker.memory, memory > self.memory {
                return exceeded("too-much-memory", "used \(memory >> 20) MB of memory")
            }
        }
    }
}
