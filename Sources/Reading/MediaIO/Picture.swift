import CFFmpeg
public import SyncModel

/// A decoded frame with its presentation time. Valid only during delivery.
public final class Picture: PictureSampling {
    /// Presentation time in seconds from the file's origin.
    public let seconds: Double
    public let displayWidth: Double
    public let displayHeight: Double

    let frame: UnsafeMutablePointer<AVFrame>
    private let geometry: PictureGeometry
    private let scaler: PictureScaler

    init(frame: UnsafeMutablePointer<AVFrame>, seconds: Double, geometry: PictureGeometry, scaler: PictureScaler) {
        self.frame = frame
        self.seconds = seconds
        self.geometry = geometry
        self.scaler = scaler
        displayWidth = geometry.displayWidth
        displayHeight = geometry.displayHeight
    }

    /// Whether the decoder concealed errors in it.
    public var isConcealed: Bool {
        frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
    }

    /// Whether it is shown as coded, without rotation or mirroring.
    var isUpright: Bool {
        let (origin, corner) = (
            geometry.coded(PicturePoint(x: 0, y: 0)), geometry.coded(PicturePoint(x: displayWidth, y: displayHeight))
        )
        return abs(origin.x) < 1 && abs(origin.y) < 1 && abs(corner.x - Double(geometry.codedWidth)) < 1
            && abs(corner.y - Double(geometry.codedHeight)) < 1
    }

    public func sample(_ square: OrientedSquare, size: Int, into pixels: inout [Float]) throws {
        try scaler.sample(square, of: frame, geometry: geometry, size: size, into: &pixels)
    }

    public func gray(_ square: OrientedSquare, size: Int, outside: UInt8, into values: inout [UInt8]) throws {
        guard scaler.gray(square, of: frame, geometry: geometry, size: size, outside: outside, into: &values) else {
            return try grayOfColours(square, size: size, outside: outside, into: &values)
        }
    }

    /// Single luma pixels on a grid of 32 x 18 coded positions, without scaling.
    public func thumbnail(into values: inout [Float]) throws {
        let (columns, rows) = (32, 18)
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        guard PlanarSampler.reads(frame.pointee.format), width >= columns, height >= rows,
            let luma = frame.pointee.data.0
        else {
            return try scaledThumbnail(into: &values)
        }
        if values.count != columns * rows { values = [Float](repeating: 0, count: columns * rows) }
        let stride = Int(frame.pointee.linesize.0)
        for row in 0..<rows {
            let line = luma + (2 * row + 1) * height / (2 * rows) * stride
            for column in 0..<columns {
                values[row * columns + column] = Float(line[(2 * column + 1) * width / (2 * columns)])
            }
        }
    }
}

/// Maps displayed to coded pixels: sample aspect ratio, then the display matrix.
struct PictureGeometry: Equatable {
    let codedWidth: Int
    let codedHeight: Int
    let displayWidth: Double
    let displayHeight: Double
    /// Display to coded pixels: x = ax * X + bx * Y + cx, y = ay * X + by * Y + cy.
    private let ax, bx, cx, ay, by, cy: Double

    /// - Parameters:
    ///   - aspect: width of a coded pixel over its height.
    ///   - matrix: the display matrix' linear part (a, b, c, d) as in QuickTime: X = a x + c y, Y = b x + d y. Only
    ///     quarter turns and mirroring are supported, as in players.
    init(codedWidth: Int, codedHeight: Int, aspect: Double, matrix: (a: Double, b: Double, c: Double, d: Double)) {
        self.codedWidth = codedWidth
        self.codedHeight = codedHeight
        let width = Double(codedWidth) * aspect
        let height = Double(codedHeight)
        let unit = max(abs(matrix.a), abs(matrix.b), abs(matrix.c), abs(matrix.d), 1e-9)
        var (a, b, c, d) = (
            (matrix.a / unit).rounded(), (matrix.b / unit).rounded(), (matrix.c / unit).rounded(),
            (matrix.d / unit).rounded()
        )
        if abs(a * d - b * c) != 1 || abs(a) + abs(c) != 1 || abs(b) + abs(d) != 1 { (a, b, c, d) = (1, 0, 0, 1) }
        displayWidth = abs(a) * width + abs(c) * height
        displayHeight = abs(b) * width + abs(d) * height
        // The matrix rotates about the origin; the result is moved back into the positive quadrant.
        let moveX = max(0, -(min(0, a * width) + min(0, c * height)))
        let moveY = max(0, -(min(0, b * width) + min(0, d * height)))
        // The inverse of an orthogonal matrix is its transpose.
        ax = a / aspect
        bx = b / aspect
        cx = -(a * moveX + b * moveY) / aspect
        ay = c
        by = d
        cy = -(c * moveX + d * moveY)
    }

    /// A displayed point in coded pixels.
    func coded(_ point: PicturePoint) -> (x: Double, y: Double) {
        (ax * point.x + bx * point.y + cx, ay * point.x + by * point.y + cy)
    }
}
