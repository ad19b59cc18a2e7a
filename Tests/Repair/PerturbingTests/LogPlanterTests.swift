import Foundation
import Muxing
import SensorLogs
import SyncModel
import Testing

@testable import Perturbing

/// A folder that goes away with the value.
final class TestFolder {
    let path = NSTemporaryDirectory() + "genlock-perturbing-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

@Suite("Faults of sensor logs")
struct LogPlanterTests {
    private static let step = 0.02
    private static let count = 2000
    /// A speed that differs in every row, so that a row is recognised by it.
    private static func speed(_ row: Int) -> Double { Double(row) * 0.5 + 1 }

    private let folder: TestFolder
    private let log: String

    init() throws {
        folder = try TestFolder()
        // Stamps in milliseconds since 1970.
        let rows = (0..<Self.count).map {
            "\(String(format: "%.3f", 1_700_000_000_000 + Double($0) * Self.step * 1000)),\(Self.speed($0))\n"
        }
        log = try folder.write("arm.csv", "stamp_ms,speed\n" + rows.joined())
    }

    /// The rows of the log with a fault: the original's index, and seconds since the original's first stamp.
    private func planted(_ fault: Fault, seed: UInt64) throws -> (PlantedFault, [(row: Int, time: Double)]) {
        var planted = PlantedFault(fault)
        var draw = FaultDraw(seed: seed, clip: "a", fault: fault)
        let text = try LogPlanter(log).plant(&planted, &draw)
        let bytes = try #require(text)
        let made = try folder.write("made.csv", String(decoding: bytes, as: UTF8.self))
        let read = try SensorLog(try LogReader().read(made))
        let speeds = try #require(read.channels[.speed]?.first?.values)
        return (
            planted,
            zip(speeds, read.times).map { (row: Int((($0 - 1) / 0.5).rounded()), time: $1 - 1_700_000_000) }
        )
    }

    @Test("a log that starts later has its first stamp again, and what it states of a time is earlier by the offset")
    func moved() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let (fault, rows) = try planted(.logMoved, seed: seed)
            let offset = try #require(fault.offsetMilliseconds) / 1000
            #expect(offset >= 0.04 && offset <= 10)
            #expect(abs(rows[0].time) < 1e-5 && rows.last?.row == Self.count - 1)
            // What happened at a row is at its old time once the offset is added.
            #expect(rows.allSatisfy { abs($0.time + offset - Double($0.row) * Self.step) < 1e-5 })
        }
    }

    @Test("a drifting log is undone by the stated drift, and no row is lost")
    func drifted() throws {
        let (fault, rows) = try planted(.logDrifted, seed: 5)
        let drift = try #require(fault.driftPPM)
        #expect(abs(drift) > 49 && abs(drift) < 301 && rows.count == Self.count)
        #expect(rows.allSatisfy { abs($0.time * (1 + drift * 1e-6) - Double($0.row) * Self.step) < 1e-5 })
    }

    @Test("scattered stamps keep their order and deviate by what is stated")
    func jitter() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let (fault, rows) = try planted(.logJitter, seed: seed)
            let deviation = try #require(fault.scatterSeconds)
            #expect(deviation >= 0.1 * Self.step - 1e-9 && deviation <= 0.3 * Self.step + 1e-9)
            #expect(rows.map(\.row) == Array(0..<Self.count))
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.time < $1.time })
            let squares = rows.map { pow($0.time - Double($0.row) * Self.step, 2) }
            let found = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
            // Deviations are cut at 0.45 of a step.
            #expect(found < 1.1 * deviation && found > 0.8 * deviation, "\(found) \(deviation)")
            #expect(fault.offsetMilliseconds == 0)
        }
    }

    @Test("missing rows begin where it is stated, and the stamps of the others stay")
    func dropped() throws {
        let (fault, rows) = try planted(.logDropped, seed: 2)
        #expect(rows.allSatisfy { abs($0.time - Double($0.row) * Self.step) < 1e-5 })
        let kept = Set(rows.map(\.row))
        let missing = (0..<Self.count).filter { !kept.contains($0) }
        #expect(missing.count >= 5 && kept.contains(0) && kept.contains(Self.count - 1))
        #expect(!fault.items.isEmpty && fault.items.allSatisfy { !kept.contains($0) })
        // Each first row of a gap is one of those stated.
        let firsts = missing.filter { kept.contains($0 - 1) }
        #expect(Set(firsts).isSubset(of: fault.items))
    }

    @Test("a log whose own stamps are out of order is refused, and one that is too short gets nothing")
    func refuses() throws {
        let back = try folder.write("back.csv", "time,speed\n0,1\n2,3\n1,4\n3,2\n")
        #expect(throws: ClipFailure.self) { try LogPlanter(back) }
        let short = try folder.write("short.csv", "time,speed\n0,1\n1,3\n2,4\n3,2\n")
        var planted = PlantedFault(.logMoved)
        var draw = FaultDraw(seed: 1, clip: "a", fault: .logMoved)
        let made = try LogPlanter(short).plant(&planted, &draw)
        #expect(made == nil)
    }
}
