import ArgumentParser
import FaceTracking
import Foundation
import LipSync
import SignalCore
import SyncModel

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure every clip with the models that did not see it; writes rows.csv.")

    @Argument(help: "Folder of studio clips whose true offset is 0.")
    var clips: String

    @Option(help: "Folder with folds.json and FOLD.safetensors, made by training/train --keep-folds.")
    var folds: String

    @Option(help: "Where to write the rows.")
    var output: String

    @Flag(help: "Joined clips, foreign sounds and degraded ones too.")
    var all = false

    static let moves: [Double] = [-400, -240, -130, -80, -40, 0, 40, 80, 130, 240, 400]

    func run() throws {
        let assets = FaceAssets(environment: ProcessInfo.processInfo.environment)
        guard let library = assets.library else { throw CleanExit.message("OpenVINO is missing; run scripts/setup") }
        let tracker = try FaceTracker(assets: assets, library: InferenceLibrary(path: library))
        let names = try FileManager.default.contentsOfDirectory(atPath: clips).sorted()
        var recorded: [String: RecordedClip] = [:]
        for name in names where name.hasSuffix(".mpg") {
            let clip = try RecordedClip(path: "\(clips)/\(name)", tracker: tracker)
            recorded[clip.name] = clip
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folds)/folds.json"))
        let leftOut = try JSONDecoder().decode([String: [String]].self, from: data)
        _ = FileManager.default.createFile(atPath: output, contents: Data((Trial.header + "\n").utf8))
        guard let file = FileHandle(forWritingAtPath: output) else { throw CleanExit.message("cannot write \(output)") }
        try file.seekToEnd()
        for (fold, names) in leftOut.sorted(by: { $0.key < $1.key }) {
            let model = try LipModel(data: Data(contentsOf: URL(fileURLWithPath: "\(folds)/\(fold).safetensors")))
            let run = FoldRun(fold: fold, analyser: LipAnalyser(model: model), clips: names.sorted().compactMap { recorded[$0] })
            var rows = run.moved(MeasureCommand.moves)
            if all { rows += run.joined() + run.foreign() + run.degraded() }
            try file.write(contentsOf: Data(rows.map { $0.row + "\n" }.joined().utf8))
            FileHandle.standardError.write(Data("fold \(fold): \(rows.count) rows\n".utf8))
        }
    }
}

/// The trials of one fold: clips that its model has not seen.
struct FoldRun {
    let fold: String
    let analyser: LipAnalyser
    let clips: [RecordedClip]

    /// Each clip with its sound moved by each amount.
    func moved(_ moves: [Double]) -> [Trial] {
        clips.flatMap { clip in
            let mouth = clip.mouth(analyser.model)
            return moves.map { trial("moved", clip, mouth, clip.sound, moved: $0) }
        }
    }

    /// Clips of the fold joined to 6, 9 and 15 s, with the sound moved.
    func joined() -> [Trial] {
        [2, 3, 5].flatMap { count in
            groups(of: count).flatMap { group -> [Trial] in
                let clip = RecordedClip(joining: group)
                let mouth = clip.mouth(analyser.model)
                return [-240.0, -80, 0, 40, 130, 400].map { trial("joined", clip, mouth, clip.sound, moved: $0) }
            }
        }
    }

    /// Pictures with the sound of another sentence: of the same talker, and of another.
    func foreign() -> [Trial] {
        [1, 2, 3, 5].flatMap { count -> [Trial] in
            let made = groups(of: count).map { RecordedClip(joining: $0) }
            return made.enumerated().flatMap { index, clip -> [Trial] in
                let mouth = clip.mouth(analyser.model)
                return (1..<made.count).compactMap { step -> Trial? in
                    let other = made[(index + step) % made.count]
                    guard step <= 4, Set(other.parts).isDisjoint(with: clip.parts) else { return nil }
                    let kind = other.talker == clip.talker ? "foreign-same" : "foreign-other"
                    return trial(kind, clip, mouth, other.sound, moved: 0)
                }
            }
        }
    }

    /// Sound made worse.
    func degraded() -> [Trial] {
        clips.enumerated().flatMap { index, clip -> [Trial] in
            let mouth = clip.mouth(analyser.model)
            return Degradation.allCases.flatMap { degradation -> [Trial] in
                let sound = [degradation.apply(clip.mono, seed: UInt64(index + 1))]
                return [-130.0, 0, 240].map { trial(degradation.rawValue, clip, mouth, sound, moved: $0) }
            }
        }
    }

    /// Runs of `count` clips, a new one starting at every clip; talkers mix where one has too few.
    private func groups(of count: Int) -> [[RecordedClip]] {
        guard clips.count >= count else { return [] }
        return clips.indices.map { start in (0..<count).map { clips[(start + $0) % clips.count] } }
    }

    private func trial(_ kind: String, _ clip: RecordedClip, _ mouth: MouthTrack, _ sound: [[Float]], moved: Double) -> Trial {
        let finding = analyser.finding(mouth: mouth, sound: RecordedClip.features(sound, movedMilliseconds: moved))
        var candidate: Double?
        for evidence in finding.evidence where evidence.name == "candidate_ms" {
            if case .number(let value, _) = evidence.value { candidate = value }
        }
        return Trial(
            kind: kind, clip: clip.name, talker: clip.talker, fold: fold, seconds: Int(clip.seconds.rounded()), movedMilliseconds: moved,
            verdict: finding.verdict.rawValue, offset: finding.offset?.milliseconds, lower: finding.interval?.lower.milliseconds,
            upper: finding.interval?.upper.milliseconds, confidence: finding.confidence, candidate: candidate)
    }
}
