/// A description of a clip: voice, text, appearance, and the offset of its audio.
struct TalkingClip: Codable, Equatable, Sendable {
    /// The visual content.
    enum Scene: String, Codable, Sendable {
        case talkingFace
        case landscape
        /// A sound file.
        case nothing
    }

    /// The audio content.
    enum Heard: Codable, Equatable, Sendable {
        /// What the mouth says.
        case speech
        /// Other words than those of the mouth.
        case otherSpeech(SpokenText)
        /// An audio track of zeros.
        case digitalSilence
        /// No audio track.
        case nothing
    }

    /// What the mouth says.
    var spoken: SpokenText
    var scene = Scene.talkingFace
    var heard = Heard.speech
    var placement = SoundPlacement()
    /// The audio on two channels that cancel each other.
    var oppositePhase = false
    var clock = FrameClock.pal
    var size = FrameSize(width: 640, height: 480)
    /// The video is stored rotated by 90 degrees, with a display matrix that shows it upright.
    var storedTurned = false
    /// Decides the head's sway, the strength of each sound's movement and the room's noise.
    var seed: UInt64
}
