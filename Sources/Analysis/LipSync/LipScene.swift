public import SyncModel

/// A face on one picture, as far as lips are concerned.
public struct SeenFace: Sendable {
    /// The number of its track: one face, through one shot.
    public let identity: Int
    public let shape: MouthShape
    /// Where it is on the displayed picture, in pixels.
    public let box: PictureBox

    public init(identity: Int, shape: MouthShape, box: PictureBox) {
        self.identity = identity
        self.shape = shape
        self.box = box
    }
}

/// All faces of a recording over time.
public struct LipScene: Sendable {
    /// One face through one shot.
    struct Face: Sendable {
        let identity: Int
        var mouth = MouthTrack()
        /// The first picture's box, and times of the first and the last picture in seconds.
        let box: PictureBox
        let firstSeconds: Double
        var lastSeconds: Double
    }

    /// Pictures looked at, those of them with a face, and those that began a shot.
    public private(set) var pictures = 0
    public private(set) var picturesWithFace = 0
    public private(set) var shots = 0
    /// In the order in which they appeared.
    private(set) var faces: [Face] = []
    private var places: [Int: Int] = [:]

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

    /// Notes what the next picture shows. Times increase, in seconds.
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
            faces[place].mouth.append(face.shape, seconds: seconds)
            faces[place].lastSeconds = seconds
        }
    }

    /// The share of the pictures with a face.
    var faceShare: Double { Double(picturesWithFace) / Double(max(1, pictures)) }
}
