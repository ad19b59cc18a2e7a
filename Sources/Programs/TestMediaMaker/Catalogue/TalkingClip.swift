/// A clip in one value: who says what, how it is seen, and where its sound lies.
struct TalkingClip: Codable, Equatable, Sendable {
    /// What there is to see.
    enum Scene: String, Codable, Sendable {
        case talkingFace
        case landscape
        /// A sound file.
        case nothing
    }

    /// What there is to hear.
    enum Heard: Codable, Equatable, Sendable {
        /// What the mouth says.
        case speech
        /// Something else than the mouth says.
        case otherSpeech(SpokenText)
        /// A sound track of zeros.
        case digitalSilence
        /// No sound track.
        case nothing
    }

    /// What the mouth says.
    var spoken: SpokenText
    var scene = Scene.talkingFace
    var heard = Heard.speech
    var placement = SoundPlacement()
    /// The sound on two channels that cancel each other.
    var oppositePhase = false
    var clock = FrameClock.pal
    var size = FrameSize(width: 640, height: 480)
    /// The picture is stored turned by a quarter, and the file says how to show it upright.
    var storedTurned = false
    /// Decides the head's sway, the strength of each sound's movement and the room's noise.
    var seed: UInt64
}
