public import SyncModel

/// A face's position from the detector: an upright square from above the brows to the chin.
public struct FaceBox: Sendable, Hashable {
    /// In displayed pixels.
    public var centre: PicturePoint
    public var side: Double

    public init(centre: PicturePoint, side: Double) {
        self.centre = centre
        self.side = side
    }

    /// The same box by its top left corner.
    public var corners: PictureBox {
        PictureBox(x: centre.x - side / 2, y: centre.y - side / 2, width: side, height: side)
    }

    init(_ face: DetectedFace) { self.init(centre: face.centre, side: (face.width + face.height) / 2) }

    /// Whether a box in a following frame may be of the same face.
    func isNear(_ other: FaceBox) -> Bool {
        abs(other.centre.x - centre.x) < 0.5 * side && abs(other.centre.y - centre.y) < 0.5 * side
            && other.side > 0.6 * side && other.side < 1.6 * side
    }
}
