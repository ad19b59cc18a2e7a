extension ClipExcerpt {
    /// The displayable part of an excerpt from a process that a clip may have compromised: without invalid or
    /// out-of-range numbers and without images that are not JPEG.
    public var believed: ClipExcerpt {
        func isTime(_ seconds: Double) -> Bool { seconds.isFinite && abs(seconds) < 1e8 }
        guard isTime(span.start), isTime(span.end), span.start <= span.end, span.end - span.start < 3600,
            isTime(soundStart), sound.count < 1_000_000, seen.count < 1_000_000
        else { return .nothing("it could not be read again") }
        let isMomentTime = moment.map { isTime($0.heard) && ($0.seen.map(isTime) ?? true) } ?? true
        return ClipExcerpt(
            span: span, soundStart: soundStart, sound: sound.map { $0.isFinite ? min(max($0, 0), 1) : 0 },
            sight: sight, seen: seen.map { value in value.flatMap { $0.isFinite ? $0 : nil } },
            moment: isMomentTime
                ? moment.map { Moment(heard: $0.heard, seen: $0.seen, words: String($0.words.prefix(200))) } : nil,
            stills: stills.prefix(64).filter {
                isTime($0.seconds) && (1...4096).contains($0.width) && (1...4096).contains($0.height)
                    && $0.jpeg.count < 1 << 21 && $0.jpeg.starts(with: [0xFF, 0xD8, 0xFF])
            }, note: note.map { String($0.prefix(2000)) })
    }
}
