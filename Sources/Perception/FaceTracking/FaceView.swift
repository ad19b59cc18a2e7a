public import SyncModel

/// What is seen of faces on one picture.
public struct FaceView: Sendable {
    /// Faces with a mesh, each with the number of its track.
    public let faces: [TrackedFace]
    /// Whether the picture is the first of a shot: the picture changed as a whole.
    public let isFirstOfShot: Bool
}

/// A face on one picture.
public struct TrackedFace: Sendable {
    /// The number of its track, never used again: one face, through one shot.
    public let identity: Int
    public let landmarks: FaceLandmarks

    /// The box about the mesh, in displayed pixels.
    public var box: PictureBox { landmarks.box }
}
