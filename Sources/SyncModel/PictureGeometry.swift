/// A point on the displayed picture, in pixels from its top left corner, x rightwards and y downwards.
public struct PicturePoint: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// A square cut out of a displayed picture: its centre, its side in pixels, and its turn in radians (clockwise on screen).
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

    /// Renders a square of the picture as `size` x `size` pixels, three values each (red, green, blue, 0...255), row by row.
    ///
    /// What lies outside the picture is black. `pixels` gets exactly `size * size * 3` values.
    func sample(_ square: OrientedSquare, size: Int, into pixels: inout [Float]) throws
}
