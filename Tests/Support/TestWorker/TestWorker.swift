import Checks
import Foundation
import Plan
import SignalCore
import SyncModel
import Workers

/// A worker for tests and benches, which scans start instead of their own where `GENLOCK_WORKER` names it: it measures
/// as that does, but for what `GENLOCK_TEST_WORKER` asks.
///
/// `faults`: a clip whose name holds `.crash.`, `.hang.`, `.hog.`, `.gulp.` does that to its worker; one with `.busy.`
/// takes a second of a processor and is answered like those of `idle`, and so is one with `.wait.` once the file `go`
/// lies beside it; one with `.reach.` tries all that a worker is kept from, and its failure says what was allowed all
/// the same. `GENLOCK_TEST_LANDLOCK`: the version of Landlock that the kernel is to be taken for; 0: none.
/// `idle`: nothing is opened or decoded; the answer is made of the clip's name.
@main
struct TestWorker {
    static func main() {
        let test = TestWorker(environment: ProcessInfo.processInfo.environment)
        exit(
            Worker.run(landlock: ProcessInfo.processInfo.environment["GENLOCK_TEST_LANDLOCK"].flatMap(Int.init) ?? .max)
            {
                orders in
                let measurer = RequestMeasurer(orders.checks, orders.settings)
                return ({ test.answer($0) ?? measurer.measure($0, opened: $1) }, { measurer.takeMaster() })
            })
    }

    /// What `.hog.` has taken.
    nonisolated(unsafe) private static var hoard: [UnsafeMutableRawPointer] = []

    private enum Kind { case none, faults, idle }
    private let kind: Kind

    init(environment: [String: String]) {
        switch environment["GENLOCK_TEST_WORKER"] {
        case "faults": kind = .faults
        case "idle": kind = .idle
        default: kind = .none
        }
    }

    /// An answer instead of a measurement; nil: measure.
    func answer(_ request: ClipRequest) -> ClipReport? {
        switch kind {
        case .none: return nil
        case .faults:
            if request.clip.contains(".crash.") { raise(SIGSEGV) }
            if request.clip.contains(".busy.") {
                TestWorker.spin(seconds: 1)
                return TestWorker.made(request.clip)
            }
            if request.clip.contains(".wait.") {
                let folder = URL(fileURLWithPath: request.clip).deletingLastPathComponent().path
                while access(folder + "/go", F_OK) != 0 { usleep(20_000) }
                return TestWorker.made(request.clip)
            }
            while request.clip.contains(".hang.") { sleep(1) }
            if request.clip.contains(".gulp.") {
                return TestWorker.made("\([UInt8](repeating: 1, count: 1 << 40).count)")
            }
            while request.clip.contains(".hog.") {
                // Touched, so that it is really taken; never given back.
                guard let memory = malloc(8 << 20) else { continue }
                memset(memory, 1, 8 << 20)
                TestWorker.hoard.append(memory)
            }
            return request.clip.contains(".reach.") ? TestWorker.reached(request.clip) : nil
        case .idle: return TestWorker.made(request.clip)
        }
    }

    /// Seconds of a processor, however long they take.
    private static func spin(seconds: Double) {
        func used() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        let end = used() + seconds
        while used() < end {}
    }

    private static func reached(_ clip: String) -> ClipReport {
        let words = Trespass(near: clip).allowed
        return ClipReport(
            clip: clip, durationSeconds: nil,
            outcome: .failed(
                ClipFailure(code: "reached", message: "allowed: \(words.joined(separator: ", "))", remedy: "none")))
    }

    private static func made(_ clip: String) -> ClipReport {
        // Spread over the names, the same on every run.
        let hash = FNV1a(of: clip).value
        let offset = Offset(milliseconds: Double(hash >> 20 % 4000) / 10 - 200)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 0.025)
        let verdict = Tolerance.standard.verdict(on: offset, interval: interval, expecting: .together)
        let carried = verdict.carriesOffset
        let finding = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: carried ? offset : nil, interval: carried ? interval : nil, confidence: 0.97,
                tolerance: .standard),
            evidence: [Evidence("method", .text("idle")), Evidence("seconds", .number(2.9, decimals: 2))],
            method: "idle-1")
        return ClipReport(clip: clip, durationSeconds: 3, outcome: .measured([finding]))
    }
}
