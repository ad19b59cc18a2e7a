import Foundation

/// The `ffmpeg` program, which makes the files that a bench measures.
enum FFmpegProgram {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Makes a file unless it is there. It stands under its name only when it is complete.
    static func make(_ output: String, _ arguments: (String) -> [String]) throws {
        guard !FileManager.default.fileExists(atPath: output) else { return }
        let folder = (output as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let draft = "\(folder)/making.\((output as NSString).pathExtension)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg"] + arguments(draft)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "ffmpeg ended with \(process.terminationStatus) making \(output)")
        }
        try FileManager.default.moveItem(atPath: draft, toPath: output)
    }

    /// The same streams, the sound later by so many ms, in the container that the name asks for.
    static func remux(_ input: String, to output: String, soundLaterMilliseconds: Double) throws {
        try make(output) { draft in
            let sound =
                soundLaterMilliseconds == 0
                ? ["-map", "0:v:0", "-map", "0:a:0"]
                : [
                    "-itsoffset", "\(soundLaterMilliseconds / 1000)", "-i", input, "-map", "0:v:0", "-map", "1:a:0",
                ]
            return ["-v", "error", "-nostdin", "-y", "-i", input] + sound + ["-c", "copy", draft]
        }
    }
}
