import Foundation
import MediaIO
import SyncModel
import Testing

@Suite("Damaged and unusual streams")
struct DamageTests {
    /// Flips bytes in the middle third, away from the index at either end.
    private func flipped(_ path: String, every step: Int, _ name: String) throws -> String {
        var bytes = try Scratch.bytes(path)
        for index in stride(from: bytes.count / 3, to: bytes.count * 2 / 3, by: step) { bytes[index] ^= 0x5a }
        return try Scratch.write(bytes, name)
    }

    private static let noisy = Result {
        try ffmpeg(
            ["-f", "lavfi", "-i", "testsrc=s=128x96:r=25:d=3", "-i", try Clips.wave.get()] + Clips.h264
                + ["-c:a", "aac", "-movflags", "+faststart", "noisy.mp4"])
    }

    @Test("Flipped bytes are counted, and the rest keeps its time", arguments: ["mp4", "mkv", "ts"])
    func flippedBytes(suffix: String) throws {
        let base = try Self.noisy.get()
        let whole = try suffix == "mp4" ? base : ffmpeg("-i", base, "-c", "copy", "noisy.\(suffix)")
        let seen = try Observation(flipped(whole, every: 97, "flipped.\(suffix)"))
        #expect(seen.tally.damagedVideoPackets + seen.tally.damagedAudioPackets > 0)
        #expect(seen.times.count > 20)
        #expect(zip(seen.times, seen.times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(seen.tally.lastPicture) < 3.1)
    }

    @Test("Timestamps that jump by hours in the middle are refused at once, and the place is named", arguments: [8, 9])
    func jump(kind: UInt8) throws {
        let whole = try ffmpeg(
            ["-i", Self.noisy.get(), "-c:v", "flv1", "-c:a", "mp3", "-ar", "44100", "whole-\(kind).flv"])
        var bytes = try Scratch.bytes(whole)
        // Tags of an FLV: kind, size (3 bytes), milliseconds (3 bytes and a higher one), 3 bytes, body, size (4).
        var start = 13
        while start + 11 <= bytes.count {
            let time = bytes[start + 4..<start + 7].reduce(0) { $0 << 8 | Int($1) } + Int(bytes[start + 7]) << 24
            let size = bytes[start + 1..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            if bytes[start] == kind, time > 1000 {
                let moved = time + 19 * 3_600_000
                for (place, shift) in zip(4..., [16, 8, 0, 24]) { bytes[start + place] = UInt8(moved >> shift & 0xff) }
            }
            start += 11 + size + 4
        }
        let file = try Scratch.write(bytes, "jump-\(kind).flv")
        let error = #expect(throws: MediaError.self) { try Observation(file) }
        #expect(error?.kind == .timestampsJump)
        let said = try #require(error).description
        #expect(said.contains(kind == 8 ? "audio jumps from 1.0" : "video jumps from 0.9"), "\(said)")
    }

    @Test("A packet of sound that is lost leaves the later ones where they were")
    func lostSound() throws {
        let source = try Clips.wave(rate: 48_000, at: [0.5, 2.5])
        let whole = try ffmpeg("-i", source, "-c:a", "aac", "-f", "mpegts", "sound.ts")
        var bytes = try Scratch.bytes(whole)
        // Whole packets of 188 bytes between 1 and 2 s are taken out.
        let packets = bytes.count / 188
        bytes.removeSubrange(packets / 2 * 188..<(packets / 2 + 6) * 188)
        let (before, after) = (try Observation(whole), try Observation(Scratch.write(bytes, "holey.ts")))
        #expect(
            zip(before.bursts, after.bursts).allSatisfy { abs($0 - $1) < 0.001 }, "\(before.bursts), \(after.bursts)")
    }

    @Test("Truncated files give what is there", arguments: ["mkv", "ts", "avi", "flv"], [0.5, 0.9])
    func truncated(suffix: String, share: Double) throws {
        let coders = suffix == "avi" ? ["-c:v", "mpeg4", "-c:a", "mp2"] : ["-c", "copy"]
        let whole = try ffmpeg(["-i", Self.noisy.get()] + coders + ["whole-\(share).\(suffix)"])
        let bytes = try Scratch.bytes(whole)
        let seen = try Observation(
            Scratch.write(Array(bytes[0..<Int(share * Double(bytes.count))]), "cut-\(share).\(suffix)"))
        #expect(seen.times.count > 20 && seen.times.count < 76)
        #expect(seen.tally.samples > 8000)
    }

    @Test("A truncated MP4 with its index in front gives what is there")
    func truncatedFastStart() throws {
        let bytes = try Scratch.bytes(Self.noisy.get())
        let seen = try Observation(Scratch.write(Array(bytes[0..<bytes.count * 2 / 3]), "cut.mp4"))
        #expect(seen.times.count > 20)
    }

