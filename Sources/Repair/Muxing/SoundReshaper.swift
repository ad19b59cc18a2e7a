import SyncModel

/// Retimes audio as a stream: takes samples and returns them at their new times, from time 0 on without gaps.
struct SoundReshaper {
    private let pieces: [SoundMove.Piece]
    private let rate: Double
    private let channels: Int
    /// Samples that may still be needed; the first one is number `base` of subject time.
    private var held: [[Float]]
    private var base = 0
    /// The next output sample, counted from new time 0.
    private(set) var given = 0
    private var isBegun = false

    /// Samples buffered before any output, to work in large steps.
    private static let block = 8192
    /// Crossfade length at a cut in samples, against clicks.
    private static let fade = 96

    init(pieces: [SoundMove.Piece], rate: Int, channels: Int) {
        self.pieces = pieces
        self.rate = Double(rate)
        self.channels = channels
        held = Array(repeating: [], count: channels)
    }

    /// Takes samples that start at `sample` of subject time: gaps are filled with silence, overlaps are dropped.
    mutating func append(_ sound: [[Float]], at sample: Int, _ give: ([[Float]]) throws -> Void) rethrows {
        var sound = sound
        if !isBegun {
            isBegun = true
            base = sample
        }
        let gap = sample - (base + held[0].count)
        // Timestamps are rounded: deviations under 2 ms are ignored.
        if Double(abs(gap)) > 0.002 * rate {
            if gap > 0 {
                for channel in 0..<channels {
                    held[channel] += [Float](repeating: 0, count: min(gap, Int(rate) * 3600))
                }
            } else {
                sound = sound.map { Array($0.dropFirst(-gap)) }
            }
        }
        for channel in 0..<channels { held[channel] += sound[channel] }
        if held[0].count >= SoundReshaper.block { try advance(isLast: false, give) }
    }

    /// Outputs the rest.
    mutating func finish(_ give: ([[Float]]) throws -> Void) rethrows { if isBegun { try advance(isLast: true, give) } }

    private mutating func advance(isLast: Bool, _ give: ([[Float]]) throws -> Void) rethrows {
        let end = base + held[0].count
        let room = isLast ? 0 : SincReader.reach + 1
        while true {
            let time = Double(given) / rate
            guard let index = pieces.lastIndex(where: { $0.start <= time + 1e-9 }) else {
                let count = Int(((pieces.first?.start ?? 0) * rate - Double(given)).rounded(.up))
                try emit(silence: min(max(1, count), SoundReshaper.block), give)
                continue
            }
            let piece = pieces[index]
            // The end of this interval, in new samples.
            let next = index + 1 < pieces.count ? pieces[index + 1].start : .infinity
            if time >= piece.end - 1e-9 {
                guard next.isFinite else { return }
                let count = Int((next * rate - Double(given)).rounded(.up))
                try emit(silence: min(max(1, count), SoundReshaper.block), give)
                continue
            }
            let limit = min(piece.end, next) * rate
            let place = (piece.from + (time - piece.start) / piece.rate) * rate
            let step = 1 / piece.rate
            // As many as the available samples allow.
            let available = ((Double(end - room) - place) / step).rounded(.down)
            guard available >= 1 else { break }
            var count = Int(min(available, Double(SoundReshaper.block)))
            if limit.isFinite { count = min(count, max(1, Int((limit - Double(given)).rounded(.up)))) }
            if place < Double(base) - 1 {
                count = min(count, max(1, Int(((Double(base) - place) / step).rounded(.down))))
            }
            try emit(from: place, step: step, count: count, fadeIn: index > 0 && time - piece.start < 0.5 / rate, give)
        }
        // Samples before the next position are not needed again: intervals are in order.
        let time = Double(given) / rate
        let piece = pieces.last { $0.start <= time + 1e-9 } ?? pieces[0]
        let needed =
            Int(((piece.from + (time - piece.start) / piece.rate) * rate).rounded(.down)) - 2 * SincReader.reach
        let earliest =
            pieces.filter { $0.start > time }.map { Int(($0.from * rate).rounded(.down)) - 2 * SincReader.reach }.min()
            ?? needed
        let drop = min(held[0].count, max(0, min(needed, earliest) - base))
        if drop > 0 {
            for channel in 0..<channels { held[channel].removeFirst(drop) }
            base += drop
        }
    }

    private mutating func emit(silence count: Int, _ give: ([[Float]]) throws -> Void) rethrows {
        try give(Array(repeating: [Float](repeating: 0, count: count), count: channels))
        given += count
    }

    private mutating func emit(
        from place: Double, step: Double, count: Int, fadeIn: Bool, _ give: ([[Float]]) throws -> Void
    ) rethrows {
        var block: [[Float]] = []
        block.reserveCapacity(channels)
        for channel in 0..<channels {
            // Without a speed change samples are unchanged: the position is rounded, by 11 us at most.
            let first = step == 1 ? (place - Double(base)).rounded() : place - Double(base)
            var out = [Float](repeating: 0, count: count)
            held[channel].withUnsafeBufferPointer { samples in
                out.withUnsafeMutableBufferPointer { SincReader.read(samples, first: first, step: step, into: $0) }
            }
            if fadeIn {
                for index in 0..<min(count, SoundReshaper.fade) {
                    out[index] *= Float(index) / Float(SoundReshaper.fade)
                }
            }
            block.append(out)
        }
        try give(block)
        given += count
    }
}
