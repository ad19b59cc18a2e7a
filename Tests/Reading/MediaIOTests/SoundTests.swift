import Foundation
import MediaIO
import Testing

@Suite("Sound as it is delivered")
struct SoundTests {
    @Test(
        "Every rate and number of channels keeps its place and its length",
        arguments: [8000, 11025, 16_000, 22_050, 44_100, 48_000, 96_000], [1, 2, 6, 8])
    func ratesAndChannels(rate: Int, channels: Int) throws {
        let path = try Clips.wave(rate: rate, channels: channels, at: [0.7], length: 1.5)
        let seen = try Observation(path)
        #expect(seen.sound.count == channels)
        #expect(abs(try #require(seen.bursts.first) - 0.7) < 0.0001)
        #expect(seen.start == 0)
        #expect(abs(seen.sound[0].count - 24_000) <= 1, "\(seen.sound[0].count)")
        #expect(seen.tally.samples == seen.sound[0].count)
    }

    @Test("Channels keep their order")
    func channelOrder() throws {
        let waves = (0..<6).map { Waves.burst(at: [0.1 + 0.1 * Double($0)], rate: 48_000, seconds: 1) }
        let path = try Scratch.write(Waves.wav(waves, rate: 48_000), "order.wav")
        for seen in [try Observation(path), try Observation(soundFile: path)] {
            for channel in 0..<6 {
                var one = seen
                one.sound = [seen.sound[channel]]
                #expect(abs(try #require(one.bursts.first) - (0.1 + 0.1 * Double(channel))) < 0.0001)
            }
        }
    }

    @Test("Samples are right to the last one, not only their times", arguments: [8000, 44_100, 48_000])
    func resampledChirp(rate: Int) throws {
        let path = try Scratch.write(Waves.wav([Waves.chirp(rate: rate, seconds: 3)], rate: rate), "chirp-\(rate).wav")
        let truth = Waves.chirp(rate: SoundBlock.rate, seconds: 3)
        let seen = try Observation(path).sound[0]
        #expect(abs(seen.count - truth.count) <= 1)
        // The edges lack the resampler's other half; the middle is exact.
        let worst = (200..<truth.count - 400).map { abs(seen[$0] - truth[$0]) }.max() ?? 1
        #expect(worst < 0.004, "\(worst)")
    }

