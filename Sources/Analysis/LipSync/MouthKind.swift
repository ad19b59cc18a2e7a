import SignalCore

/// The representation of a mouth: points of the face mesh, or pixels of the lower face.
enum MouthKind: String, Sendable, CaseIterable {
    case landmarks
    case pixels
}

/// The kinds that an answer is based on; each mode has separate constants.
enum MouthMode: String, Sendable, CaseIterable {
    case landmarks
    case pixels
    case both

    init(_ kinds: [MouthKind]) {
        self = kinds.count > 1 ? .both : kinds.first == .pixels ? .pixels : .landmarks
    }

    /// Its name in evidence.
    var method: String {
        switch self {
        case .landmarks: "face-mesh-towers"
        case .pixels: "lower-face-pixels"
        case .both: "face-mesh-and-pixels"
        }
    }
}

/// Both kinds of one face, or of several, on the grid.
struct MouthPieces {
    var landmarks: [MouthTrack.Segment] = []
    var pixels: [PixelTrack.Segment] = []

    var isEmpty: Bool { landmarks.isEmpty && pixels.isEmpty }

    func pieces(_ kind: MouthKind) -> [(first: Int, features: FrameMatrix)] {
        switch kind {
        case .landmarks: landmarks.map { ($0.first, $0.features) }
        case .pixels: pixels.map { ($0.first, $0.features) }
        }
    }

    func frames(_ kind: MouthKind) -> Int { pieces(kind).reduce(0) { $0 + $1.features.frames } }

    /// The grid frames with the face, by the kind that has more of them.
    var spans: [Range<Int>] {
        let kind = frames(.pixels) > frames(.landmarks) ? MouthKind.pixels : .landmarks
        return pieces(kind).map { $0.first..<$0.first + $0.features.frames }
    }

    /// Root mean square of the segments' openings, weighted by their frames; nil without landmarks.
    var opening: Double? {
        let weight = landmarks.reduce(0) { $0 + Double($1.features.frames) }
        guard weight > 0 else { return nil }
        let energy = landmarks.reduce(0) { $0 + Double($1.features.frames) * $1.opening * $1.opening }
        return (energy / weight).squareRoot()
    }

    /// The kinds with enough frames: one with less than half as many as the other is omitted.
    static func kinds(_ faces: [MouthPieces], model: LipModel) -> [MouthKind] {
        let (points, pictures) = (frames(.landmarks, faces), model.pixels == nil ? 0 : frames(.pixels, faces))
        if 2 * points < pictures { return [.pixels] }
        return 2 * pictures < points ? [.landmarks] : [.landmarks, .pixels]
    }

    private static func frames(_ kind: MouthKind, _ faces: [MouthPieces]) -> Int {
        faces.reduce(0) { $0 + $1.frames(kind) }
    }
}
