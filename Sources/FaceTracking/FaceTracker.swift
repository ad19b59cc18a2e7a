public import SyncModel

/// Follows one face from picture to picture.
///
/// The detector is asked on the first picture and when the face is lost; in between the mesh tracks itself. Belongs to
/// one thread; a clip begins with `reset()`.
public final class FaceTracker {
    /// The mesh's score under which the face counts as lost.
    static let presence = 0.5
    /// While no face is there, the whole picture is searched this often, in seconds, and its pieces less often.
    static let searchInterval = 0.15
    static let pieceInterval = 0.9

    private let detector: FaceDetector
    private let mesh: FaceMesh
    private var square: OrientedSquare?
    private var lastSearch: Double?
    private var lastPieceSearch: Double?

    /// Loads both models.
    public init(assets: FaceAssets, library: InferenceLibrary) throws(FaceTrackingError) {
        for path in [assets.detector, assets.mesh] where !FaceAssets.isReadable(path) {
            throw FaceTrackingError(.modelMissing, "the face model \(path) is missing")
        }
        detector = try FaceDetector(path: assets.detector, library: library)
        mesh = try FaceMesh(path: assets.mesh, library: library)
    }

    /// Forgets the face, before another clip.
    public func reset() {
        square = nil
        lastSearch = nil
        lastPieceSearch = nil
    }

    /// The face's mesh on the next picture, or nil where no face is seen.
    public func track(_ picture: some PictureSampling, seconds: Double) throws -> FaceLandmarks? {
        guard min(picture.displayWidth, picture.displayHeight) >= 16 else { return nil }
        var here: OrientedSquare
        if let square {
            here = square
        } else {
            guard let found = try search(picture, seconds) else { return nil }
            here = found.square
            // The box is rough: the mesh itself says where to look.
            let first = try mesh.landmarks(in: picture, within: here)
            if first.score >= FaceTracker.presence { here = first.square }
        }
        let landmarks = try mesh.landmarks(in: picture, within: here)
        guard landmarks.score >= FaceTracker.presence, FaceTracker.isSound(landmarks.square, in: picture) else {
            square = nil
            return nil
        }
        square = FaceTracker.smooth(here, towards: landmarks.square)
        return landmarks
    }

    private func search(_ picture: some PictureSampling, _ seconds: Double) throws -> DetectedFace? {
        if let lastSearch, seconds - lastSearch < FaceTracker.searchInterval { return nil }
        lastSearch = seconds
        if let face = try detector.best(in: picture) { return face }
        if let lastPieceSearch, seconds - lastPieceSearch < FaceTracker.pieceInterval { return nil }
        lastPieceSearch = seconds
        return try detector.bestInPieces(of: picture)
    }

    /// The square moves half way to the new mesh, its size and turn less: jitter of the crop is jitter of the mouth.
    private static func smooth(_ old: OrientedSquare, towards new: OrientedSquare) -> OrientedSquare {
        var turn = new.angle - old.angle
        if turn > .pi { turn -= 2 * .pi }
        if turn < -.pi { turn += 2 * .pi }
        return OrientedSquare(
            centre: PicturePoint(
                x: 0.5 * old.centre.x + 0.5 * new.centre.x, y: 0.5 * old.centre.y + 0.5 * new.centre.y),
            side: 0.7 * old.side + 0.3 * new.side, angle: old.angle + 0.3 * turn)
    }

    /// A mesh that left the picture, shrank to nothing or grew beyond all bounds is no face any more.
    private static func isSound(_ square: OrientedSquare, in picture: some PictureSampling) -> Bool {
        square.side.isFinite && square.side >= 12 && square.side <= 4 * max(picture.displayWidth, picture.displayHeight)
            && square.centre.x > 0 && square.centre.x < picture.displayWidth
            && square.centre.y > 0 && square.centre.y < picture.displayHeight
    }
}
