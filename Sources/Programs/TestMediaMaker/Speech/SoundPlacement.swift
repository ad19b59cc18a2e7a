import Foundation

/// Where the speech lies on a clip's timeline, against the mouth.
struct SoundPlacement: Codable, Equatable, Sendable {
    /// When the mouth starts to speak, in seconds on the clip's timeline: room to move the sound earlier.
    static let leadInSeconds = 0.6
    /// How long the picture goes on after the last word.
    static let tailSeconds = 0.5

    /// How much later than the mouth the sound is; negative is earlier. A check of lips against sound, which asks what
    /// to add to the sound's times, reads the negative of this.
    var soundMovedMilliseconds: Double = 0

    /// The sound track of a clip: the speech at its place over a faint room noise, `seconds` long.
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
