import SyncModel

/// Where the two streams begin and end.
struct PlacementChecks {
    let video: StreamTimes
    let audio: StreamTimes
    let tolerance: Tolerance
    let declaredSeconds: Double?

    /// Ends that are further apart are reported, in seconds.
    static let endsApart = 0.25
    /// How much of the declared length must be missing for a file to count as cut short: seconds, and a share.
    static let missing = (seconds: 1.0, share: 0.02)

    var faults: [ContainerFault] {
        if let cut = cutShort { return [startsApart, cut].compactMap { $0 } }
        return [startsApart, durationsDiffer].compactMap { $0 }
    }

    /// Streams that start apart are in sync as declared. A wrong shift looks the same, and tools that ignore start
    /// times undo it, so beyond the outer limit only the content can decide.
    private var startsApart: ContainerFault? {
        let late = audio.start - video.start
        let candidate = Offset(subjectLateBySeconds: late)
        guard !tolerance.innerMilliseconds.contains(candidate.milliseconds) else { return nil }
        // Without edit lists the encoder delay comes before the video: its audio is silence.
        guard late > 0 || -late > audio.lead else { return nil }
        // Tools that ignore start times move the later stream forwards.
        let ignored = Offset(seconds: late)
        let (first, second) = late > 0 ? ("video", "audio") : ("audio", "video")
        let remedy =
            late > 0
            ? "fill the gap with silence: ffmpeg -i IN -af aresample=async=1:first_pts=0 -c:v copy OUT"
            : "start both together: ffmpeg -ss \(Words.decimals(-late, 3)) -i IN OUT"
        let beyond = !tolerance.outerMilliseconds.contains(candidate.milliseconds)
        return ContainerFault(
            .startsApart,
            """
            the \(second) starts \(Words.size(late)) after the \(first): tools that ignore start times play the audio \
            \(Words.place(ignored))
            """,
            cost: ignored, remedy: remedy, weight: beyond ? .doubt(candidate: candidate) : .note)
    }

    private var durationsDiffer: ContainerFault? {
        let early = video.end - audio.end
        // Streams of equal length that start apart end apart: already reported.
        guard abs(early) > PlacementChecks.endsApart, abs(video.length - audio.length) > PlacementChecks.endsApart / 2
        else { return nil }
        let (short, long) = early > 0 ? ("audio", "video") : ("video", "audio")
        return ContainerFault(
            .durationsDiffer,
            """
            the \(short) ends \(Words.size(early)) before the \(long) (audio \(Words.size(audio.length)), video \
            \(Words.size(video.length)) long): 
            """
                + "if one were stretched to fit, the audio would end \(Words.place(Offset(seconds: early)))",
            cost: Offset(seconds: early),
            remedy:
                """
                if the rest is not wanted, cut it: ffmpeg -i IN -c copy -t \
                \(Words.decimals(min(audio.end, video.end) - min(audio.start, video.start), 3)) OUT
                """
        )
    }

    private var cutShort: ContainerFault? {
        guard let declared = declaredSeconds else { return nil }
        let there = max(audio.end, video.end) - min(audio.start, video.start)
        let missing = declared - there
        guard missing > max(PlacementChecks.missing.seconds, PlacementChecks.missing.share * declared) else {
            return nil
        }
        let apart = Offset(seconds: video.end - audio.end)
        return ContainerFault(
            .cutShort,
            """
            the header declares \(Words.size(declared)), but only \(Words.size(there)) is there (audio \
            \(Words.size(audio.length)), video \(Words.size(video.length)))
            """,
            cost: apart, remedy: "copy or export it again; to keep what is there: ffmpeg -i IN -c copy OUT")
    }
}