    @Test("A raw H.264 stream without timestamps counts its frames at its own rate", arguments: ["25", "50"])
    func rawH264(rate: String) throws {
        let frames = Int(Clips.length) * (rate == "50" ? 50 : 25)
        let path = try ffmpeg(Clips.picture(rate: rate) + Clips.h264 + ["raw-\(rate).h264"])
        let seen = try Observation(path)
        #expect(seen.times.count == frames)
        let known = 1 / (rate == "50" ? 50.0 : 25.0)
        #expect(zip(seen.times, seen.times.dropFirst()).allSatisfy { abs($1 - $0 - known) < 0.001 })
        #expect(seen.flashes.count == 1 && abs(seen.flashes[0] - seen.times[0] - 30 * known) < 0.001)
    }

    @Test("Pictures whose timestamps go astray are dropped and counted; the others keep their times")
    func strayTimestamps() throws {
        let plain = try ffmpeg(
            Clips.picture() + ["-i", Clips.wave.get(), "-c:v", "mpeg4", "-g", "5", "-c:a", "mp2", "plain.mkv"])
        // Video frame 40 claims to be a minute later, frame 50 five seconds.
        let path = try ffmpeg(
            "-i", plain, "-c", "copy", "-bsf:v", "setts=pts=PTS+(eq(N\\,40)*60+eq(N\\,50)*5)/TB:dts=DTS", "stray.mkv")
        let seen = try Observation(path)
        #expect(abs(seen.soundLate) < 0.003)
        #expect(seen.times.count >= 70)
        #expect(try #require(seen.times.last) < 3.1)
    }

    @Test("Several decoder threads give the same pictures at the same times")
    func threads() throws {
        let path = try Self.noisy.get()
        #expect(try Observation(path).times == Observation(path, threads: 2).times)
        #expect(try Observation(path).times.count == 75)
    }

    @Test("A cover is not taken for the picture", arguments: ["m4a", "mp3", "flac"])
    func cover(suffix: String) throws {
        let path = try ffmpeg(
            "-i", Clips.wave.get(), "-f", "lavfi", "-i", "color=red:s=32x32:d=0.04", "-map", "0", "-map", "1", "-c:v",
            "mjpeg", "-frames:v", "1",
            "-disposition:v", "attached_pic", "cover.\(suffix)")
        let file = try MediaFile(path: path)
        #expect(file.streams.count == 2)
        #expect(file.videoStream == nil)
        #expect(abs(try #require(Observation(path).bursts.first) - Clips.event) < 0.001)
    }

    @Test("A cover beside a picture: the picture is taken")
    func coverBesidePicture() throws {
        let path = try ffmpeg(
            "-i", Clips.mp4.get(), "-f", "lavfi", "-i", "color=red:s=32x32:d=0.04", "-map", "0", "-map", "1", "-c",
            "copy", "-c:v:1", "mjpeg",
            "-disposition:v:1", "attached_pic", "with-cover.mp4")
        #expect(try #require(MediaFile(path: path).videoStream).codec == "h264")
        #expect(try abs(Observation(path).soundLate) < 0.001)
    }

    @Test("Memory does not grow with the length of a file")
    func memory() throws {
        // One minute, ten times: the coder need not work so long.
        let minute = try ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=60", "-f", "lavfi", "-i", "sine=r=16000:d=60", "-c:v",
                "mpeg4", "-c:a", "mp2", "minute.ts",
            ])
        let long = try ffmpeg("-stream_loop", "9", "-i", minute, "-c", "copy", "long.mkv")
        func pass(_ path: String) throws -> (peak: Int, pictures: Int) {
            var peak = 0
            var count = 0
            var pixels: [Float] = []
            let file = try MediaFile(path: path)
            let tally = try file.decode(
                MediaSelection(video: file.videoStream?.index, audio: file.audioStream(number: nil)?.index),
                onPicture: { picture in
                    count += 1
                    if count % 50 == 0 {
                        try picture.sample(
                            OrientedSquare(centre: PicturePoint(x: 32, y: 32), side: 50, angle: 0.2), size: 32,
                            into: &pixels)
                    }
                    if count % 500 == 0 { peak = max(peak, residentBytes()) }
                },
                onSound: { _ in })
            return (max(peak, residentBytes()), tally.pictures)
        }
        let short = try pass(minute)
        let whole = try pass(long)
        #expect(whole.pictures > 14_900)
        // Other tests run beside this one.
        #expect(whole.peak - short.peak < 48 << 20, "\((whole.peak - short.peak) >> 20) MB more")
    }

    /// Memory of this process that is in use, from the kernel.
    private func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
