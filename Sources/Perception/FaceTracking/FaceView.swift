public import SyncModel

/// What is seen of faces on one picture.
public struct FaceView: Sendable {
    /// Faces with a mesh, each with the number of its track.
    public let faces: [TrackedFace]
    /// Faces that no mesh fits, such as profiles and very small ones.
    public let boxes: [BoxedFace]
    /// Lower faces of this picture and of earlier ones that are ready now: each lags by about a quarter of a second.
    /// The last ones of a clip or stretch come from `FaceTracker.finish()`.
    public let crops: [LowerFaceCrop]
    /// Whether the picture is the first of a shot: the picture changed as a whole.
    public let isFirstOfShot: Bool
}

/// A face on one picture of which only the place is known.
public struct BoxedFace: Sendable {
    /// The number of its track, of the same count as that of `TrackedFace`.
    public let identity: Int
    public let box: FaceBox
}

/// A face on one picture.
public struct TrackedFace: Sendable {
    /// The number of its track, never used again: one face, through one shot.
    public let identity: Int
    public let landmarks: FaceLandmarks

    /// The box about the mesh, in displayed pixels.
    public var box: PictureBox { landmarks.box }
}
