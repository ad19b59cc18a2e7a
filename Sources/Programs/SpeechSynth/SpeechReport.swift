import Foundation

/// The printed report on a rendering: its audio file and the times of its words and phonemes.
struct SpeechReport: Encodable {
    var voice: String
    /// Sample rate in Hz.
    var sampleRate: Int
    /// Number of samples; divided by `sampleRate` the length in seconds.
    var samples: Int
    var words: [Speech.Span]
    var phonemes: [Speech.Span]
    /// The samples if no file was written: 16-bit, little-endian, as Base64.
    var sound: Data?

    init(_ speech: Speech, voice: String) {
        self.voice = voice
        sampleRate = speech.sampleRate
        samples = speech.samples.count
        words = speech.words
        phonemes = speech.phonemes
    }

    enum CodingKeys: String, CodingKey {
        case voice
        case sampleRate = "sample_rate"
        case samples
        case words
        case phonemes
        case sound
    }

    /// One JSON document, keys sorted, for determinism.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
