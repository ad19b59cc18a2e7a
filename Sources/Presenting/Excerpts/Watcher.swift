import FaceTracking
import MediaIO
import SyncModel

/// Visual signals of decoded frames: mouths where there are faces, and motion in any case.
struct Watcher {
    private let asked: ClipExcerpt.Sight
    private let tracker: FaceTracker?
    private let withPictures: Bool
    private var mouths: [Int: SightTrack] = [:]
    private var faces: [Int: KeptPictures] = [:]
    private var movement = SightTrack()
    private var whole = KeptPictures()
    private var last: [Float] = []

    init(sight: ClipExcerpt.Sight, tracker: FaceTracker?, withPictures: Bool) {
        (asked, self.tracker, self.withPictures) = (sight, tracker, withPictures)
    }

    mutating func look(at picture: Picture) throws {
        var grey: [Float] = []
        try picture.thumbnail(into: &grey)
        if grey.count == last.count {
            let change = zip(grey, last).reduce(Float(0)) { $0 + abs($1.0 - $1.1) } / Float(max(1, grey.count))
            movement.add(change, seconds: picture.seconds)
        }
        last = grey
        guard let tracker else {
            if withPictures { try whole.keepWhole(of: picture) }
            return
        }
        for face in try tracker.track(picture, seconds: picture.seconds).faces {
            mouths[face.identity, default: SightTrack()].add(face.landmarks.mouthOpening, seconds: picture.seconds)
            if withPictures { try faces[face.identity, default: KeptPictures()].keepFace(of: picture, box: face.box) }
        }
    }

    /// The face whose mouth moves most: usually the speaker.
    private var liveliest: Int? {
        mouths.filter { $0.value.known > 20 }.max { ($0.value.liveliness, $1.key) < ($1.value.liveliness, $0.key) }?.key
    }

    var sight: ClipExcerpt.Sight { asked == .mouth && liveliest != nil ? .mouth : .movement }
    var seen: SightTrack { liveliest.flatMap { mouths[$0] } ?? movement }
    var kept: KeptPictures { liveliest.flatMap { faces[$0] } ?? whole }
}
