import CConvolution
import SignalCore

/// The first layers of the pixel expert: a small network over gray crops of the lower face, three frames deep.
///
/// Plain loops, a few lines of C: for so small a network another library would cost more than it saves, and the sums
/// are the same on every machine.
struct PixelStem: Sendable {
    /// One convolution over rows and columns, its input padded with zeros by half a kernel, and ReLU after it.
    struct Layer: Sendable {
        let size: Int
        let stride: Int
        let inputs: Int
        let outputs: Int
        /// size x size x inputs x outputs values, the outputs of one tap side by side.
        let kernel: [Float]
        let bias: [Float]

        var half: Int { size / 2 }
        func outputSide(_ side: Int) -> Int { (side + 2 * half - size) / stride + 1 }
    }

    /// Width and height of its input, in pixels.
    static let side = 48
    static let channels = 3

    let layers: [Layer]
    /// (rows x columns x channels) x features values, the features side by side, and one bias each.
    let weights: [Float]
    let bias: [Float]

    var features: Int { bias.count }

    /// One row of features a frame; each is processed with the ones before and after it, the ends repeated.
    ///
    /// - Parameter pictures: 48 x 48 values each, row by row.
    func callAsFunction(_ pictures: [[Float]]) -> FrameMatrix {
        var result = FrameMatrix(frames: 0, columns: features)
        guard let last = pictures.indices.last else { return result }
        result.values.reserveCapacity(pictures.count * features)
        // Each layer's input with its border of zeros, which is kept; only the middle is written.
        var planes: [[Float]] = []
        var side = PixelStem.side
        for layer in layers {
            let padded = side + 2 * layer.half
            planes.append([Float](repeating: 0, count: padded * padded * layer.inputs))
            side = layer.outputSide(side)
        }
        var flat = [Float](repeating: 0, count: weights.count / max(1, features))
        for index in pictures.indices {
            fill(&planes[0], [pictures[max(0, index - 1)], pictures[index], pictures[min(last, index + 1)]])
            var side = PixelStem.side
            for (place, layer) in layers.enumerated() {
                let next = layer.outputSide(side)
                if place + 1 < layers.count {
                    run(layer, planes[place], side, into: &planes[place + 1], border: layers[place + 1].half)
                } else {
                    run(layer, planes[place], side, into: &flat, border: 0)
                }
                side = next
            }
            result.append(row: projected(flat))
        }
        return result
    }

    /// Puts three frames side by side as channels within the border.
    private func fill(_ plane: inout [Float], _ three: [[Float]]) {
        let half = layers[0].half
        let padded = PixelStem.side + 2 * half
        plane.withUnsafeMutableBufferPointer { plane in
            for (channel, picture) in three.enumerated() {
                picture.withUnsafeBufferPointer { picture in
                    for row in 0..<PixelStem.side {
                        var place = ((row + half) * padded + half) * PixelStem.channels + channel
                        for column in 0..<PixelStem.side {
                            plane[place] = picture[row * PixelStem.side + column]
                            place += PixelStem.channels
                        }
                    }
                }
            }
        }
    }

    /// One layer over one frame, into the next layer's input within its border.
    private func run(_ layer: Layer, _ input: [Float], _ side: Int, into output: inout [Float], border: Int) {
        let next = layer.outputSide(side)
        let padded = side + 2 * layer.half
        precondition(output.count >= (next + 2 * border) * (next + 2 * border) * layer.outputs, "the output has room")
        layer.kernel.withUnsafeBufferPointer { kernel in
            layer.bias.withUnsafeBufferPointer { bias in
                input.withUnsafeBufferPointer { input in
                    output.withUnsafeMutableBufferPointer { output in
                        let sizes = genlock_layer(
                            size: Int32(layer.size), stride: Int32(layer.stride), inputs: Int32(layer.inputs),
                            outputs: Int32(layer.outputs), kernel: kernel.baseAddress, bias: bias.baseAddress)
                        genlock_convolve(
                            sizes, input.baseAddress, Int32(padded), output.baseAddress, Int32(next), Int32(border))
                    }
                }
            }
        }
    }

    private func projected(_ flat: [Float]) -> [Float] {
        var row = bias
        for (index, value) in flat.enumerated() where value != 0 {
            for feature in row.indices { row[feature] += value * weights[index * row.count + feature] }
        }
        return row
    }
}
