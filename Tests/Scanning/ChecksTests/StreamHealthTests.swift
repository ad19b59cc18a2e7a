import Foundation
import MadeFiles
import MediaIO
import SyncModel
import Testing

@testable import Checks
@testable import Plan

/// A check that has something decoded, and says nothing.
private final class Audience: ClipCheck {
    let check = Check.lips
    let wants: PassWants
    var method: MethodVersion { "audience-1" }

    init(_ wants: PassWants) { self.wants = wants }

    func plan(_ clip: OpenedClip) throws -> CheckPlan { .listen(Listener(wants: wants)) }

    private final class Listener: PassListener {
        let wants: PassWants
        init(wants: PassWants) { self.wants = wants }
        func finish(_ tally: MediaTally) -> [Finding] { [] }
    }
}

@Suite("Health of streams, told by what others decode")
struct StreamHealthTests {
    /// Twelve seconds that scroll, held for 13 pictures from the ninth second on, with sound that is cut off at its
    /// tops from the tenth on.
    private static let ailing: String = {
        let path = NSTemporaryDirectory() + "genlock-ailing-\(getpid()).mov"
        atexit { unlink(NSTemporaryDirectory() + "genlock-ailing-\(getpid()).mov") }
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        program.arguments =
            ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"] + [
                "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=12,scroll=h=0.002", "-f", "lavfi", "-i",
                "anoisesrc=r=48000:a=0.3:d=12:seed=1,lowpass=f=300,volume=2.5,volume=60:enable='gte(t,10)'",
                "-filter_complex", "[0]split[a][b];[a][b]freezeframes=first=225:last=237:replace=224[v]", "-map", "[v]",
                "-map", "1", "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-c:a", "pcm_s16le", "-f", "mov",
                path,
            ]
        try? program.run()
        program.waitUntilExit()
        return path
    }()

    private func finding(_ path: String, beside audience: [Audience] = [], thorough: Bool = false) throws -> Finding {
        let checks: [any ClipCheck] = audience + [ContainerCheck(CheckSettings(thorough: thorough, assets: ""))]
        let report = ClipMeasurer(checks: checks).measure(ClipRequest(clip: path))
        return try #require(report.findings.first { $0.check == .container }, "\(report)")
    }

    @Test(
        "what is told does not depend on who else has the clip decoded",
        arguments: [
            "no-face.mp4", "sound-late-62ms-29.97fps.mp4", "sound-late-120ms.ts", "sound-late-120ms.mkv",
            "sound-late-120ms-rotated.mp4", "sound-early-150ms-variable-frame-rate.mp4",
            "sound-late-150ms-empty-edit.mp4", "in-sync-cut-by-edit-list.mp4", "sound-early-180ms-opposite-phase.mp4",
            "truncated-index-first.mp4", "no-face-sound-gap.mp4", "no-audio.mp4", "audio-only.wav",
        ])
    func independent(name: String) throws {
        let path = Repository.root.appending(path: "TestMedia/" + name).path
        let alone = try finding(path)
        for wants: PassWants in [.sound, .pictures, [.sound, .pictures]] {
            #expect(try finding(path, beside: [Audience(wants)]) == alone, "\(wants)")
        }
    }

    @Test("a short clip is looked at and listened to from its beginning to its end", arguments: [true, false])
    func whole(isShared: Bool) throws {
        let finding = try finding(Self.ailing, beside: isShared ? [Audience([.sound, .pictures])] : [])
        let words = finding.because.map(\.description)
        #expect(words.contains { $0.contains("freezes") && $0.contains("9.0") }, "\(words)")
        #expect(words.contains { $0.contains("clipped") && $0.contains("10.") }, "\(words)")
        #expect(finding.evidence.contains(Evidence("pictures_looked_at_s", .number(12, decimals: 1))))
    }
}
