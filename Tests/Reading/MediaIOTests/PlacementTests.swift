import MediaIO
import SyncModel
import Testing

@Suite("Sound and picture on the presentation timeline")
struct PlacementTests {
    /// Asserts that the burst is heard `late` seconds after the flash is seen.
    private func expect(
        _ path: String, late: Double = 0, within tolerance: Double = 0.001, location: SourceLocation = #_sourceLocation
    ) throws {
        let seen = try Observation(path)
        #expect(seen.flashes.count == 1, sourceLocation: location)
        #expect(seen.bursts.count == 1, sourceLocation: location)
        #expect(
            abs(seen.soundLate - late) < tolerance, "sound late by \(seen.soundLate), not \(late)",
            sourceLocation: location)
    }

    @Test(
        "Flash and burst meet in every container that H.264 and AAC are copied to",
        arguments: ["mp4", "mov", "mkv", "ts", "m2ts", "flv"])
    func containers(suffix: String) throws {
        let path =
            try suffix == "mp4" ? Clips.mp4.get() : ffmpeg("-i", Clips.mp4.get(), "-c", "copy", "copied.\(suffix)")
        try expect(path)
        #expect(abs(try #require(Observation(path).flashes.first) - Clips.event) < 0.05)
    }

    @Test(
        "Flash and burst meet whatever the sound's coder delays",
        arguments: [
            ("libmp3lame", "mp4"), ("libmp3lame", "mkv"), ("libmp3lame", "ts"), ("libopus", "mkv"), ("libopus", "webm"),
            ("libopus", "mp4"), ("libopus", "ts"),
            ("libvorbis", "mkv"), ("mp2", "ts"), ("ac3", "ts"), ("ac3", "mkv"), ("flac", "mkv"), ("pcm_s16le", "mov"),
            ("pcm_s24le", "mkv"), ("alac", "mov"),
        ])
    func coderDelays(coder: String, suffix: String) throws {
        let video =
            suffix == "webm"
            ? ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "200k"]
            : ["-map", "0:v", "-map", "1:a", "-c:v", "copy"]
        let first = suffix == "webm" ? Clips.picture() : ["-i", try Clips.mp4.get()]
        let path = try ffmpeg(
            first + ["-i", Clips.wave.get()] + video + ["-c:a", coder, "-strict", "-2", "coder-\(coder).\(suffix)"])
        // FFmpeg 5's Matroska writer forgets Opus' own delay of 312 samples at 48 kHz.
        try expect(path, within: coder == "libopus" && (suffix == "mkv" || suffix == "webm") ? 0.0075 : 0.001)
    }

    @Test("Sound moved with -itsoffset arrives as much later", arguments: [0.35, -0.35, 0.0123], ["mp4", "mkv", "ts"])
    func itsoffset(offset: Double, suffix: String) throws {
        let base = try Clips.mp4.get()
        let path = try ffmpeg(
            "-i", base, "-itsoffset", "\(offset)", "-i", base, "-map", "0:v", "-map", "1:a", "-c", "copy",
            "moved\(offset).\(suffix)")
        // Copied AAC keeps whole packets; Matroska rounds to milliseconds.
        try expect(path, late: offset, within: 0.0015)
    }

    @Test(
        "A file cut without encoding again keeps sound and picture together", arguments: ["0.5", "0.73", "1.05"],
        ["mp4", "mkv", "ts"])
    func cutByCopying(start: String, suffix: String) throws {
        let path = try ffmpeg("-ss", start, "-i", Clips.mp4.get(), "-c", "copy", "cut\(start).\(suffix)")
        // FFmpeg shows the first whole picture of an edit from the edit's start on: up to one video frame in MP4.
        try expect(path, within: suffix == "mp4" ? 0.04 : 0.0015)
    }

    @Test("An edit list that skips into the stream moves the timeline, not the pair")
    func editList() throws {
        let path = try ffmpeg("-ss", "0.73", "-i", Clips.mp4.get(), "-c", "copy", "edited.mp4")
        let seen = try Observation(path)
        #expect(abs(try #require(seen.flashes.first) - (Clips.event - 0.73)) < 0.045)
        #expect(seen.times.allSatisfy { $0 >= -0.001 })
        // The priming before the edit's start is not handed out as sound.
        #expect(try #require(seen.tally.soundStart) > -0.03)
    }

    @Test(
        "AVI keeps its pair",
        arguments: [["mpeg4", "libmp3lame"], ["mpeg4", "pcm_s16le"], ["mjpeg", "pcm_s16le"], ["mpeg4", "ac3"]])
    func avi(coders: [String]) throws {
        let path = try ffmpeg(
            Clips.picture() + [
                "-i", Clips.wave.get(), "-c:v", coders[0], "-q:v", "3", "-c:a", coders[1],
                "pair-\(coders[0])-\(coders[1]).avi",
            ])
        // AVI has no place to say what a coder delays: 1105 samples of MP3, 256 of AC-3.
        let slack = coders[1] == "libmp3lame" ? 0.025 : coders[1] == "ac3" ? 0.006 : 0.001
        try expect(path, within: slack)
    }

    @Test("MPEG-PS of MPEG-1 and MP2 keeps its pair", arguments: ["mpeg1video", "mpeg2video"])
    func programStream(coder: String) throws {
        let path = try ffmpeg(
            Clips.picture(size: "96x96") + [
                "-i", Clips.wave.get(), "-c:v", coder, "-bf", "2", "-q:v", "3", "-c:a", "mp2", "\(coder).mpg",
            ])
        try expect(path)
    }

    @Test("MPEG-TS whose clock wraps around in the midst stays in one piece", arguments: [95441.9, 95443.0, 95442.6])
    func wrapAround(offset: Double) throws {
        let path = try ffmpeg(
            "-i", Clips.transport.get(), "-map", "0", "-c", "copy", "-muxpreload", "0", "-muxdelay", "0",
            "-output_ts_offset", "\(offset)", "wrap\(offset).ts")
        let seen = try Observation(path)
        #expect(abs(seen.soundLate) < 0.001)
        #expect(seen.times.count == 75)
        #expect(seen.tally.soundGaps == 0 && seen.tally.soundOverlaps == 0)
        #expect(seen.tally.unorderedPictures == 0)
        #expect(try #require(seen.flashes.first) < 3)
    }

    @Test(
        "Odd time bases and rates place the flash on its frame",
        arguments: [
            ("30000/1001", 36), ("24000/1001", 29), ("12.5", 15), ("60", 72), ("7", 8), ("1000/33", 36),
        ])
    func frameRates(rate: String, flash: Int) throws {
        let parts = rate.split(separator: "/").compactMap { Double($0) }
        let perSecond = parts[0] / (parts.count > 1 ? parts[1] : 1)
        let path = try ffmpeg(
            Clips.picture(rate: rate, flash: flash) + ["-i", Clips.wave.get()] + Clips.h264
                + ["-c:a", "aac", "-video_track_timescale", "90001", "rate\(flash)-\(Int(perSecond)).mov"])
        try expect(path, late: Clips.event - Double(flash) / perSecond)
    }

    @Test("Variable frame rate: every picture has its own time")
    func variableRate() throws {
        let path = try ffmpeg(
            Clips.picture() + [
                "-i", Clips.wave.get(), "-vf", "select='lt(n,10)+eq(n,30)+gt(n,50)*not(mod(n,3))'", "-vsync", "vfr",
            ] + Clips.h264
                + ["-c:a", "aac", "variable.mp4"])
        try expect(path)
        let seen = try Observation(path)
        let kept: [Int] = Array(0..<10) + [30] + Array(stride(from: 51, to: 75, by: 3))
        let truth = kept.map { Double($0) / 25 }
        #expect(seen.times.count == truth.count)
        #expect(zip(seen.times, truth).allSatisfy { abs($0 - $1) < 0.0005 })
    }

    @Test("Streams that begin at different times keep their distance", arguments: ["mp4", "mkv", "ts", "mov"])
    func differentStarts(suffix: String) throws {
        let path = try ffmpeg(
            "-itsoffset", "0.6", "-i", Clips.mp4.get(), "-i", Clips.wave.get(), "-map", "0:v", "-map", "1:a", "-c:v",
            "copy", "-c:a", "aac",
            "late-picture.\(suffix)")
        try expect(path, late: -0.6)
        let seen = try Observation(path)
        #expect(abs(try #require(seen.tally.firstPicture) - 0.6) < 0.03)
    }
}
