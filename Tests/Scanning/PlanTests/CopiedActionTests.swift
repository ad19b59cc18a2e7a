import Foundation
import SensorLogs
import SyncModel
import Testing

@testable import Plan

@Suite("Actions that are a copy of the states are named")
struct CopiedActionTests {
    private func log(shift: Int, rows: Int = 200, still: Bool = false) throws -> SensorLog {
        func place(_ row: Int, _ joint: Int) -> Double { still ? 0.5 : sin(Double(row) * 0.1 + Double(joint)) }
        let columns =
            [LogColumn(name: "timestamp", values: (0..<rows).map { Double($0) / 30 })]
            + (0..<2).map { joint in
                LogColumn(name: "observation.state[\(joint)]", values: (0..<rows).map { place($0, joint) })
            }
            + (0..<2).map { joint in
                LogColumn(name: "action[\(joint)]", values: (0..<rows).map { place($0 + shift, joint) })
            }
        return try SensorLog(LogTable(file: "episode", columns: columns))
    }

    @Test("the same numbers in the same rows are a copy; the next row's state is a command")
    func copy() throws {
        #expect(EpisodeReader.copied(try log(shift: 0))?.kind == .actionIsState)
        #expect(EpisodeReader.copied(try log(shift: 1)) == nil)
    }

    @Test("an arm that never moved, and a few rows, show nothing")
    func nothing() throws {
        #expect(EpisodeReader.copied(try log(shift: 0, still: true)) == nil)
        #expect(EpisodeReader.copied(try log(shift: 0, rows: 12)) == nil)
    }
}
