import ArgumentParser
import Foundation
import MediaIO
import Scanning
import SensorPass
import SensorLogs
import Sensors
import SyncModel
import Views

/// Logs of sensors beside the recordings of `genlock views`: each is put on the clock of the cameras by how things move.
struct SensorsBeside {
    let logs: [String]
    let choice: ColumnChoice
    /// Samples a second as declared; nil: nothing is declared.
    let declaredRate: Double?
    let analyser: SensorAnalyser

    /// The report on the recordings with findings, clock entries and pairs of the logs behind them.
    func adding(to report: ViewsReport, views: [ViewInput]) -> ViewsReport {
        guard !logs.isEmpty, !report.clock.isEmpty else { return report }
        var findings = report.findings, clock = report.clock, pairs = report.pairs, failures = report.failures
        for path in logs {
            do throws(ClipFailure) {
                let log = try SensorLog(try Self.reader.read(path), choice: choice)
                let set = LeRobotSet(above: path)
                add(set.map { log.episodesInARow(rate: $0.framesPerSecond) } ?? log, set, report, views, &findings, &clock, &pairs)
            } catch {
                failures.append((path, error))
            }
        }
        return ViewsReport(
            reference: report.reference, durationSeconds: report.durationSeconds, findings: findings, clock: clock, pairs: pairs, failures: failures, notes: report.notes)
    }

    /// Reads logs, Parquet by the `duckdb` program.
    static var reader: LogReader {
        LogReader { paths, columns throws(ClipFailure) in try ParquetTable.csv(of: paths, columns: columns, duckdb: Programs.duckdb) }
    }

    private func add(
        _ log: SensorLog, _ set: LeRobotSet?, _ report: ViewsReport, _ views: [ViewInput], _ findings: inout [Finding], _ clock: inout [ClockEntry], _ pairs: inout [PairReport]
    ) {
        var facts = ClockFacts(stamps: log.times, column: log.timeName ?? "time")
        facts.declaredRate = declaredRate ?? set?.framesPerSecond
        if set != nil, let camera = views.first(where: \.hasPicture) {
            facts.isRowPerFrame = true
            facts.videoFrames = (try? MediaFile(path: camera.clip))?.videoStream?.frameCount
        }
        facts.videoSeconds = views.first { $0.hasPicture }?.durationSeconds
        facts.frameNumbers = log.channels[.frame]?.first?.values
        let result = ClockAnalyser().result(facts)
        let told = LogMotion(log, result)
        var best: (match: MotionMatch, camera: String, place: Double)?
        for view in views {
            guard let picture = view.picture, let entry = report.clock.first(where: { $0.clip == view.clip }), entry.group == 0 else { continue }
            guard let match = analyser.match(SeenMotion(picture), told) else { continue }
            pairs.append(PairReport(
                clip: log.file, against: view.clip, method: "motion", offset: Offset(seconds: match.offset),
                interval: OffsetInterval(centre: Offset(seconds: match.offset), halfWidthSeconds: 1.96 * match.error), drift: match.drift, confidence: match.confidence,
                use: match.isAnswered ? .used : .untold, residualMilliseconds: nil, because: match.reasons.map { Doubt($0) },
                evidence: [Evidence("matched", .text(match.source)), Evidence("height", .number(match.height, decimals: 2))]))
            if best.map({ match.height > $0.match.height }) ?? true { best = (match, view.clip, entry.start) }
        }
        // What another camera says is brought onto the reference's clock.
        let placed = best.map { $0.match.moved(bySeconds: $0.place) }
        let finding = analyser.finding(log: log.file, camera: report.reference, match: placed, clock: result, notes: log.notes).adding(told.lag?.evidence ?? [])
        findings.append(finding)
        let group = (clock.map(\.group).max() ?? 0) + 1
        clock.append(ClockEntry(
            clip: log.file, offset: finding.offset, drift: finding.drift, group: finding.offset == nil ? group : 0, residualMilliseconds: nil,
            start: finding.offset?.seconds ?? 0, duration: result.seconds))
    }
}
