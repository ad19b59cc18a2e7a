public import Assets
public import Inference
public import SyncModel

/// Follows faces from picture to picture, each with an identity through its shot.
///
/// The detector is asked at the beginning of a shot, where no face is left, and now and then for faces that have come;
/// in between the meshes track themselves. Belongs to one thread; a clip begins with `beginClip()`.
public final class FaceTracker {
    /// The mesh's score under which the face counts as lost.
    static let presence = 0.5
    /// While no face is there, the whole picture is searched this often, in seconds, and its pieces less often.
    static let searchInterval = 0.15
    static let pieceInterval = 0.9
    /// While there are faces, others are looked for this often.
    static let furtherInterval = 1.0
    /// Of more faces the largest are followed.
    static let mostFaces = 4
    /// A face that moves by more than this share of its square from one picture to the next is another one.
    static let longestJump = 0.3

    private let detector: FaceDetector
    private let mesh: FaceMesh
    private var cuts = CutDetector()
    private var tracks: [(identity: Int, square: OrientedSquare)] = []
    private var nextIdentity = 0
    private var lastSearch: Double?
    private var lastPieceSearch: Double?

    /// Loads both models.
    public init(assets: AssetFolder, library: InferenceLibrary) throws(InferenceError) {
        for path in [assets.detector, assets.mesh] where !AssetFolder.isReadable(path) {
            throw InferenceError(.modelMissing, "the face model \(path) is missing")
        }
        detector = try FaceDetector(path: assets.detector, library: library)
        mesh = try FaceMesh(path: assets.mesh, library: library)
    }

    /// Forgets all faces, before another clip or another place in it.
    public func reset() {
        tracks = []
        cuts.reset()
        lastSearch = nil
        lastPieceSearch = nil
    }

    /// The same, and identities count from 0 again: what is said of a clip does not depend on the clips before it.
    public func beginClip() {
        reset()
        nextIdentity = 0
    }

    /// The faces on the next picture.
    public func track(_ picture: some PictureSampling, seconds: Double) throws -> FaceView {
        guard min(picture.displayWidth, picture.displayHeight) >= 16 else {
            return FaceView(faces: [], isFirstOfShot: false)
        }
        let isCut = try cuts.isCut(picture)
        if isCut {
            tracks = []
            lastSearch = nil
            lastPieceSearch = nil
        }
        try search(picture, seconds)
        var seen: [TrackedFace] = []
        var kept: [(identity: Int, square: OrientedSquare)] = []
        for track in tracks {
            let landmarks = try mesh.landmarks(in: picture, within: track.square)
            let square = landmarks.square
            guard landmarks.score >= FaceTracker.presence, FaceTracker.isSound(square, in: picture),
                !kept.contains(where: { FaceTracker.isSame($0.square, square) })
            else { continue }
            let jump = track.square.centre.distance(to: square.centre)
            let identity = jump > FaceTracker.longestJump * track.square.side ? newIdentity() : track.identity
            seen.append(TrackedFace(identity: identity, landmarks: landmarks))
            kept.append((identity, FaceTracker.smooth(track.square, towards: square)))
        }
        tracks = kept
        return FaceView(faces: seen, isFirstOfShot: isCut)
    }

    private func newIdentity() -> Int {
        defer { nextIdentity += 1 }
        return nextIdentity
    }

    /// Adds the faces that are not followed yet, where it is time to look for some.
    private func search(_ picture: some PictureSampling, _ seconds: Double) throws {
        let isStart = lastSearch == nil
        let interval = tracks.isEmpty ? FaceTracker.searchInterval : FaceTracker.furtherInterval
        if let lastSearch, seconds - lastSearch < interval { return }
        lastSearch = seconds
        var found = try detector.faces(in: picture)
        if isStart { found += try detector.faces(inPiecesOf: picture, shares: [1]) }
        if tracks.isEmpty, found.isEmpty,
            isStart || seconds - (lastPieceSearch ?? -.infinity) >= FaceTracker.pieceInterval
        {
            lastPieceSearch = seconds
            found = try detector.faces(inPiecesOf: picture, shares: [1, 2])
        }
        for face in found.sorted(by: { $0.width > $1.width }) where tracks.count < FaceTracker.mostFaces {
            // The box is rough: the mesh itself says where to look.
            guard !tracks.contains(where: { FaceTracker.isSame($0.square, face.square) }) else { continue }
            let first = try mesh.landmarks(in: picture, within: face.square)
            let square = first.score >= FaceTracker.presence ? first.square : face.square
            guard !tracks.contains(where: { FaceTracker.isSame($0.square, square) }) else { continue }
            tracks.append((newIdentity(), square))
        }
    }

    /// Whether two squares are about one face.
    private static func isSame(_ one: OrientedSquare, _ other: OrientedSquare) -> Bool {
        one.centre.distance(to: other.centre) < 0.35 * max(one.side, other.side)
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
