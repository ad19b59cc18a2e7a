import ArgumentParser
import Assets
import Checks
import Foundation
import LipSync
import Plan
import SyncModel

struct MadeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "made", abstract: "Measure generated talking faces as the program does; writes rows.",
        discussion: "Files are named LANGUAGE_FAMILY_TAKE.mp4, and truth.json beside them says how late their sound is."
    )

    private struct Truth: Decodable {
        let file: String
        let soundMovedMilliseconds: Double?

        private enum CodingKeys: String, CodingKey {
            case file
            case soundMovedMilliseconds = "sound_moved_ms"
        }
    }

    @Argument(help: "Folder made by genlock-testmedia --list.")
    var folder: String

    @Option(help: "Where to write the rows.")
    var output: String

    func run() throws {
        let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
        let measurer = ClipMeasurer(checks: CheckCatalogue.make([.lips], CheckSettings(assets: assets.root)))
        let truths = try JSONDecoder().decode(
            [Truth].self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/truth.json")))
        let file = try RowFile.open(output, appending: false)
        for truth in truths {
            let parts = truth.file.replacing(".mp4", with: "").split(separator: "_").map(String.init)
            guard parts.count == 3, let moved = truth.soundMovedMilliseconds else { continue }
            let report = measurer.measure(ClipRequest(clip: "\(folder)/\(truth.file)"))
            if case .failed(let failure) = report.outcome { throw Workshop.Missing(description: failure.message) }
            guard let finding = report.findings.first(where: { $0.check == .lips }) else { continue }
            let trial = Trial(
                kind: "language", clip: "\(parts[0])-\(parts[2])", speaker: "\(parts[0]) (\(parts[1]))",
                fold: WildCommand.packaged,
                seconds: Int((report.durationSeconds ?? 0).rounded()), movedMilliseconds: moved, finding: finding)
            try file.write([trial])
        }
    }
}
