public import Assets
import Foundation
public import Inference
public import SignalCore

/// Determines which of up to three speakers is active when, within 10 s of audio.
///
/// Uses pyannote's segmentation-3.0 (Plaquet & Bredin 2023), including overlapped speech. Speaker indices are valid
/// within one window only. Belongs to one thread.
public final class SpeakerTurnNetwork {
    /// Window length in samples at 16 kHz.
    public static let samples = 160_000
    /// Frames per window, the hop in samples, and the centre of the first frame.
    public static let frames = 589
    public static let hop = 270
    public static let firstCentre = 495.0
    public static let voices = 3
    /// The speakers of each of the network's seven classes.
    private static let answers: [[Int]] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]]

    private let model: InferenceModel

    /// - Throws: `InferenceError` if library or model is missing or broken.
    public init(assets: VoiceAssets, library: InferenceLibrary) throws(InferenceError) {
        guard assets.missing.isEmpty else {
            throw InferenceError(.modelMissing, "the speaker model is missing: \(assets.speakerTurns)")
        }
        model = try InferenceModel(path: assets.speakerTurns, outputs: 1, library: library)
    }

    /// The probability of each of the three speakers, frame by frame; audio shorter than a window is padded with
    /// silence.
    public func activity(of sound: [Float]) throws(InferenceError) -> FrameMatrix {
        for index in 0..<SpeakerTurnNetwork.samples { model.input[index] = index < sound.count ? sound[index] : 0 }
        try model.run()
        let output = model.outputs[0]
        var result = FrameMatrix(frames: SpeakerTurnNetwork.frames, columns: SpeakerTurnNetwork.voices)
        for frame in 0..<SpeakerTurnNetwork.frames {
            for (answer, voices) in SpeakerTurnNetwork.answers.enumerated() where !voices.isEmpty {
                let probability = exp(output[frame * SpeakerTurnNetwork.answers.count + answer])
                for voice in voices { result[frame, voice] += probability }
            }
        }
        return result
    }
}
