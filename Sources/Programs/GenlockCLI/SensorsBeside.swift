import ArgumentParser
import Checks
import Foundation
import Impacts
import MediaIO
import Parquet
import RobotRecordings
import SensorLogs
import Sensors
import SyncModel
import Views

/// Sensor logs given with the recordings of `genlock views`: each is aligned with the cameras' clock by motion.
struct SensorsBeside {
    let logs: [String]
    /// Contents of the Parquet files among them, as CSV.
    let tables: [String: Result<Data, ClipFailure>]
    let choice: ColumnChoice
    /// Declared samples per second; nil: none.
    let declaredRate: Double?
    let analyser: SensorAnalyser

    /// A readable log, with the result on its clock.
    private struct Read {
        let log: SensorLog
        let clock: ClockAnalyser.Result
        let told: LogMotion
    }

    /// The report on the recordings, extended by findings, clock entries and pairs of the logs.
    func adding(to report: ViewsReport, views: [ViewInput]) -> ViewsReport {
        guard !logs.isEmpty, !report.clock.isEmpty else { return report }
        var failures = report.failures
        var read: [Read] = []
        for path in logs {
            do throws(ClipFailure) {
                let log = try SensorLog(try reader.read(path), choice: choice)
                let set = LeRobotSet(above: path)
                read.append(judged(set.map { log.episodesInARow(rate: $0.framesPerSecond) } ?? log, set, views))
            } catch {
                failures.append((path, error))
            }
        }
        let listens = read.contains { $0.told.jolts != nil }
        let cameras = report.clock.compactMap { entry -> SensorClock.Camera? in
            guard entry.group == 0, let view = views.first(where: { $0.clip == entry.clip }), let picture = view.picture
            else { return nil }
            let interval = report.findings.first { $0.clip == entry.clip }?.interval
            let error = interval.map { ($0.upper.seconds - $0.lower.seconds) / 2 / 1.96 } ?? 0.02
            return SensorClock.Camera(
                name: view.clip, seen: SeenMotion(picture), start: entry.start,
                error: entry.clip == report.reference ? 0 : error,
                heard: listens && view.hasSound ? AudioOnsets.of(recording: view.clip) : nil)
        }
        let solved = SensorClock(
            cameras: cameras, logs: read.map { SensorClock.Log(name: $0.log.file, told: $0.told) }, analyser: analyser)
        let pairs = report.pairs + solved.pairs.map { Self.report($0, of: read[$0.log].log.file) }
        var findings = report.findings
        var clock = report.clock
        for (one, place) in zip(read, solved.places) {
            var finding = analyser.finding(
                log: one.log.file, camera: report.reference, match: place.motion, clock: one.clock,
                notes: one.log.notes, impacts: place.impacts)
            finding = finding.adding(one.told.lag?.evidence ?? [])
            if let residual = place.residual {
                finding = finding.adding([Evidence("closure_residual_ms", .number(residual * 1000, decimals: 2))])
            }
            findings.append(finding)
            clock.append(
                ClockEntry(
                    clip: one.log.file, offset: finding.offset, drift: finding.drift,
                    group: finding.offset == nil ? (clock.map(\.group).max() ?? 0) + 1 : 0,
                    residualMilliseconds: place.residual.map { $0 * 1000 }, start: finding.offset?.seconds ?? 0,
                    duration: one.clock.seconds))
        }
        return ViewsReport(
            reference: report.reference, durationSeconds: report.durationSeconds, findings: findings, clock: clock,
            pairs: pairs, failures: failures, notes: report.notes)
    }

    private static func report(_ pair: SensorClock.Pair, of log: String) -> PairReport {
        let match = pair.match
        var report = PairReport(
            clip: log, against: pair.against, method: "motion", offset: Offset(seconds: match.offset),
            interval: OffsetInterval(centre: Offset(seconds: match.offset), halfWidthSeconds: 1.96 * match.error),
            drift: match.drift, confidence: match.confidence,
            use: pair.isUsed ? .used : match.isAnswered ? .leftOut : .untold)
        report.residualMilliseconds = pair.residual.map { $0 * 1000 }
        report.because = match.reasons.map { Reason($0) }
        report.evidence = [
            Evidence("matched", .text(match.source)), Evidence("height", .number(match.height, decimals: 2)),
        ]
        return report
    }

    private var reader: LogReader {
        let tables = tables
        return LogReader(
            parquet: { paths, _ throws(ClipFailure) in
                guard let path = paths.first, let table = tables[path] else { return Data() }
                return try table.get()
            }, recording: { name throws(ClipFailure) in try RecordingLog.table(name) })
    }

    /// Reads the Parquet files among logs with the `duckdb` program.
    static func tables(_ logs: [String]) -> [String: Result<Data, ClipFailure>] {
        var tables: [String: Result<Data, ClipFailure>] = [:]
        for path in logs where path.endingOfPath.lowercased() == "parquet" {
            tables[path] = Result { () throws(ClipFailure) in
                try ParquetTable.csv(of: [path], columns: [], duckdb: Programs.duckdb)
            }
        }
        return tables
    }

    private func judged(_ log: SensorLog, _ set: LeRobotSet?, _ views: [ViewInput]) -> Read {
        var facts = ClockFacts(stamps: log.times, column: log.timeName ?? "time")
        facts.declaredRate = declaredRate ?? set?.framesPerSecond
        if set != nil, let camera = views.first(where: \.hasPicture) {
            facts.isRowPerFrame = true
            facts.videoFrames = (try? MediaFile(path: camera.clip))?.videoStream?.frameCount
        }
        facts.videoSeconds = views.first { $0.hasPicture }?.durationSeconds
        facts.frameNumbers = log.channels[.frame]?.first?.values
        let clock = ClockAnalyser().result(facts)
        return Read(log: log, clock: clock, told: LogMotion(log, clock))
    }
}
