public import Foundation
public import SignalCore
public import SyncModel

/// A model file that cannot be used.
public struct SpeechModelError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// The class of speech sound of each frame of a recording: a small network on spliced features, learnt by
/// `training/speech_classes`.
public struct SpeechClasses: Sendable {
    public let method: MethodVersion
    private let tower: ConvolutionTower
    private let reach: Int
    private let logPrior: [Float]
    /// Scores are limited to this: a single frame must not decide.
    static let lowestScore: Float = -4

    private struct Document: Decodable {
        struct Layer: Decodable {
            let taps: Int
            let dilation: Int
            let outputs: Int
            let kernel: [Float]
            let bias: [Float]

            func convolution(inputs: Int) -> Convolution? {
                guard (1...99).contains(taps), (1...50).contains(dilation), (1...1000).contains(outputs),
                    bias.count == outputs, kernel.count == taps * inputs * outputs,
                    (kernel + bias).allSatisfy(\.isFinite)
                else { return nil }
                return Convolution(
                    width: taps, inputs: inputs, outputs: outputs, dilation: dilation, kernel: kernel, bias: bias)
            }
        }

        let method: MethodVersion
        let inputs: Int
        let layers: [Layer]
        let prior: [Float]
    }

    /// The packaged model.
    public static func packaged() throws -> SpeechClasses {
        guard let url = Bundle.module.url(forResource: "speech-classes-2", withExtension: "json") else {
            throw SpeechModelError(description: "the speech model is not next to the program: rebuild the program")
        }
        return try SpeechClasses(Data(contentsOf: url))
    }

    public init(_ data: Data) throws {
        let document = try JSONDecoder().decode(Document.self, from: data)
        var inputs = document.inputs
        let layers = document.layers.compactMap { layer in
            let made = layer.convolution(inputs: inputs)
            inputs = layer.outputs
            return made
        }
        guard document.inputs == SpeechFeatures.columns, !layers.isEmpty, layers.count == document.layers.count,
            inputs == LetterClasses.count, document.prior.count == inputs, document.prior.allSatisfy({ $0 > 0 })
        else { throw SpeechModelError(description: "the speech model does not match this program") }
        method = document.method
        tower = ConvolutionTower(layers: layers)
        reach = layers.reduce(0) { $0 + $1.shortening } / 2
        logPrior = document.prior.map { log($0) }
    }

    /// Scores of a recording: log-likelihood ratio of each class in a frame to its average.
    public func scores(of frames: SoundFrames) -> SpeechScores {
        let features = SpeechFeatures(frames)
        var scores = FrameMatrix(frames: 0, columns: LetterClasses.count)
        scores.values.reserveCapacity(features.count * LetterClasses.count)
        var speech: [Float] = []
        speech.reserveCapacity(features.count)
        var (told, spoken) = (0.0, 0.0)
        // In parts, so that a long recording needs no more memory than its scores.
        var start = 0
        while start < features.count {
            let end = min(features.count, start + 4096)
            let output = tower(features.rows(from: start - reach, to: end + reach))
            for row in 0..<end - start {
                let values = (0..<LetterClasses.count).map { output[reach + row, $0] }
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
                if !isSilent, speech[speech.count - 1] > 0.5 {
                    spoken += 1
                    for index in values.indices {
                        told += Double(exp(values[index] - total) * (values[index] - total - logPrior[index]))
                    }
                }
            }
            start = end
        }
        SpeechClasses.level(&scores)
        return SpeechScores(
            scores: scores, speech: speech, depth: SpeechClasses.depth(frames), clarity: told / max(1, spoken))
    }
}

extension SpeechClasses {
    /// Half window, in frames, over which the mean score of every class of speech is limited.
    private static let steady = 50

    /// Subtracts from each class of speech its mean excess over two seconds: a constant sound is not speech.
    fileprivate static func level(_ scores: inout FrameMatrix) {
        for column in 1..<LetterClasses.count {
            var sums: [Double] = [0]
            sums.reserveCapacity(scores.frames + 1)
            for frame in 0..<scores.frames { sums.append(sums[frame] + Double(scores[frame, column])) }
            for frame in 0..<scores.frames {
                let (low, high) = (max(0, frame - steady), min(scores.frames, frame + steady + 1))
                scores[frame, column] -= Float(max(0, (sums[high] - sums[low]) / Double(high - low)))
            }
        }
    }

    /// Decibels from the loud frames of a recording down to its quiet ones, silent ones ignored.
    fileprivate static func depth(_ frames: SoundFrames) -> Double {
        let loudest = frames.loudness.max() ?? 0
        // Digital silence is not background.
        let heard = frames.loudness.filter { $0 > loudest - 90 }
        let high = Standardisation.percentile(heard, 0.95) ?? 0
        return Double(high - (Standardisation.percentile(heard, 0.1) ?? high))
    }
}

/// A recording's features for transcripts, 50 frames a second from the timeline's origin.
public struct SpeechScores: Sendable {
    /// Frames x `LetterClasses.count`.
    let scores: FrameMatrix
    /// The probability that a frame is speech.
    let speech: [Float]
    /// Decibels from its loud frames down to its quiet ones.
    let depth: Double
    /// Mean information of a frame of speech about its class, in nats.
    let clarity: Double

    init(scores: FrameMatrix, speech: [Float], depth: Double = 40, clarity: Double = 1) {
        (self.scores, self.speech, self.depth, self.clarity) = (scores, speech, depth, clarity)
    }

    /// A recording without audio.
    public static let none = SpeechScores(scores: FrameMatrix(frames: 0, columns: LetterClasses.count), speech: [])

    static let rate = SoundFrameBuilder.rate
    /// The probability that each frame is speech, `SoundFrameBuilder.rate` frames a second.
    public var activity: [Float] { speech }
    var frames: Int { speech.count }
    public var seconds: Double { Double(frames) / SpeechScores.rate }
    public var speechSeconds: Double { Double(speech.count { $0 > 0.5 }) / SpeechScores.rate }
}
