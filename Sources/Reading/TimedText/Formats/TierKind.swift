/// The kind of a tier's labels, from its name and content.
enum TierKind {
    static func guess(name: String, texts: [String], seconds: [Double]) -> TimedItem.Kind {
        let parts = Set(name.lowercased().split { !$0.isLetter }.map(String.init))
        if !parts.isDisjoint(with: ["word", "words", "ort", "kan", "wrd"]) { return .word }
        if !parts.isDisjoint(with: [
            "phone", "phones", "phoneme", "phonemes", "mau", "phn", "segments", "segment", "phonetic",
        ]) {
            return .phone
        }
        if !parts.isDisjoint(with: ["speaker", "speakers", "spk", "turns", "diarization", "diarisation", "talkers"]) {
            return .turn
        }
        if !parts.isDisjoint(with: ["events", "sounds"]) { return .event }
        let spoken = texts.filter { !$0.isEmpty }
        if areSpeakers(spoken) { return .turn }
        guard !spoken.isEmpty else { return .cue }
        let withSpaces = Double(spoken.count { $0.contains { $0.isWhitespace } }) / Double(spoken.count)
        if withSpaces > 0.3 { return .cue }
        let short = spoken.reduce(0) { $0 + min(20, $1.count) }
        let sorted = seconds.sorted()
        let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        if Double(short) / Double(spoken.count) <= 2.2, median < 0.25 { return .phone }
        return median > 3 ? .cue : .word
    }

    /// Whether all labels are generated speaker names: `SPEAKER_00`, `spk1`, `S2`.
    static func areSpeakers(_ texts: [String]) -> Bool {
        !texts.isEmpty
            && texts.allSatisfy { text in
                let name = text.lowercased().filter { !" _-".contains($0) }
                let letters = name.prefix { $0.isLetter }
                let digits = name.dropFirst(letters.count)
                return ["speaker", "spkr", "spk", "talker", "s"].contains(String(letters))
                    && (1...3).contains(digits.count) && digits.allSatisfy(\.isNumber)
            }
    }

    /// Whether labels are sound classes rather than words: few names, each frequent.
    static func areClasses(_ texts: [String]) -> Bool {
        let spoken = texts.filter { !$0.isEmpty }
        return spoken.count >= 6 && Set(spoken).count * 3 <= spoken.count
    }
}
