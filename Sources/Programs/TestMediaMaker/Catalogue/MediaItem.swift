/// A file of the test media: its recipe and its ground truth.
struct MediaItem: Sendable {
    /// The expected result of a check of lips against audio; names as in Genlock's JSON.
    enum Expectation: String, Codable, Sendable {
        case inSync = "in-sync"
        case marginal
        case misaligned
        case unpaired
        case inconclusive
        case notApplicable = "not-applicable"
        case failed
    }

    var file: String
    var recipe: MediaRecipe
    /// How much later the audio is than the video; nil where there is nothing to compare.
    var soundMovedMilliseconds: Double?
    var expected: Expectation
    /// Other accepted results.
    var alsoAccepted: [Expectation] = []
    var note: String

    /// The line of `truth.json`.
    var truth: Truth {
        Truth(
            file: file, soundMovedMilliseconds: soundMovedMilliseconds, expected: expected, alsoAccepted: alsoAccepted,
            note: note)
    }
}

/// The ground truth of a file: an entry of `truth.json`.
struct Truth: Codable, Sendable {
    var file: String
    /// Positive if the audio is later than the video. The offset of Genlock's JSON is the negative of this.
    var soundMovedMilliseconds: Double?
    var expected: MediaItem.Expectation
    var alsoAccepted: [MediaItem.Expectation]
    var note: String

    enum CodingKeys: String, CodingKey {
        case file
        case soundMovedMilliseconds = "sound_moved_ms"
        case expected
        case alsoAccepted = "also_accepted"
        case note
    }

    /// As synthesised, but an unknown number is null instead of omitted.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(soundMovedMilliseconds, forKey: .soundMovedMilliseconds)
        try container.encode(expected, forKey: .expected)
        try container.encode(alsoAccepted, forKey: .alsoAccepted)
        try container.encode(note, forKey: .note)
    }
}
