import ArgumentParser
import Foundation
import LipSync

struct EncodedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encoded",
        abstract: "Measure studio clips encoded anew: frame rates, sizes, sample rates, bit rates; adds rows.")

    @Argument(help: "Folder of studio clips whose true offset is 0.")
    var clips: String

    @Option(help: "Folder with folds.json and FOLD.safetensors.")
    var folds: String

    @Option(help: "Where encoded clips are made; those that are there are used again.")
    var work: String

    @Option(help: "The rows to add to.")
    var output: String

    @Option(help: "Of talker s1, take one clip of so many; of the others all are taken.")
    var every = 18

    @Option(help: "Only this encoding, such as '50 fps'.")
    var only: String?

    static let moves: [Double] = [-130, 0, 240]

    func run() throws {
        let tracker = try Workshop.tracker()
        let models = try FoldModels(folder: folds)
        let chosen = Set(try EncodedCommand.choice(of: Workshop.files(in: clips, ".mpg"), every: every))
        let file = try RowFile.open(output, appending: true)
        for fold in models.names {
            let analyser = try models.analyser(fold)
            let names = (models.leftOut[fold] ?? []).filter(chosen.contains).sorted()
            for (index, name) in names.enumerated() {
                for encoding in Encoding.all
                where (only ?? encoding.name) == encoding.name && (!encoding.isCostly || index.isMultiple(of: 3)) {
                    let encoded =
                        "\(work)/\(encoding.name.replacing(" ", with: "-").replacing("/", with: "-"))/\(name).mp4"
                    try FFmpegProgram.make(encoded) { encoding.arguments(input: "\(clips)/\(name).mpg", output: $0) }
                    let clip = try RecordedClip(path: encoded, tracker: tracker)
                    let run = FoldRun(fold: fold, analyser: analyser, clips: [clip])
                    try file.write(run.moved(EncodedCommand.moves, kind: encoding.name))
                }
                Workshop.say("encoded: \(name)")
            }
        }
    }

    /// All clips of the many speakers and every so many of the one with many clips.
    static func choice(of paths: [String], every: Int) -> [String] {
        let names = paths.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
        let own = names.filter { RecordedClip.speaker(of: $0) == "s1" }
        return names.filter { RecordedClip.speaker(of: $0) != "s1" }
            + own.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
    }
}
