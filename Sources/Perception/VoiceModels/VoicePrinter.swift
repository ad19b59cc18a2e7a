public import Assets
public import Inference
import SignalCore

/// Computes a voice embedding: 192 numbers of norm 1, whose inner product is high for one voice and near 0 for two.
///
/// Uses CAM++ (Wang et al. 2023) on 1.5 s at a time. Belongs to one thread.
public final class VoicePrinter {
    /// Input length in samples at 16 kHz.
    public static let samples = 24_240
    private static let frames = 150
    private let model: InferenceModel

    /// - Throws: `InferenceError` if library or model is missing or broken.
    public init(assets: VoiceAssets, library: InferenceLibrary) throws(InferenceError) {
        guard assets.missing.isEmpty else {
            throw InferenceError(.modelMissing, "the speaker model is missing: \(assets.voicePrint)")
        }
        model = try InferenceModel(path: assets.voicePrint, outputs: 1, library: library)
    }

    /// The embedding of up to 1.5 s of one voice; shorter speech is repeated. nil: less than a quarter of a second.
    public func print(of sound: [Float]) throws(InferenceError) -> [Float]? {
        let rows = SpeechFilterbank.rows(sound)
        guard rows.frames >= 25 else { return nil }
        let used = min(rows.frames, VoicePrinter.frames)
        let bands = SpeechFilterbank.bands
        var means = [Float](repeating: 0, count: bands)
        for row in 0..<used { for band in 0..<bands { means[band] += rows[row, band] / Float(used) } }
        for frame in 0..<VoicePrinter.frames {
            let row = frame % used
            for band in 0..<bands { model.input[frame * bands + band] = rows[row, band] - means[band] }
        }
        try model.run()
        let output = model.outputs[0]
        let length = output.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length.isFinite, length > 0 else { return nil }
        return output.map { $0 / length }
    }
}
