import Foundation

/// The geometry of a copy's frame on the master's: scaled and moved along each axis, possibly mirrored.
///
/// A box of the master's at (X, Y), both -1...1 from edge to edge, is seen in the copy at x = ax X + bx, y = ay Y + by.
struct PictureShape: Sendable, Hashable {
    var ax = 1.0
    var bx = 0.0
    var ay = 1.0
    var by = 0.0

    var isMirrored: Bool { ax < 0 }
    /// The parts of the master's width and height that the copy shows.
    var shownWidth: Double { min(1, 1 / abs(ax)) }
    var shownHeight: Double { min(1, 1 / abs(ay)) }

    /// The position of a master's box in the copy, in boxes; nil: outside.
    func place(column: Int, row: Int) -> (x: Double, y: Double)? {
        let (columns, rows) = (Double(FrameSequence.columns), Double(FrameSequence.rows))
        let x = (ax * ((Double(column) + 0.5) / columns * 2 - 1) + bx + 1) / 2 * columns - 0.5
        let y = (ay * ((Double(row) + 0.5) / rows * 2 - 1) + by + 1) / 2 * rows - 0.5
        guard x > -0.3, y > -0.3, x < columns - 0.7, y < rows - 0.7 else { return nil }
        return (x, y)
    }

    /// Finds the geometry from frames that show the same times.
    ///
    /// Static content (a mark, bars, the set) drops out: the mean over time is subtracted from every box. Each axis
    /// separately on the profiles first, then both together.
    init(_ pairs: [(copy: ArraySlice<UInt8>, master: ArraySlice<UInt8>)]) {
        let copies = PictureShape.centred(pairs.map { $0.copy.map { Float($0) } })
        let masters = PictureShape.centred(pairs.map { $0.master.map { Float($0) } })
        let (columns, rows) = (FrameSequence.columns, FrameSequence.rows)
        let across = PictureShape.axis(
            copies.map { PictureShape.profile($0, along: columns, others: rows, stride: 1, jump: columns) },
            masters.map { PictureShape.profile($0, along: columns, others: rows, stride: 1, jump: columns) },
            signs: [1, -1])
        let down = PictureShape.axis(
            copies.map { PictureShape.profile($0, along: rows, others: columns, stride: columns, jump: 1) },
            masters.map { PictureShape.profile($0, along: rows, others: columns, stride: columns, jump: 1) },
            signs: [1])
        // Profiles of little motion mislead: the plain shapes and each axis' finding alone compete.
        var starts = [PictureShape(), PictureShape(ax: -1)]
        for x in across {
            for y in down + [(1, 0)] { starts.append(PictureShape(ax: x.scale, bx: x.shift, ay: y.scale, by: y.shift)) }
        }
        for y in down { starts.append(PictureShape(ay: y.scale, by: y.shift)) }
        let fit = { (shape: PictureShape) in PictureShape.likeness(shape, copies, masters) }
        var best = starts.map { (shape: $0, score: fit($0)) }.sorted { $0.score > $1.score }.prefix(3)
        for index in best.indices {
            var step = 0.06
            while step > 0.008 {
                var better = false
                for change in PictureShape.neighbours(best[index].shape, step) {
                    let score = fit(change)
                    if score > best[index].score + 1e-5 {
                        best[index] = (change, score)
                        better = true
                    }
                }
                if !better { step /= 2 }
            }
        }
        // A geometry that is hardly better than the identity is replaced by it.
        let found = best.max { $0.score < $1.score } ?? (PictureShape(), 0)
        let plain = fit(PictureShape())
        self = plain > found.score - 0.004 ? PictureShape() : found.shape
    }

    init(ax: Double = 1, bx: Double = 0, ay: Double = 1, by: Double = 0) {
        (self.ax, self.bx, self.ay, self.by) = (ax, bx, ay, by)
    }

    private static func neighbours(_ shape: PictureShape, _ step: Double) -> [PictureShape] {
        [step, -step].flatMap { step -> [PictureShape] in
            var (a, b, c, d) = (shape, shape, shape, shape)
            a.ax += step
            b.bx += step
            c.ay += step
            d.by += step
            return [a, b, c, d]
        }
    }

    private static func centred(_ pictures: [[Float]]) -> [[Float]] {
        guard let first = pictures.first else { return [] }
        var mean = [Float](repeating: 0, count: first.count)
        for picture in pictures { for index in mean.indices { mean[index] += picture[index] } }
        let scale = 1 / Float(pictures.count)
        return pictures.map { picture in picture.indices.map { picture[$0] - mean[$0] * scale } }
    }

