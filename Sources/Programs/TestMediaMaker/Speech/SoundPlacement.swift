import Foundation

/// The position of the speech on a clip's timeline, relative to the mouth.
struct SoundPlacement: Codable, Equatable, Sendable {
    /// Start of the mouth's speech, in seconds on the clip's timeline: a margin for moving the audio earlier.
    static let leadInSeconds = 0.6
    /// Length of the video after the last word.
    static let tailSeconds = 0.5

    /// How much later the audio is than the mouth; negative is earlier. A check of lips against audio, which gives what
    /// to add to the audio's times, reports the negative of this.
    var soundMovedMilliseconds: Double = 0

    /// The audio track of a clip: the speech at its position over faint room noise, `seconds` long.
    ///
    /// The speech starts on the sample nearest to its time: at 48 kHz within 0.01 ms.
    func track(of speech: Sound, seconds: Double, using generator: inout some RandomNumberGenerator) -> Sound {
        precondition(speech.channels == 1, "speech has one channel")
        let rate = Double(speech.sampleRate)
        let count = Int((seconds * rate).rounded())
        // Peaks of 8 in 32768 are 72 dB below full scale: a quiet room.
        var samples = (0..<count).map { _ in Int16.random(in: -8...8, using: &generator) }
        let first = Int(((Self.leadInSeconds + soundMovedMilliseconds / 1000) * rate).rounded())
        for (index, sample) in speech.samples.enumerated() where samples.indices.contains(first + index) {
            samples[first + index] = Int16(clamping: Int(samples[first + index]) + Int(sample))
        }
        return Sound(sampleRate: speech.sampleRate, samples: samples)
    }
}
