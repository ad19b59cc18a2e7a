import Assets
import Foundation
import MediaIO

/// External programs, and this one.
enum Programs {
    /// This program's own file.
    static var own: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// The variable that names another program to measure clips: tests and benches have their own workers.
    static let workerVariable = "GENLOCK_WORKER"

    /// Another program whose processes measure the clips of a scan; nil: this one.
    static var otherWorker: String? {
        ProcessInfo.processInfo.environment[workerVariable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The workers' environment: unchanged, except that they write no backtraces.
    static var workerEnvironment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    }

    /// The same, with this many threads to decode a clip's video.
    static func workerEnvironment(decoderThreads: Int) -> [String: String] {
        workerEnvironment.merging([DecoderThreads.variable: "\(decoderThreads)"]) { $1 }
    }

    /// The command that runs another one with rights only to read, and to write some files and folders.
    static func confined(_ command: [String], writing places: [String]) -> [String] {
        [own, "helper"] + places.flatMap { ["--write", $0] } + ["--"] + command
    }

    /// The `duckdb` program: that of `scripts/setup` or the Python package, else one on the PATH; nil: not found.
    static var duckdb: String? {
        let environment = ProcessInfo.processInfo.environment
        let root = AssetFolder(environment: environment).root
        return
            ([root + "/duckdb", root + "/../../duckdb_cli"]
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)).map { "\($0)/duckdb" }.first(
                where: FileManager.default.isExecutableFile)
    }
}
