import SignalCore

/// One side, mouth or sound, projected onto what both share: rows of time, with a mask of the real ones.
struct Embedding {
    var values: FrameMatrix
    var mask: [Bool]

    var maskedFrames: Int { mask.count { $0 } }

    init(values: FrameMatrix, mask: [Bool]) {
        self.values = values
        self.mask = mask
    }

    /// Runs every expert over every piece. Each expert's columns have their mean removed, and together as much energy
    /// per masked frame as the expert has weight.
    init(
        towers: [(tower: ConvolutionTower, weight: Double)], pieces: [(first: Int, features: FrameMatrix)], frames: Int
    ) {
        var mask = [Bool](repeating: false, count: frames)
        for piece in pieces { for frame in piece.first..<piece.first + piece.features.frames { mask[frame] = true } }
        let count = max(1, mask.count { $0 })
        let columns = towers.reduce(0) { $0 + $1.tower.outputs }
        var values = FrameMatrix(frames: frames, columns: columns)
        var from = 0
        for (tower, weight) in towers {
            for piece in pieces {
                let output = tower(piece.features)
                for frame in 0..<output.frames {
                    for column in 0..<tower.outputs {
                        values[piece.first + frame, from + column] = output[frame, column]
                    }
                }
            }
            var energy = 0.0
            for column in from..<from + tower.outputs {
                let mean = (0..<frames).reduce(0.0) { $0 + (mask[$1] ? Double(values[$1, column]) : 0) } / Double(count)
                for frame in 0..<frames where mask[frame] {
                    values[frame, column] -= Float(mean)
                    energy += Double(values[frame, column]) * Double(values[frame, column])
                }
            }
            let scale = Float((weight / (energy / Double(count) + 1e-6)).squareRoot())
            for frame in 0..<frames where mask[frame] {
                for column in from..<from + tower.outputs { values[frame, column] *= scale }
            }
            from += tower.outputs
        }
        self.values = values
        self.mask = mask
    }
}
