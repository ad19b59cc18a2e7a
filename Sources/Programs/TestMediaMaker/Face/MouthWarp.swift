/// Maps each point of a face with a moved mouth to its source in the portrait.
///
/// In mouth coordinates (see `PortraitGeometry`). The upper lip rises slightly, the lower one falls and moves the jaw;
/// lips narrow and spread sideways; all of it fades out at the nose, the cheeks and the collar.
struct MouthWarp: Sendable {
    /// The content at a point.
    enum Source {
        /// Skin, from this point of the portrait.
        case skin(u: Float, v: Float)
        /// Between the lips, or on their soft edge: `upper` and `lower` are the coverage by either lip.
        case lips(upper: Float, lower: Float, upperPoint: SIMD2<Float>, lowerPoint: SIMD2<Float>)
    }

    let geometry: PortraitGeometry
    /// Half of the inner mouth's width, and v of the inner edges of the upper and the lower lip in the middle.
    let halfWidth: Float
    let upperLip: Float
    let lowerLip: Float
    /// Downward displacement of the chin.
    let jawDrop: Float

    /// Distance of the lips over the face's height in the widest plain vowel. Tracked real speakers (GRID) stay below
    /// about 0.04 for 95 % of the time.
    static let widestOpening: Float = 0.07
    /// v of the line where closed lips meet, in the middle: a relaxed mouth, not the portrait's smile.
    private static let closedLine: Float = 3
    /// The upper lip's part in the opening, and the chin's fall over the opening (the mesh sees 0.66 of it in real
    /// speakers, and less of it here than is drawn).
    private static let upperShare: Float = 0.12
    private static let jawShare: Float = 0.85
    /// Narrowing of the mouth at rest relative to the smile, and its change by rounding and spreading.
    private static let restWidth: Float = 0.9
    private static let spreadWidth: Float = 0.1

    init(pose: MouthPose, geometry: PortraitGeometry) {
        self.geometry = geometry
        let opening = Float(pose.opening) * Self.widestOpening * geometry.faceHeight
        upperLip = Self.closedLine - Self.upperShare * opening - 1.2 * Float(pose.lipRaise)
        lowerLip = upperLip + opening
        jawDrop = Self.jawShare * opening
        let width = Self.restWidth + Self.spreadWidth * Float(pose.spread) - 0.12 * Float(pose.opening)
        halfWidth = geometry.mouthHalfWidth * width
    }

    /// The box outside of which nothing moves: u within +-`reach`, v within `rows`.
    static func reach(_ geometry: PortraitGeometry) -> (u: Float, rows: ClosedRange<Float>) {
        (geometry.cheek + 4, (geometry.noseBase - 6)...(geometry.collar + 2))
    }

    func source(u: Float, v uprightV: Float) -> Source {
        let v = uprightV - unsmiled(u: u, v: uprightV)
        let u0 = sideways(u: u, v: v)
        let along = u / halfWidth
        guard abs(along) < 1 else {
            return .skin(u: u0, v: v < 0 ? raised(u0, v, lift: 0) : lowered(u0, v, drop: 0))
        }
        // Rounder than the smile's parabola.
        let profile = 1 - along * along * abs(along).squareRoot()
        let profile0 = max(0, 1 - (u0 / geometry.mouthHalfWidth) * (u0 / geometry.mouthHalfWidth))
        let upperEdge = upperLip * profile
        let lowerEdge = lowerLip * profile
        let upperEdge0 = geometry.upperLip * profile0
        let lowerEdge0 = geometry.lowerLip * profile0

        let softness: Float = 0.5
        let upper = Easing.step(v, from: upperEdge + softness / 2, to: upperEdge - softness / 2)
        let lower = Easing.step(v, from: lowerEdge - softness / 2, to: lowerEdge + softness / 2)
        let upperPoint = min(raised(u0, v, lift: upperEdge - upperEdge0), upperEdge0)
        let lowerPoint = max(lowered(u0, v, drop: lowerEdge - lowerEdge0), lowerEdge0)
        if upper >= 1 { return .skin(u: u0, v: upperPoint) }
        if lower >= 1 { return .skin(u: u0, v: lowerPoint) }
        return .lips(
            upper: upper, lower: lower, upperPoint: SIMD2(u0, upperPoint), lowerPoint: SIMD2(u0, lowerPoint))
    }

    /// Lowering of the corners of the mouth from the portrait's smile.
    private func unsmiled(u: Float, v: Float) -> Float {
        let distance = abs(u)
        let across = Easing.step(distance, from: 7, to: 20) * Easing.step(distance, from: 36, to: 22)
        let down = Easing.step(v, from: -12, to: -1) * Easing.step(v, from: 24, to: 6)
        return 2 * across * down
    }

    /// u in the portrait: the mouth's corners follow the width, cheeks, nose and chin stay.
    private func sideways(u: Float, v: Float) -> Float {
        let strength = Easing.step(v, from: -13, to: -3) * Easing.step(v, from: 32, to: 14)
        guard strength > 0 else { return u }
        let inner = geometry.mouthHalfWidth
        let distance = abs(u)
        let moved: Float =
            if distance <= halfWidth {
                u * inner / halfWidth
            } else if distance < geometry.cheek {
                (geometry.cheek - (geometry.cheek - distance) * (geometry.cheek - inner) / (geometry.cheek - halfWidth))
                    * (u < 0 ? -1 : 1)
            } else {
                u
            }
        return Easing.mix(u, moved, strength)
    }

    /// v in the portrait above the mouth, where the lip's edge has moved by `lift`, downwards positive.
    private func raised(_ u: Float, _ v: Float, lift: Float) -> Float {
        solve(v) { v0 in lift * Easing.step(v0, from: geometry.noseBase, to: -1) }
    }

    /// v in the portrait below the mouth, where the lip's edge has moved by `drop`.
    private func lowered(_ u: Float, _ v: Float, drop: Float) -> Float {
        let u0 = u / geometry.mouthHalfWidth
        let edge = geometry.lowerLip * max(0, 1 - u0 * u0)
        let atEdge = jaw(u, edge)
        return solve(v) { v0 in
            jaw(u, v0) + (drop - atEdge) * Easing.step(v0, from: edge + 20, to: edge + 4)
        }
    }

    /// Downward displacement of a point of the portrait by the jaw.
    private func jaw(_ u: Float, _ v: Float) -> Float {
        guard v > 0 else { return 0 }
        let across = Easing.step(abs(u), from: geometry.cheek, to: 14)
        let down = Easing.step(v, from: 0, to: 15) * Easing.step(v, from: geometry.collar, to: geometry.chin + 2)
        return jawDrop * across * down
    }

    /// Solves v0 + movement(v0) = v; the slope of the movement is below 1, so the iteration converges.
    @inline(__always)
    private func solve(_ v: Float, movement: (Float) -> Float) -> Float {
        var v0 = v
        for _ in 0..<6 {
            v0 = v - movement(v0)
        }
        return v0
    }
}
