/// A spoken text: its audio and the times of its phonemes.
struct Speech: Sendable {
    /// A phoneme in IPA, times in seconds from the start of the audio.
    struct Phoneme: Sendable {
        var text: String
        var start: Double
        var end: Double
        /// For a voiceless plosive: when its closure opens.
        var release: Double?
    }

    var sound: Sound
    var phonemes: [Phoneme]
}
