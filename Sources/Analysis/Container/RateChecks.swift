import SyncModel

/// Frame and sample rates against timestamps and lengths.
struct RateChecks {
    let video: StreamTimes
    let audio: StreamTimes
    let tolerance: Tolerance

    /// Frame rates that are confused with each other, as fractions.
    private static let rates: [(Int, Int)] = [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1),
    ]
    /// Sample rates that are confused with each other.
    private static let sampleRates = (44_100, 48_000)
    /// Two rates nearer than this share of each other are the same.
    private static let same = 2e-4
    /// Ratios of a tag to the timestamps that are no contradiction: fields for frames, and pulldown by repeated fields.
    private static let harmless = [0.5, 2, 0.8, 1.25, 4, 0.25]

    var faults: [ContainerFault] {
        let rate = tagAgainstStamps
        let sound = samplesAgainstStamps
        var faults = [variableRate, rate, sound].compactMap { $0 }
        let isExplained = [rate, sound].contains { if case .drift = $0?.weight { true } else { false } }
        if !isExplained, let length = lengthsInRatio { faults.append(length) }
        return faults
    }

    /// Uncertainty of the two lengths: a frame, a packet, and a margin.
    private var slack: Double { video.step + max(audio.step, 0.01) + 0.02 }

    /// Whether `length` is the audio's, as far as that can be determined.
    private func isLength(_ length: Double) -> Bool { abs(length - audio.length) <= slack }

    // MARK: Frame rate

    private var isRegular: Bool { video.count >= 10 && video.regularity > 0.95 }

    private var variableRate: ContainerFault? {
        let irregular = Double(video.count - 1) * (1 - video.regularity)
        guard video.count >= 10, irregular >= 3, video.regularity < 0.98 else { return nil }
        let mean = video.meanStep
        var worst = 0.0
        for (index, stamp) in video.stamps.enumerated() {
            let ahead = stamp - video.stamps[0] - Double(index) * mean
            if abs(ahead) > abs(worst) { worst = ahead }
        }
        let cost = Offset(seconds: -worst)
        let intervals = video.intervals.sorted()
        let (short, long) = (intervals[intervals.count / 50], intervals[intervals.count - 1 - intervals.count / 50])
        return ContainerFault(
            .variableRate,
            """
            the frame rate varies (\(Words.size(short)) to \(Words.size(long)) from frame to frame, \
            \(Words.rate(1 / mean)) frames per second on average): 
            """
                + "tools that count frames place the audio up to \(Words.size(worst)) \(worst > 0 ? "late" : "early")",
            cost: cost, remedy: "make it constant: ffmpeg -i IN -fps_mode cfr -c:a copy OUT")
    }

    private var tagAgainstStamps: ContainerFault? {
        guard isRegular, video.pace > 0 else { return nil }
        let stamped = 1 / video.pace
        for tag in video.facts.rateTags {
            let ratio = tag.framesPerSecond / stamped
            let precision = max(RateChecks.same, 0.002 / max(video.length, 0.1))
            if abs(ratio - 1) < max(precision, 5e-4) && !isDistinct(tag, stamped) { continue }
            if RateChecks.harmless.contains(where: { abs(ratio / $0 - 1) < 0.005 }) || ratio > 4 || ratio < 0.25 {
                continue
            }
            return contradiction(tag, stamped: stamped)
        }
        return nil
    }

    /// Whether tag and timestamps are two different rates of the list, such as 24 and 23.976, distinguished by a long
    /// enough file.
    private func isDistinct(_ tag: RateTag, _ stamped: Double) -> Bool {
        let near = { (rate: Double) in
            RateChecks.rates.min { abs(Double($0.0) / Double($0.1) - rate) < abs(Double($1.0) / Double($1.1) - rate) }
        }
        guard let one = near(tag.framesPerSecond), let other = near(stamped), one != other else { return false }
        let (tagged, seen) = (Double(one.0) / Double(one.1), Double(other.0) / Double(other.1))
        // Rounded time bases change the mean by up to a tick over the whole length.
        return abs(tag.framesPerSecond / tagged - 1) < RateChecks.same
            && abs(stamped / seen - 1) < min(RateChecks.same, 0.25 * abs(tagged / seen - 1))
    }

    private func contradiction(_ tag: RateTag, stamped: Double) -> ContainerFault {
        let counted = Double(video.count) / tag.framesPerSecond
        let (says, stamps) = (Words.rate(tag.framesPerSecond), Words.rate(stamped))
        // Counting by the tag makes the video shorter or longer; the audio then ends late or early.
        let cost = Offset(seconds: counted - video.length)
        let opening = "\(tag.source) declares \(says) frames per second, the timestamps give \(stamps)"
        if isLength(counted), !isLength(video.length), abs(video.length - audio.length) > slack {
            let stretch = video.length / counted - 1
            let end = Offset(seconds: stretch * audio.length)
            return ContainerFault(
                .rateTag,
                """
                \(opening), and the audio is as long as \(video.count) frames at \(says): the video runs at the wrong \
                speed, the audio ends \(Words.place(end))
                """,
                cost: end,
                remedy:
                    """
                    rewrite the video at \(says): ffmpeg -itsscale \(Words.decimals(counted / video.length, 6)) -i IN \
                    -i IN -map 0:v -map 1:a -c copy OUT
                    """,
                weight: .drift(Drift(ppm: stretch * 1e6), rate: "\(says)/\(stamps)"))
        }
        let remedy = "make them agree: ffmpeg -i IN -r \(stamps) -c:a copy OUT"
        if isLength(video.length) {
            return ContainerFault(
                .rateTag,
                """
                \(opening), and the audio is as long as the timestamps give: tools that count frames at the declared \
                rate end with the audio \(Words.place(cost))
                """,
                cost: cost, remedy: remedy)
        }
        let candidate = Offset(seconds: video.length - counted)
        let isGrave = !tolerance.outerMilliseconds.contains(candidate.milliseconds)
        return ContainerFault(
            .rateTag, "\(opening): whichever is wrong, the audio ends up to \(Words.size(cost.seconds)) off",
            cost: cost, remedy: remedy,
            weight: isGrave ? .doubt(candidate: candidate) : .note)
    }

    // MARK: Sample rate

    /// Packets hold a fixed number of samples: their timestamps give the sample rate.
    private var samplesAgainstStamps: ContainerFault? {
        let facts = audio.facts
        guard facts.packetSamples > 0, facts.sampleRate > 0, audio.count >= 20, audio.step > 0 else { return nil }
        let stamped = Double(facts.packetSamples) / audio.step
        let ratio = stamped / Double(facts.sampleRate)
        // Twice or half: spectral band replication, which doubles the rate. Beyond: packets have another size than
        // assumed.
        guard abs(ratio - 1) > 0.01, ratio > 0.55, ratio < 1.8 else { return nil }
        let drift = Drift(ppm: (1 / ratio - 1) * 1e6)
        let samples = audio.length * ratio
        let end = Offset(seconds: audio.length - samples)
        let known = [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000].first {
            abs(Double($0) / stamped - 1) < 0.01
        }
        let truth = known.map(String.init) ?? "\(Int(stamped.rounded()))"
        return ContainerFault(
            .sampleRate,
            """
            the header declares \(facts.sampleRate) samples per second, the timestamps give \(truth): played at the \
            header's rate, the audio ends \(Words.place(end))
            """,
            cost: end,
            remedy: "set the right rate: ffmpeg -i IN -af asetrate=\(truth),aresample=48000 -c:v copy OUT",
            weight: .drift(drift, rate: "\(facts.sampleRate)/\(truth)"))
    }

    // MARK: Lengths

    /// Lengths that differ by exactly the ratio of two commonly confused rates, one of them the declared one.
    private var lengthsInRatio: ContainerFault? {
        let difference = video.length - audio.length
        guard audio.length > 1, video.length > 1, abs(difference) >= 5 * slack else { return nil }
        let (cd, studio) = RateChecks.sampleRates
        let declared = audio.facts.sampleRate
        if declared == cd || declared == studio {
            let truth = declared == cd ? studio : cd
            let ratio = Double(declared) / Double(truth)
            if abs(video.length - audio.length * ratio) <= slack {
                let end = Offset(seconds: difference)
                return ContainerFault(
                    .sampleRate,
                    """
                    the audio is \(Words.size(audio.length)) long, the video \(Words.size(video.length)): this matches \
                    audio of \(truth) samples per second 
                    """
                        + "played at \(declared); it ends \(Words.place(end))",
                    cost: end,
                    remedy:
                        """
                        set the right rate: ffmpeg -i IN -af asetrate=\(truth),aresample=\(declared) -c:v copy \
                        OUT
                        """,
                    weight: .drift(Drift(ppm: (ratio - 1) * 1e6), rate: "\(declared)/\(truth)"))
            }
        }
        guard isRegular, video.pace > 0 else { return nil }
        let stamped = 1 / video.pace
        let film = RateChecks.rates.prefix(3).map { Double($0.0) / Double($0.1) }
        guard let now = film.first(where: { abs($0 / stamped - 1) < RateChecks.same }) else { return nil }
        // Only long files distinguish 24 and 23.976: where both fit, the round one is named first.
        let fitting = film.filter { $0 != now && abs(video.length - audio.length * $0 / stamped) <= slack }.sorted(
            by: >)
        guard let truth = fitting.first else { return nil }
        let ratio = truth / stamped
        let end = Offset(seconds: difference)
        let names = fitting.map(Words.rate).joined(separator: " or ")
        return ContainerFault(
            .frameRate,
            """
            the video is \(Words.size(video.length)) long at \(Words.rate(stamped)) frames per second, the audio \
            \(Words.size(audio.length)): this matches a video made for 
            """
                + "\(names); the audio ends \(Words.place(end))",
            cost: end,
            remedy:
                """
                rewrite the video at \(names): ffmpeg -itsscale \(Words.decimals(1 / ratio, 6)) -i IN -i IN -map 0:v \
                -map 1:a -c copy OUT
                """,
            weight: .drift(Drift(ppm: (ratio - 1) * 1e6), rate: "\(Words.rate(truth))/\(Words.rate(stamped))"))
    }
}
