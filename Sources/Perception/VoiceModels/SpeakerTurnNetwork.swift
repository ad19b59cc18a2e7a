public import Assets
import Foundation
public import Inference
public import SignalCore

/// Hears who of up to three voices speaks when, within 10 s of sound.
///
/// By pyannote's segmentation-3.0 (Plaquet & Bredin 2023): overlapped speech included. Which voice is which holds
/// within one window only. Belongs to one thread.
public final class SpeakerTurnNetwork {
    /// Samples at 16 kHz of one window.
    public static let samples = 160_000
    /// Frames of a window, the samples from one to the next, and where the first one is centred.
    public static let frames = 589
    public static let hop = 270
    public static let firstCentre = 495.0
    public static let voices = 3
    /// Which voices each of the network's seven answers means.
    private static let answers: [[Int]] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]]

    private let model: InferenceModel

    /// - Throws: `InferenceError` where library or model are missing or broken.
    public init(assets: VoiceAssets, library: InferenceLibrary) throws(InferenceError) {
        guard assets.missing.isEmpty else {
            throw InferenceError(.modelMissing, "the speaker model is missing: \(assets.speakerTurns)")
        }
        model = try InferenceModel(path: assets.speakerTurns, outputs: 1, library: library)
    }

    /// The probability of each of the three voices, frame by frame; sound shorter than a window is followed by silence.
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
