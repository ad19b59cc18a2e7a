import Foundation
import SyncModel

/// Faults for tests, and answers for benches of everything but the measuring: only where the environment asks for them.
///
/// `GENLOCK_TEST_WORKER=faults`: a clip whose name holds `.crash.`, `.hang.` or `.hog.` does that to its worker.
/// `GENLOCK_TEST_WORKER=idle`: nothing is opened or decoded; the answer is made of the clip's name.
struct WorkerTest {
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
            while request.clip.contains(".hang.") { sleep(1) }
            while request.clip.contains(".hog.") {
                // Touched, so that it is really taken; never given back.
                guard let memory = malloc(8 << 20) else { continue }
                memset(memory, 1, 8 << 20)
                WorkerTest.hoard.append(memory)
            }
            return nil
        case .idle: return WorkerTest.made(request.clip)
        }
    }

    private static func made(_ clip: String) -> ClipReport {
        // FNV-1a: spread over the names, the same on every run.
        let hash = clip.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let offset = Offset(milliseconds: Double(hash >> 20 % 4000) / 10 - 200)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 0.025)
        let verdict = Tolerance.standard.verdict(on: offset, interval: interval, expecting: .together)
        let carried = verdict.carriesOffset
        let finding = Finding(
            check: .lips, subject: "audio", reference: "video", verdict: verdict, offset: carried ? offset : nil,
            interval: carried ? interval : nil, confidence: 0.97, tolerance: .standard,
            evidence: [Evidence("method", .text("idle")), Evidence("seconds", .number(2.9, decimals: 2))], method: "idle-1")
        return ClipReport(clip: clip, durationSeconds: 3, outcome: .measured([finding]))
    }
}
