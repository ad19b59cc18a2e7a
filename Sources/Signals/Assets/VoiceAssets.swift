import Foundation

/// Where the speaker models lie: in the folder of the inference library, under `models/`.
public struct VoiceAssets: Sendable {
    public let root: String

    public init(root: String) { self.root = root }

    /// CAM++: one voice as 192 numbers.
    public var voicePrint: String { root + "/models/voice-print.onnx" }
    /// pyannote segmentation-3.0: who of up to three speaks when, within 10 s.
    public var speakerTurns: String { root + "/models/speaker-turns.onnx" }

    /// What is not there, in words.
    public var missing: [String] {
        var result: [String] = []
        if AssetFolder(root: root).library == nil {
            result.append("OpenVINO (\(root)/openvino/libs/libopenvino_c.so.*)")
        }
        for model in [voicePrint, speakerTurns] where !FileManager.default.isReadableFile(atPath: model) {
            result.append("speaker model (\(model))")
        }
        return result
    }
}
