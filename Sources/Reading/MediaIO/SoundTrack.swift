import CFFmpeg

/// Processes decoded audio: places it on the timeline, resamples it, and cuts it into blocks.
///
/// Used for both FFmpeg and libsndfile, so that the same samples get the same times.
final class SoundTrack {
    private let file: String
    private var clock: SoundClock
    private var resampler: SoundResampler?
    private var format: (AVSampleFormat, Int32, Int)?
    /// Index of the next sample at the output rate.
    private var next = 0
    private(set) var delivered = 0
    /// Fraction of a sample by which overlaps were cut too little so far.
    private var uncut = 0.0

    init(file: String, tick: Double) {
        self.file = file
        clock = SoundClock(tick: tick)
    }

    var gaps: Int { clock.gaps }
    var overlaps: Int { clock.overlaps }

    /// Takes a run of samples.
    ///
    /// - Parameters:
    ///   - data: one pointer per plane (one for interleaved formats).
    ///   - stamp: presentation time of the first sample in seconds, nil if there is none.
    func push(
        _ data: UnsafePointer<UnsafePointer<UInt8>?>, count: Int, stamp: Double?, format: AVSampleFormat, rate: Int32,
        channels: Int, _ deliver: (SoundBlock) throws -> Void
    ) throws {
        guard count > 0, rate > 0, channels > 0 else { return }
        let duration = Double(count) / Double(rate)
        var skipped = 0
        var restart: Double?
        switch clock.place(stamp: stamp, duration: duration) {
        case .follows: break
        case .starts(let time):
            if delivered > 0 {
                let end = Double(next) / Double(SoundBlock.rate)
                try MediaFile.refuseJump(from: end, to: time, of: "audio", file: file)
            }
            restart = time
        case .overlaps(let seconds): skipped = cut(seconds * Double(rate), of: count)
        case .doubtful: return
        }
        if let known = self.format, known != (format, rate, channels) {
            // The stream's format changed: flush the old resampler first.
            try finishRun(deliver)
        }
        if let restart {
            try finishRun(deliver)
            next = max(
                delivered == 0 ? Int.min : next,
                Int(saturating: min(restart, 10 * MediaFile.longest) * Double(SoundBlock.rate)))
        }
        if resampler == nil {
            resampler = try SoundResampler(format: format, rate: rate, channels: channels, file: file)
            self.format = (format, rate, channels)
        }
        guard let resampler, skipped < count else { return }
        if skipped == 0 {
            try hand(resampler.convert(data, count: count), deliver)
        } else {
            let planar = av_sample_fmt_is_planar(format) != 0
            let step = Int(av_get_bytes_per_sample(format)) * (planar ? 1 : channels) * skipped
            let moved = (0..<(planar ? channels : 1)).map { data[$0].map { $0 + step } }
            try moved.withUnsafeBufferPointer { pointers in
                guard let start = pointers.baseAddress else { return }
                try hand(resampler.convert(start, count: count - skipped), deliver)
            }
        }
    }

    /// Reports that audio was lost before the next run.
    func expectLoss() { clock.expectLoss() }

    /// Whole samples to cut; the remainder is carried to the next cut, so that many do not add up to an offset.
    private func cut(_ wanted: Double, of count: Int) -> Int {
        let whole = (wanted + uncut).rounded()
        uncut += wanted - whole
        return min(count, max(0, Int(whole)))
    }

    /// Delivers the remaining audio at the end.
    func finish(_ deliver: (SoundBlock) throws -> Void) throws { try finishRun(deliver) }

    private func finishRun(_ deliver: (SoundBlock) throws -> Void) throws {
        guard let resampler else { return }
        try hand(resampler.convert(nil, count: 0), deliver)
        self.resampler = nil
        format = nil
    }

    private func hand(_ samples: [[Float]], _ deliver: (SoundBlock) throws -> Void) throws {
        let count = samples.first?.count ?? 0
        guard count > 0 else { return }
        let block = SoundBlock(start: next, channels: samples)
        next += count
        delivered += count
        try deliver(block)
    }
}
