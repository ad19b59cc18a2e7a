import ArgumentParser
import Checks
import Foundation
import SignalCore
import SyncModel
import Views

/// Pieces of the pictures of one take (the first group) held against each other, and against other recordings as
/// unrelated pairs.
struct PicturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pictures", abstract: "Picture pairs of a take, in pieces.")

    @Option(parsing: .upToNextOption, help: "Recordings of one take, on one clock.")
    var take: [String]

    @Option(parsing: .upToNextOption, help: "Recordings of other takes.")
    var others: [String] = []

    @Option(help: "Capture times of the take.")
    var captureTimes: String?

    @Option(help: "Lengths of the pieces in seconds, with commas.")
    var lengths = "3,5,8,12"

    @Option(help: "Pieces a pair and length.")
    var repeats = 6

    @Option(help: "Where the rows go.")
    var output: String

    func run() throws {
        let table = try captureTimes.map {
            try CaptureTimes(text: String(contentsOfFile: $0, encoding: .utf8), file: $0)
        }
        func signals(_ paths: [String], _ table: CaptureTimes?) throws -> [PictureSignal] {
            try paths.compactMap { path in try ViewReader(captureTimes: table).read(path: path, sound: false).picture }
        }
        let own = try signals(take, table)
        let foreign = try signals(others, nil)
        var rows = "kind,seconds,a,b,truth_s,answered,error_ms,ci_ms,height,lead,correlation\n"
        var generator = SplitMix64(seed: 7)
        func row(_ kind: String, _ seconds: Double, _ a: Int, _ b: Int, _ truth: Double?, _ result: PairMeasurement) {
            func number(_ name: String) -> String {
                for item in result.evidence where item.name == name {
                    if case .number(let value, _) = item.value { return String(format: "%.4f", value) }
                }
                return ""
            }
            let error = truth.flatMap { truth in result.fit.map { ($0.offset - truth) * 1000 } }
            rows +=
                [
                    kind, String(seconds), String(a), String(b), truth.map { String($0) } ?? "",
                    result.isAnswered ? "1" : "0",
                    error.map { String(format: "%.2f", $0) } ?? "",
                    result.fit.map { String(format: "%.2f", 1960 * $0.error) } ?? "",
                    number("height"), number("lead"), number("correlation"),
                ].joined(separator: ",") + "\n"
        }
        let pair = PicturePair()
        for length in lengths.split(separator: ",").compactMap({ Double($0) }) {
            for a in own.indices {
                for b in own.indices where b > a {
                    let low = max(own[a].startSeconds, own[b].startSeconds)
                    let high = min(own[a].endSeconds, own[b].endSeconds)
                    guard high - low > length * 1.02 else { continue }
                    for _ in 0..<repeats {
                        let most = min(0.35 * length, high - low - length)
                        let shift = Double.random(in: -most...most, using: &generator)
                        let base = Double.random(in: low...max(low, high - length - abs(shift)), using: &generator)
                        let (one, two) = (base + max(0, shift), base + max(0, -shift))
                        // The subject's own clock begins anew, so that the truth is not 0.
                        let subject = own[b].cut(two...two + length).moved(bySeconds: -1.2345)
                        row(
                            "take", length, a, b, 1.2345,
                            pair.measure(reference: own[a].cut(one...one + length), subject: subject))
                    }
                }
            }
            for a in own.indices + foreign.indices.map({ $0 + own.count }) {
                for b in foreign.indices {
                    let one = a < own.count ? own[a] : foreign[a - own.count]
                    let two = foreign[b]
                    guard a - own.count != b, one.endSeconds - one.startSeconds >= length,
                        two.endSeconds - two.startSeconds >= length
                    else { continue }
                    let start = Double.random(in: one.startSeconds...one.endSeconds - length, using: &generator)
                    let other = Double.random(in: two.startSeconds...two.endSeconds - length, using: &generator)
                    row(
                        "unrelated", length, a, b, nil,
                        pair.measure(
                            reference: one.cut(start...start + length), subject: two.cut(other...other + length)))
                }
            }
            // The same take at other times: as alike as unrelated pictures can be.
            for a in own.indices {
                for b in own.indices where b != a {
                    let low = max(own[a].startSeconds, own[b].startSeconds)
                    let high = min(own[a].endSeconds, own[b].endSeconds)
                    guard high - low > 2 * length else { continue }
                    row(
                        "other-moment", length, a, b, nil,
                        pair.measure(
                            reference: own[a].cut(low...low + length), subject: own[b].cut(high - length...high)))
                }
            }
        }
        try rows.write(toFile: output, atomically: true, encoding: .utf8)
    }
}
