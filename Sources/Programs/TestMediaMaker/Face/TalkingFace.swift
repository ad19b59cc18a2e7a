/// Draws a talking portrait: one image for each pose of the mouth and position of the head.
struct TalkingFace: Sendable {
    let frameSize: FrameSize
    private let geometry: PortraitGeometry
    private let interior: MouthInterior
    /// The portrait enlarged to the frame's scale, with a margin for head motion.
    private let plate: Picture
    /// Frame pixels per portrait pixel.
    private let scale: Float
    /// The plate's first column and row, in the portrait's pixels.
    private let plateX: Float
    private let plateY: Float

    /// Margin around the frame, in its pixels.
    private static let margin = 8

    /// - Parameter portrait: the image that the geometry describes.
    init(portrait: Picture, geometry: PortraitGeometry, frameSize: FrameSize) {
        precondition(
            portrait.width == geometry.width && portrait.height == geometry.height, "the portrait fits its geometry")
        self.frameSize = frameSize
        self.geometry = geometry
        interior = MouthInterior(geometry: geometry)
        let scale = Float(frameSize.height) / geometry.frameHeight
        self.scale = scale
        let width = frameSize.width + 2 * Self.margin
        let height = frameSize.height + 2 * Self.margin
        plateX = geometry.headX - Float(width) / 2 / scale
        plateY = geometry.headY - Float(height) / 2 / scale
        var plate = Picture(width: width, height: height)
        for row in 0..<height {
            for column in 0..<width {
                plate.pixels[row * width + column] = portrait.smoothColour(
                    x: plateX + Float(column) / scale, y: plateY + Float(row) / scale)
            }
        }
        self.plate = plate
    }

    /// The image at one time.
    func picture(of pose: MouthPose, head: HeadMotion.Place) -> Picture {
        var picture = Picture(width: frameSize.width, height: frameSize.height)
        let warp = MouthWarp(pose: pose, geometry: geometry)
        let reach = MouthWarp.reach(geometry)
        // The head rotates about the neck, low in the image.
        let pivotX = Float(frameSize.width) / 2
        let pivotY = Float(frameSize.height) * 0.9
        let turn = Float(head.turn)
        let (shiftX, shiftY) = (Float(head.x), Float(head.y))
        picture.pixels.withUnsafeMutableBufferPointer { pixels in
            for row in 0..<frameSize.height {
                for column in 0..<frameSize.width {
                    let x = Float(column) - shiftX - pivotX
                    let y = Float(row) - shiftY - pivotY
                    // Small rotations: cosine 1, sine equal to the angle.
                    let plateColumn = x + turn * y + pivotX + Float(Self.margin)
                    let plateRow = y - turn * x + pivotY + Float(Self.margin)
                    let faceX = plateX + plateColumn / scale
                    let faceY = plateY + plateRow / scale
                    let u = faceX - geometry.mouthX
                    let v = faceY - geometry.mouthY - geometry.mouthSlope * u
                    pixels[row * frameSize.width + column] =
                        abs(u) < reach.u && reach.rows.contains(v)
                        ? colour(u: u, v: v, warp: warp) : plate.colour(x: plateColumn, y: plateRow)
                }
            }
        }
        return picture
    }

    /// The colour at a point in mouth coordinates, after the motion of lips and jaw.
    private func colour(u: Float, v: Float, warp: MouthWarp) -> Picture.Colour {
        switch warp.source(u: u, v: v) {
        case .skin(let u, let v):
            return portraitColour(u: u, v: v)
        case .lips(var upper, var lower, let upperPoint, let lowerPoint):
            let cover = upper + lower
            if cover > 1 {
                upper /= cover
                lower /= cover
            }
            let inside = interior.colour(u: u, v: v, warp: warp) { portraitColour(u: $0, v: $1) }
            return inside * max(0, 1 - upper - lower)
                + portraitColour(u: upperPoint.x, v: upperPoint.y) * upper
                + portraitColour(u: lowerPoint.x, v: lowerPoint.y) * lower
        }
    }

    /// The resting portrait's colour at a point in mouth coordinates.
    @inline(__always)
    private func portraitColour(u: Float, v: Float) -> Picture.Colour {
        let x = geometry.mouthX + u
        let y = geometry.mouthY + geometry.mouthSlope * u + v
        return plate.colour(x: (x - plateX) * scale, y: (y - plateY) * scale)
    }
}
