public import Assets
public import Inference
public import SyncModel

/// Follows faces from picture to picture, each with an identity through its shot.
///
/// The detector is asked at the beginning of a shot, where no face is left, and now and then for faces that have come;
/// in between the meshes track themselves, or the detector follows its own boxes. Belongs to one thread; a clip begins
/// with `beginClip()`.
public final class FaceTracker {
    /// The mesh's score under which the face counts as lost.
    static let presence = 0.5
    /// While no face is there, the whole picture is searched this often, in seconds, and its pieces less often.
    static let searchInterval = 0.15
    static let pieceInterval = 0.9
    /// As long as that finds nothing the wait doubles, up to so many seconds.
    static let longestPieceInterval = 7.2
    /// Pictures with a short side of so many pixels and more are searched in smaller pieces too.
    static let finePieces = 1000.0
    /// While there are faces, others are looked for this often.
    static let furtherInterval = 1.0
    /// Of more faces the largest are followed.
    static let mostFaces = 4
    /// A face that moves by more than this share of its square from one picture to the next is another one.
    static let longestJump = 0.3

    /// The detector is asked for the box of a followed face this often, in seconds; less often where a mesh fits, since
    /// then it cannot be lost meanwhile.
    static let boxInterval = 0.1
    static let boxIntervalOfMeshes = 0.2
    /// Crops follow each other by at least so many seconds.
    static let cropInterval = 0.03
    /// While a followed face has no mesh, one is tried this often.
    static let meshInterval = 0.15
    /// A face that neither mesh nor detector has seen for so long, in seconds, is gone.
    static let longestMiss = 0.35
    /// The detector's probability from which on a face is followed that no mesh fits.
    static let certainty = 0.6

    /// Whether a mesh is laid on every face of every frame, by far the dearest part; else only the boxes are followed,
    /// and a mesh is asked once, whether what the detector found is a face. Set it before `beginClip()`.
    public var followsMeshes = true

    private let detector: FaceDetector
    /// For faces that are too small for it; loaded when the first picture needs it, where it is installed.
    private var smallDetector: FaceDetector?
    private let smallDetectorPath: String?
    private let library: InferenceLibrary
    private let mesh: FaceMesh
    private var cuts = CutDetector()
    private var tracks: [FollowedFace] = []
    /// Crops of tracks that have ended.
    private var ended: [LowerFaceCrop] = []
    private var nextIdentity = 0
    private var lastSearch: Double?
    private var lastPieceSearch: Double?
    private var pieceWait = pieceInterval

    /// Loads the models that every clip needs.
    public init(assets: AssetFolder, library: InferenceLibrary) throws(InferenceError) {
        for path in [assets.detector, assets.mesh] where !AssetFolder.isReadable(path) {
            throw InferenceError(.modelMissing, "the face model \(path) is missing")
        }
        detector = try FaceDetector(path: assets.detector, library: library)
        smallDetectorPath = assets.smallFaceDetector
        self.library = library
        mesh = try FaceMesh(path: assets.mesh, library: library)
    }

    /// Forgets all faces, before another clip or another place in it.
    public func reset() {
        tracks = []
        ended = []
        cuts.reset()
        beginSearch()
    }

    private func beginSearch() {
        lastSearch = nil
        lastPieceSearch = nil
        pieceWait = FaceTracker.pieceInterval
    }

    /// The same, and identities count from 0 again: what is said of a clip does not depend on the clips before it.
    public func beginClip() {
        reset()
        nextIdentity = 0
    }

    /// The crops that are still to come when no further picture of the clip or stretch does.
    public func finish() -> [LowerFaceCrop] {
        endAll()
        defer { ended = [] }
        return ended
    }

    /// The faces on the next picture.
    public func track(_ picture: some PictureSampling, seconds: Double) throws -> FaceView {
        guard min(picture.displayWidth, picture.displayHeight) >= 16 else {
            return FaceView(faces: [], boxes: [], crops: [], isFirstOfShot: false)
        }
        let isCut = try cuts.isCut(picture)
        if isCut {
            endAll()
            beginSearch()
        }
        try search(picture, seconds)
        var seen: [TrackedFace] = []
        var boxes: [BoxedFace] = []
        var kept: [FollowedFace] = []
        for var face in tracks {
            let landmarks = try meshed(&face, picture, seconds, besides: kept)
            if let landmarks { seen.append(TrackedFace(identity: face.identity, landmarks: landmarks)) }
            guard try boxed(&face, landmarks, picture, seconds),
                !kept.contains(where: { FaceTracker.isSame($0.extent, face.extent) })
            else {
                ended += face.cropper.finish()
                continue
            }
            if seconds - face.lastCropped >= FaceTracker.cropInterval - 1e-3 {
                ended += try face.cropper.add(picture, seconds: seconds)
                face.lastCropped = seconds
            }
            if landmarks == nil, let box = face.cropper.last?.box {
                boxes.append(BoxedFace(identity: face.identity, box: box))
            }
            kept.append(face)
        }
        tracks = kept
        defer { ended = [] }
        return FaceView(faces: seen, boxes: boxes, crops: ended, isFirstOfShot: isCut)
    }

    private func endAll() {
        for index in tracks.indices { ended += tracks[index].cropper.finish() }
        tracks = []
    }

