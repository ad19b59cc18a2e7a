/// The mouth motion of a speech sound.
struct Articulation: Equatable, Sendable {
    /// The target pose.
    var target: MouthPose
    /// Dominance of its target over its neighbours: 1 for a vowel, less for sounds made further back.
    var dominance: Double
    /// The lips must reach the target and hold it, as the closure of p, b and m.
    var seals = false

    /// The articulations of a phoneme written in the International Phonetic Alphabet, in order.
    ///
    /// A diphthong or affricate has two, of equal length; signs of length, stress and tone have none. An unknown letter
    /// moves like a schwa.
    static func of(phoneme: String) -> [Articulation] {
        let known = phoneme.unicodeScalars.compactMap { table[$0] }
        if !known.isEmpty { return known }
        let isSpoken = phoneme.unicodeScalars.contains { $0.properties.isAlphabetic }
        return isSpoken ? [vowel(0.4)] : []
    }

    private static func vowel(_ opening: Double, spread: Double = 0) -> Articulation {
        Articulation(target: MouthPose(opening: opening, spread: spread), dominance: 1)
    }

    private static func consonant(_ opening: Double, spread: Double = 0, dominance: Double) -> Articulation {
        Articulation(target: MouthPose(opening: opening, spread: spread), dominance: dominance)
    }

    private static let bilabial = Articulation(target: .rest, dominance: 1, seals: true)
    private static let labiodental = Articulation(
        target: MouthPose(opening: 0.1, spread: 0.1, lipRaise: 1), dominance: 1, seals: true)
    private static let glottal = consonant(0.5, dominance: 0.15)
    private static let velar = consonant(0.35, dominance: 0.5)
    private static let alveolarStop = consonant(0.22, spread: 0.1, dominance: 0.9)
    private static let liquid = consonant(0.32, dominance: 0.8)
    private static let hiss = consonant(0.14, spread: 0.3, dominance: 1.5)
    private static let hush = consonant(0.22, spread: -0.5, dominance: 1.5)

    /// Openings follow the height of the vowel, the spread its rounding and frontness (the chart of the International
    /// Phonetic Association); consonants follow the place of articulation.
    private static let table: [Unicode.Scalar: Articulation] = [
        "a": vowel(1), "ä": vowel(1), "ɑ": vowel(1, spread: -0.05), "æ": vowel(0.9, spread: 0.3), "ɐ": vowel(0.75),
        "ʌ": vowel(0.75), "ɒ": vowel(0.85, spread: -0.5), "ɔ": vowel(0.75, spread: -0.6),
        "ɛ": vowel(0.62, spread: 0.35), "e": vowel(0.48, spread: 0.5), "ə": vowel(0.42), "ɚ": vowel(0.38, spread: -0.2),
        "ɜ": vowel(0.5, spread: -0.1), "ɝ": vowel(0.42, spread: -0.2), "ɪ": vowel(0.4, spread: 0.45),
        "ᵻ": vowel(0.36, spread: 0.3), "ɨ": vowel(0.3, spread: 0.3), "i": vowel(0.3, spread: 0.9),
        "ʊ": vowel(0.32, spread: -0.7), "u": vowel(0.2, spread: -1), "ɯ": vowel(0.22, spread: 0.3),
        "ʉ": vowel(0.22, spread: -0.8),
        "o": vowel(0.5, spread: -0.8), "ɵ": vowel(0.4, spread: -0.6), "y": vowel(0.2, spread: -0.9),
        "ʏ": vowel(0.32, spread: -0.7), "ø": vowel(0.4, spread: -0.8), "œ": vowel(0.6, spread: -0.5),

        "p": bilabial, "b": bilabial, "m": bilabial, "f": labiodental, "v": labiodental,
        "w": consonant(0.1, spread: -1, dominance: 2), "ʍ": consonant(0.1, spread: -1, dominance: 2),
        "ɥ": consonant(0.12, spread: -0.9, dominance: 2), "ʋ": consonant(0.12, dominance: 1.5),
        "β": consonant(0.06, dominance: 2), "ɸ": consonant(0.06, dominance: 2),
        "t": alveolarStop, "d": alveolarStop, "n": alveolarStop, "ɾ": alveolarStop, "ʈ": alveolarStop,
        "ɖ": alveolarStop, "ɳ": alveolarStop, "l": liquid, "ɫ": liquid, "ɭ": liquid, "ɬ": liquid,
        "θ": consonant(0.25, dominance: 1), "ð": consonant(0.25, dominance: 0.8),
        "s": hiss, "z": hiss, "ʃ": hush, "ʒ": hush, "ɕ": hush, "ʑ": hush, "ʂ": hush, "ʐ": hush,
        "r": consonant(0.3, spread: -0.2, dominance: 0.8), "ɹ": consonant(0.25, spread: -0.4, dominance: 0.9),
        "ɻ": consonant(0.25, spread: -0.4, dominance: 0.9), "ʀ": velar, "ʁ": velar,
        "j": consonant(0.26, spread: 0.6, dominance: 0.9), "ʝ": consonant(0.26, spread: 0.5, dominance: 0.9),
        "ʎ": consonant(0.28, spread: 0.4, dominance: 0.8),
        "ɲ": consonant(0.26, spread: 0.3, dominance: 0.8), "ç": consonant(0.25, spread: 0.5, dominance: 0.9),
        "c": consonant(0.28, spread: 0.3, dominance: 0.7), "ɟ": consonant(0.28, spread: 0.3, dominance: 0.7),
        "k": velar, "ɡ": velar, "g": velar, "ŋ": velar, "ɴ": velar, "x": velar, "ɣ": velar, "χ": velar, "q": velar,
        "h": glottal, "ɦ": glottal, "ħ": glottal, "ʔ": glottal, "ʕ": glottal,
    ]
}
