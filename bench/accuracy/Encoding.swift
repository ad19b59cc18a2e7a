/// One way to encode a studio clip anew: other frame rates, sizes, codecs, sample rates and bit rates.
struct Encoding {
    let name: String
    /// ffmpeg filters on the picture; none leaves it as it is.
    var filters: [String] = []
    /// The picture's encoder with the option that says how fast it is to be; nil: H.264.
    var encoder: [String]?
    /// ffmpeg options of the picture's encoder.
    var picture = ["-crf", "20"]
    /// ffmpeg options of the sound's encoder.
    var sound = ["-b:a", "96k"]
    /// Only every third clip is tried: large pictures take long.
    var isCostly = false

    /// All that are tried. Frame rates other than 25 are made by motion-compensated interpolation, so that each new
    /// video frame shows its own instant; repeated frames would make the picture late by half of their distance.
    static let all: [Encoding] = [Encoding(name: "25 fps")] + frameRates + sizes + codecs + sampleRates + bitRates

    private static let kept = [0, 1, 3, 6, 8, 13].map { "eq(mod(n,15),\($0))" }.joined(separator: "+")

    private static let frameRates: [Encoding] =
        [("15", "15"), ("24", "24"), ("29.97", "30000/1001"), ("50", "50"), ("60", "60")].map { name, rate in
            Encoding(name: "\(name) fps", filters: ["minterpolate=fps=\(rate):mi_mode=mci"])
        } + [
            // Six of every fifteen frames of 60 a second: intervals of 17, 33, 50, 33, 83 and 33 ms in turn.
            Encoding(
                name: "variable rate", filters: ["minterpolate=fps=60:mi_mode=mci", "select='\(kept)'"],
                picture: ["-crf", "20", "-fps_mode", "vfr"])
        ]

    private static let sizes: [Encoding] = [108, 144, 240, 480, 720, 1080, 2160].map { height in
        let width = height * 16 / 9 / 2 * 2
        return Encoding(
            name: "\(width)x\(height)",
            filters: ["scale=-2:\(height):flags=lanczos", "pad=\(width):\(height):(ow-iw)/2:0"],
            isCostly: height > 1080)
    }

    private static let codecs: [Encoding] = [
        Encoding(name: "HEVC", encoder: ["libx265", "-preset", "veryfast", "-x265-params", "log-level=none"]),
        Encoding(name: "VP9", encoder: ["libvpx-vp9", "-cpu-used", "5"], picture: ["-crf", "30", "-b:v", "0"]),
        Encoding(name: "AV1", encoder: ["libaom-av1", "-cpu-used", "8"], picture: ["-crf", "30", "-b:v", "0"]),
        Encoding(name: "MPEG-2", encoder: ["mpeg2video"], picture: ["-q:v", "4"]),
        Encoding(name: "Motion JPEG", encoder: ["mjpeg"], picture: ["-q:v", "5"]),
    ]

    private static let sampleRates: [Encoding] = [
        ("8", 8000), ("16", 16_000), ("22.05", 22_050), ("32", 32_000), ("48", 48_000),
    ]
    .map { Encoding(name: "\($0.0) kHz", sound: ["-ar", "\($0.1)", "-b:a", "64k"]) }

    private static let bitRates: [Encoding] = [
        Encoding(name: "CRF 38", picture: ["-crf", "38"]),
        Encoding(name: "sound at 24 kbit/s", sound: ["-ac", "1", "-b:a", "24k"]),
        Encoding(name: "CRF 38 and 24 kbit/s", picture: ["-crf", "38"], sound: ["-ac", "1", "-b:a", "24k"]),
    ]

    /// The arguments of ffmpeg that make `output` of `input`: AAC beside the picture, the container after the name.
    func arguments(input: String, output: String) -> [String] {
        ["-v", "error", "-nostdin", "-y", "-i", input]
            + (filters.isEmpty ? [] : ["-vf", filters.joined(separator: ",")])
            + ["-c:v"] + (encoder ?? ["libx264", "-preset", isCostly ? "ultrafast" : "veryfast"])
            + ["-pix_fmt", name == "Motion JPEG" ? "yuvj420p" : "yuv420p", "-threads", "1"] + picture
            + ["-c:a", "aac"] + sound + [output]
    }
}
