import CFFmpeg
import Foundation
import MediaIO
import SyncModel
import Testing

@testable import Muxing

@Suite("A recording cut to a span, its packets as they were")
struct MediaCutterTests {
    /// The pictures of a file: when each is shown, and what it looks like, in small.
    private func pictures(_ path: String) throws -> [(seconds: Double, pixels: [Float])] {
        let file = try MediaFile(path: path)
        var found: [(Double, [Float])] = []
        var pixels: [Float] = []
        _ = try file.decode(
            MediaSelection(video: file.videoStream?.index, audio: nil),
            onPicture: { picture in
                let square = OrientedSquare(
                    centre: PicturePoint(x: picture.displayWidth / 2, y: picture.displayHeight / 2),
                    side: picture.displayWidth, angle: 0)
                try picture.sample(square, size: 16, into: &pixels)
                found.append((picture.seconds, pixels))
            })
        return found
    }

    private static let coding = ContainerTests.h264 + ["-g", "50", "-bf", "2"]

    @Test(
        "begins with the picture and the sample of the cut, though no key picture is there",
        arguments: [
            ("a.mp4", coding + ["-c:a", "aac"], "b.mp4"), ("a.mov", coding + ["-c:a", "pcm_s16le"], "b.mov"),
            ("a.mkv", coding + ["-c:a", "libopus"], "b.mp4"),
            ("a.ts", coding + ["-c:a", "aac"], "b.mp4"),
            ("a.avi", ["-c:v", "mpeg4", "-g", "50", "-c:a", "pcm_s16le"], "b.mov"),
        ])
    func cut(name: String, coding: [String], output: String) throws {
        let clips = try MadeClips()
        let clip = try clips.make(name, coding)
        #expect(
            try MediaCutter.ending(for: clip) ?? (name as NSString).pathExtension == (output as NSString).pathExtension)
        let place = try StagedOutput(clips.path(output), sources: [clip], isForced: false, bytes: 1 << 20)
        let done = try MediaCutter(span: TimeSpan(start: 0.52, end: 2.0)).cut(clip, into: place)
        try place.finish()
        #expect(!done.isSoundAnew && done.leftOut.isEmpty)
        #expect(done.hiddenSeconds > 0.4)
        // At every moment the picture is the one that was shown then.
        let (was, now) = (try pictures(clip), try pictures(clips.path(output)))
        #expect(now.first?.seconds == 0)
        for (index, picture) in now.enumerated() where index + 1 < now.count {
            let middle = (picture.seconds + now[index + 1].seconds) / 2 + 0.52
            let shown = try #require(was.last { $0.seconds <= middle })
            #expect(zip(shown.pixels, picture.pixels).allSatisfy { abs($0 - $1) < 1 }, "picture \(index)")
            if index > 0 { #expect(abs(picture.seconds - (shown.seconds - 0.52)) < 0.002) }
        }
        // The tone begins at 1 s of the clip.
        let onset = try MadeClips.onset(clips.path(output)) + now[0].seconds
        let before = try MadeClips.onset(clip) + was[0].seconds
        #expect(abs(onset - (before - 0.52)) < 0.002, "the tone of \(before) s is heard at \(onset) s")
        let length = try #require(try MediaFile(path: clips.path(output)).durationSeconds)
        #expect(abs(length - 1.48) < 0.13)
    }

    @Test("a clock that runs off is stretched: sound and picture alike")
    func stretched() throws {
        let clips = try MadeClips()
        let clip = try clips.make("a.mp4", MediaCutterTests.coding + ["-c:a", "aac"])
        let place = try StagedOutput(clips.path("b.mp4"), sources: [clip], isForced: false, bytes: 1 << 20)
        let done = try MediaCutter(span: TimeSpan(start: 0.2, end: 2.2), rate: 1.05).cut(clip, into: place)
        try place.finish()
        #expect(done.isSoundAnew)
        let picture = try pictures(clips.path("b.mp4"))[0].seconds
        #expect(abs(try MadeClips.onset(clips.path("b.mp4")) + picture - 0.8 * 1.05) < 0.004)
        #expect(abs((try MediaFile(path: clips.path("b.mp4")).durationSeconds ?? 0) - 2.1) < 0.15)
    }

    @Test(
        "sound alone is cut by samples; lossy sound becomes a WAV",
        arguments: [("a.wav", "pcm_s24le", "wav"), ("a.flac", "flac", "flac"), ("a.mp3", "libmp3lame", "wav")])
    func sound(name: String, coder: String, ending: String) throws {
        let clips = try MadeClips()
        let clip = clips.path(name)
        try clips.run([
            "-f", "lavfi", "-i", "aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,1)':s=44100:d=2", "-c:a", coder, clip,
        ])
        #expect(try MediaCutter.ending(for: clip) ?? (name as NSString).pathExtension == ending)
        let output = clips.path("b." + ending)
        let place = try StagedOutput(output, sources: [clip], isForced: false, bytes: 1 << 20)
        _ = try MediaCutter(span: TimeSpan(start: 0.3, end: 1.8)).cut(clip, into: place)
        try place.finish()
        #expect(abs(try MadeClips.onset(output) - MadeClips.onset(clip) + 0.3) < 0.001)
        #expect(abs((try MediaFile(path: output).durationSeconds ?? 0) - 1.5) < 0.002)
    }

    @Test("a container that cannot hide what lies before a cut is refused")
    func refused() throws {
        let clips = try MadeClips()
        let clip = try clips.make("a.mkv", MediaCutterTests.coding + ["-c:a", "flac"])
        let place = try StagedOutput(clips.path("b.mkv"), sources: [clip], isForced: false, bytes: 1 << 20)
        let error = #expect(throws: FixError.self) {
            try MediaCutter(span: TimeSpan(start: 0.52, end: 2)).cut(clip, into: place)
        }
        #expect(error?.failure.remedy.contains(".mp4") == true)
    }
}
