public import SyncModel

/// A face on one frame, reduced to what lip sync needs.
public struct SeenFace: Sendable {
    /// The number of its track: one face, through one shot.
    public let identity: Int
    /// nil where no mesh fits it: a profile, or too few pixels.
    public let shape: MouthShape?
    /// Where it is on the displayed video, in pixels.
    public let box: PictureBox

    public init(identity: Int, shape: MouthShape?, box: PictureBox) {
        self.identity = identity
        self.shape = shape
        self.box = box
    }
}

/// The lower half of a face on one frame.
public struct SeenPixels: Sendable {
    /// The number of its track, as that of `SeenFace`.
    public let identity: Int
    /// Presentation time in seconds.
    public let seconds: Double
    /// 56 x 56 gray values, row by row.
    public let crop: [UInt8]
    /// Where the face is on the displayed video, in pixels.
    public let box: PictureBox

    public init(identity: Int, seconds: Double, crop: [UInt8], box: PictureBox) {
        precondition(crop.count == MouthPixels.area, "a crop has 56 x 56 values")
        self.identity = identity
        self.seconds = seconds
        self.crop = crop
        self.box = box
    }
}

/// All faces of a recording over time.
public struct LipScene: Sendable {
    /// One face through one shot.
    struct Face: Sendable {
        let identity: Int
        /// Its landmarks; empty where no mesh fits it.
        var mouth = MouthTrack()
        /// Its pixels; nil where none were taken.
        var pixels: MouthPixels?
        /// The first frame's box, and times of the first and the last frame in seconds.
        let box: PictureBox
        let firstSeconds: Double
        var lastSeconds: Double
    }

    /// Frames examined, those of them with a face, and those that began a shot.
    public private(set) var pictures = 0
    public private(set) var picturesWithFace = 0
    public private(set) var shots = 0
    /// In the order in which they appeared.
    private(set) var faces: [Face] = []
    private var places: [Int: Int] = [:]
    /// Crops kept, and of how many blocks of `blockSeconds` one is kept.
    private var crops = 0
    private var blocksPerKept = 1

    /// Memory limit of crops, 3 KB each: if there are more, every second kept block is discarded.
    static let mostCrops = 20_000
    private static let blockSeconds = 5.0

    public init() {}

    /// A recording with a single face.
    init(_ mouth: MouthTrack) {
        pictures = mouth.pictures
        picturesWithFace = mouth.faces
        guard let first = mouth.times.first, let last = mouth.times.last else { return }
        faces = [
            Face(
                identity: 0, mouth: mouth, box: PictureBox(x: 0, y: 0, width: 0, height: 0), firstSeconds: first,
                lastSeconds: last)
        ]
    }

    /// Adds the faces of the next frame. Times increase, in seconds.
    public mutating func append(_ seen: [SeenFace], isFirstOfShot: Bool, seconds: Double) {
        pictures += 1
        if !seen.isEmpty { picturesWithFace += 1 }
        if isFirstOfShot { shots += 1 }
        for face in seen {
            let place = places[face.identity] ?? faces.count
            if place == faces.count {
                places[face.identity] = place
                faces.append(Face(identity: face.identity, box: face.box, firstSeconds: seconds, lastSeconds: seconds))
            }
            if let shape = face.shape { faces[place].mouth.append(shape, seconds: seconds) }
            faces[place].lastSeconds = seconds
        }
    }

    /// Adds the lower half of a face on an earlier frame. Times of one face increase.
    public mutating func append(_ seen: SeenPixels) {
        guard LipScene.keeps(seen.seconds, oneOf: blocksPerKept) else { return }
        let place = places[seen.identity] ?? faces.count
        if place == faces.count {
            places[seen.identity] = place
            faces.append(
                Face(identity: seen.identity, box: seen.box, firstSeconds: seen.seconds, lastSeconds: seen.seconds))
        }
        faces[place].lastSeconds = max(faces[place].lastSeconds, seen.seconds)
        faces[place].pixels = faces[place].pixels ?? MouthPixels()
        faces[place].pixels?.append(seen)
        crops += 1
        guard crops > LipScene.mostCrops else { return }
        blocksPerKept *= 2
        let blocks = blocksPerKept
        for index in faces.indices { faces[index].pixels?.keep { LipScene.keeps($0, oneOf: blocks) } }
        crops = faces.reduce(0) { $0 + ($1.pixels?.times.count ?? 0) }
    }

    private static func keeps(_ seconds: Double, oneOf blocks: Int) -> Bool {
        Int(seconds / blockSeconds) % blocks == 0
    }

    /// The share of the frames with a face.
    var faceShare: Double { Double(picturesWithFace) / Double(max(1, pictures)) }
}
