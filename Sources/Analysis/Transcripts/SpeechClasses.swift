public import Foundation
public import SignalCore
public import SyncModel

/// A model file that cannot be used.
public struct SpeechModelError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Which class of speech sound each frame of a recording holds: a linear model on spliced features, learnt by
/// `training/speech_classes`.
public struct SpeechClasses: Sendable {
    public let method: MethodVersion
    private let layer: Convolution
    private let logPrior: [Float]
    /// Scores below this are as bad as it: a single frame decides nothing.
    static let lowestScore: Float = -4

    private struct Document: Decodable {
        let method: MethodVersion
        let taps: Int
        let dilation: Int
        let inputs: Int
        let kernel: [Float]
        let bias: [Float]
        let prior: [Float]
    }

    /// The model that belongs to the package.
    public static func packaged() throws -> SpeechClasses {
        guard let url = Bundle.module.url(forResource: "speech-classes-1", withExtension: "json") else {
            throw SpeechModelError(description: "the speech model is not beside the program: build it again")
        }
        return try SpeechClasses(Data(contentsOf: url))
    }

    public init(_ data: Data) throws {
        let document = try JSONDecoder().decode(Document.self, from: data)
        let classes = LetterClasses.count
        guard document.inputs == SpeechFeatures.columns, document.bias.count == classes,
            document.prior.count == classes,
            (1...99).contains(document.taps), (1...50).contains(document.dilation),
            document.kernel.count == document.taps * document.inputs * classes, document.prior.allSatisfy({ $0 > 0 }),
            (document.kernel + document.bias).allSatisfy(\.isFinite)
        else { throw SpeechModelError(description: "the speech model does not fit this program") }
        method = document.method
        layer = Convolution(
            width: document.taps, inputs: document.inputs, outputs: classes, dilation: document.dilation,
            kernel: document.kernel,
            bias: document.bias)
        logPrior = document.prior.map { log($0) }
    }

    /// Scores of a recording: how much likelier each class is in a frame than anywhere, as natural logarithms.
    public func scores(of frames: SoundFrames) -> SpeechScores {
        let features = SpeechFeatures(frames)
        let reach = layer.shortening / 2
        var scores = FrameMatrix(frames: 0, columns: LetterClasses.count)
        scores.values.reserveCapacity(features.count * LetterClasses.count)
        var speech: [Float] = []
        speech.reserveCapacity(features.count)
        // In pieces, so that a long recording takes no more memory than its scores.
        var start = 0
        while start < features.count {
            let end = min(features.count, start + 4096)
            let output = layer(features.rows(from: start - reach, to: end + reach))
            for row in 0..<output.frames {
                let values = (0..<LetterClasses.count).map { output[row, $0] }
                let highest = values.max() ?? 0
                let total = log(values.reduce(Float(0)) { $0 + exp($1 - highest) }) + highest
                let isSilent = frames.power[start + row] <= features.floor
                scores.append(
                    row: values.enumerated().map { index, value in
                        isSilent
                            ? (index == 0 ? -logPrior[0] : SpeechClasses.lowestScore)
                            : max(SpeechClasses.lowestScore, value - total - logPrior[index])
                    })
                speech.append(isSilent ? 0 : 1 - exp(values[0] - total))
            }
            start = end
        }
        return SpeechScores(scores: scores, speech: speech)
    }
}

/// A recording as the analysers of transcripts hear it, 50 frames a second from the timeline's origin.
public struct SpeechScores: Sendable {
    /// Frames x `LetterClasses.count`.
    let scores: FrameMatrix
    /// The probability that a frame is speech.
    let speech: [Float]

    /// A recording without sound.
    public static let none = SpeechScores(scores: FrameMatrix(frames: 0, columns: LetterClasses.count), speech: [])

    static let rate = SoundFrameBuilder.rate
    /// The probability that each frame is speech, `SoundFrameBuilder.rate` frames a second.
    public var activity: [Float] { speech }
    var frames: Int { speech.count }
    public var seconds: Double { Double(frames) / SpeechScores.rate }
    public var speechSeconds: Double { Double(speech.count { $0 > 0.5 }) / SpeechScores.rate }
}
