/// A speaker's motion on a clip's timeline: a rest, the sentence, a rest.
struct Performance: Sendable {
    /// Total length.
    let seconds: Double
    let head: HeadMotion
    private let mouth: MouthTrajectory

    init(of speech: Speech, using generator: inout some RandomNumberGenerator) {
        seconds = SoundPlacement.leadInSeconds + speech.sound.seconds + SoundPlacement.tailSeconds
        head = HeadMotion(using: &generator)
        mouth = MouthTrajectory(speech, using: &generator)
    }

    /// The mouth at a time in seconds on the clip's timeline.
    func pose(at time: Double) -> MouthPose {
        mouth.pose(at: time - SoundPlacement.leadInSeconds)
    }
}
