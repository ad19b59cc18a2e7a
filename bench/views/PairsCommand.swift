import ArgumentParser
import Checks
import Foundation
import MediaIO
import SyncModel
import Views

/// Reads a list `condition,seconds,reference,subject,truth_s` (no truth: unrelated) and writes a row of results a pair.
struct PairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pairs", abstract: "Sound pairs of a list.")

    @Argument(help: "CSV: condition,seconds,reference,subject,truth_s,drift_ppm.")
    var list: String

    @Option(help: "Where the rows go.")
    var output: String

    func run() throws {
        var rows =
            """
            condition,seconds,truth_s,answered,error_ms,ci_ms,inside,drift_error_ppm,drift_ci_ppm,height,ratio,\
            segments,candidate_error_ms,reason\n
            """
        var known: [String: SoundSignal] = [:]
        let reader = ViewReader()
        for line in try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count >= 6, fields[0] != "condition" else { continue }
            func signal(_ path: String) throws -> SoundSignal? {
                if let ready = known[path] { return ready }
                if known.count > 200 { known = [:] }
                let made = try reader.read(path: path).sound
                known[path] = made
                return made
            }
            guard let reference = try signal(fields[2]), let subject = try signal(fields[3]) else { continue }
            let result = SoundPair().measure(reference: reference, subject: subject)
            let truth = Double(fields[4])
            let drift = Double(fields[5])
            func number(_ name: String) -> String {
                for item in result.evidence where item.name == name {
                    if case .number(let value, _) = item.value { return String(format: "%.3f", value) }
                }
                return ""
            }
            var columns = [fields[0], fields[1], fields[4], result.isAnswered ? "1" : "0"]
            if let fit = result.fit {
                let error = truth.map { (fit.offset(at: 0) - $0) * 1000 }
                let interval = 1.96 * fit.error(at: 0) * 1000
                let shown = error.map { String(format: "%.4f", $0) } ?? ""
                columns.append(result.isAnswered ? shown : "")
                columns.append(String(format: "%.4f", interval))
                columns.append(error.map { abs($0) <= interval ? "1" : "0" } ?? "")
                columns.append(
                    drift.flatMap { drift in fit.slopeError.map { _ in String(format: "%.4f", fit.slope * 1e6 - drift) }
                    } ?? "")
                columns.append(fit.slopeError.map { String(format: "%.4f", 1.96e6 * $0) } ?? "")
                columns += [number("peak"), number("peak_ratio"), String(result.segments?.count ?? 1), shown]
            } else {
                columns += ["", "", "", "", "", "", "", "", ""]
            }
            columns.append(result.because.first?.description.replacing(",", with: ";") ?? "")
            rows += columns.joined(separator: ",") + "\n"
        }
        try rows.write(toFile: output, atomically: true, encoding: .utf8)
    }
}
