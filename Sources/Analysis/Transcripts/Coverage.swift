public import SyncModel

/// Speech without text, text without speech, and items with impossible times.
public struct Coverage: Sendable {
    /// In the recording's time.
    public let gaps: [TimeSpan]
    /// Only faulty items.
    public let items: [FindingItem]
    public let counts: [FindingItem.Flag: Int]
    /// Items over quiet with text that speech recognisers are known to invent there.
    public let inventions: Int

    /// Least length of reported speech without text, in seconds.
    private static let leastGap = 1.0
    /// Pauses within speech that do not end it, and margins of the text, in seconds.
    private static let pause = 0.4
    private static let room = 0.5
    /// Items with less speech than this share count as without speech.
    private static let leastSpeech = 0.1
    private static let mostItems = 2000

    /// Characters a second that people can read: the Netflix Timed Text Style Guides' limits for adult programmes.
    public static let readingNorm = "Netflix Timed Text Style Guide"
    public static func readingLimit(_ text: String) -> Double {
        var (han, kana, hangul, all) = (0, 0, 0, 0)
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            all += 1
            switch scalar.value {
            case 0x3040...0x30FF: kana += 1
            case 0x4E00...0x9FFF, 0x3400...0x4DBF: han += 1
            case 0xAC00...0xD7AF: hangul += 1
            default: break
            }
        }
        guard all > 0 else { return 20 }
        if kana * 5 > all { return 4 }
        if han * 2 > all { return 9 }
        return hangul * 2 > all ? 12 : 20
    }

    /// Text that recognisers invent over quiet or music, learnt from the ends of videos (Koenecke et al. 2024).
    private static let invented: Set<String> = [
        "thank you", "thanks", "thank you very much", "thank you so much", "thanks for watching",
        "thank you for watching", "please subscribe", "subscribe", "like and subscribe", "bye", "bye bye", "you",
        "okay",
        "the end", "to be continued", "see you next time", "see you in the next video",
    ]

    private static func isInvented(_ text: String) -> Bool {
        let words = LetterClasses.spoken(text).lowercased().split { !$0.isLetter }
        let plain = words.joined(separator: " ")
        return invented.contains(plain) || plain.hasPrefix("subtitles by") || plain.contains("amara org")
    }

    /// - Parameters:
    ///   - place: the time in the recording of a time of the transcript; nil where unknown: then only what does not
    ///     need it is reported.
    ///   - suspects: times of the transcript whose items are probably elsewhere.
    init(_ text: TranscriptText, scores: SpeechScores, place: ((Double) -> Double)?, suspects: [TimeSpan] = []) {
        var flags: [Int: [FindingItem.Flag]] = [:]
        func flag(_ position: Int, _ flag: FindingItem.Flag) { flags[position, default: []].append(flag) }
        let items = text.items
        var (reached, previous) = ([FindingItem.Kind: Double](), [FindingItem.Kind: Double]())
        for (position, item) in items.enumerated() {
            let kind = item.kind
            if item.end < item.start || item.start < (previous[kind] ?? -.infinity) - 0.001 {
                flag(position, .outOfOrder)
            }
            if item.start < (reached[kind] ?? -.infinity) - 0.02, item.end > item.start { flag(position, .overlap) }
            previous[kind] = item.start
            reached[kind] = max(reached[kind] ?? -.infinity, item.end)
            if LetterClasses.hasLetters(item.text),
                suspects.contains(where: { $0.start <= item.start && item.end <= $0.end })
            {
                flag(position, .doubtful)
            }
            if item.end > scores.seconds + 0.25 { flag(position, .pastEnd) }
            let characters = item.text.count { !$0.isNewline }
            let isTooFast =
                kind == .cue && characters > 5
                && Double(characters) > Coverage.readingLimit(item.text) * max(item.length, 0)
            if isTooFast { flag(position, .tooFast) }
            if let place, item.length > 0.25, LetterClasses.hasLetters(item.text) {
                let range = Coverage.frames(place(item.start), place(item.end), scores)
                let spoken = range.reduce(0.0) { $0 + Double(scores.speech[$1]) } / Double(max(1, range.count))
                if !range.isEmpty, spoken < Coverage.leastSpeech { flag(position, .noSpeech) }
            }
        }
        self.items = flags.keys.sorted().prefix(Coverage.mostItems).map { position in
            let item = items[position]
            return FindingItem(
                index: item.index, kind: item.kind, text: item.text, startSeconds: item.start, endSeconds: item.end,
                flags: flags[position] ?? [])
        }
        inventions = flags.count { position, flags in
            flags.contains(.noSpeech) && Coverage.isInvented(items[position].text)
        }
        counts = flags.values.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
        gaps = place.map { Coverage.gaps(text, scores, $0) } ?? []
    }

    private static func frames(_ start: Double, _ end: Double, _ scores: SpeechScores) -> Range<Int> {
        let low = Int(max(-1, min(1e9, start)) * SpeechScores.rate)
        let high = Int(max(-1, min(1e9, end)) * SpeechScores.rate)
        return (max(0, low)..<max(max(0, low), high)).clamped(to: 0..<scores.frames)
    }

    /// Runs of speech that no item covers.
    private static func gaps(_ text: TranscriptText, _ scores: SpeechScores, _ place: (Double) -> Double) -> [TimeSpan]
    {
        var covered = [Bool](repeating: false, count: scores.frames)
        for item in text.items where item.length > 0 && !item.text.allSatisfy(\.isWhitespace) {
            for frame in frames(place(item.start) - room, place(item.end) + room, scores) { covered[frame] = true }
        }
        var result: [TimeSpan] = []
        var open: (start: Int, last: Int, spoken: Int)?
        func close() {
            guard let run = open else { return }
            let length = Double(run.last + 1 - run.start) / SpeechScores.rate
            if length >= leastGap, Double(run.spoken) / SpeechScores.rate >= 0.6 * length {
                result.append(
                    TimeSpan(
                        start: Double(run.start) / SpeechScores.rate, end: Double(run.last + 1) / SpeechScores.rate))
            }
            open = nil
        }
        for frame in 0..<scores.frames {
            if covered[frame] {
                close()
            } else if scores.speech[frame] > 0.6 {
                open = open.map { ($0.start, frame, $0.spoken + 1) } ?? (frame, frame, 1)
            } else if let run = open, Double(frame - run.last) / SpeechScores.rate > pause {
                close()
            }
        }
        close()
        return result
    }
}