    /// Moves a face's mesh to the next picture; nil: there is none that fits.
    private func meshed(
        _ face: inout FollowedFace, _ picture: some PictureSampling, _ seconds: Double, besides kept: [FollowedFace]
    ) throws -> FaceLandmarks? {
        guard let old = face.square else { return nil }
        face.lastMeshed = seconds
        let landmarks = try mesh.landmarks(in: picture, within: old)
        let square = landmarks.square
        guard landmarks.score >= FaceTracker.presence, FaceTracker.isSound(square, in: picture),
            !kept.contains(where: { FaceTracker.isSame($0.square, square) })
        else {
            face.square = nil
            return nil
        }
        if old.centre.distance(to: square.centre) > FaceTracker.longestJump * old.side {
            ended += face.cropper.finish()
            face = FollowedFace(identity: newIdentity(), square: square, seconds: seconds)
            face.lastMeshed = seconds
        }
        face.square = FaceTracker.smooth(old, towards: square)
        face.lastSeen = seconds
        return landmarks
    }

    /// Moves a face's box to the next picture, where it is time to; false: the face is gone.
    private func boxed(
        _ face: inout FollowedFace, _ landmarks: FaceLandmarks?, _ picture: some PictureSampling, _ seconds: Double
    ) throws -> Bool {
        let isLoose = landmarks == nil && followsMeshes
        let interval = isLoose ? FaceTracker.boxInterval : FaceTracker.boxIntervalOfMeshes
        guard seconds - face.lastAsked >= interval - 1e-3 else { return true }
        face.lastAsked = seconds
        guard let place = landmarks?.detectorBox ?? face.cropper.last?.box else { return false }
        if let found = try detector.face(in: picture, near: place) {
            face.cropper.note(FaceBox(found), seconds: seconds)
            face.lastSeen = seconds
            if followsMeshes, face.square == nil, seconds - face.lastMeshed >= FaceTracker.meshInterval {
                face.square = found.square
            }
            return true
        }
        if landmarks != nil {
            face.cropper.note(place, seconds: seconds)
            return true
        }
        return seconds - face.lastSeen < FaceTracker.longestMiss
    }

    private func newIdentity() -> Int {
        defer { nextIdentity += 1 }
        return nextIdentity
    }

    /// Adds the faces that are not followed yet, where it is time to look for some.
    private func search(_ picture: some PictureSampling, _ seconds: Double) throws {
        let isStart = lastSearch == nil
        let interval = tracks.contains(where: isHeld) ? FaceTracker.furtherInterval : FaceTracker.searchInterval
        if let lastSearch, seconds - lastSearch < interval { return }
        lastSearch = seconds
        var found = try detector.faces(in: picture)
        if isStart { found += try detector.faces(inPiecesOf: picture, shares: [1]) }
        if tracks.isEmpty, found.isEmpty,
            isStart || seconds - (lastPieceSearch ?? -.infinity) >= pieceWait
        {
            lastPieceSearch = seconds
            found = try small(in: picture)
            pieceWait =
                found.isEmpty && !isStart
                ? min(2 * pieceWait, FaceTracker.longestPieceInterval) : FaceTracker.pieceInterval
        }
        for face in found.sorted(by: { $0.width > $1.width }) {
            // The box is rough: the mesh itself says where to look.
            if let known = tracks.firstIndex(where: { FaceTracker.isSame($0.extent, face.square) }) {
                if followsMeshes, tracks[known].square == nil { tracks[known].square = face.square }
                continue
            }
            guard tracks.count(where: isHeld) < FaceTracker.mostFaces else { break }
            let first = try mesh.landmarks(in: picture, within: face.square)
            if first.score >= FaceTracker.presence {
                guard
                    !tracks.contains(where: { FaceTracker.isSame(followsMeshes ? $0.square : $0.extent, first.square) })
                else { continue }
                makeRoom()
                tracks.append(try followed(first, in: picture, seconds: seconds))
            } else if tracks.count < FaceTracker.mostFaces, face.score >= FaceTracker.certainty,
                let near = try detector.face(in: picture, near: FaceBox(face)), near.score >= FaceTracker.certainty
            {
                var boxed = FollowedFace(identity: newIdentity(), square: nil, seconds: seconds)
                boxed.cropper.note(FaceBox(near), seconds: seconds)
                boxed.lastAsked = seconds
                tracks.append(boxed)
            }
        }
    }

    /// Whether a face is followed as well as can be.
    private func isHeld(_ face: FollowedFace) -> Bool { face.square != nil || !followsMeshes }

    /// A face that a mesh was just laid on.
    private func followed(
        _ landmarks: FaceLandmarks, in picture: some PictureSampling, seconds: Double
    ) throws -> FollowedFace {
        guard !followsMeshes else {
            return FollowedFace(identity: newIdentity(), square: landmarks.square, seconds: seconds)
        }
        var face = FollowedFace(identity: newIdentity(), square: nil, seconds: seconds)
        let box = landmarks.detectorBox
        face.cropper.note(try detector.face(in: picture, near: box).map { FaceBox($0) } ?? box, seconds: seconds)
        face.lastAsked = seconds
        return face
    }

    /// Small faces, in pieces of the picture.
    private func small(in picture: some PictureSampling) throws -> [DetectedFace] {
        if smallDetector == nil, let path = smallDetectorPath {
            smallDetector = try FaceDetector(path: path, reach: .full, library: library)
        }
        let isFine = min(picture.displayWidth, picture.displayHeight) >= FaceTracker.finePieces
        return try (smallDetector ?? detector).faces(inPiecesOf: picture, shares: isFine ? [1, 2, 3] : [1, 2])
    }

    /// Ends a face that has no mesh where one that has wants its place.
    private func makeRoom() {
        guard tracks.count >= FaceTracker.mostFaces, let index = tracks.lastIndex(where: { $0.square == nil }) else {
            return
        }
        ended += tracks[index].cropper.finish()
        tracks.remove(at: index)
    }

    /// Whether two squares are about one face.
    private static func isSame(_ one: OrientedSquare?, _ other: OrientedSquare?) -> Bool {
        guard let one, let other else { return false }
        return one.centre.distance(to: other.centre) < 0.35 * max(one.side, other.side)
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