    @Test("Blocks follow one another without holes or overlaps")
    func blocks() throws {
        for path in [try Clips.mp4.get(), try Clips.wave.get()] {
            let blocks = try Observation(path).blocks
            for (one, next) in zip(blocks, blocks.dropFirst()) { #expect(one.upperBound == next.lowerBound) }
        }
    }

    @Test(
        "libsndfile and FFmpeg give the same samples at the same times",
        arguments: [
            "a.wav", "a.flac", "a.aiff", "a.caf", "a.ogg", "a24.wav", "af.wav", "a8.wav", "alaw.wav", "adpcm.wav",
            "alac.caf", "a.opus", "flac.ogg", "cover.flac", "a.w64", "rf64.wav",
        ], [8000, 44_100, 48_000])
    func twoDoors(name: String, rate: Int) throws {
        let coders: [String: [String]] = [
            "a24.wav": ["-c:a", "pcm_s24le"], "af.wav": ["-c:a", "pcm_f32le"], "a8.wav": ["-c:a", "pcm_u8"],
            "alaw.wav": ["-c:a", "pcm_alaw"],
            "adpcm.wav": ["-c:a", "adpcm_ms"], "alac.caf": ["-c:a", "alac"], "flac.ogg": ["-c:a", "flac"],
            "a.ogg": ["-c:a", "libvorbis"],
            "rf64.wav": ["-rf64", "always"],
        ]
        if name == "a.opus", rate == 44_100 { return }
        let source = try Clips.wave(rate: rate, at: [0.3, 1.1], length: 1.7)
        let cover =
            name == "cover.flac"
            ? [
                "-f", "lavfi", "-i", "color=red:s=32x32:d=0.04", "-map", "0", "-map", "1", "-c:v", "png", "-frames:v",
                "1", "-disposition:v", "attached_pic",
            ] : []
        let path = try ffmpeg(["-i", source] + cover + (coders[name] ?? []) + ["\(rate)-\(name)"])
        let (one, other) = (try Observation(soundFile: path), try Observation(path))
        #expect(one.start == other.start)
        #expect(one.sound.count == other.sound.count)
        #expect(
            abs(one.sound[0].count - other.sound[0].count) <= 1, "\(one.sound[0].count) and \(other.sound[0].count)")
        let worst = zip(one.sound[0], other.sound[0]).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-4, "\(worst)")
        // ADPCM is too rough for the last digit.
        #expect(abs(try #require(one.bursts.first) - 0.3) < 0.0005)
    }

    @Test("MP3 and AAC files of their own begin where the sound began", arguments: ["p.mp3", "p.m4a", "p.aac"])
    func primed(name: String) throws {
        let path = try ffmpeg("-i", Clips.wave(rate: 44_100), "-b:a", "128k", name)
        let seen = try Observation(soundFile: path)
        // Raw ADTS does not tell of the priming: 1024 samples.
        let priming = name == "p.aac" ? 1024.0 / 44_100 : 0
        #expect(abs(try #require(seen.bursts.first) - Clips.event - priming) < 0.001, "\(seen.bursts)")
    }

    @Test("Several sound streams: the default one, or the one asked for")
    func severalStreams() throws {
        let (early, late) = (try Clips.wave(rate: 48_000, at: [0.5]), try Clips.wave(rate: 48_000, at: [1.5]))
        let path = try ffmpeg(
            "-i", early, "-i", late, "-map", "0", "-map", "1", "-c:a", "pcm_s16le", "-disposition:a:0", "0",
            "-disposition:a:1", "default", "several.mkv")
        #expect(abs(try #require(Observation(path).bursts.first) - 1.5) < 0.001)
        #expect(abs(try #require(Observation(path, audioStream: 0).bursts.first) - 0.5) < 0.001)
        #expect(abs(try #require(Observation(path, audioStream: 1).bursts.first) - 1.5) < 0.001)
        #expect { try Observation(path, audioStream: 2) } throws: { ($0 as? MediaError)?.kind == .noSuchStream }
    }

    @Test(
        "A stream that changes its rate or channels in its midst goes on at the right time",
        arguments: [(44_100, 2), (48_000, 1), (32_000, 1)])
    func changes(rate: Int, channels: Int) throws {
        // Named by the case: others write theirs at the same time.
        let own = "\(rate)-\(channels)"
        func piece(_ rate: Int, _ channels: Int, offset: Double) throws -> String {
            try ffmpeg(
                "-i", Clips.wave(rate: rate, channels: channels, at: [0.5], length: 1.008), "-c:a", "mp2", "-muxdelay",
                "0", "-muxpreload", "0",
                "-output_ts_offset", "\(offset)", "piece-\(own)-\(offset).ts")
        }
        let path = try Scratch.join(
            [piece(48_000, 2, offset: 10), piece(rate, channels, offset: 11.008)], "changed-\(rate)-\(channels).ts")
        let seen = try Observation(path)
        try #require(seen.bursts.count == 2)
        #expect(abs(seen.bursts[1] - seen.bursts[0] - 1.008) < 0.002, "\(seen.bursts)")
    }

    @Test("Sound that was recorded in pieces keeps the gap between them")
    func gapInFile() throws {
        let whole = try ffmpeg("-i", Clips.wave(rate: 48_000, at: [0.5, 1.5, 2.5]), "-c:a", "mp2", "whole.mkv")
        // Packets from 1 s on are 0.4 s later, those from 2 s on 0.7 s.
        let path = try ffmpeg(
            "-i", whole, "-c", "copy", "-bsf:a", "setts=ts=TS+(gte(TS*TB\\,1)*0.4+gte(TS*TB\\,2)*0.3)/TB", "gap.mkv")
        let seen = try Observation(path)
        let bursts = seen.bursts
        #expect(bursts.count == 3)
        #expect(abs(bursts[1] - bursts[0] - 1.4) < 0.002 && abs(bursts[2] - bursts[1] - 1.3) < 0.002, "\(bursts)")
        #expect(seen.tally.soundGaps == 2 && seen.tally.soundOverlaps == 0)
    }

    /// A second of sound with a burst in its middle, as MPEG-TS whose clock begins at `offset`.
    private func piece(_ offset: Double) throws -> String {
        try ffmpeg(
            "-i", Clips.wave(rate: 48_000, at: [0.5], length: 1.008), "-c:a", "mp2", "-muxdelay", "0", "-muxpreload",
            "0", "-output_ts_offset",
            "\(offset)", "part-\(offset).ts")
    }

    @Test("MPEG-TS files joined end to end: gaps stay, overlaps are heard once, and all comes at its time")
    func joined() throws {
        // The second begins 0.3 s before the first one ends, the third 0.4 s after the second's end.
        let seen = try Observation(Scratch.join([piece(10), piece(10.708), piece(12.116)], "joined.ts"))
        let bursts = seen.bursts
        #expect(
            bursts.count == 3 && abs(bursts[1] - bursts[0] - 0.708) < 0.002
                && abs(bursts[2] - bursts[0] - 2.116) < 0.002, "\(bursts)")
        #expect(seen.tally.soundOverlaps >= 1 && seen.tally.soundGaps == 1)
    }
}
