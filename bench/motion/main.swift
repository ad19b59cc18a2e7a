import Checks
import Foundation
import SensorLogs
import Sensors
import SyncModel
import Views

/// `genlock-motion-bench JOBS`: matches logs with recordings of which the truth is known, each recording decoded once.
///
/// `genlock-motion-bench drift N`: N long made courses; `genlock-motion-bench impacts N`: N made minutes of blows, and
/// 2 N of others'.
///
/// JOBS is a CSV file of `set,video,log,truth_ms`; an empty truth: they do not belong together. Prints a CSV row a job.
struct Job {
    let set: String, video: String, log: String
    let truth: Double?
}

func jobs(_ path: String) throws -> [Job] {
    try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map { line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return Job(set: cells[0], video: cells[1], log: cells[2], truth: Double(cells[3]))
    }
}

if CommandLine.arguments.count > 2, let count = UInt64(CommandLine.arguments[2]) {
    if CommandLine.arguments[1] == "drift" {
        print("seed,seconds,ppm,told_ppm,low,high,inside,offset_error_ms,se_ms,answered")
        for seed in 1...count { print(Signals.drift(seed: seed)) }
    } else {
        print("seed,kind,rate,felt,heard,pairs,chance,error_ms,se_ms,answered")
        for seed in 1...count { print(Signals.impacts(seed: seed, isRelated: true)) }
        for seed in 1...2 * count { print(Signals.impacts(seed: 1_000_000 + seed, isRelated: false)) }
    }
    exit(0)
}

var pictures: [String: SeenMotion] = [:]
var logs: [String: (told: LogMotion, clock: ClockAnalyser.Result)] = [:]
print("set,video,log,truth_ms,offset_ms,error_ms,se_ms,height,second,correlation,overlap_s,answered,confidence,matched")
for job in try jobs(CommandLine.arguments[1]) {
    if pictures[job.video] == nil, let picture = try ViewReader().read(path: job.video, sound: false).picture {
        pictures[job.video] = SeenMotion(picture)
    }
    if logs[job.log] == nil {
        let log = try SensorLog(try LogReader().read(job.log))
        let clock = ClockAnalyser().result(ClockFacts(stamps: log.times))
        logs[job.log] = (LogMotion(log, clock), clock)
    }
    let names = [
        job.set, (job.video as NSString).lastPathComponent, (job.log as NSString).lastPathComponent,
        job.truth.map { text($0, 2) } ?? "",
    ]
    guard let seen = pictures[job.video], let log = logs[job.log], let match = SensorAnalyser().match(seen, log.told)
    else {
        print((names + Array(repeating: "", count: 7) + ["false", "", ""]).joined(separator: ","))
        continue
    }
    // Logs count from their first stamp; truth is told for the stamps.
    let first = log.clock.stamps.first ?? 0
    let offset = (match.offset - first) * 1000
    print(
        (names + [
            text(offset, 2), job.truth.map { text(offset - $0, 2) } ?? "", text(match.error * 1000, 2),
            text(match.height, 3), text(match.second, 3), text(match.correlation, 3),
            text(match.overlap, 1), "\(match.isAnswered)", text(match.confidence, 4), match.source,
        ]).joined(separator: ","))
}
