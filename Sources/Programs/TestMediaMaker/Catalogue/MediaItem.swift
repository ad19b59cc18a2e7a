/// A file of the test media: how it comes about, and what is true of it.
struct MediaItem: Sendable {
    /// What a check of lips against sound should say of a file; names as in Genlock's JSON.
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
    /// How much later than the picture the sound is; nil where there is nothing to compare.
    var soundMovedMilliseconds: Double?
    var expected: Expectation
    /// Answers that are no error either.
    var alsoAccepted: [Expectation] = []
    var note: String

    /// The line of `truth.json`.
    var truth: Truth {
        Truth(
            file: file, soundMovedMilliseconds: soundMovedMilliseconds, expected: expected, alsoAccepted: alsoAccepted,
            note: note)
    }
}

/// What is true of a file: an entry of `truth.json`.
struct Truth: Codable, Sendable {
    var file: String
    /// Positive where the sound is later than the picture. The offset of Genlock's JSON is the negative of this.
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

    /// As synthesised, but a number that is not known is null instead of left out.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(soundMovedMilliseconds, forKey: .soundMovedMilliseconds)
        try container.encode(expected, forKey: .expected)
        try container.encode(alsoAccepted, forKey: .alsoAccepted)
        try container.encode(note, forKey: .note)
    }
}
