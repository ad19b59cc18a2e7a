/// Audio with the times of its words and phonemes.
struct Speech {
    /// The span of one word or phoneme, in seconds from the start of the audio.
    struct Span: Encodable {
        var text: String
        var startSeconds: Double
        var endSeconds: Double
        /// For a voiceless plosive: when its closure opens and the burst is heard.
        var releaseSeconds: Double?
        /// Of a word: its first Unicode scalar in the text, counted from 0.
        var position: Int?

        enum CodingKeys: String, CodingKey {
            case text
            case startSeconds = "start_s"
            case endSeconds = "end_s"
            case releaseSeconds = "release_s"
            case position
        }
    }

    /// Sample rate in Hz.
    var sampleRate: Int
    /// 16-bit mono.
    var samples: [Int16]
    var words: [Span]
    var phonemes: [Span]
}
