import Foundation
import Impacts
import MediaIO
import SignalCore
import SyncModel

// genlock-impacts [--sound-from FILE...] [--events] FILE...: one line of CSV a file (and a foreign sound):
// picture,sound,verdict,offset_ms,ci_low,ci_high,pairs,heard,seen,chance,spread_ms,rival,kind,processor_ms,reasons

func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
}

func read(_ path: String) throws -> (heard: AudioOnsets, seen: VisualOnsets, thumbnails: Double) {
    let file = try MediaFile(path: path)
    var sound = OnsetBuilder()
    var builder = VisualOnsetBuilder()
    var pixels: [Float] = []
    var spent = 0.0
    _ = try file.decode(
        MediaSelection(video: file.videoStream?.index, audio: try file.audioStream(number: nil)?.index),
        onPicture: { picture in
            let began = processorMilliseconds()
            let (width, height) = (picture.displayWidth, picture.displayHeight)
            let square = OrientedSquare(
                centre: PicturePoint(x: width / 2, y: height / 2), side: max(width, height), angle: 0)
            try picture.sample(square, size: Thumbnail.side, into: &pixels)
            builder.append(Thumbnail(rgb: pixels, displayWidth: width, displayHeight: height, seconds: picture.seconds))
            spent += processorMilliseconds() - began
        },
        onSound: { sound.append(start: $0.start, channels: $0.channels) })
    return (sound.finish(), builder.finish(), spent)
}

func row(_ picture: String, _ sound: String, _ finding: Finding, _ milliseconds: Double) -> String {
    func value(_ name: String) -> String {
        guard let evidence = finding.evidence.first(where: { $0.name == name }) else { return "" }
        switch evidence.value {
        case .number(let number, _): return String(format: "%g", number)
        case .count(let count): return String(count)
        case .text(let text): return text
        default: return ""
        }
    }
    func number(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "" }
    let name = { (path: String) in (path.split(separator: "/").last.map(String.init) ?? path).replacing(",", with: ";")
    }
    let reasons = finding.because.map(\.description).joined(separator: "; ").replacing(",", with: ";")
    return
        ([
            name(picture), name(sound), finding.verdict.rawValue, number(finding.offset?.milliseconds),
            number(finding.interval?.lower.milliseconds),
            number(finding.interval?.upper.milliseconds),
        ]
        + ["pairs", "sudden_sounds", "sudden_changes", "chance", "spread_ms", "pairs_at_another_offset", "kind"].map(
            value)
        + [number(milliseconds), reasons]).joined(separator: ",")
}

let analyser = ImpactAnalyser()
let words = Array(CommandLine.arguments.dropFirst())
let files = words.filter { !$0.hasPrefix("--") }
var all: [(path: String, heard: AudioOnsets, seen: VisualOnsets)] = []
for path in files {
    do {
        let (heard, seen, spent) = try read(path)
        all.append((path, heard, seen))
        print(row(path, path, analyser.finding(heard: heard, seen: seen), spent))
        if words.contains("--events") {
            print(
                "  heard",
                heard.events.outstanding(share: 0.5).map { String(format: "%.3f(%.0f)", $0.seconds, $0.strength) }
                    .joined(separator: " "))
            print(
                "  flashes",
                seen.flashes.map { String(format: "%.3f(%.1f)", $0.seconds, $0.strength) }.joined(separator: " "))
            print(
                "  stops",
                seen.stops.map { String(format: "%.3f(%.1f)", $0.seconds, $0.strength) }.joined(separator: " "))
        }
    } catch {
        print("\(path),,failed,,,,,,,,,,,,\(String(describing: error).replacing(",", with: ";"))")
    }
}
if words.contains("--cross") {
    for (index, one) in all.enumerated() {
        for (other, two) in all.enumerated() where index != other {
            print(row(one.path, two.path, analyser.finding(heard: two.heard, seen: one.seen), 0))
        }
    }
}
