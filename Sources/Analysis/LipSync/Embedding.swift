import SignalCore

/// One side, mouth or audio, projected onto the common features: one row per frame, with a mask of the valid ones.
struct Embedding {
    /// The columns of one kind's experts.
    struct Part {
        let kind: MouthKind
        let columns: Range<Int>
        /// Frames in which this kind is present.
        var mask: [Bool]
    }

    var values: FrameMatrix
    /// Frames in which any kind is present.
    var mask: [Bool]
    var parts: [Part]

    var maskedFrames: Int { mask.count { $0 } }

    init(values: FrameMatrix, mask: [Bool], parts: [Part]) {
        self.values = values
        self.mask = mask
        self.parts = parts
    }

    /// The kinds side by side, each with its own segments.
    init(
        kinds: [MouthKind], model: LipModel, frames: Int, tower: KeyPath<LipModel.Expert, ConvolutionTower>,
        pieces: (MouthKind) -> [(first: Int, features: FrameMatrix)]
    ) {
        let single = kinds.map { kind in
            Embedding(
                kind, towers: model.experts(kind).map { ($0[keyPath: tower], $0.weight) }, pieces: pieces(kind),
                frames: frames)
        }
        guard single.count > 1 else {
            self = single.first ?? Embedding(values: FrameMatrix(frames: frames, columns: 1), mask: [], parts: [])
            return
        }
        let columns = single.reduce(0) { $0 + $1.values.columns }
        var values = FrameMatrix(frames: frames, columns: columns)
        var mask = [Bool](repeating: false, count: frames)
        var parts: [Part] = []
        var from = 0
        for (kind, one) in zip(kinds, single) {
            let width = one.values.columns
            for frame in 0..<frames where one.mask[frame] {
                mask[frame] = true
                for column in 0..<width { values[frame, from + column] = one.values[frame, column] }
            }
            parts.append(Part(kind: kind, columns: from..<from + width, mask: one.mask))
            from += width
        }
        self.init(values: values, mask: mask, parts: parts)
    }

    /// Runs every expert over every segment. Each expert's columns have their mean removed, and their total energy per
    /// masked frame is scaled to the expert's weight.
    init(
        _ kind: MouthKind, towers: [(tower: ConvolutionTower, weight: Double)],
        pieces: [(first: Int, features: FrameMatrix)], frames: Int
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
        self.init(values: values, mask: mask, parts: [Part(kind: kind, columns: 0..<columns, mask: mask)])
    }

    /// The same without video.
    mutating func remove(_ frame: Int) {
        mask[frame] = false
        for index in parts.indices { parts[index].mask[frame] = false }
        for column in 0..<values.columns { values[frame, column] = 0 }
    }
}
