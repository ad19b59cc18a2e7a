/// Files that several tests start from, made once.
enum Clips {
    /// When the flash is seen and the burst is heard, in seconds.
    static let event = 1.2
    static let length = 3.0

    /// The picture's source: black, with one white video frame at 1.2 s.
    static func picture(size: String = "64x64", rate: String = "25", seconds: Double = length, flash: Int = 30)
        -> [String]
    {
        [
            "-f", "lavfi", "-i",
            "color=black:s=\(size):r=\(rate):d=\(seconds),drawbox=t=fill:c=white:enable='eq(n,\(flash))'",
        ]
    }

    /// The same with B-frames, so that coding order is not presentation order.
    static let h264 = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p"]

    /// A burst in the middle of silence, 48 kHz stereo.
    static let wave = Result { try wave(rate: 48_000) }

    static func wave(rate: Int, channels: Int = 2, at seconds: [Double] = [event], length: Double = length) throws
        -> String
    {
        let samples = Waves.burst(at: seconds, rate: rate, seconds: length, hertz: rate < 16_000 ? 700 : 1000)
        let name = "wave-\(rate)-\(channels)-\(seconds.map { "\($0)" }.joined(separator: "_"))-\(length).wav"
        return try Scratch.write(Waves.wav(Array(repeating: samples, count: channels), rate: rate), name)
    }

    /// H.264 with B-frames and AAC, flash and burst together.
    static let mp4 = Result {
        try ffmpeg(picture() + ["-i", try wave.get()] + h264 + ["-c:a", "aac", "-b:a", "128k", "base.mp4"])
    }

    /// The same streams in MPEG-TS.
    static let transport = Result { try ffmpeg("-i", try mp4.get(), "-c", "copy", "base.ts") }
}
