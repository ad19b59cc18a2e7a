import Container
import Foundation
import MediaIO
import Reporting
import SyncModel

// genlock-container FILE...: one line a file: verdict, offset, worst, faults with their costs, processor time of the
// survey in ms.

func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
}

let analyser = ContainerAnalyser()
let words = CommandLine.arguments.dropFirst()
let isLong = words.contains("--text")
for path in words where path != "--text" {
    let began = processorMilliseconds()
    do {
        let file = try MediaFile(path: path)
        let facts = try file.survey(video: file.videoStream?.index, audio: try file.audioStream(number: nil)?.index)
        let spent = processorMilliseconds() - began
        let finding = analyser.finding(facts)
        if isLong {
            print(
                ClipText.explanation(
                    ClipReport(clip: path, durationSeconds: file.durationSeconds, outcome: .measured([finding]))))
            continue
        }
        let faults = analyser.faults(facts).map {
            "\($0.kind.rawValue):\($0.cost.map { String(format: "%.1f", $0.milliseconds) } ?? "-")"
        }
        let numbers = [finding.offset?.milliseconds, finding.worst?.milliseconds, finding.drift?.ppm].map {
            $0.map { String(format: "%.1f", $0) } ?? ""
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        print(
            ([name, finding.verdict.rawValue] + numbers + [
                faults.joined(separator: " "), String(format: "%.1f", spent),
            ]).joined(separator: ","))
    } catch {
        print(
            """
            \(path.split(separator: "/").last.map(String.init) ?? path),failed,,,,\
            \(String(describing: error).replacing(",", with: ";")),
            """
        )
    }
}
