import Foundation

// genlock-speed ROUNDS OUTPUT.csv LABEL COMMAND_A -- COMMAND_B: processor time and memory of two commands in turn, A B
// A B. Each command is split at spaces by `sh`. Appends rows; prints the medians and the ratio A / B, pair by pair.

let arguments = CommandLine.arguments
guard arguments.count == 6, let rounds = Int(arguments[1]) else {
    FileHandle.standardError.write(Data("usage: genlock-speed ROUNDS OUTPUT.csv LABEL 'COMMAND A' 'COMMAND B'\n".utf8))
    exit(64)
}

/// What the operating system counted for one finished run.
struct Usage {
    let user: Double
    let system: Double
    let wall: Double
    /// Largest resident size in megabytes.
    let memory: Double
    var processor: Double { user + system }

    /// Runs a command to its end with its output thrown away.
    init(running command: String) {
        let started = Date()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // exec: the figures are the command's own, not the shell's.
        process.arguments = ["-c", "exec \(command) >/dev/null 2>&1"]
        var before = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &before)
        try? process.run()
        let status = "/proc/\(process.processIdentifier)/status"
        var peak = 0.0
        while process.isRunning {
            // The high-water mark, read while the process lives: the kernel keeps none for a single child afterwards.
            if let text = try? String(contentsOfFile: status, encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
            {
                peak = max(peak, kilobytes / 1024)
            }
            usleep(20_000)
        }
        process.waitUntilExit()
        var after = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &after)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        user = seconds(after.ru_utime) - seconds(before.ru_utime)
        system = seconds(after.ru_stime) - seconds(before.ru_stime)
        wall = Date().timeIntervalSince(started)
        memory = peak
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.count % 2 == 1
        ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
}

// A warm-up, but for a single long round.
if rounds > 1 {
    _ = Usage(running: arguments[4])
    _ = Usage(running: arguments[5])
}
var pairs: [(a: Usage, b: Usage)] = []
var rows = ""
for round in 1...rounds {
    let pair = (a: Usage(running: arguments[4]), b: Usage(running: arguments[5]))
    pairs.append(pair)
    for (side, usage) in [("a", pair.a), ("b", pair.b)] {
        rows += String(
            format: "\(arguments[3]),%d,\(side),%.3f,%.3f,%.3f,%.1f\n", round, usage.user, usage.system, usage.wall,
            usage.memory)
    }
}
if !FileManager.default.fileExists(atPath: arguments[2]) {
    _ = FileManager.default.createFile(
        atPath: arguments[2], contents: Data("label,round,side,user_s,system_s,wall_s,peak_mb\n".utf8))
}
if let file = FileHandle(forWritingAtPath: arguments[2]) {
    try file.seekToEnd()
    try file.write(contentsOf: Data(rows.utf8))
}
let ratios = pairs.map { $0.a.processor / $0.b.processor }
print(
    String(
        format: "| \(arguments[3]) | %.2f | %.2f | %.2f (%.2f-%.2f) | %.0f |", median(pairs.map(\.a.processor)),
        median(pairs.map(\.b.processor)), median(ratios), ratios.min() ?? .nan, ratios.max() ?? .nan,
        pairs.map(\.a.memory).max() ?? .nan))
