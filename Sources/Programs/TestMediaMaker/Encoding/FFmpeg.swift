import Foundation

/// The `ffmpeg` program, with options for deterministic output.
struct FFmpeg: Sendable {
    private let program: Program

    /// Output options that exclude versions, dates and effects of threads.
    private static let reproducible = [
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads",
        "1",
    ]

    init(_ name: String) throws {
        program = try Program(name, remedy: "Install it with: apt install ffmpeg")
    }

    /// Reads an image as packed 8-bit RGB, rows from the top; without its size.
    func rgb(of file: URL) throws -> [UInt8] {
        let arguments = [
            "-v", "error", "-i", file.path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ]
        return [UInt8](try program.run(arguments, task: "reading \(file.lastPathComponent)"))
    }

    /// Reads the first channel of an audio file at another sample rate.
    func sound(of file: URL, sampleRate: Int) throws -> Sound {
        let arguments = [
            "-v", "error", "-i", file.path, "-map", "0:a:0", "-ac", "1", "-af", "aresample=\(sampleRate)",
            "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1",
        ]
        let bytes = [UInt8](try program.run(arguments, task: "reading \(file.lastPathComponent)"))
        let samples = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
        }
        return Sound(sampleRate: sampleRate, samples: samples)
    }

    /// Encodes frames as H.264, with audio as AAC if there is any.
    ///
    /// - Parameters:
    ///   - frames: called for each video frame in turn; all have the same size.
    ///   - filters: ffmpeg filters on the frames, in order.
    func encode(
        frames count: Int, size: FrameSize, clock: FrameClock, filters: [String], sound: URL?, to output: URL,
        frame: (Int) -> Picture
    ) throws {
        var arguments = [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "\(size.width)x\(size.height)",
            "-framerate", clock.inputRate, "-i", "pipe:0",
        ]
        if let sound {
            arguments += ["-i", sound.path]
        }
        let chain = clock.filters + filters + ["scale=flags=accurate_rnd+bitexact", "format=yuv420p"]
        arguments += ["-map", "0:v", "-vf", chain.joined(separator: ",")]
        arguments += ["-c:v", "libx264", "-preset", "fast", "-crf", "21", "-g", "50"]
        arguments += clock.outputOptions
        if sound != nil {
            arguments += ["-map", "1:a", "-c:a", "aac", "-b:a", "96k"]
        }
        arguments += Self.reproducible + [output.path]
        try program.run(arguments, task: "encoding \(output.lastPathComponent)") { input in
            for index in 0..<count {
                try input.write(contentsOf: frame(index).rgbBytes())
            }
        }
    }

    /// Rewrites streams without re-encoding; the container follows from the name of `output`.
    ///
    /// - Parameters:
    ///   - inputs: each with the options before it, such as `-ss 1`.
    ///   - options: such as `-map 0:v`.
    func copy(inputs: [(options: [String], file: URL)], options: [String] = [], to output: URL) throws {
        var arguments = ["-v", "error", "-y"]
        for input in inputs {
            arguments += input.options + ["-i", input.file.path]
        }
        arguments += ["-c", "copy"] + options + Self.reproducible + [output.path]
        try program.run(arguments, task: "rewriting \(output.lastPathComponent)")
    }
}
