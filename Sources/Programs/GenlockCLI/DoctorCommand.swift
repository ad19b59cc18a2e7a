import ArgumentParser
import Assets
import Checks
import FaceTracking
import Fetching
import Foundation
import Inference
import LipSync
import MediaIO
import Reporting
import RobotRecordings
import SyncModel

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what is installed, its version, what is missing, and how to get it.")

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Omit programs that only some commands use, as for a health check.")
    var needed = false

    /// A component that the program needs or can use.
    private struct Part {
        let name: String
        let version: String?
        let use: String
        let remedy: String
        /// No check requires it.
        var isOptional = false
        /// Its absence never counts as missing.
        var isExtra = false

        var state: String { version != nil ? "ok" : isExtra ? "absent" : "missing" }
    }

    func run() throws {
        // Before there are other threads.
        let confinement = ConfinementTable()
        let parts = DoctorCommand.parts().filter { !needed || !$0.isOptional }
        let missing = parts.filter { $0.state == "missing" }
        if json {
            let rows = parts.map { part in
                JSONValue.object([
                    ("name", .string(part.name)), ("state", .string(part.state)),
                    ("version", part.version.map { .string($0) } ?? .null),
                    ("use", .string(part.use)), ("remedy", part.version == nil ? .string(part.remedy) : .null),
                ])
            }
            Console.out(
                JSONValue.object([
                    ("tool_version", .string(Version.tool)), ("parts", .array(rows)),
                    ("confinement", confinement.json),
                ]).pretty + "\n")
        } else {
            for part in parts {
                let name = part.name.padding(toLength: 22, withPad: " ", startingAt: 0)
                Console.out(
                    """
                    \(part.state.padding(toLength: 7, withPad: " ", startingAt: 0))  \(name) \
                    \(part.version ?? "needed for \(part.use): \(part.remedy)")\n
                    """
                )
            }
            Console.out(confinement.text)
            Console.out(
                missing.isEmpty
                    ? "\nEverything is installed.\n"
                    : "\n\(missing.count) missing"
                        + (Installation.isPackage ? ".\n" : "; scripts/setup installs all of it.\n"))
        }
        throw ExitCode(missing.isEmpty ? ExitStatus.good.rawValue : ExitStatus.unreadable.rawValue)
    }

    private static func parts() -> [Part] {
        var parts = [Part(name: "genlock", version: Version.tool, use: "everything", remedy: "")]
        parts += MediaLibraries.versions.map {
            Part(name: $0.name, version: $0.version, use: "reading media", remedy: "")
        }

        let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
        let library = assets.library.flatMap { try? InferenceLibrary(path: $0) }
        parts.append(
            Part(
                name: "OpenVINO", version: library?.version, use: "finding faces (lips)",
                remedy: DoctorCommand.remedy(.inference, assets)))
        let tracker = library.map { library in
            Result { () throws(InferenceError) -> FaceTracker in try FaceTracker(assets: assets, library: library) }
        }
        if case .failure(let error)? = tracker {
            parts.append(
                Part(
                    name: "face models", version: nil, use: "finding faces (lips)",
                    remedy: "\(error.description); \(Installation.remedy(.faceModels))"))
        } else {
            parts.append(
                Part(
                    name: "face models", version: tracker == nil ? nil : "BlazeFace short range, face mesh 468",
                    use: "finding faces (lips)", remedy: DoctorCommand.remedy(.faceModels, assets)))
        }
        let voices = VoiceAssets(root: assets.root).missing
        parts.append(
            Part(
                name: "speaker models", version: voices.isEmpty ? "CAM++, pyannote segmentation-3.0" : nil,
                use: "distinguishing voices (speakers)", remedy: DoctorCommand.remedy(.voices, assets)))
        let model = try? LipModel.packaged()
        parts.append(
            Part(
                name: "lip estimator", version: model?.method.rawValue, use: "lips",
                remedy: "rebuild with 'swift build -c release': the file is part of the package"))
        parts.append(
            Part(
                name: "ffmpeg program", version: programVersion("ffmpeg"),
                use: "video of 'review', TestMedia, benches and fixing by hand",
                remedy: "apt-get install ffmpeg", isOptional: true))
        parts.append(
            Part(
                name: "libcurl",
                version: CurlLibrary.installed.map {
                    $0.version.split(separator: " ").last.map(String.init) ?? $0.version
                },
                use: "clips and manifests at https://", remedy: "apt-get install libcurl4 ca-certificates",
                isOptional: true))
        parts.append(
            Part(
                name: "duckdb program", version: Programs.duckdb.map { programVersion(at: $0, "--version") },
                use: "Parquet files", remedy: DoctorCommand.remedy(.tables, assets), isOptional: true))
        parts += RecordingLibrary.all.map {
            Part(
                name: $0.name, version: $0.version, use: $0.use, remedy: "apt-get install \($0.package)",
                isOptional: true, isExtra: true)
        }
        parts.append(
            Part(
                name: "training", version: Trainer()?.version, use: "adapt", remedy: Trainer.remedy, isOptional: true,
                isExtra: true))
        let words = WordLook.Programs(environment: ProcessInfo.processInfo.environment)
        parts.append(
            Part(
                name: "word aligner",
                version: words.synthesiser.map { _ in
                    words.aligner == nil ? "rendering only" : "rendering, pocketsphinx where installed"
                },
                use: "transcript --words",
                remedy: Installation.isPackage
                    ? Installation.remedy(.words)
                    : "'swift build -c release' puts genlock-speech-synth and genlock-word-aligner beside genlock"))
        return parts
    }

    private static func remedy(_ part: Installation.Part, _ assets: AssetFolder) -> String {
        Installation.remedy(part) + (Installation.isPackage ? "" : ", under \(assets.root)")
    }

    /// The version that a program on the PATH reports; nil: not found.
    private static func programVersion(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile).map {
            programVersion(at: $0, "-version")
        }
    }

    /// The first word with a digit in a program's version output; its path if there is none.
    private static func programVersion(at path: String, _ question: String) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [question]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let data = try? pipe.fileHandleForReading.readToEnd() else { return path }
        process.waitUntilExit()
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first ?? ""
        return line.split(separator: " ").first { $0.contains(where: \.isNumber) }.map(String.init) ?? path
    }
}
