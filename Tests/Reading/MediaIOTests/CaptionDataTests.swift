import MadeFiles
import Testing

@testable import MediaIO

@Suite("Captions in the packets of pictures")
struct CaptionDataTests {
    private static let frames = 60

    /// Each frame's number, and between two that count one that does not, with zeros that have to be escaped.
    private static func made() -> MadeCaptions {
        var made = MadeCaptions(frames: frames)
        for frame in 0..<frames where frame % 10 != 7 {
            made.add(
                [0xFC, UInt8(frame), 0x55, 0x04, 0x00, 0x00, 0x01, 0x00, 0x00, 0xFD, 0x00, UInt8(frame)], at: frame)
        }
        return made
    }

    private static func counted(_ frame: Int) -> [UInt8] {
        [0xFC, UInt8(frame), 0x55, 0x04, 0x00, 0x00, 0xFD, 0x00, UInt8(frame)]
    }

    private static let picture = ["-f", "lavfi", "-i", "testsrc=s=128x96:r=30000/1001", "-frames:v", "\(frames)"]

    /// H.264 whose pictures are coded in the order in which they are shown.
    private static let plain = Result {
        let raw = try ffmpeg(
            picture + ["-c:v", "libx264", "-bf", "0", "-x264-params", "aud=1", "-pix_fmt", "yuv420p", "plain.h264"])
        return try Scratch.write(made().inserted(into: try Scratch.bytes(raw), .h264), "captions.h264")
    }

    @Test(
        "come out in the order in which pictures are shown, whole and at their times",
        arguments: [
            ("reordered.mp4", ["-c:v", "libx264", "-bf", "3", "-a53cc", "1"]),
            ("reordered.ts", ["-c:v", "libx264", "-bf", "3", "-a53cc", "1"]),
            ("reordered.mkv", ["-c:v", "libx264", "-bf", "3", "-a53cc", "1"]),
            ("mpeg2.ts", ["-c:v", "mpeg2video", "-bf", "2", "-b:v", "1M"]),
            ("mpeg2.mpg", ["-c:v", "mpeg2video", "-bf", "2", "-b:v", "1M"]),
        ])
    func order(name: String, coding: [String]) throws {
        let path = try ffmpeg(["-framerate", "30000/1001", "-i", try Self.plain.get()] + coding + [name])
        try expect(path)
    }

    @Test("H.265 carries them likewise")
    func hevc() throws {
        let raw = try ffmpeg(
            Self.picture + ["-c:v", "libx265", "-x265-params", "aud=1:bframes=0:log-level=none", "plain.hevc"])
        let stream = try Scratch.write(Self.made().inserted(into: try Scratch.bytes(raw), .hevc), "captions.hevc")
        try expect(try ffmpeg("-framerate", "30000/1001", "-i", stream, "-c", "copy", "captions-hevc.ts"))
    }

    /// Line 21 of both fields, a pair a frame.
    private static func pairs(_ frame: Int) -> [UInt8] {
        let byte = MadeCaptions.odd(UInt8(0x20 + frame))
        return [0xFC, byte, 0x80, 0xFD, MadeCaptions.odd(0x41), byte]
    }

    @Test(
        "MPEG-2 has line 21 per frame as in SCTE 20, and per group of pictures as on DVDs",
        arguments: [
            (MadeCaptions.UserData.cable, "cable.ts"), (.cable, "cable.mpg"), (.disc, "disc.ts"), (.disc, "disc.vob"),
        ])
    func mpeg2(_ kind: MadeCaptions.UserData, _ name: String) throws {
        var made = MadeCaptions(frames: Self.frames)
        for frame in 0..<Self.frames { made.add(Self.pairs(frame), at: frame) }
        let raw = try ffmpeg(
            Self.picture + ["-c:v", "mpeg2video", "-bf", "2", "-g", "15", "-b:v", "1M", "plain-\(name).m2v"])
        let stream = try Scratch.write(made.inserted(into: try Scratch.bytes(raw), kind), "captions-\(name).m2v")
        let path = try ffmpeg("-fflags", "+genpts", "-framerate", "30000/1001", "-i", stream, "-c", "copy", name)
        try expect(path, Array(0..<Self.frames), Self.pairs)
    }

    @Test("a truncated group or count of pairs is read as far as it goes")
    func truncated() {
        let data = CaptionUserData(isEscaped: false, hasUserData: true)
        let disc: [UInt8] = [0, 0, 1, 0xB2, 0x43, 0x43, 1, 0xF8, 0x9E, 0xFF, 0x94, 0x20, 0xFE, 0x80, 0x80, 0xFF, 0x94]
        disc.withUnsafeBytes { bytes in
            #expect(data.disc(bytes) == [[0xFC, 0x94, 0x20, 0xFD, 0x80, 0x80]])
            #expect(data.isIn(bytes) && data.triplets(bytes).isEmpty)
        }
        // Five pairs are stated: 00101, priority 00, field 01, line 00000, and there is one byte more.
        let cable: [UInt8] = [0, 0, 1, 0xB2, 0x03, 0x81, 0b0010_1000, 0b1000_0000, 0x29]
        cable.withUnsafeBytes { #expect(data.triplets($0).isEmpty && data.disc($0).isEmpty) }
    }

    private func expect(_ path: String) throws {
        try expect(path, (0..<Self.frames).filter { $0 % 10 != 7 }, Self.counted)
    }

    private func expect(_ path: String, _ frames: [Int], _ triplets: (Int) -> [UInt8]) throws {
        #expect(try MediaFile(path: path).mayHoldCaptionData)
        var found: [CaptionData] = []
        try MediaFile(path: path).readCaptionData { found.append($0) }
        #expect(found.map(\.triplets) == frames.map(triplets))
        for (data, frame) in zip(found, frames) {
            #expect(abs(data.seconds - Double(frame) / MadeCaptions.rate) < 0.0011, "frame \(frame) of \(path)")
        }
    }

    @Test("without them nothing is found, and what looks like them is not taken for them")
    func none() throws {
        let path = try ffmpeg(Self.picture + ["-c:v", "libx264", "none.mp4"])
        #expect(try !MediaFile(path: path).mayHoldCaptionData)
        try MediaFile(path: path).readCaptionData { _ in Issue.record("there are none") }
        // The letters alone, without what registers them.
        let bytes: [UInt8] = Array("xxGA94".utf8) + [0x03, 0x41, 0xFF, 0xFC, 0x41, 0x42, 0xFF]
        bytes.withUnsafeBytes { #expect(!CaptionUserData.isRegistered($0)) }
    }
}
