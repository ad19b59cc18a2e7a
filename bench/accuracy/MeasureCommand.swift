import ArgumentParser
import Foundation

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure every clip with the models that did not see it; writes rows.csv.")

    @Argument(help: "Folders of studio clips (.mpg, .flv) whose true offset is 0.")
    var clips: [String]

    @Option(help: "Folder with folds.json and FOLD.safetensors, made by training/train --keep-folds.")
    var folds: String

    @Option(help: "Where to write the rows.")
    var output: String

    @Flag(help: "Joined clips, foreign sounds and degraded ones too.")
    var all = false

    static let moves: [Double] = [-400, -240, -130, -80, -40, 0, 40, 80, 130, 240, 400]

    func run() throws {
        let tracker = try Workshop.tracker()
        var recorded: [String: RecordedClip] = [:]
        for path in try clips.flatMap({ try Workshop.files(in: $0, ".mpg", ".flv") }) {
            let clip = try RecordedClip(path: path, tracker: tracker)
            recorded[clip.name] = clip
        }
        let models = try FoldModels(folder: folds)
        let file = try RowFile.open(output, appending: false)
        for fold in models.names {
            let names = (models.leftOut[fold] ?? []).sorted()
            let run = FoldRun(fold: fold, analyser: try models.analyser(fold), clips: names.compactMap { recorded[$0] })
            var rows = run.moved(MeasureCommand.moves)
            if all { rows += run.joined() + run.foreign() + run.degraded() }
            try file.write(rows)
            Workshop.say("fold \(fold): \(rows.count) rows")
        }
    }
}
