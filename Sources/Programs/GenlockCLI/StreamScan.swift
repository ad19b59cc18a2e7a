import Checks
import Foundation
import MediaIO
import Plan
import Reporting
import Storage
import SyncModel
import Workers

/// A scan of rows that arrive on standard input one by one: each is measured as it arrives and answered in order with
/// one line of JSON, so that neither side stores them all.
///
/// A row that names a copy (`local_copy`, `copy_version`) which does not exist, and whose answer is not stored, is
/// requested: `{"wanted": 7}` means the eighth row. It is sent again as `{"again": 7, ...}`, with the copy in place, or
/// with `failure`, an object of `message` and `remedy`.
///
/// It ends when standard input ends and everything is answered, when it is interrupted, or when the output is closed.
final class StreamScan {
    private let parameters: String
    private let orders: WorkerOrders
    private let options: CorpusScan.Options
    private let progress: ScanProgress
    private let rows = RowSource()
    private var builder = PlanBuilder(duckdb: { nil }, standardInput: { Data() })
    /// With a store: for each clip named so far, the requests as hashes: the same request has the same key.
    private var named: [Int: [Int]] = [:]
    private(set) var tally = VerdictTally()
    private(set) var isInterrupted = false

    /// Maximum number of rows read ahead of the first unanswered one.
    private static let window = 4096

    init(parameters: String, orders: WorkerOrders, options: CorpusScan.Options, progress: ScanProgress) {
        self.progress = progress
        self.parameters = parameters
        self.orders = orders
        self.options = options
    }

    /// State of a row in progress.
    private struct Row {
        var clip: ScanPlan.PlannedClip?
        var identity = ""
        var answer: ClipRecord?
        /// Its copy has to be requested.
        var isWanted = false
        /// A worker has it.
        var isMeasured = false
    }

    func run() throws {
        try progress.begin()
        let store = try options.openStore(parameters: parameters)
        let pool = try options.startWorkers(orders)
        var (taken, delivered, unchanged) = (0, 0, 0)
        var open: [Int: Row] = [:]
        func deliver() {
            while let row = open[delivered], let record = row.answer {
                open[delivered] = nil
                delivered += 1
                tally.add(record.verdict)
                progress.clear()
                progress.add(record, isNew: row.isMeasured)
                Console.out(record.documentWithRow + "\n")
            }
        }
        try pool.run(
            next: {
                while taken - delivered < StreamScan.window, let (line, number) = self.rows.next() {
                    let index: Int
                    if let again = SecondRow(line) {
                        guard let row = open[again.index], row.isWanted else { continue }
                        index = again.index
                        open[index] = self.row(again, row)
                    } else {
                        index = taken
                        taken += 1
                        let row = try self.row(line, number, store)
                        open[index] = row
                        if row.answer != nil, row.clip != nil { unchanged += 1 }
                    }
                    guard let row = open[index], row.answer == nil, let request = row.clip?.request else { continue }
                    if row.isWanted {
                        Console.out("{\"wanted\": \(index)}\n")
                    } else {
                        return WorkerPool.Job(index: index, request: request)
                    }
                }
                // Rows with an answer here are already stored.
                deliver()
                return nil
            },
            isExhausted: { self.rows.isExhausted },
            finished: { job, report in
                guard let row = open[job.index], let clip = row.clip else { return }
                let record = report.record(key: clip.key).described(by: job.request)
                store?.add(record, identity: row.identity)
                open[job.index]?.answer = record
                open[job.index]?.isMeasured = true
            },
            idle: {
                // Stored first, then reported.
                try store?.commit()
                deliver()
                self.progress.tick()
            },
            wake: options.alarm,
            source: { taken - delivered < StreamScan.window ? self.rows.descriptor : -1 },
            stop: {
                if !self.isInterrupted { self.isInterrupted = self.isRung || self.isUnheard }
                return self.isInterrupted
            })
        try store?.commit()
        if !isInterrupted { deliver() }
        progress.end()
        try store?.close(unchanged: unchanged)
    }

    /// The request of a line, and its answer if there is one already.
    private func row(_ line: Data, _ number: Int, _ store: ScanStore?) throws -> Row {
        let plan = builder.row(line, number: number)
        guard var clip = plan.clips.first else {
            return Row(answer: plan.problems.first.map { $0.record(key: $0.clip) })
        }
        let isWanted = clip.request.files?.region.map { !FileManager.default.isReadableFile(atPath: $0.file) } ?? false
        guard let store else { return Row(clip: clip, isWanted: isWanted) }
        clip = ScanPlan.PlannedClip(key: key(of: clip), request: clip.request)
        let identity = ContentIdentity.of(clip.request)
        let kept = try options.kept.record(of: clip, identity: identity) { try store.result(key: $0, identity: $1) }
        if let kept, kept.isDescribedAnew { store.describe(kept.record) }
        return Row(clip: clip, identity: identity, answer: kept?.record, isWanted: isWanted && kept == nil)
    }

    /// A requested row, with its copy or with the reason why there is none. A failure to fetch is not stored: the next
    /// scan tries again.
    private func row(_ again: SecondRow, _ row: Row) -> Row {
        var row = row
        row.isWanted = false
        guard let name = row.clip?.request.clip else { return row }
        if let failure = again.failure {
            row.answer = ClipReport(clip: name, durationSeconds: nil, outcome: .failed(failure)).record(key: name)
        } else if let request = builder.row(again.line, number: again.index + 1).clips.first?.request {
            row.clip = row.clip.map { ScanPlan.PlannedClip(key: $0.key, request: request) }
        }
        return row
    }

    /// The clip's path; numbered if an earlier row names it with other companions.
    private func key(of clip: ScanPlan.PlannedClip) -> String {
        let before = named[clip.request.clip.hashValue, default: []]
        let number = before.firstIndex(of: clip.request.hashValue) ?? before.count
        if number == before.count { named[clip.request.clip.hashValue] = before + [clip.request.hashValue] }
        return number == 0 ? clip.key : "\(clip.request.clip)#\(number + 1)"
    }

    private var isRung: Bool {
        guard options.alarm >= 0 else { return false }
        var byte: UInt8 = 0
        return read(options.alarm, &byte, 1) == 1
    }

    /// Whether the output was closed.
    private var isUnheard: Bool {
        var question = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&question, 1, 0) > 0 && question.revents & Int16(POLLERR) != 0
    }
}
