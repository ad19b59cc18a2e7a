public import Assets
public import Inference
public import SyncModel

/// Tracks faces from frame to frame, each with an identity within its shot.
///
/// The detector runs at the start of a shot, when no face is left, and periodically for new faces; in between the
/// meshes track themselves, or the detector follows its own boxes. Belongs to one thread; a clip starts with
/// `beginClip()`.
///
/// ```swift
/// let tracker = try FaceTracker(assets: assets, library: InferenceLibrary(path: path))
/// tracker.beginClip()
/// let selection = MediaSelection(video: file.videoStream?.index, audio: nil)
/// _ = try file.decode(
///     selection, onPicture: { print(try tracker.track($0, seconds: $0.seconds).faces.count) })
/// ```
public final class FaceTracker {
    /// Minimum mesh score of a tracked face.
    static let presence = 0.5
    /// Without a face, the whole frame is searched at this interval, in seconds, and its parts less often.
    static let searchInterval = 0.15
    static let pieceInterval = 0.9
    /// While that finds nothing, the interval doubles up to this many seconds.
    static let longestPieceInterval = 7.2
    /// Frames with at least this short side are searched in smaller parts too.
    static let finePieces = 1000.0
    /// Interval for new faces while some are tracked.
    static let furtherInterval = 1.0
    /// Maximum number of tracked faces; the largest are kept.
    static let mostFaces = 4
    /// A face that moves by more than this share of its square between frames is a different one.
    static let longestJump = 0.3

    /// Detector interval for a tracked face's box, in seconds; longer if a mesh fits, since it cannot be lost in
    /// between.
    static let boxInterval = 0.1
    static let boxIntervalOfMeshes = 0.2
    /// Minimum interval of crops, in seconds.
    static let cropInterval = 0.03
    /// Interval for retrying the mesh of a tracked face without one.
    static let meshInterval = 0.15
    /// A face not seen by mesh or detector for this many seconds is lost.
    static let longestMiss = 0.35
    /// Minimum detector probability for tracking a face without a mesh.
    static let certainty = 0.6

    /// Whether the mesh runs for every face in every frame, the most expensive part; else only boxes are tracked, and
    /// the mesh runs once, to verify a detection. Set it before `beginClip()`.
    public var followsMeshes = true

    private let detector: FaceDetector
    /// For small faces; loaded on first use, if installed.
    private var smallDetector: FaceDetector?
    private let smallDetectorPath: String?
    private let library: InferenceLibrary
    private let mesh: FaceMesh
    private var cuts = CutDetector()
    private var tracks: [FollowedFace] = []
    /// Crops of ended tracks.
    private var ended: [LowerFaceCrop] = []
    private var nextIdentity = 0
    private var lastSearch: Double?
    private var lastPieceSearch: Double?
    private var pieceWait = pieceInterval

    /// Loads the models needed for every clip.
    public init(assets: AssetFolder, library: InferenceLibrary) throws(InferenceError) {
        for path in [assets.detector, assets.mesh] where !AssetFolder.isReadable(path) {
            throw InferenceError(.modelMissing, "the face model \(path) is missing")
        }
        detector = try FaceDetector(path: assets.detector, library: library)
        smallDetectorPath = assets.smallFaceDetector
        self.library = library
        mesh = try FaceMesh(path: assets.mesh, library: library)
    }

    /// Drops all faces, before another clip or position.
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

    /// Also restarts identities at 0, so that results do not depend on earlier clips.
    public func beginClip() {
        reset()
        nextIdentity = 0
    }

    /// The remaining crops after the last frame of the clip or interval.
    public func finish() -> [LowerFaceCrop] {
        endAll()
        defer { ended = [] }
        return ended
    }

    /// The faces in the next frame.
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

    /// Moves a face's mesh to the next frame; nil: none fits.
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

    /// Moves a face's box to the next frame, if due; false: the face is lost.
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

    /// Adds new faces, if a search is due.
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
            // The box is rough: the mesh itself determines its square.
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

    /// Whether a face is tracked as well as possible.
    private func isHeld(_ face: FollowedFace) -> Bool { face.square != nil || !followsMeshes }

    /// A face with a new mesh.
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

    /// Small faces, in parts of the frame.
    private func small(in picture: some PictureSampling) throws -> [DetectedFace] {
        if smallDetector == nil, let path = smallDetectorPath {
            smallDetector = try FaceDetector(path: path, reach: .full, library: library)
        }
        let isFine = min(picture.displayWidth, picture.displayHeight) >= FaceTracker.finePieces
        return try (smallDetector ?? detector).faces(inPiecesOf: picture, shares: isFine ? [1, 2, 3] : [1, 2])
    }

    /// Drops a face without a mesh in favour of one with a mesh.
    private func makeRoom() {
        guard tracks.count >= FaceTracker.mostFaces, let index = tracks.lastIndex(where: { $0.square == nil }) else {
            return
        }
        ended += tracks[index].cropper.finish()
        tracks.remove(at: index)
    }

    /// Whether two squares contain the same face.
    private static func isSame(_ one: OrientedSquare?, _ other: OrientedSquare?) -> Bool {
        guard let one, let other else { return false }
        return one.centre.distance(to: other.centre) < 0.35 * max(one.side, other.side)
    }

    /// The square moves half way to the new mesh, its size and rotation less: jitter of the crop is jitter of the
    /// mouth.
    private static func smooth(_ old: OrientedSquare, towards new: OrientedSquare) -> OrientedSquare {
        var turn = new.angle - old.angle
        if turn > .pi { turn -= 2 * .pi }
        if turn < -.pi { turn += 2 * .pi }
        return OrientedSquare(
            centre: PicturePoint(
                x: 0.5 * old.centre.x + 0.5 * new.centre.x, y: 0.5 * old.centre.y + 0.5 * new.centre.y),
            side: 0.7 * old.side + 0.3 * new.side, angle: old.angle + 0.3 * turn)
    }

    /// A mesh outside the frame, degenerate or far too large is not a face any more.
    private static func isSound(_ square: OrientedSquare, in picture: some PictureSampling) -> Bool {
        square.side.isFinite && square.side >= 12 && square.side <= 4 * max(picture.displayWidth, picture.displayHeight)
            && square.centre.x > 0 && square.centre.x < picture.displayWidth
            && square.centre.y > 0 && square.centre.y < picture.displayHeight
    }
}
