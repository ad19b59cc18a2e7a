import Foundation

/// One temporal convolution layer: `y[t, o] = bias[o] + sum over j, c of kernel[j, c, o] x[t + j * dilation, c]`.
///
/// Without a non-linearity it is a linear projection, such as that of canonical correlation analysis on tapped
/// features.
public struct Convolution: Sendable {
    public let width: Int
    public let inputs: Int
    public let outputs: Int
    public let dilation: Int
    private let kernel: [Float]
    private let bias: [Float]

    /// - Parameter kernel: width x inputs x outputs values, the outputs of one tap and input adjacent.
    public init(width: Int, inputs: Int, outputs: Int, dilation: Int, kernel: [Float], bias: [Float]) {
        precondition(kernel.count == width * inputs * outputs && bias.count == outputs, "kernel and bias fit the sizes")
        self.width = width
        self.inputs = inputs
        self.outputs = outputs
        self.dilation = dilation
        self.kernel = kernel
        self.bias = bias
    }

    /// Frames by which the output is shorter than the input.
    public var shortening: Int { (width - 1) * dilation }

    /// The layer's output, `shortening` frames shorter than the input.
    public func callAsFunction(_ x: FrameMatrix) -> FrameMatrix {
        precondition(x.columns == inputs, "the layer takes \(inputs) columns")
        let frames = max(0, x.frames - shortening)
        var y = FrameMatrix(frames: frames, columns: outputs)
        x.values.withUnsafeBufferPointer { x in
            kernel.withUnsafeBufferPointer { kernel in
                y.values.withUnsafeMutableBufferPointer { y in
                    for frame in 0..<frames {
                        let row = UnsafeMutableBufferPointer(rebasing: y[frame * outputs..<(frame + 1) * outputs])
                        for output in 0..<outputs { row[output] = bias[output] }
                        for tap in 0..<width {
                            let from = (frame + tap * dilation) * inputs
                            for input in 0..<inputs {
                                let value = x[from + input]
                                let weights = (tap * inputs + input) * outputs
                                for output in 0..<outputs { row[output] += value * kernel[weights + output] }
                            }
                        }
                    }
                }
            }
        }
        return y
    }
}

/// Consecutive layers with SiLU (`x / (1 + exp(-x))`) in between. The output is as long as the input.
public struct ConvolutionTower: Sendable {
    public let layers: [Convolution]

    public init(layers: [Convolution]) {
        precondition(!layers.isEmpty, "a tower has layers")
        self.layers = layers
    }

    public var outputs: Int { layers[layers.count - 1].outputs }

    /// Runs over an interval of frames; the end frames are repeated to cover the receptive field.
    public func callAsFunction(_ x: FrameMatrix) -> FrameMatrix {
        guard x.frames > 0 else { return FrameMatrix(frames: 0, columns: outputs) }
        let reach = layers.reduce(0) { $0 + $1.shortening } / 2
        var padded = FrameMatrix(frames: 0, columns: x.columns)
        padded.values.reserveCapacity((x.frames + 2 * reach) * x.columns)
        for frame in -reach..<x.frames + reach {
            let source = min(max(frame, 0), x.frames - 1) * x.columns
            padded.append(row: x.values[source..<source + x.columns])
        }
        var result = padded
        for (index, layer) in layers.enumerated() {
            result = layer(result)
            guard index + 1 < layers.count else { break }
            for place in result.values.indices {
                let value = result.values[place]
                result.values[place] = value / (1 + exp(-value))
            }
        }
        return result
    }
}
