import CFFmpeg
import Foundation
import MediaIO
import SyncModel
import Testing

@testable import Muxing

/// Clips made by the `ffmpeg` program, in a folder that goes away.
final class MadeClips {
    let folder = NSTemporaryDirectory() + "genlock-muxing-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Two seconds of picture; silence, and from 1 s on a tone.
    func make(_ name: String, _ coding: [String]) throws -> String {
        try run(
            [
                "-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=2.4", "-f", "lavfi", "-i",
                "aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,1)':s=48000:d=2.4",
            ]
                + ["-metadata:s:a:0", "language=deu", "-metadata", "title=Test", "-shortest"] + coding + [path(name)])
        return path(name)
    }

    func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-nostdin", "-v", "error", "-y"] + arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "ffmpeg \(arguments.joined(separator: " "))")
    }

    /// Seconds from the first picture to the first loud sample.
    static func onset(_ path: String) throws -> Double {
        let file = try MediaFile(path: path)
        var first: Double?
        var loud: Double?
        _ = try file.decode(
            MediaSelection(video: file.videoStream?.index, audio: file.audioStreams.first?.index),
            onPicture: { first = min(first ?? $0.seconds, $0.seconds) },
            onSound: { block in
                guard loud == nil, let at = block.channels[0].firstIndex(where: { abs($0) > 0.2 }) else { return }
                loud = Double(block.start + at) / Double(SoundBlock.rate)
            })
        return (loud ?? .nan) - (first ?? 0)
    }
}

