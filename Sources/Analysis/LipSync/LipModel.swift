public import Foundation
import SignalCore
public import SyncModel

/// A file of learnt weights that cannot be used.
public struct LipModelError: Error, CustomStringConvertible {
    public let description: String

    init(_ reason: String) { description = "the weights of the lip estimator cannot be used: \(reason)" }
}

/// What was learnt: how mouth and sound are projected onto what they share, foreign examples of both, and the constants
/// that turn evidence into a confidence. Made by `training/train`; see `training/SPEC.md` for every tensor.
public struct LipModel: Sendable {
    /// One pair of projections whose outputs are correlated.
    struct Expert: Sendable {
        let mouth: ConvolutionTower
        let sound: ConvolutionTower
        /// Its energy per frame in the embeddings.
        let weight: Double
    }

    /// The mean stable points of a face, 29 x 3, centred, of root mean square radius 1.
    let canonical: [[Double]]
    /// Directions of mouth movement, 186 x 6.
    let basis: FrameMatrix
    let experts: [Expert]
    /// Foreign embeddings, end to end.
    let mouthTape: FrameMatrix
    let soundTape: FrameMatrix
    let numbers: LipNumbers
    /// Name of the method and its version.
    public let method: MethodVersion

    /// The weights that come with the package.
    public static func packaged() throws -> LipModel { try LipModel(data: Data(contentsOf: packagedFile())) }

    /// Where they lie.
    static func packagedFile() throws -> URL {
        guard let url = Bundle.module.url(forResource: "lips-1", withExtension: "safetensors") else {
            throw LipModelError("lips-1.safetensors is not beside the program")
        }
        return url
    }

    /// Weights from the bytes of a file.
    public init(data: Data) throws {
        let file = try Safetensors(data)
        func matrix(_ name: String) throws -> FrameMatrix {
            guard let tensor = file.tensors[name], tensor.shape.count == 2, tensor.shape[1] > 0 else {
                throw LipModelError("tensor \(name) is missing")
            }
            return FrameMatrix(columns: tensor.shape[1], values: try tensor.floats())
        }
        func vector(_ name: String, count: Int? = nil) throws -> [Float] {
            guard let tensor = file.tensors[name] else { throw LipModelError("tensor \(name) is missing") }
            let values = try tensor.floats()
            if let count, values.count != count {
                throw LipModelError("tensor \(name) has \(values.count) values, not \(count)")
            }
            return values
        }
        func tower(_ name: String, inputs: Int) throws -> ConvolutionTower {
            var inputs = inputs
            let layers = try vector("\(name).dilations").enumerated().map { index, dilation in
                let place = "\(name).\(index).kernel"
                guard let kernel = file.tensors[place], kernel.shape.count == 3,
                    kernel.shape.allSatisfy({ 1...1000 ~= $0 }),
                    kernel.shape[1] == inputs, 1...1000 ~= dilation, dilation == dilation.rounded()
                else { throw LipModelError("tensor \(place) is missing, or has a size that does not fit") }
                inputs = kernel.shape[2]
                return Convolution(
                    width: kernel.shape[0], inputs: kernel.shape[1], outputs: kernel.shape[2], dilation: Int(dilation),
                    kernel: try kernel.floats(), bias: try vector("\(name).\(index).bias", count: kernel.shape[2]))
            }
            let reach = layers.reduce(0) { $0 + $1.shortening }
            guard !layers.isEmpty, reach.isMultiple(of: 2), reach <= 1000 else {
                throw LipModelError("\(name) has no layers, or they reach too far or further to one side")
            }
            return ConvolutionTower(layers: layers)
        }
        func tape(_ name: String) throws -> FrameMatrix {
            var tape = try matrix(name)
            let scale = try vector("\(name).scale", count: tape.columns)
            for index in tape.values.indices { tape.values[index] *= scale[index % tape.columns] }
            return tape
        }
        let stable = try matrix("canonical")
        basis = try matrix("basis")
        guard stable.columns == 3, stable.frames == MouthShape.stablePoints.count,
            basis.frames == MouthShape.movingPoints.count * 3, basis.columns == MouthShape.components
        else { throw LipModelError("its face has another shape") }
        canonical = (0..<stable.frames).map { row in (0..<3).map { Double(stable[row, $0]) } }
        var experts: [Expert] = []
        while file.tensors["expert\(experts.count).mouth.dilations"] != nil {
            let name = "expert\(experts.count)"
            let expert = Expert(
                mouth: try tower("\(name).mouth", inputs: MouthShape.distances + MouthShape.components),
                sound: try tower("\(name).sound", inputs: SoundFeatureBuilder.bands),
                weight: Double(try vector("\(name).weight", count: 1)[0]))
            guard expert.mouth.outputs == expert.sound.outputs, expert.weight > 0 else {
                throw LipModelError("the two sides of \(name) do not fit together, or it weighs nothing")
            }
            experts.append(expert)
        }
        guard !experts.isEmpty else { throw LipModelError("it holds no expert") }
        self.experts = experts
        mouthTape = try tape("tape.mouth")
        soundTape = try tape("tape.sound")
        let columns = experts.reduce(0) { $0 + $1.mouth.outputs }
        guard [mouthTape, soundTape].allSatisfy({ $0.columns == columns && $0.frames >= Cohort.members }) else {
            throw LipModelError("its foreign examples do not fit its experts")
        }
        numbers = LipNumbers(
            biasMilliseconds: Double(try vector("number.bias", count: 1)[0]),
            confidence: try vector("number.confidence", count: 5).map(Double.init),
            ceiling: Double(try vector("number.ceiling", count: 1)[0]),
            interval: try vector("number.interval", count: 3).map(Double.init),
            answer: try vector("number.answer", count: 6).map(Double.init),
            unpaired: try vector("number.unpaired", count: 10).map(Double.init))
        guard numbers.arePlausible else { throw LipModelError("its constants are out of range") }
        method = MethodVersion(rawValue: file.metadata["method"] ?? "lips-1")
    }
}

/// The fitted constants of confidence, interval and decision.
struct LipNumbers: Sendable {
    /// What the estimator says of clips that are in sync; taken off every offset.
    let biasMilliseconds: Double
    /// Logistic weights of: 1, cohort, logit share, ln(error / 10 ms), ln(voiced seconds).
    let confidence: [Double]
    /// The largest confidence there is.
    let ceiling: Double
    /// Factor on the standard error; constant deviation in ms; deviation at 3 s in ms that shrinks with length.
    let interval: [Double]
    /// Least confidence, share, voiced seconds, mouth opening (face scales), overlap seconds, and the largest
    /// standard error in ms, for an answer.
    let answer: [Double]
    /// Logistic weights of: 1, cohort, height, ln(voiced seconds), logit share; least probability, voiced seconds,
    /// overlap seconds, voiced share of the overlap, and mouth opening.
    let unpaired: [Double]

    var leastConfidence: Double { answer[0] }
    var leastShare: Double { answer[1] }
    var leastVoiced: Double { answer[2] }
    var leastOpening: Double { answer[3] }
    var leastOverlap: Double { answer[4] }
    var largestErrorMilliseconds: Double { answer[5] }

    /// Whether everything lies where a fit could have put it: shares within 0 ... 1, nothing beyond all measure.
    var arePlausible: Bool {
        let all = [biasMilliseconds, ceiling] + confidence + interval + answer + unpaired
        return all.allSatisfy { abs($0) <= 1e6 }
            && [ceiling, leastConfidence, leastShare, unpaired[5]].allSatisfy { 0...1 ~= $0 }
    }
}
