/// The interior of the mouth: the edge of the upper teeth, the tongue, the dark.
struct MouthInterior: Sendable {
    let geometry: PortraitGeometry
    /// Distance of the drawn teeth above their position in the portrait: a talking lip hides more of them than a smile.
    private static let teethLift: Float = 3.4
    private static let dark = Picture.Colour(34, 12, 12, 0)
    private static let tongue = Picture.Colour(120, 58, 56, 0)

    /// The colour at a point in mouth coordinates.
    ///
    /// - Parameter portrait: reads the portrait at a point in mouth coordinates; teeth belong to the skull, so they are
    ///   read at their position, irrespective of the lips.
    func colour(
        u: Float, v: Float, warp: MouthWarp, portrait: (_ u: Float, _ v: Float) -> Picture.Colour
    ) -> Picture.Colour {
        let along = u / geometry.mouthHalfWidth
        let profile = max(0, 1 - along * along)
        let profileNow = max(0, 1 - (u / warp.halfWidth) * (u / warp.halfWidth))
        let corner = Easing.step(abs(u), from: warp.halfWidth, to: warp.halfWidth * 0.45)

        let open = warp.lowerLip - warp.upperLip
        let lowerEdge = warp.lowerLip * profileNow
        let tongueShare =
            0.55 * Easing.step(v, from: lowerEdge - 3.2, to: lowerEdge - 1.2) * corner
            * Easing.step(open, from: 2.5, to: 5)
        var colour = Self.dark + (Self.tongue - Self.dark) * tongueShare

        let v0 = v + Self.teethLift
        let top = geometry.upperLip * profile + 0.8
        let bottom = geometry.lowerLip * profile - 0.9
        let teethShare = Easing.step(v0, from: bottom + 0.4, to: bottom - 0.4) * corner * (bottom > top ? 1 : 0)
        if teethShare > 0 {
            // The lip's shadow is on the teeth.
            let shade = 0.7 + 0.2 * Easing.step(v, from: warp.upperLip * profileNow, to: warp.upperLip * profileNow + 2)
            let teeth = portrait(u, min(max(v0, top), bottom)) * shade
            colour += (teeth - colour) * teethShare
        }
        return colour
    }
}
