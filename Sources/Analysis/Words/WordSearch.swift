import SyncModel

/// Runs the aligners, passage by passage, and keeps the times of the items.
struct WordSearch {
    let items: [StatedItem]
    let areCues: Bool
    let language: String
    let sound: KeptSound
    let aligners: [any SpeechAlignment]

    /// By aligner.
    private(set) var found: [FoundItems]
    /// Indices of the items that all aligners were run on, ascending.
    private(set) var looked: [Int] = []
    private(set) var otherText: Set<Int> = []
    /// Items that fit as badly as other text, where that is not evidence.
    private(set) var untellable: Set<Int> = []
    private(set) var seconds = 0.0

    /// Words with a worse fit are not used for the common offset.
    private static let leastFit = -3.0
    /// Seconds of audio before and after a separately aligned part.
    private static let partRoom = 0.4
    private static let contextRoom = 0.25

    init(items: [StatedItem], areCues: Bool, language: String, sound: KeptSound, aligners: [any SpeechAlignment]) {
        self.items = items
        self.areCues = areCues
        self.language = language
        self.sound = sound
        self.aligners = aligners
        found = aligners.map { _ in FoundItems() }
    }

    /// - Parameter budget: seconds; nil: all passages.
    mutating func search(_ passages: [Passage], budget: Double?) {
        func length(_ passage: Passage) -> Double { Passage.seconds(passage.all, items) + 2 * Passage.room }
        guard let budget, passages.reduce(0, { $0 + length($1) }) > budget else {
            for passage in passages { ask(passage, room: Passage.room) }
            return
        }
        // The first aligner is cheap: it covers more, and the others its worst passages.
        let choice = SamplingBudget(seconds: budget)
        let first = choice.spread(passages, over: choice.firstLookSeconds, length)
        for passage in first { ask(passage, room: Passage.room, only: 0) }
        let edges = EdgeStatistics(differences(found[0]), loose: areCues)
        let doubts = first.map { passage in
            passage.core.map { place -> Double in
                guard let edges, let found = found[0].found[place] else { return 0 }
                let (start, end) = (
                    found.start - items[place].start - edges.common, found.end - items[place].end - edges.common
                )
                return start * end <= 0 ? 0 : min(abs(start), abs(end))
            }.max() ?? 0
        }
        for passage in choice.chosen(first, doubts: doubts, length) { ask(passage, room: Passage.room, from: 1) }
    }

    /// Finds segments that are not the text of the audio; their neighbours are re-aligned without them.
    mutating func findOtherText() {
        guard aligners.count >= 2, let text = found.indices.last, let judge = OtherText(found[text], areCues: areCues)
        else { return }
        if areCues {
            otherText = Set(
                looked.filter { items[$0].words.count > 1 && judge.isOther([$0], text: found[text], other: found[0]) })
            withdrawInActivity(judge)
            return
        }
        let suspects = judge.suspects(items, found[text])
        for unit in Passage.units(items)
        where suspects.contains(where: { $0.lowerBound <= unit.upperBound && unit.lowerBound <= $0.upperBound }) {
            guard unit.allSatisfy({ looked.contains($0) }) else { continue }
            ask(Passage(core: unit, all: unit), room: WordSearch.partRoom)
            let parts = OtherText.parts(unit, judge.suspects(items, found[text]), items)
            for part in parts {
                if parts.count > 1 { ask(Passage(core: part, all: part), room: WordSearch.partRoom) }
                if part.count >= OtherText.leastWords || parts.count > 1,
                    judge.isOther(part, text: found[text], other: found[0])
                {
                    otherText.formUnion(part)
                }
            }
        }
        withdrawInActivity(judge)
    }

    /// Next to other speakers or music, badly fitting words are not judged.
    private mutating func withdrawInActivity(_ judge: OtherText) {
        guard let text = found.last else { return }
        let spans = items.map { TimeSpan(start: $0.start, end: $0.end) }
        var start = 0
        let places = otherText.sorted()
        while start < places.count {
            var end = start + 1
            while end < places.count, places[end] == places[end - 1] + 1 { end += 1 }
            let stretch = places[start]..<places[end - 1] + 1
            let near = spans[max(0, stretch.lowerBound - 200)..<min(spans.count, stretch.upperBound + 200)]
            let activity = BackgroundActivity.share(
                around: Passage.span(stretch, items), words: Array(near), sound: sound)
            if !judge.isOther(stretch, text: text, other: found[0], activity: activity) {
                otherText.subtract(stretch)
                untellable.formUnion(stretch)
            }
            start = end
        }
    }

    private mutating func ask(_ passage: Passage, room: Double, only: Int? = nil, from: Int = 0) {
        let span = Passage.span(passage.all, items)
        // A passage with context words needs no further margin.
        let before = passage.all.lowerBound < passage.core.lowerBound ? WordSearch.contextRoom : room
        let after = passage.all.upperBound > passage.core.upperBound ? WordSearch.contextRoom : room
        guard let part = sound.part(from: span.start - before, to: span.end + after) else { return }
        let asked = SpokenPassage(words: items[passage.all].flatMap(\.words), language: language, samples: part.samples)
        for aligner in aligners.indices where only.map({ $0 == aligner }) ?? (aligner >= from) {
            found[aligner].take(aligners[aligner].align(asked), passage, items, soundStart: part.start)
        }
        guard only == nil || aligners.count == 1 else { return }
        seconds += asked.seconds
        let new = passage.core.filter { !looked.contains($0) }
        if let last = looked.last, let first = new.first, first < last {
            looked = (looked + new).sorted()
        } else {
            looked += new
        }
    }

    /// Found minus stated, in seconds: start and end of each item whose words are those of the audio.
    func differences(_ aligner: FoundItems) -> [Double] {
        items.indices.flatMap { place -> [Double] in
            guard let own = aligner.found[place], !otherText.contains(place) else { return [] }
            if let fit = found.last?.found[place]?.fit, fit < WordSearch.leastFit { return [] }
            return [own.start - items[place].start, own.end - items[place].end]
        }
    }
}
