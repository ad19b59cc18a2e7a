import FaceTracking
import Foundation
import LipSync
import Scanning
import SyncModel

/// Makes measurers, one a thread, that share what can be shared.
struct MeasurerFactory: Sendable {
    private let analyser: LipAnalyser
    private let assets: FaceAssets
    private let library: Result<InferenceLibrary, FaceTrackingError>

    init(tolerance: Tolerance, expectation: Expectation) throws {
        analyser = LipAnalyser(model: try .packaged(), tolerance: tolerance, expectation: expectation)
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
        return ClipMeasurer(analyser: analyser, faces: faces)
    }
}
