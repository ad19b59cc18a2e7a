import Foundation

/// Draws hills and drifting clouds: moving video without a face.
struct Landscape: Sendable {
    let frameSize: FrameSize
    private let noise: [Float]
    private static let lattice = 64

    init(frameSize: FrameSize, using generator: inout some RandomNumberGenerator) {
        self.frameSize = frameSize
        noise = (0..<(Self.lattice * Self.lattice)).map { _ in Float.random(in: 0...1, using: &generator) }
    }

    func picture(at time: Double) -> Picture {
        var picture = Picture(width: frameSize.width, height: frameSize.height)
        let drift = Float(time) * 0.9
        for column in 0..<frameSize.width {
            let x = Float(column) / Float(frameSize.height)
            let far = 0.5 + 0.12 * value(x * 3 + drift * 0.25, 3)
            let near = 0.68 + 0.16 * value(x * 2 + drift * 0.8, 11)
            for row in 0..<frameSize.height {
                let y = Float(row) / Float(frameSize.height)
                let cloud = value(x * 4 + drift, y * 9) * 0.6 + value(x * 9 + drift * 1.3, y * 18 + 7) * 0.4
                let grain = value(x * 40 + drift * 32, y * 40) * 14
                var colour = Picture.Colour(110, 150, 205, 0) + Picture.Colour(110, 85, 40, 0) * (cloud * (1 - y))
                if y > far { colour = Picture.Colour(88, 112, 96, 0) + grain }
                if y > near { colour = Picture.Colour(62, 92, 48, 0) + grain }
                picture.pixels[row * frameSize.width + column] = colour
            }
        }
        return picture
    }

    /// Value noise 0...1: random numbers on a lattice, smooth between (Perlin 1985, without gradients).
    private func value(_ x: Float, _ y: Float) -> Float {
        let left = x.rounded(.down)
        let top = y.rounded(.down)
        let fx = Easing.step(x - left, from: 0, to: 1)
        let fy = Easing.step(y - top, from: 0, to: 1)
        let column = Int(left) & (Self.lattice - 1)
        let row = Int(top) & (Self.lattice - 1)
        let nextColumn = (column + 1) & (Self.lattice - 1)
        let nextRow = (row + 1) & (Self.lattice - 1)
        let upper = Easing.mix(noise[row * Self.lattice + column], noise[row * Self.lattice + nextColumn], fx)
        let lower = Easing.mix(noise[nextRow * Self.lattice + column], noise[nextRow * Self.lattice + nextColumn], fx)
        return Easing.mix(upper, lower, fy)
    }
}
