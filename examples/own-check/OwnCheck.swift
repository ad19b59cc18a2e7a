// A check of one's own: the first bright picture against the first loud sound, as after a slate with a lamp.
//
//   swift run example-own-check CLIP
import Checks
import Foundation
import MediaIO
import Plan
import Reporting
import SyncModel

/// Says what it wants of a clip's one pass, and makes the finding at its end.
final class SlateCheck: ClipCheck {
    let check = Check.events
    let method: MethodVersion = "slate-1"

    func plan(_ clip: OpenedClip) throws -> CheckPlan {
        clip.video != nil && clip.hasSound ? .listen(SlateListener(method: method)) : .absent
    }
}

/// Fed with pictures and sound on one timeline, in seconds.
private final class SlateListener: PassListener {
    let wants: PassWants = [.pictures, .sound]
    private let method: MethodVersion
    private var bright: Double?
    private var loud: Double?
    private var values: [Float] = []

    init(method: MethodVersion) { self.method = method }

    func picture(_ picture: Picture) throws {
        guard bright == nil else { return }
        try picture.thumbnail(into: &values)
        let mean = values.reduce(0, +) / Float(max(1, values.count))
        let most = values.max() ?? 0
        // Whatever the scale of the values is, a lit picture is bright nearly everywhere.
        if most > 0, mean > 0.7 * most, mean > 0.5 * (most > 2 ? 255 : 1) { bright = picture.seconds }
    }

    func sound(_ block: SoundBlock) {
        guard loud == nil, let first = block.channels.first?.firstIndex(where: { abs($0) > 0.1 }) else { return }
        loud = Double(block.start + first) / Double(SoundBlock.rate)
    }

    func finish(_ tally: MediaTally) -> [Finding] {
        guard let bright, let loud else {
            return [
                Finding(
                    check: .events, subject: .audio, reference: .video,
                    judgement: Judgement(.notApplicable, tolerance: .standard),
                    because: [Reason("there is no \(bright == nil ? "bright picture" : "loud sound")")], method: method)
            ]
        }
        // The sign is turned in one place: late sound has to come earlier.
        let offset = Offset(subjectLateBySeconds: loud - bright)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 0.02)
        let verdict = Tolerance.standard.verdict(on: offset, interval: interval, expecting: .together)
        return [
            Finding(
                check: .events, subject: .audio, reference: .video,
                judgement: Judgement(
                    verdict, offset: verdict.carriesOffset ? offset : nil,
                    interval: verdict.carriesOffset ? interval : nil, confidence: 0.9, tolerance: .standard),
                method: method)
        ]
    }
}

@main
struct OwnCheck {
    static func main() {
        guard CommandLine.arguments.count == 2 else {
            print("usage: example-own-check CLIP")
            exit(64)
        }
        let report = ClipMeasurer(checks: [SlateCheck()]).measure(ClipRequest(clip: CommandLine.arguments[1]))
        print(report.json.pretty)
        exit(report.failure == nil ? 0 : 2)
    }
}
