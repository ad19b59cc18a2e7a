/// The geometry of the face in a portrait, in the portrait's pixels.
///
/// Mouth coordinates: u to the right from the middle of the mouth, v downwards from the line through its corners. Both
/// lip edges are modelled as parabolas over the mouth's width, zero at its corners.
struct PortraitGeometry: Sendable {
    /// Size of the portrait.
    var width: Int
    var height: Int
    /// `Fingerprint` of its pixels as packed 8-bit RGB.
    var fingerprint: String
    /// Middle of the frame around the head.
    var headX: Float
    var headY: Float
    /// Height of the part that fills a frame from top to bottom.
    var frameHeight: Float
    /// From the hairline to the chin.
    var faceHeight: Float

    /// Middle of the line through the corners of the mouth, and the line's slope.
    var mouthX: Float
    var mouthY: Float
    var mouthSlope: Float
    /// Half of the inner mouth's width.
    var mouthHalfWidth: Float
    /// v of the inner edge of the upper and of the lower lip, in the middle.
    var upperLip: Float
    var lowerLip: Float
    /// v of the nose's base, of the chin and of the collar below which nothing moves.
    var noseBase: Float
    var chin: Float
    var collar: Float
    /// Half of the face's width at the mouth.
    var cheek: Float

    /// The portrait `astronaut.png` of scikit-image: Eileen Collins, NASA 1999, public domain.
    ///
    /// The points were measured in the image; it smiles, with the upper teeth visible.
    static let astronaut = PortraitGeometry(
        width: 512, height: 512, fingerprint: "fa4e6bff08e5e8fb", headX: 223, headY: 107, frameHeight: 192,
        faceHeight: 107,
        mouthX: 223.4, mouthY: 141.3, mouthSlope: 0.053, mouthHalfWidth: 20.8, upperLip: 1.4, lowerLip: 8.5,
        noseBase: -8.5, chin: 33.5, collar: 52, cheek: 46)
}
