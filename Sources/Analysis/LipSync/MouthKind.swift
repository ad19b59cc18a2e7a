import SignalCore

/// What of a mouth is looked at: points of the face mesh, or the picture of the lower face itself.
enum MouthKind: String, Sendable, CaseIterable {
    case landmarks
    case pixels
}

/// Which kinds stand behind an answer; each mode has its own constants.
enum MouthMode: String, Sendable, CaseIterable {
    case landmarks
    case pixels
    case both

    init(_ kinds: [MouthKind]) {
        self = kinds.count > 1 ? .both : kinds.first == .pixels ? .pixels : .landmarks
    }

    /// As evidence names it.
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

    /// The grid frames in which the face is there, by whichever kind sees more of it.
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

    /// The kinds that see enough to be used: one that sees less than half as much as the other is left out.
    static func kinds(_ faces: [MouthPieces], model: LipModel) -> [MouthKind] {
        let (points, pictures) = (frames(.landmarks, faces), model.pixels == nil ? 0 : frames(.pixels, faces))
        if 2 * points < pictures { return [.pixels] }
        return 2 * pictures < points ? [.landmarks] : [.landmarks, .pixels]
    }

    private static func frames(_ kind: MouthKind, _ faces: [MouthPieces]) -> Int {
        faces.reduce(0) { $0 + $1.frames(kind) }
    }
}
