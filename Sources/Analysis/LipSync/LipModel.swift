public import Foundation
import SignalCore
public import SyncModel

/// A file of learnt weights that cannot be used.
public struct LipModelError: Error, CustomStringConvertible {
    public let description: String

    init(_ reason: String) { description = "the lip estimator's weights cannot be used: \(reason)" }
}

/// The learnt model: projections of mouth and audio onto common features, an impostor cohort of both, and the constants
/// that convert evidence into a confidence. Made by `training/train`; see `training/SPEC.md` for every tensor.
public struct LipModel: Sendable {
    /// One pair of projections whose outputs are correlated.
    struct Expert: Sendable {
        let mouth: ConvolutionTower
        let sound: ConvolutionTower
        /// Its energy per frame in the embeddings.
        let weight: Double
    }

    /// A pair of projections after a network over crops of the lower face.
    struct PixelExpert: Sendable {
        let stem: PixelStem
        let expert: Expert
        let memo = PixelMemo()
    }

    /// The mean stable points of a face, 29 x 3, centred, of root mean square radius 1.
    let canonical: [[Double]]
    /// Directions of mouth movement, 186 x 6.
    let basis: FrameMatrix
    /// Those on landmarks.
    let experts: [Expert]
    /// The one on pixels; nil in a model without it.
    let pixels: PixelExpert?
    /// Impostor embeddings of each kind.
    private let tapes: [MouthKind: Cohort.Tape]
    private let constants: [MouthMode: LipNumbers]
    /// Name of the method and its version.
    public let method: MethodVersion

    func experts(_ kind: MouthKind) -> [Expert] {
        kind == .landmarks ? experts : pixels.map { [$0.expert] } ?? []
    }

    /// Impostor embeddings of a kind that the model has.
    func tape(_ kind: MouthKind) -> Cohort.Tape {
        guard let tape = tapes[kind] else { preconditionFailure("a kind that is looked at has foreign examples") }
        return tape
    }

    /// The constants of a mode that the model has.
    func numbers(_ mode: MouthMode) -> LipNumbers {
        guard let numbers = constants[mode] else { preconditionFailure("a mode that is measured has constants") }
        return numbers
    }

    /// The weights that come with the package.
    public static func packaged() throws -> LipModel { try LipModel(data: Data(contentsOf: packagedFile())) }

    /// Their location.
    public static func packagedFile() throws -> URL {
        guard let url = Bundle.module.url(forResource: "lips-3", withExtension: "safetensors") else {
            throw LipModelError("lips-3.safetensors is not next to the program")
        }
        return url
    }

    /// Weights from the bytes of a file.
    public init(data: Data) throws { try self.init(file: Safetensors(data)) }

    /// - Parameters:
    ///   - fold: the experts of which fold, trained without a part of their corpus; nil: those trained on all of it.
    ///   - method: its name; nil: the file's own.
    init(file: Safetensors, fold: Int? = nil, method name: MethodVersion? = nil) throws {
        // Tensors that a fold lacks are common to all.
        let file = fold.map { file.preferring("fold\($0).") } ?? file
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
                else { throw LipModelError("tensor \(place) is missing or has the wrong size") }
                inputs = kernel.shape[2]
                return Convolution(
                    width: kernel.shape[0], inputs: kernel.shape[1], outputs: kernel.shape[2], dilation: Int(dilation),
                    kernel: try kernel.floats(), bias: try vector("\(name).\(index).bias", count: kernel.shape[2]))
            }
            let reach = layers.reduce(0) { $0 + $1.shortening }
            guard !layers.isEmpty, reach.isMultiple(of: 2), reach <= 1000 else {
                throw LipModelError("\(name) has no layers, or their reach is too long or asymmetric")
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
        else { throw LipModelError("its face has a different shape") }
        canonical = (0..<stable.frames).map { row in (0..<3).map { Double(stable[row, $0]) } }
        func expert(_ name: String, inputs: Int) throws -> Expert {
            let expert = Expert(
                mouth: try tower("\(name).mouth", inputs: inputs),
                sound: try tower("\(name).sound", inputs: SoundFeatureBuilder.bands),
                weight: Double(try vector("\(name).weight", count: 1)[0]))
            guard expert.mouth.outputs == expert.sound.outputs, expert.weight > 0 else {
                throw LipModelError("the mouth and audio towers of \(name) do not match, or its weight is not positive")
            }
            return expert
        }
        var experts: [Expert] = []
        while file.tensors["expert\(experts.count).mouth.dilations"] != nil {
            experts.append(
                try expert("expert\(experts.count)", inputs: MouthShape.distances + MouthShape.components))
        }
        guard !experts.isEmpty else { throw LipModelError("it has no expert") }
        self.experts = experts
        var pixels: PixelExpert?
        if file.tensors["pixels.mouth.dilations"] != nil {
            let stem = try PixelStem(file: file)
            pixels = PixelExpert(stem: stem, expert: try expert("pixels", inputs: stem.features))
        }
        self.pixels = pixels
        let (mouthTape, soundTape) = (try tape("tape.mouth"), try tape("tape.sound"))
        let widths = [
            (MouthKind.landmarks, experts.reduce(0) { $0 + $1.mouth.outputs }),
            (.pixels, pixels?.expert.mouth.outputs ?? 0),
        ]
        guard
            [mouthTape, soundTape].allSatisfy({
                $0.columns == widths.reduce(0) { $0 + $1.1 } && $0.frames >= Cohort.members
            })
        else { throw LipModelError("its impostor cohort does not match its experts") }
        var tapes: [MouthKind: Cohort.Tape] = [:]
        var from = 0
        for (kind, width) in widths where width > 0 {
            tapes[kind] = Cohort.Tape(
                mouth: Cohort.Reel(mouthTape.columns(from..<from + width)),
                sound: Cohort.Reel(soundTape.columns(from..<from + width)))
            from += width
        }
        self.tapes = tapes
        var constants: [MouthMode: LipNumbers] = [:]
        for mode in MouthMode.allCases where mode == .landmarks || pixels != nil {
            func number(_ name: String, _ count: Int) throws -> [Double] {
                try vector("number.\(mode.rawValue).\(name)", count: count).map(Double.init)
            }
            let numbers = LipNumbers(
                biasMilliseconds: try number("bias", 1)[0], confidence: try number("confidence", 9),
                ceiling: try number("ceiling", 1)[0], interval: try number("interval", 3),
                answer: try number("answer", 6), unpaired: try number("unpaired", LipNumbers.unpairedInputs + 8))
            guard numbers.arePlausible else { throw LipModelError("its constants are out of range") }
            constants[mode] = numbers
        }
        self.constants = constants
        method = name ?? MethodVersion(rawValue: file.metadata["method"] ?? "lips-3")
    }
}

