import FaceTracking
import Foundation
import LipSync
import Scanning
import SyncModel

/// Makes measurers, one a thread, that share what can be shared.
struct MeasurerFactory: Sendable {
    private let analyser: LipAnalyser
    private let thorough: Bool
    private let assets: FaceAssets
    private let library: Result<InferenceLibrary, FaceTrackingError>

    init(_ judging: JudgingOptions) throws {
        analyser = LipAnalyser(model: try .packaged(), tolerance: judging.tolerance, expectation: judging.expect)
        thorough = judging.thorough
        let assets = FaceAssets(environment: ProcessInfo.processInfo.environment)
        self.assets = assets
        library = Result { () throws(FaceTrackingError) -> InferenceLibrary in
            guard let path = assets.library else {
                throw FaceTrackingError(.runtimeMissing, "the inference library OpenVINO is not under \(assets.root)/openvino/libs")
            }
            return try InferenceLibrary(path: path)
        }
    }

    func make() -> ClipMeasurer {
        let faces = library.flatMap { library in
            Result { () throws(FaceTrackingError) -> FaceTracker in try FaceTracker(assets: assets, library: library) }
        }
        return ClipMeasurer(analyser: analyser, faces: faces, thorough: thorough)
    }
}
