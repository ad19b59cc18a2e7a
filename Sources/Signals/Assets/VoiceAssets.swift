import Foundation

/// Locates the speaker models: `models/` in the inference library's folder.
public struct VoiceAssets: Sendable {
    public let root: String

    public init(root: String) { self.root = root }

    /// CAM++: a voice embedding of 192 numbers.
    public var voicePrint: String { root + "/models/voice-print.onnx" }
    /// pyannote segmentation-3.0: which of up to three speakers is active when, within 10 s.
    public var speakerTurns: String { root + "/models/speaker-turns.onnx" }

    /// Missing parts, in words.
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
