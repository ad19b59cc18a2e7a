public import SyncModel

/// The faces in one frame.
///
/// ```swift
/// let view = try tracker.track(picture, seconds: picture.seconds)
/// for face in view.faces { print("\(face.identity): \(face.landmarks.score)") }
/// for face in view.boxes { print("\(face.identity): \(face.box.side) pixels") }
/// ```
public struct FaceView: Sendable {
    /// Faces with a mesh, each with its track number.
    public let faces: [TrackedFace]
    /// Faces without a mesh, such as profiles and very small ones.
    public let boxes: [BoxedFace]
    /// Lower-face crops that are ready now, of this frame or earlier ones: each lags by about a quarter of a second.
    /// The last ones of a clip or interval come from `FaceTracker.finish()`.
    public let crops: [LowerFaceCrop]
    /// Whether the frame is the first of a shot.
    public let isFirstOfShot: Bool
}

/// A face in one frame with only a position.
public struct BoxedFace: Sendable {
    /// Its track number, counted together with those of `TrackedFace`.
    public let identity: Int
    public let box: FaceBox
}

/// A face in one frame.
public struct TrackedFace: Sendable {
    /// Its track number, never reused: one face within one shot.
    public let identity: Int
    public let landmarks: FaceLandmarks

    /// The bounding box of the mesh, in displayed pixels.
    public var box: PictureBox { landmarks.box }
}
