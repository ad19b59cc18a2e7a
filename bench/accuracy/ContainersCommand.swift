import ArgumentParser
import Foundation
import LipSync

struct ContainersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "containers",
        abstract: "Measure the same H.264 and AAC streams in several containers, the sound moved there; adds rows.")

    @Argument(help: "Folder of studio clips whose true offset is 0.")
    var clips: String

    @Option(help: "Folder with folds.json and FOLD.safetensors.")
    var folds: String

    @Option(help: "Where the files are made; those that are there are used again.")
    var work: String

    @Option(help: "The rows to add to.")
    var output: String

    static let containers = ["mp4", "mov", "mkv", "ts"]
    static let moves: [Double] = [-240, -40, 0, 130]

    func run() throws {
        let tracker = try Workshop.tracker()
        let models = try FoldModels(folder: folds)
        let chosen = Set(try EncodedCommand.choice(of: Workshop.files(in: clips, ".mpg"), every: 30))
        let file = try RowFile.open(output, appending: true)
        let encoding = Encoding(name: "streams")
        for fold in models.names {
            let analyser = try models.analyser(fold)
            for name in (models.leftOut[fold] ?? []).filter(chosen.contains).sorted() {
                let source = "\(work)/streams/\(name).mp4"
                try FFmpegProgram.make(source) { encoding.arguments(input: "\(clips)/\(name).mpg", output: $0) }
                for container in ContainersCommand.containers {
                    for move in ContainersCommand.moves {
                        let path = "\(work)/\(container)\(Int(move))/\(name).\(container)"
                        try FFmpegProgram.remux(source, to: path, soundLaterMilliseconds: move)
                        let run = FoldRun(
                            fold: fold, analyser: analyser, clips: [try RecordedClip(path: path, tracker: tracker)])
                        try file.write(run.asTheyAre(kind: "in \(container)", moved: move))
                    }
                }
            }
        }
    }
}
