import Assets
import FaceTracking
import Foundation
import Inference
import LipSync

/// The models that left speakers out, and which clips each has not seen.
struct FoldModels {
    private let folder: String
    /// Clip names by fold.
    let leftOut: [String: [String]]

    /// Reads `folds.json` of a folder made by `training/train --keep-folds`.
    init(folder: String) throws {
        self.folder = folder
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/folds.json"))
        leftOut = try JSONDecoder().decode([String: [String]].self, from: data)
    }

    var names: [String] { leftOut.keys.sorted() }

    func analyser(_ fold: String) throws -> LipAnalyser {
        LipAnalyser(model: try LipModel(data: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(fold).safetensors"))))
    }
}

/// What every measuring command needs first.
enum Workshop {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static func tracker() throws -> FaceTracker {
        let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
        guard let library = assets.library else { throw Missing(description: "OpenVINO is missing; run scripts/setup") }
        return try FaceTracker(assets: assets, library: InferenceLibrary(path: library))
    }

    /// Files of a folder with one of the endings, sorted by name.
    static func files(in folder: String, _ endings: String...) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { name in endings.contains { name.hasSuffix($0) } }.map { "\(folder)/\($0)" }
    }

    static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
