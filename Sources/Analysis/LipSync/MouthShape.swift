import SignalCore

/// The mouth on one frame: eight distances, the face's size, and six directions of movement free of the head's pose.
public struct MouthShape: Sendable {
    static let distances = 8
    static let components = 6
    /// Mesh points that speech does not move: forehead, brows, nose bridge, eye corners, temples.
    static let stablePoints = [
        10, 151, 9, 8, 168, 6, 197, 195, 33, 133, 362, 263, 67, 297, 109, 338, 21, 251, 162, 389, 127, 356, 5, 70, 300,
        107,
        336, 54, 284,
    ]
    /// Lips, then jaw.
    static let movingPoints = [
        61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178, 87,
        14, 317,
        402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415,
        152, 148, 176, 149, 377, 400, 378, 199, 200, 18, 83, 313, 164, 2, 57, 287, 212, 432, 43, 273, 106, 335,
    ]

    /// Points whose distances are measured, besides some of the others.
    private static let endPoints = [1, 234, 454]

    /// All mesh points that anything is computed from, in ascending order.
    public static let usedPoints = Array(Set(stablePoints + movingPoints + endPoints)).sorted()

    /// Distances in pixels: inner lips, outer lips, mouth width, nose to chin, inner lips off centre, inner width, nose
    /// to upper lip, lower lip to chin.
    let lengths: [Float]
    /// Mean of eye distance, face height and face width in pixels.
    let scale: Float
    let movement: [Float]
    /// How far the head is turned to a side: |distance of the nose's tip from one cheek minus that from the other| over
    /// their sum, in the image; about 0.8 tan(yaw).
    let turn: Float

    /// - Parameter landmarks: 468 x 3 coordinates of the face mesh in displayed pixels.
    /// - Returns: nil for a mesh that has shrunk to a point.
    public init?(landmarks: [Float], model: LipModel) {
        precondition(landmarks.count == 468 * 3, "a face mesh has 468 points of three coordinates")
        func point(_ index: Int) -> [Double] { (0..<3).map { Double(landmarks[index * 3 + $0]) } }
        func distance(_ a: Int, _ b: Int) -> Double {
            let (p, q) = (point(a), point(b))
            return ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2]))
                .squareRoot()
        }
        lengths = [
            distance(13, 14), distance(0, 17), distance(61, 291), distance(2, 152),
            (distance(82, 87) + distance(312, 317)) / 2, distance(78, 308), distance(2, 0), distance(17, 152),
        ].map { Float($0) }
        func flat(_ a: Int, _ b: Int) -> Double {
            let (p, q) = (point(a), point(b))
            return ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1])).squareRoot()
        }
        let (one, other) = (flat(1, 234), flat(1, 454))
        turn = Float(abs(one - other) / max(one + other, 1e-9))
        scale = Float((distance(33, 263) + distance(10, 2) + distance(234, 454)) / 3)
        guard scale > 0, let fit = SimilarityFit(points: MouthShape.stablePoints.map(point), model: model.canonical)
        else { return nil }
        var movement = [Double](repeating: 0, count: MouthShape.components)
        for (place, index) in MouthShape.movingPoints.enumerated() {
            let p = point(index)
            let (x, y, z) = fit.apply(p[0], p[1], p[2])
            for component in 0..<MouthShape.components {
                movement[component] +=
                    x * Double(model.basis[place * 3, component]) + y * Double(model.basis[place * 3 + 1, component])
                    + z * Double(model.basis[place * 3 + 2, component])
            }
        }
        self.movement = movement.map { Float($0) }
    }
}