@Suite("Sound moved in every container")
struct ContainerTests {
    static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    static let cases: [(name: String, coding: [String])] = [
        ("a.mp4", h264 + ["-bf", "2", "-c:a", "aac"]),
        ("a.mov", h264 + ["-c:a", "pcm_s16le", "-ar", "44100"]),
        ("a.mkv", h264 + ["-c:a", "flac"]),
        ("opus.mkv", h264 + ["-c:a", "libopus"]),
        ("a.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"]),
        ("a.ts", h264 + ["-c:a", "aac"]),
        ("a.mpg", ["-c:v", "mpeg1video", "-c:a", "mp2"]),
        ("a.avi", ["-c:v", "mpeg4", "-c:a", "pcm_s16le"]),
        ("a.mxf", ["-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-ar", "48000"]),
    ]

    @Test("by -400 to +400 ms", arguments: cases.indices, [-400.0, -85, 85, 400])
    func moves(number: Int, milliseconds: Double) throws {
        let (name, coding) = ContainerTests.cases[number]
        let clips = try MadeClips()
        let clip = try clips.make(name, coding)
        let output = clips.path("out-" + name)
        let place = try StagedOutput(output, sources: [clip], isForced: false, bytes: 1 << 20)
        let done = try MediaFixer(SoundMove(offset: Offset(milliseconds: milliseconds))).fix(clip, into: place)
        #expect(!FileManager.default.fileExists(atPath: output))
        try place.finish()
        #expect(!FileManager.default.fileExists(atPath: place.partial))
        let moved = try MadeClips.onset(output) - MadeClips.onset(clip)
        #expect(abs(moved * 1000 - milliseconds) < 2, "\(name) moved by \(moved * 1000) ms")
        #expect((done.equalPackets ?? 0) > 0)
        let after = try MediaFile(path: output)
        let before = try MediaFile(path: clip)
        if ["a.mp4", "a.mov", "a.mkv"].contains(name) {
            #expect(after.audioStreams.first?.language == before.audioStreams.first?.language)
            #expect(after.tag("title") == "Test")
        }
        if name == "a.mkv" { #expect(before.audioStreams.first?.language == "deu") }
    }

    @Test("audio is rewritten instead, and every stream starts where it did", arguments: cases.indices, [-400.0, 85])
    func rewrites(number: Int, milliseconds: Double) throws {
        let (name, coding) = ContainerTests.cases[number]
        let clips = try MadeClips()
        let clip = try clips.make(name, coding)
        let output = clips.path("out-" + name)
        let place = try StagedOutput(output, sources: [clip], isForced: false, bytes: 1 << 20)
        var fixer = MediaFixer(SoundMove(offset: Offset(milliseconds: milliseconds)))
        fixer.rewritesAudio = true
        let done = try fixer.fix(clip, into: place)
        try place.finish()
        #expect(done.method == .cut && done.othersLater == 0 && done.originLater == 0)
        #expect(abs(done.cutAtStart * 1000 - max(0, -milliseconds)) < 30)
        let moved = try MadeClips.onset(output) - MadeClips.onset(clip)
        #expect(abs(moved * 1000 - milliseconds) < 2, "\(name) moved by \(moved * 1000) ms")
        func gap(_ path: String) throws -> Double {
            let file = try MediaFile(path: path)
            let video = try #require(file.videoStream?.start)
            let audio = try #require(file.audioStreams.first?.start)
            return audio.seconds - video.seconds
        }
        let (before, after) = (try gap(clip), try gap(output))
        // Containers that do not signal an encoder's delay start that much earlier.
        #expect(abs(after - before) < 0.05, "\(name): \(before), now \(after)")
    }

    @Test("lossy audio in a container without timestamps is refused, and rewritten where that is asked for")
    func lossyWithoutStamps() throws {
        let clips = try MadeClips()
        let clip = try clips.make("mp2.avi", ["-c:v", "mpeg4", "-c:a", "mp2"])
        func fix(_ output: String, rewrites: Bool) throws {
            let place = try StagedOutput(clips.path(output), sources: [clip], isForced: false, bytes: 1 << 20)
            var fixer = MediaFixer(SoundMove(offset: Offset(milliseconds: 120)))
            fixer.rewritesAudio = rewrites
            _ = try fixer.fix(clip, into: place)
            try place.finish()
        }
        #expect(throws: FixError.self) { try fix("kept.avi", rewrites: false) }
        try fix("rewritten.avi", rewrites: true)
        let moved = try MadeClips.onset(clips.path("rewritten.avi")) - MadeClips.onset(clip)
        #expect(abs(moved - 0.12) < 0.002, "moved by \(moved * 1000) ms")
    }

    @Test("a WAV of its own is padded or cut, sample by sample", arguments: [-300.0, 300])
    func wave(milliseconds: Double) throws {
        let clips = try MadeClips()
        let clip = clips.path("a.wav")
        try clips.run([
            "-f", "lavfi", "-i", "aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,1)':s=44100:d=2", "-c:a", "pcm_s24le", clip,
        ])
        let place = try StagedOutput(clips.path("b.wav"), sources: [clip], isForced: false, bytes: 1 << 20)
        _ = try MediaFixer(SoundMove(offset: Offset(milliseconds: milliseconds))).fix(clip, into: place)
        try place.finish()
        #expect(abs(try MadeClips.onset(clips.path("b.wav")) - MadeClips.onset(clip) - milliseconds / 1000) < 0.001)
    }

    @Test("sound that is resampled or cut and comes earlier keeps its beginning: the picture makes room")
    func beginning() throws {
        let clips = try MadeClips()
        let clip = clips.path("a.mkv")
        // A beep from the first sample on for 0.2 s, and another one at the very end.
        try clips.run([
            "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=4", "-f", "lavfi", "-i",
            "aevalsrc='0.5*sin(2*PI*1000*t)*(lt(t,0.2)+gte(t,3.8))':s=48000:d=4", "-c:v", "libx264", "-c:a", "flac",
            clip,
        ])
        let moves = [
            SoundMove(offset: Offset(milliseconds: -300), drift: Drift(ppm: 500)),
            SoundMove(
                offset: Offset(milliseconds: -300),
                segments: [
                    OffsetSegment(span: TimeSpan(start: 0, end: 2), offset: Offset(milliseconds: -300)),
                    OffsetSegment(span: TimeSpan(start: 2, end: 4), offset: Offset(milliseconds: -100)),
                ]),
        ]
        for (index, move) in moves.enumerated() {
            let output = clips.path("out\(index).mkv")
            let place = try StagedOutput(output, sources: [clip], isForced: true, bytes: 1 << 20)
            let done = try MediaFixer(move).fix(clip, into: place)
            try place.finish()
            #expect(abs(done.othersLater - 0.3) < 0.002 && done.cutAtStart == 0 && done.damagedPackets == 0)
            var loud: [Double] = []
            _ = try SoundFile.decode(path: output) { block in
                for (offset, sample) in block.channels[0].enumerated() where abs(sample) > 0.2 {
                    loud.append(Double(block.start + offset) / Double(SoundBlock.rate))
                }
            }
            let first = loud.filter { $0 < 1 }
            let last = loud.filter { $0 > 2 }
            #expect(abs((first.last ?? 0) - (first.first ?? 0) - 0.2) < 0.003, "the first beep is whole")
            #expect(abs((last.last ?? 0) - (last.first ?? 0) - 0.2) < 0.003, "the last beep is whole")
            let file = try MediaFile(path: output)
            let picture = try #require(file.videoStream?.start?.seconds)
            // The beep began with the picture; now it is 300 ms before it.
            #expect(abs(picture - file.originSeconds - ((first.first ?? 0) + 0.3)) < 0.003)
        }
    }

    @Test("sound of which too much cannot be decoded is not written anew as silence")
    func damaged() throws {
        let clips = try MadeClips()
        let plain = try clips.make("a.mkv", ContainerTests.h264 + ["-c:a", "flac"])
        let clip = clips.path("damaged.mkv")
        try clips.run(["-i", plain, "-c", "copy", "-bsf:a", "noise=amount=1", clip])
        let place = try StagedOutput(clips.path("b.mkv"), sources: [clip], isForced: true, bytes: 1 << 20)
        let error = #expect(throws: FixError.self) {
            try MediaFixer(SoundMove(offset: Offset(milliseconds: 50), drift: Drift(ppm: 800))).fix(clip, into: place)
        }
        #expect(error?.failure.code == "damaged-sound")
    }

    @Test("an AVI with lossy sound is refused, and told which container can")
    func refused() throws {
        let clips = try MadeClips()
        let clip = try clips.make("a.avi", ["-c:v", "mpeg4", "-c:a", "mp2"])
        let partial: String
        do {
            let place = try StagedOutput(clips.path("b.avi"), sources: [clip], isForced: false, bytes: 1 << 20)
            partial = place.partial
            let error = #expect(throws: FixError.self) {
                try MediaFixer(SoundMove(offset: Offset(milliseconds: 100))).fix(clip, into: place)
            }
            #expect(error?.failure.remedy.contains(".mkv") == true)
        }
        #expect(!FileManager.default.fileExists(atPath: partial))
        let place = try StagedOutput(clips.path("b.mkv"), sources: [clip], isForced: false, bytes: 1 << 20)
        _ = try MediaFixer(SoundMove(offset: Offset(milliseconds: 100))).fix(clip, into: place)
        try place.finish()
        #expect(abs(try MadeClips.onset(clips.path("b.mkv")) - MadeClips.onset(clip) - 0.1) < 0.002)
    }

    @Test("rotation, chapters and dispositions stay; drift is resampled")
    func kept() throws {
        let clips = try MadeClips()
        let plain = try clips.make("plain.mp4", ContainerTests.h264 + ["-c:a", "aac"])
        try ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=2000\ntitle=Second\n".write(
            toFile: clips.path("c.txt"), atomically: true, encoding: .utf8)
        let clip = clips.path("a.mp4")
        try clips.run([
            "-i", plain, "-i", clips.path("c.txt"), "-map", "0", "-map_metadata", "1", "-c", "copy", "-metadata:s:v:0",
            "rotate=90", clip,
        ])
        for move in [
            SoundMove(offset: Offset(milliseconds: -100)),
            SoundMove(offset: Offset(milliseconds: -100), drift: Drift(ppm: 20_000)),
        ] {
            let place = try StagedOutput(clips.path("b.mp4"), sources: [clip], isForced: true, bytes: 1 << 20)
            let done = try MediaFixer(move).fix(clip, into: place)
            try place.finish()
            #expect(done.method == (move.isPlain ? .moved : .resampled))
            let wanted = move.isPlain ? -0.1 : -0.1 + 0.02 * 1.0
            #expect(abs(try MadeClips.onset(clips.path("b.mp4")) - MadeClips.onset(clip) - wanted) < 0.003)
            let after = try MediaFile(path: clips.path("b.mp4"))
            #expect(after.context.pointee.nb_chapters == 1)
            var turned = false
            _ = try after.decode(
                MediaSelection(video: after.videoStream?.index, audio: nil),
                onPicture: { turned = $0.displayHeight > $0.displayWidth })
            #expect(turned)
        }
    }

    @Test("a chapter that ends at the last number there is ends there after a move, too")
    func lastChapter() throws {
        let from = try #require(avformat_alloc_context())
        let to = try #require(avformat_alloc_context())
        defer {
            avformat_free_context(from)
            avformat_free_context(to)
        }
        let chapter = try #require(av_mallocz(MemoryLayout<AVChapter>.size)).bindMemory(to: AVChapter.self, capacity: 1)
        chapter.pointee.time_base = AVRational(num: 1, den: 1_000_000)
        chapter.pointee.start = 5
        chapter.pointee.end = .max
        let list = try #require(av_mallocz(MemoryLayout<UnsafeMutableRawPointer>.size))
            .bindMemory(to: UnsafeMutablePointer<AVChapter>?.self, capacity: 1)
        list.pointee = chapter
        from.pointee.chapters = list
        from.pointee.nb_chapters = 1
        try #require(genlock_copy_chapters(to, from, 1_000_000) == 0)
        let moved = try #require(to.pointee.chapters[0]).pointee
        #expect(moved.start == 1_000_005 && moved.end == .max)
    }

    @Test("the original, an existing file and a folder are refused; a full disk is told before it is full")
    func places() throws {
        let clips = try MadeClips()
        let clip = clips.path("a.bin")
        try Data([1]).write(to: URL(fileURLWithPath: clip))
        try FileManager.default.createSymbolicLink(atPath: clips.path("link"), withDestinationPath: clip)
        func code(_ path: String, force: Bool = false, bytes: Int64 = 1) -> String? {
            do {
                _ = try StagedOutput(path, sources: [clip], isForced: force, bytes: bytes)
                return nil
            } catch { return (error as? FixError)?.failure.code }
        }
        #expect(code(clip, force: true) == "in-place")
        #expect(code(clips.path("link"), force: true) == "in-place")
        try Data([2]).write(to: URL(fileURLWithPath: clips.path("b.bin")))
        #expect(code(clips.path("b.bin")) == "exists")
        #expect(code(clips.path("b.bin"), force: true) == nil)
        #expect(code(clips.folder, force: true) == "is-folder")
        #expect(code(clips.path("none/b.bin")) == "no-folder")
        #expect(code(clips.path("c.bin"), bytes: 1 << 60) == "disk-full")
    }
}
