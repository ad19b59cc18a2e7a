import SyncModel

/// Gaps and jumps in the timestamps, and missing timestamps.
struct StampChecks {
    let video: StreamTimes
    let audio: StreamTimes
    let tolerance: Tolerance

    /// A deviation of a stream's timestamps from its usual step.
    private struct Step {
        let at: Double
        /// Seconds forwards; negative: back.
        let length: Double
    }

    /// Steps of the audio below this are jitter, in seconds.
    static let leastSound = 0.045
    /// Of the video: at least this many frames and this many seconds.
    static let leastPicture = (frames: 4.0, seconds: 0.2)
    /// Steps of both streams within this many seconds of each other and of similar length are one pause of the
    /// recording.
    private static let together = (seconds: 1.0, length: 0.06)
    /// Packets on either side of a step whose medians are compared, so that one bad timestamp is no step.
    private static let window = 6

    var faults: [ContainerFault] {
        var sound = soundSteps
        let picture = pictureSteps
        var faults: [ContainerFault] = []
        var alone: [Step] = []
        for step in picture {
            if let pair = sound.firstIndex(where: {
                abs($0.at - step.at) < StampChecks.together.seconds + abs(step.length)
                    && abs($0.length - step.length) < StampChecks.together.length + video.step
            }) {
                sound.remove(at: pair)
                faults.append(pause(step))
            } else {
                alone.append(step)
            }
        }
        faults += told(sound, of: "audio", early: 1)
        // Video that skips a gap is early, so the audio is late.
        faults += told(alone, of: "video", early: -1)
        faults += [missing(audio, "audio"), missing(video, "video")].compactMap { $0 }
        return faults
    }

    private func told(_ steps: [Step], of stream: String, early: Double) -> [ContainerFault] {
        let gaps = steps.filter { $0.length > 0 }
        let jumps = steps.filter { $0.length < 0 }
        var faults: [ContainerFault] = []
        if let first = gaps.first {
            let sum = gaps.reduce(0) { $0 + $1.length }
            let cost = Offset(seconds: early * sum)
            let places =
                gaps.count == 1
                ? "a gap of \(Words.size(sum)) at \(Words.time(first.at))"
                : "\(gaps.count) gaps, \(Words.size(sum)) in total, the first at \(Words.time(first.at))"
            let remedy =
                stream == "audio"
                ? "fill it with silence: ffmpeg -i IN -af aresample=async=1000 -c:v copy OUT"
                : """
                fill it with the last frame: ffmpeg -i IN -vf fps=\(Words.rate(1 / max(video.step, 1e-3))) -c:a \
                copy OUT
                """
            faults.append(
                ContainerFault(
                    .gap,
                    """
                    the \(stream) has \(places): tools that do not fill it play the audio after it \(Words.place(cost))
                    """,
                    cost: cost,
                    remedy: remedy, weight: weight(cost, isSound: stream == "audio")))
        }
        if let first = jumps.first {
            let sum = jumps.reduce(0) { $0 + $1.length }
            let cost = Offset(seconds: early * sum)
            let places =
                jumps.count == 1
                ? "jump back by \(Words.size(sum)) at \(Words.time(first.at))"
                : "jump back \(jumps.count) times, \(Words.size(sum)) in total, first at \(Words.time(first.at))"
            faults.append(
                ContainerFault(
                    .jumpBack, "the \(stream) timestamps \(places): what follows may be \(Words.place(cost))",
                    cost: cost,
                    remedy: "find out how the segments were joined, and join the originals again",
                    weight: weight(cost, isSound: true)))
        }
        return faults
    }

    /// Lost audio with wrong timestamps looks like a gap in the audio; frozen video does not.
    private func weight(_ cost: Offset, isSound: Bool) -> ContainerFault.Weight {
        guard isSound, !tolerance.outerMilliseconds.contains(cost.milliseconds) else { return .note }
        return .doubt(candidate: cost)
    }

    private func pause(_ step: Step) -> ContainerFault {
        let word = step.length > 0 ? "pause for" : "jump back together by"
        return ContainerFault(
            step.length > 0 ? .gap : .jumpBack,
            """
            audio and video \(word) \(Words.size(step.length)) at \(Words.time(step.at)): the recording was \
            interrupted, both continue together
            """,
            cost: Offset(seconds: 0), remedy: "nothing, or close the gap by re-encoding: ffmpeg -i IN OUT")
    }

    private func missing(_ stream: StreamTimes, _ name: String) -> ContainerFault? {
        let missing = stream.facts.missingStamps
        guard missing > 3, missing * 20 > stream.count else { return nil }
        return ContainerFault(
            .missingStamps,
            "\(missing) of \(missing + stream.count) \(name) packets have no timestamp: players guess",
            cost: nil,
            remedy: "remux it: ffmpeg -fflags +genpts -i IN -c copy OUT")
    }

    private var soundSteps: [Step] {
        // In file order, where a jump back is visible.
        let stamps = audio.facts.stamps
        let pace = audio.step
        let window = StampChecks.window
        guard stamps.count > 2 * window, pace > 0 else { return [] }
        // Runs of unusual intervals: one bad timestamp is a step and its opposite, and sums to zero; constant
        // timestamps are many small steps back. The gap after the first packet is no step: see `StreamTimes.start`.
        // Packets of several lengths (Vorbis) have no regular step: there only a gap counts that no packet fills.
        let slack =
            audio.facts.packetSamples > 0 && audio.regularity > 0.9 ? max(0.5 * pace, 0.01) : max(8 * pace, 0.25)
        func isUsual(_ index: Int) -> Bool { abs(stamps[index] - stamps[index - 1] - pace) <= slack }
        var steps: [Step] = []
        var index = 2
        while index < stamps.count {
            guard !isUsual(index) else {
                index += 1
                continue
            }
            let first = index
            while index < stamps.count, !isUsual(index) { index += 1 }
            let place = { (other: Int) in stamps[other] - Double(other) * pace }
            let before = median((max(1, first - window)..<first).map(place))
            let after = median((index - 1..<min(stamps.count, index - 1 + window)).map(place))
            let length = after - before
            if abs(length) > StampChecks.leastSound {
                steps.append(Step(at: stamps[first - 1] + pace - audio.start, length: length))
            }
        }
        return steps
    }

    private var pictureSteps: [Step] {
        let pace = video.step
        guard video.count > 4, pace > 0 else { return [] }
        var steps: [Step] = []
        // Coding order reorders frames by a few positions; a jump back is larger.
        var latest = -Double.infinity
        for stamp in video.facts.stamps {
            if stamp < latest - 1 {
                steps.append(Step(at: latest - video.start, length: stamp - latest - pace))
                latest = stamp
            }
            latest = max(latest, stamp)
        }
        guard steps.isEmpty, video.regularity > 0.9 else { return steps }
        for (left, right) in zip(video.stamps, video.stamps.dropFirst())
        where right - left > max(StampChecks.leastPicture.frames * pace, StampChecks.leastPicture.seconds) {
            steps.append(Step(at: left + pace - video.start, length: right - left - pace))
        }
        return steps
    }
}
