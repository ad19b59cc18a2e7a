/// What the labels of a tier are, told from its name and from what they say.
enum TierKind {
    static func guess(name: String, texts: [String], seconds: [Double]) -> TimedItem.Kind {
        let parts = Set(name.lowercased().split { !$0.isLetter }.map(String.init))
        if !parts.isDisjoint(with: ["word", "words", "ort", "kan", "wrd"]) { return .word }
        if !parts.isDisjoint(with: ["phone", "phones", "phoneme", "phonemes", "mau", "phn", "segments", "segment", "phonetic"]) { return .phone }
        let spoken = texts.filter { !$0.isEmpty }
        guard !spoken.isEmpty else { return .cue }
        let withSpaces = Double(spoken.count { $0.contains { $0.isWhitespace } }) / Double(spoken.count)
        if withSpaces > 0.3 { return .cue }
        let short = spoken.reduce(0) { $0 + min(20, $1.count) }
        let sorted = seconds.sorted()
        let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        if Double(short) / Double(spoken.count) <= 2.2, median < 0.25 { return .phone }
        return median > 3 ? .cue : .word
    }
}
