import SyncModel

/// Edit lists, which only some players follow, and unsignalled encoder delay, which none can.
struct SignallingChecks {
    let video: StreamTimes
    let audio: StreamTimes
    let format: String
    let tolerance: Tolerance

    /// Priming samples of encoders, least and most. AAC: one frame (ffmpeg, the transform's own overlap) to 2112
    /// (Apple, QuickTime's default); MP3: 529 of the decoder alone to 1105 with LAME's 576.
    private static let priming: [String: ClosedRange<Int>] = ["aac": 1024...2112, "mp3": 529...1105]

    var faults: [ContainerFault] { [editList, encoderDelay].compactMap { $0 } }

    /// The audio offset if both edit lists were ignored.
    private var editList: ContainerFault? {
        let picture = video.facts.edits ?? []
        let sound = audio.facts.edits ?? []
        guard !picture.isEmpty || !sound.isEmpty else { return nil }
        func empty(_ pieces: [EditPiece]) -> Double {
            pieces.prefix { $0.mediaSeconds == nil }.reduce(0) { $0 + $1.seconds }
        }
        // Seconds by which the content comes later when the list is ignored: what it hides at the start, minus its
        // delay.
        let hiddenPicture = Double(video.facts.hiddenPackets) * video.step
        let hiddenSound = sound.first { $0.mediaSeconds != nil }?.mediaSeconds ?? 0
        let laterPicture = (picture.isEmpty ? 0 : hiddenPicture) - empty(picture)
        let laterSound = hiddenSound - empty(sound)
        let cost = Offset(subjectLateBySeconds: laterSound - laterPicture)
        let pieces = max(picture.count { $0.mediaSeconds != nil }, sound.count { $0.mediaSeconds != nil })
        let isOrdinary =
            empty(picture) < video.step && hiddenPicture <= video.step && empty(sound) < 0.01
            && hiddenSound < audio.lead
        guard pieces > 1 || (!isOrdinary && !tolerance.innerMilliseconds.contains(cost.milliseconds)) else {
            return nil
        }
        var parts: [String] = []
        if pieces > 1 { parts.append("joins \(pieces) segments") }
        if empty(sound) >= 0.01 { parts.append("delays the audio by \(Words.size(empty(sound)))") }
        if empty(picture) >= 0.01 { parts.append("delays the video by \(Words.size(empty(picture)))") }
        if hiddenPicture > video.step { parts.append("hides \(Words.size(hiddenPicture)) of video") }
        if hiddenSound >= audio.lead { parts.append("hides \(Words.size(hiddenSound)) of audio") }
        return ContainerFault(
            .editList,
            """
            an edit list \(parts.joined(separator: " and ")): players that ignore it play the audio \(Words.place(cost))
            """,
            cost: cost, remedy: "rewrite it without one: ffmpeg -i IN OUT (re-encodes; nothing is left to ignore)")
    }

    private var encoderDelay: ContainerFault? {
        let facts = audio.facts
        // Other formats cannot signal it, or do so in the timestamps.
        guard format.hasPrefix("mov,") || format.hasPrefix("matroska"), facts.sampleRate > 0, facts.skippedSamples == 0,
            facts.hiddenPackets == 0,
            facts.edits?.first(where: { $0.mediaSeconds != nil })?.mediaSeconds ?? 0 <= 0,
            let samples = SignallingChecks.priming[facts.codec]
        else { return nil }
        let rate = Double(facts.sampleRate)
        let least = Double(samples.lowerBound) / rate
        let most = Double(samples.upperBound) / rate
        // Audio that begins before the video by about a delay has it in its timestamps; one that begins later was cut.
        guard abs(audio.start - video.start) < min(0.008, least / 2) else { return nil }
        let offset = Offset(subjectLateBySeconds: least)
        return ContainerFault(
            .encoderDelay,
            """
            the encoder delay is not signalled (\(facts.codec.uppercased()), \(Words.size(least)) to \
            \(Words.size(most))): the audio is late by that much
            """,
            cost: offset,
            remedy:
                """
                re-encode the audio from its source, or: ffmpeg -i IN -itsoffset -\(Words.decimals(least, 3)) -i IN \
                -map 0:v -map 1:a -c copy OUT
                """,
            weight: .constant(offset, OffsetInterval(Offset(subjectLateBySeconds: most), Offset(seconds: 0))))
    }
}
