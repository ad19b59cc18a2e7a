/// A position of the mouth.
///
/// For real speakers the opening is between 0 and about 0.05 of the face's height, the width varies by a few percent.
struct MouthPose: Equatable, Sendable {
    /// Distance between the inner edges of the lips relative to the largest of plain speech: 0 closed, 1 as in
    /// "father".
    var opening: Double
    /// -1 rounded and narrow as in "who", 0 at rest, 1 spread as in "he".
    var spread: Double
    /// How far the upper lip is raised off the teeth, 0...1, as in f and v.
    var lipRaise: Double = 0

    /// Lips together, the jaw at rest.
    static let rest = MouthPose(opening: 0, spread: 0)

    /// The pose between this and another; `share` 0 is this one, 1 the other.
    func mixed(with other: MouthPose, share: Double) -> MouthPose {
        MouthPose(
            opening: Easing.mix(opening, other.opening, share), spread: Easing.mix(spread, other.spread, share),
            lipRaise: Easing.mix(lipRaise, other.lipRaise, share))
    }
}
