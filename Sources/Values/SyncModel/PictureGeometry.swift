/// A point on the displayed picture, in pixels from its top left corner, x rightwards and y downwards.
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

/// An upright box on the displayed picture, in pixels, from its top left corner.
public struct PictureBox: Sendable, Hashable {
    public var x, y, width, height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

/// A square cut out of a displayed picture: its centre, its side in pixels, and its turn in radians (clockwise on
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

/// A decoded picture that can be looked at piece by piece, as it is displayed: turned upright, with square pixels.
public protocol PictureSampling {
    /// Size of the displayed picture in pixels.
    var displayWidth: Double { get }
    var displayHeight: Double { get }

    /// Renders a square of the picture as `size` x `size` pixels, three values each (red, green, blue, 0...255), row by
    /// row.
    ///
    /// What lies outside the picture is black. `pixels` gets exactly `size * size * 3` values.
    func sample(_ square: OrientedSquare, size: Int, into pixels: inout [Float]) throws

    /// A few hundred gray values (0...255) spread over the picture, always at the same places: what tells one shot from
    /// another.
    func thumbnail(into values: inout [Float]) throws
}

extension PictureSampling {
    public func thumbnail(into values: inout [Float]) throws { try scaledThumbnail(into: &values) }

    /// 24 x 24 gray values of the whole picture, scaled down.
    public func scaledThumbnail(into values: inout [Float]) throws {
        let side = max(displayWidth, displayHeight)
        let whole = OrientedSquare(
            centre: PicturePoint(x: displayWidth / 2, y: displayHeight / 2), side: side, angle: 0)
        var pixels: [Float] = []
        try sample(whole, size: 24, into: &pixels)
        values = stride(from: 0, to: pixels.count, by: 3).map { (pixels[$0] + 2 * pixels[$0 + 1] + pixels[$0 + 2]) / 4 }
    }
}
