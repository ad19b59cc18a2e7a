import Assets
import Foundation
import Inference
import MadeFiles
import MediaIO
import Testing

/// What is installed, and what is not.
enum Installed {
    static let assets = VoiceAssets(root: AssetFolder(environment: ProcessInfo.processInfo.environment).root)

    static let library = Result { try InferenceLibrary(path: AssetFolder(root: assets.root).library ?? "") }
}

extension Trait where Self == ConditionTrait {
    /// The models that `scripts/setup` installs.
    static var models: Self {
        .enabled(
            if: Installed.assets.missing.isEmpty,
            "run scripts/setup: \(Installed.assets.missing.joined(separator: ", ")) missing")
    }
}

/// Speech made by espeak-ng, its first and last sound at known times.
struct MadeSpeech {
    /// At 16 kHz, full scale 1.
    let samples: [Float]
    /// When speech is heard, in seconds: words with no more than 0.2 s between them.
    let spans: [ClosedRange<Double>]

    /// What `genlock-speech-synth` prints.
    private struct Report: Decodable {
        struct Span: Decodable {
            let start: Double
            let end: Double

            enum CodingKeys: String, CodingKey {
                case start = "start_s"
                case end = "end_s"
            }
        }
        let phonemes: [Span]
    }

    init(_ text: String, voice: String) throws {
        let path = NSTemporaryDirectory() + "genlock-voice-" + UUID().uuidString + ".wav"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try MadeSpeech.program())
        process.arguments = [text, "--voice", voice, "--output", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        var samples: [Float] = []
        _ = try SoundFile.decode(path: path) { samples += $0.channels[0] }
        self.samples = samples
        var spans: [ClosedRange<Double>] = []
        for phoneme in try JSONDecoder().decode(Report.self, from: printed).phonemes {
            if let last = spans.last, phoneme.start - last.upperBound < 0.2 {
                spans[spans.count - 1] = last.lowerBound...phoneme.end
            } else {
                spans.append(phoneme.start...phoneme.end)
            }
        }
        self.spans = spans
    }

    /// The program as it was built beside the tests.
    private static func program() throws -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folders = [
            (own as NSString).deletingLastPathComponent, Bundle.main.bundlePath,
            (CommandLine.arguments[0] as NSString).deletingLastPathComponent, Repository.root.path + "/.build/debug",
        ]
        return try #require(
            folders.map { $0 + "/genlock-speech-synth" }.first(where: FileManager.default.isExecutableFile))
    }
}

extension [Float] {
    /// The samples from one second to another, at 16 kHz.
    func seconds(_ from: Double, _ to: Double) -> [Float] {
        Array(self[Swift.max(0, Int(from * 16_000))..<Swift.min(count, Int(to * 16_000))])
    }

    static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }
}