/// The fitted constants of confidence, interval and decision.
struct LipNumbers: Sendable {
    /// The estimator's result for clips in sync; subtracted from every offset.
    let biasMilliseconds: Double
    /// Logistic weights of: 1, cohort, logit share, ln(error / 10 ms), ln(voiced seconds), agreement of the halves,
    /// agreement of the kinds, ln(side of the face / 100 pixels), ln(definition / 0.2).
    let confidence: [Double]
    /// The largest possible confidence.
    let ceiling: Double
    /// Factor on the standard error; constant deviation in ms; deviation at 3 s in ms that shrinks with length.
    let interval: [Double]
    /// Least confidence, share, voiced seconds, mouth opening (face scales), overlap seconds, and the largest
    /// standard error in ms, for an answer.
    let answer: [Double]
    /// Logistic weights of: 1, cohort, height, ln(voiced seconds), logit share, agreement of the halves, agreement of
    /// the kinds, ln(definition / 0.2); least probability, voiced seconds, overlap seconds, voiced share of the
    /// overlap, mouth opening, side of the face in pixels, and the most mouth opening and turn of the head.
    let unpaired: [Double]
    /// Weights before the thresholds.
    static let unpairedInputs = 8

    var leastConfidence: Double { answer[0] }
    var leastShare: Double { answer[1] }
    var leastVoiced: Double { answer[2] }
    var leastOpening: Double { answer[3] }
    var leastOverlap: Double { answer[4] }
    var largestErrorMilliseconds: Double { answer[5] }

    /// Whether all constants are plausible: shares within 0 ... 1, magnitudes limited.
    var arePlausible: Bool {
        let all = [biasMilliseconds, ceiling] + confidence + interval + answer + unpaired
        return all.allSatisfy { abs($0) <= 1e6 }
            && [ceiling, leastConfidence, leastShare, unpaired[LipNumbers.unpairedInputs]].allSatisfy { 0...1 ~= $0 }
    }
}

extension FrameMatrix {
    /// Some of the columns.
    fileprivate func columns(_ range: Range<Int>) -> FrameMatrix {
        var result = FrameMatrix(frames: 0, columns: range.count)
        for frame in 0..<frames {
            let row = frame * columns
            result.append(row: values[row + range.lowerBound..<row + range.upperBound])
        }
        return result
    }
}

extension PixelStem {
    /// Rows and columns that the network's layers shrink a crop by, in their order.
    private static let strides = [3, 2, 2, 2]

    /// The layers of a file's pixel expert.
    fileprivate init(file: Safetensors) throws {
        func floats(_ name: String, shape: [Int?]) throws -> ([Float], [Int]) {
            guard let tensor = file.tensors[name], tensor.shape.count == shape.count,
                zip(tensor.shape, shape).allSatisfy({ 1...1000 ~= $0 && ($1 == nil || $0 == $1) })
            else { throw LipModelError("tensor \(name) is missing or has the wrong size") }
            return (try tensor.floats(), tensor.shape)
        }
        var layers: [Layer] = []
        var (inputs, side) = (PixelStem.channels, PixelStem.side)
        for (index, stride) in PixelStem.strides.enumerated() {
            let name = "pixels.stem.\(index)"
            let (kernel, shape) = try floats("\(name).kernel", shape: [nil, nil, inputs, nil])
            let (bias, _) = try floats("\(name).bias", shape: [shape[3]])
            guard shape[0] == shape[1], shape[0] % 2 == 1, shape[0] <= 9, shape[3] % 8 == 0 else {
                throw LipModelError("tensor \(name).kernel has the wrong size")
            }
            layers.append(
                Layer(
                    size: shape[0], stride: stride, inputs: inputs, outputs: shape[3], kernel: kernel, bias: bias))
            inputs = shape[3]
            side = layers[index].outputSide(side)
        }
        let last = "pixels.stem.\(layers.count)"
        let (weights, shape) = try floats("\(last).kernel", shape: [side * side * inputs, nil])
        self.init(layers: layers, weights: weights, bias: try floats("\(last).bias", shape: [shape[1]]).0)
    }
}
