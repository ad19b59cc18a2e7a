import ArgumentParser
import Assets
import Checks
import Foundation
import LipSync
import Plan
import SyncModel

struct WildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wild",
        abstract:
            """
            Measure web clips whole, their sound moved, and in halves, as the program does and with models that left \
            them out; adds rows.
            """
    )

    @Argument(help: "Folders of clips (.mp4) of one talking face each, whose true offset is not known.")
    var clips: [String]

    @Option(help: "Folder of clips of faces that do not speak.")
    var noSpeech: String

    @Option(help: "Folder with folds.json and FOLD.safetensors.")
    var folds: String

    @Option(help: "Where the moved clips are made; those that are there are used again.")
    var work: String

    @Option(help: "The rows to add to.")
    var output: String

    /// How much later the sound is made, in ms; 0 is the clip as it is, which the seven others are held against.
    static let moves: [Double] = [0, -400, -240, -80, 40, 130, 240, 400]
    static let packaged = "packaged"

    func run() throws {
        let file = try RowFile.open(output, appending: true)
        let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
        let measurer = ClipMeasurer(checks: CheckCatalogue.make([.lips], CheckSettings(assets: assets.root)))
        let models = try FoldModels(folder: folds)
        let tracker = try Workshop.tracker()
        for path in try clips.flatMap({ try Workshop.files(in: $0, ".mp4") }) {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            let fold = models.names.first { models.leftOut[$0]?.contains(name) == true }
            let analyser = try fold.map { try models.analyser($0) }
            let halves = try halves(path)
            for (kind, moved, made) in try moved(path, "wild") + halves {
                try file.write(
                    [try trial(kind, name, moved, measurer.measure(ClipRequest(clip: made)))].compactMap { $0 })
            }
            if let fold, let analyser {
                func run(_ path: String) throws -> FoldRun {
                    FoldRun(
                        fold: fold, analyser: analyser,
                        clips: [try RecordedClip(path: path, tracker: tracker, name: name)])
                }
                try file.write(run(path).moved(WildCommand.moves, kind: "wild"))
                for half in halves { try file.write(run(half.path).asTheyAre(kind: half.kind, moved: 0)) }
            }
            Workshop.say("wild: \(name)")
        }
        for path in try Workshop.files(in: noSpeech, ".mp4") {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            for (kind, moved, made) in try moved(path, "no speech") {
                try file.write(
                    [try trial(kind, name, moved, measurer.measure(ClipRequest(clip: made)))].compactMap { $0 })
            }
        }
        // The same faces under the voices of others.
        let packaged = LipAnalyser(model: try .packaged())
        let voices = try clips.flatMap { try Workshop.files(in: $0, ".mp4") }
            .map { try RecordedClip(path: $0, tracker: tracker) }
        for path in try Workshop.files(in: noSpeech, ".mp4") {
            let run = FoldRun(
                fold: WildCommand.packaged, analyser: packaged, clips: [try RecordedClip(path: path, tracker: tracker)])
            try file.write(run.voicedOver(by: voices))
        }
    }

    /// The clip with its sound moved by each amount: the same streams at other times.
    private func moved(_ path: String, _ kind: String) throws -> [(kind: String, moved: Double, path: String)] {
        try WildCommand.moves.map { move in
            let made = "\(work)/moved\(Int(move))/\((path as NSString).lastPathComponent)"
            try FFmpegProgram.remux(path, to: made, soundLaterMilliseconds: move)
            return (kind, move, made)
        }
    }

    /// Its first and its second half, encoded anew.
    private func halves(_ path: String) throws -> [(kind: String, moved: Double, path: String)] {
        let whole = try RecordedClip.length(of: path)
        return try [0, 1].map { half in
            let made = "\(work)/half\(half + 1)/\((path as NSString).lastPathComponent)"
            try FFmpegProgram.make(made) { draft in
                [
                    "-v", "error", "-nostdin", "-y", "-ss", "\(Double(half) * whole / 2)", "-t", "\(whole / 2)", "-i",
                    path,
                    "-c:v", "libx264", "-preset", "veryfast", "-crf", "14", "-threads", "1", "-c:a", "aac", "-b:a",
                    "192k", draft,
                ]
            }
            return ("wild half \(half + 1)", 0, made)
        }
    }

    private func trial(_ kind: String, _ name: String, _ moved: Double, _ report: ClipReport) throws -> Trial? {
        if case .failed(let failure) = report.outcome { throw Workshop.Missing(description: failure.message) }
        return report.findings.first { $0.check == .lips }.map { finding in
            Trial(
                kind: kind, clip: name, speaker: name, fold: WildCommand.packaged,
                seconds: Int((report.durationSeconds ?? 0).rounded()),
                movedMilliseconds: moved, finding: finding)
        }
    }
}
