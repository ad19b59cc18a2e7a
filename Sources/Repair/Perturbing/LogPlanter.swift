import DelimitedText
import Foundation
import Muxing
import SensorLogs
import SyncModel

/// Writes a sensor log with a fault of its clock, as a table with the same columns and numbers.
struct LogPlanter {
    private let path: String
    private let table: LogTable
    /// The column of the stamps, and seconds per unit of its numbers.
    private let column: Int
    private let unit: Double
    /// The stamps in seconds.
    private let times: [Double]

    /// Fewer rows, or seconds, get no fault.
    private static let leastRows = 100
    private static let leastSeconds = 8.0
    private static let dropouts = 3

    /// - Throws: `ClipFailure`: its own stamps are missing or do not increase, so that a planted fault is not the only
    ///   one.
    init(_ path: String) throws {
        self.path = path
        table = try LogReader().read(path)
        let log = try SensorLog(table)
        guard let column = table.columns.firstIndex(where: { $0.name == log.timeName }) else {
            throw LogPlanter.refused(path, "has no column of stamps")
        }
        self.column = column
        unit = log.timeUnit.seconds
        times = log.times
        guard times.allSatisfy(\.isFinite), zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw LogPlanter.refused(path, "has stamps that are missing or do not increase")
        }
    }

    private static func refused(_ path: String, _ why: String) -> ClipFailure {
        ClipFailure(
            code: "not-planted", message: "\(path.printable) \(why): a planted fault would not be its only one",
            remedy: "correct the log's stamps, or omit these faults with --faults")
    }

    /// The log with a fault, as CSV; nil: it is too short.
    func plant(_ planted: inout PlantedFault, _ draw: inout FaultDraw) throws -> [UInt8]? {
        guard let first = times.first, let last = times.last, times.count >= Self.leastRows,
            last - first >= Self.leastSeconds
        else { return nil }
        switch planted.fault {
        case .logMoved:
            let late = -draw.startedLate(seconds: last - first).offset.seconds
            // The log starts at a row: it is late by what that row is.
            guard let start = times.firstIndex(where: { $0 - first >= late }) else { return nil }
            let moved = times[start] - first
            planted.move = SoundMove(offset: Offset(seconds: -moved))
            return text { $0 < start ? nil : times[$0] - moved }
        case .logDrifted:
            let move = draw.clockDrifted()
            planted.move = move
            return text { first + move.time(times[$0] - first, anchor: 0) }
        case .logJitter:
            let steps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
            let deviation = draw.jitter()
            planted.scatterSeconds = deviation * steps[steps.count / 2]
            // No stamp moves by half of the shorter step beside it, so that their order stays.
            let moved = times.indices.map { index -> Double in
                let before = index > 0 ? times[index] - times[index - 1] : .infinity
                let after = index + 1 < times.count ? times[index + 1] - times[index] : .infinity
                return times[index] + draw.stray(deviation) * min(before, after)
            }
            return text { moved[$0] }
        case .logDropped:
            var isMissing = [Bool](repeating: false, count: times.count)
            for _ in 0..<Self.dropouts {
                // Neither the first second nor the last one.
                let start = draw.index(below: times.count)
                let end = times[start] + draw.dropoutSeconds()
                guard times[start] > first + 1, end < last - 1 else { continue }
                planted.items.append(start)
                for row in times.indices where times[row] >= times[start] && times[row] < end { isMissing[row] = true }
            }
            guard !planted.items.isEmpty else { return nil }
            planted.items.sort()
            return text { isMissing[$0] ? nil : times[$0] }
        default: return nil
        }
    }

    /// The table with other stamps, in seconds; nil: without this row.
    private func text(_ stamp: (Int) -> Double?) -> [UInt8] {
        // Nanoseconds of today are whole numbers of 19 digits.
        let decimals = max(0, Int((9 + log10(unit)).rounded()))
        var lines = CSVText.row(table.columns.map { $0.name + ($0.unit.map { " [\($0)]" } ?? "") })
        for row in 0..<table.count {
            guard let time = stamp(row) else { continue }
            lines += CSVText.row(
                table.columns.indices.map { index -> String in
                    if index == column { return String(format: "%.\(decimals)f", time / unit) }
                    let values = table.columns[index].values
                    return row < values.count && values[row].isFinite ? "\(values[row])" : ""
                })
        }
        return Array(lines.utf8)
    }
}