    private static func profile(_ picture: [Float], along: Int, others: Int, stride: Int, jump: Int) -> [Float] {
        (0..<along).map { index in
            var sum: Float = 0
            for other in 0..<others { sum += picture[index * stride + other * jump] }
            return sum / Float(others)
        }
    }

    /// The best scales and shifts of profiles.
    private static func axis(_ copies: [[Float]], _ masters: [[Float]], signs: [Double]) -> [(
        scale: Double, shift: Double
    )] {
        guard let count = copies.first?.count else { return [] }
        var found: [(scale: Double, shift: Double, score: Double)] = []
        for sign in signs {
            var best = (scale: sign, shift: 0.0, score: -1.0)
            for step in -8...10 {
                let scale = sign * pow(1.05, Double(step))
                for move in -12...12 {
                    let shift = Double(move) / 30
                    var (cross, own, other) = (0.0, 0.0, 0.0)
                    var used = 0
                    let whole = Double(count)
                    var places = [Double](repeating: 0, count: count)
                    for index in 0..<count {
                        let own: Double = (Double(index) + 0.5) / whole * 2 - 1
                        places[index] = (scale * own + shift + 1) / 2 * whole - 0.5
                    }
                    for (copy, master) in zip(copies, masters) {
                        for index in 0..<count {
                            let place = places[index]
                            guard place >= 0, place <= Double(count - 1) else { continue }
                            let low = min(Int(place), count - 2)
                            let share = Float(place - Double(low))
                            let seen = copy[low] + share * (copy[low + 1] - copy[low])
                            let shown = master[index]
                            cross += Double(seen * shown)
                            own += Double(seen * seen)
                            other += Double(shown * shown)
                            used += 1
                        }
                    }
                    guard used * 2 > count * copies.count, own > 0, other > 0 else { continue }
                    let score = cross / (own * other).squareRoot()
                    if score > best.score { best = (scale, shift, score) }
                }
            }
            found.append(best)
        }
        return found.map { ($0.scale, $0.shift) }
    }

    /// Similarity of frames under a geometry, -1...1; geometries that show little of the master count less.
    private static func likeness(_ shape: PictureShape, _ copies: [[Float]], _ masters: [[Float]]) -> Double {
        guard abs(shape.ax) > 0.5, abs(shape.ax) < 2, shape.ay > 0.5, shape.ay < 2 else { return -1 }
        let lookup = PictureLookup(shape)
        guard lookup.cells.count * 3 > FrameSequence.cells else { return -1 }
        var (cross, own, other) = (0.0, 0.0, 0.0)
        for (copy, master) in zip(copies, masters) {
            for cell in lookup.cells {
                let seen = Double(cell.value(copy))
                let shown = Double(master[cell.index])
                cross += seen * shown
                own += seen * seen
                other += shown * shown
            }
        }
        guard own > 0, other > 0 else { return -1 }
        return cross / (own * other).squareRoot()
    }
}

/// Where each of the master's boxes is read in the copy.
struct PictureLookup: Sendable {
    struct Cell: Sendable {
        /// In the master.
        let index: Int
        /// In the copy: the top left of four boxes, and the weights of the four.
        let first: Int
        let weights: SIMD4<Float>

        @inline(__always)
        func value(_ picture: [Float]) -> Float {
            let columns = FrameSequence.columns
            return weights[0] * picture[first] + weights[1] * picture[first + 1]
                + weights[2] * picture[first + columns] + weights[3] * picture[first + columns + 1]
        }
    }

    let cells: [Cell]

    init(_ shape: PictureShape) {
        var cells: [Cell] = []
        for row in 0..<FrameSequence.rows {
            for column in 0..<FrameSequence.columns {
                guard let place = shape.place(column: column, row: row) else { continue }
                let x = max(0, min(Double(FrameSequence.columns) - 1.001, place.x))
                let y = max(0, min(Double(FrameSequence.rows) - 1.001, place.y))
                let (left, top) = (Int(x), Int(y))
                let (u, v) = (Float(x - Double(left)), Float(y - Double(top)))
                cells.append(
                    Cell(
                        index: row * FrameSequence.columns + column, first: top * FrameSequence.columns + left,
                        weights: SIMD4((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)))
            }
        }
        self.cells = cells
    }
}
