/// A point on the displayed frame, in pixels from the top left corner, x rightwards and y downwards.
public struct PicturePoint: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// The distance to another point in pixels.
    public func distance(to other: PicturePoint) -> Double {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}

/// An upright box on the displayed frame, in pixels from the top left corner.
public struct PictureBox: Sendable, Hashable {
    public var x, y, width, height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

/// A square region of a displayed frame: its centre, its side in pixels, and its rotation in radians (clockwise on
/// screen).
public struct OrientedSquare: Sendable, Hashable {
    public var centre: PicturePoint
    public var side: Double
    public var angle: Double

    public init(centre: PicturePoint, side: Double, angle: Double) {
        self.centre = centre
        self.side = side
        self.angle = angle
    }
}

/// A decoded frame that can be sampled, as displayed: upright, with square pixels.
public protocol PictureSampling {
    /// Size of the displayed frame in pixels.
    var displayWidth: Double { get }
    var displayHeight: Double { get }

    /// Renders a square of the frame as `size` x `size` pixels, three values each (red, green, blue, 0...255), row by
    /// row.
    ///
    /// Outside the frame it is black. `pixels` gets exactly `size * size * 3` values.
    func sample(_ square: OrientedSquare, size: Int, into pixels: inout [Float]) throws

    /// Renders an upright square of the frame as `size` x `size` gray values (0...255), row by row.
    ///
    /// Each is the mean of the covered pixels, or interpolated if the square is enlarged. Outside the frame it is
    /// `outside`. `values` gets exactly `size * size` values.
    func gray(_ square: OrientedSquare, size: Int, outside: UInt8, into values: inout [UInt8]) throws

    /// A few hundred gray values (0...255) at fixed positions of the frame, to distinguish shots.
    func thumbnail(into values: inout [Float]) throws
}

extension PictureSampling {
    public func gray(_ square: OrientedSquare, size: Int, outside: UInt8, into values: inout [UInt8]) throws {
        try grayOfColours(square, size: size, outside: outside, into: &values)
    }

    /// The same from RGB, which is slower (ITU-R BT.601 luma).
    public func grayOfColours(
        _ square: OrientedSquare, size: Int, outside: UInt8, into values: inout [UInt8]
    ) throws {
        var pixels: [Float] = []
        try sample(OrientedSquare(centre: square.centre, side: square.side, angle: 0), size: size, into: &pixels)
        values = [UInt8](repeating: outside, count: size * size)
        let step = square.side / Double(size)
        for row in 0..<size {
            let y = square.centre.y - square.side / 2 + (Double(row) + 0.5) * step
            guard y >= 0, y < displayHeight else { continue }
            for column in 0..<size {
                let x = square.centre.x - square.side / 2 + (Double(column) + 0.5) * step
                guard x >= 0, x < displayWidth else { continue }
                let place = (row * size + column) * 3
                let luma = 0.299 * pixels[place] + 0.587 * pixels[place + 1] + 0.114 * pixels[place + 2]
                values[row * size + column] = UInt8(max(0, min(255, luma.rounded())))
            }
        }
    }

    public func thumbnail(into values: inout [Float]) throws { try scaledThumbnail(into: &values) }

    /// 24 x 24 gray values of the downscaled frame.
    public func scaledThumbnail(into values: inout [Float]) throws {
        let side = max(displayWidth, displayHeight)
        let whole = OrientedSquare(
            centre: PicturePoint(x: displayWidth / 2, y: displayHeight / 2), side: side, angle: 0)
        var pixels: [Float] = []
        try sample(whole, size: 24, into: &pixels)
        values = stride(from: 0, to: pixels.count, by: 3).map { (pixels[$0] + 2 * pixels[$0 + 1] + pixels[$0 + 2]) / 4 }
    }
}
