import SyncModel

/// The whole hour that a text's times count from if they are a programme's timecode, which by custom begins at 01:00:00
/// or 10:00:00.
struct ProgrammeTimecode {
    /// 1...23.
    let hour: Int
    var seconds: Double { Double(hour) * 3600 }
    var name: String { (hour < 10 ? "0" : "") + "\(hour):00:00" }

    /// Seconds that a text may start before the hour, such as a leader, and end after the audio.
    private static let margin = 120.0
    /// A text that ends within this after the audio's end, in seconds, counts from 0.
    private static let overhang = 30.0

    /// - Returns: nil if the times may count from 0.
    init?(_ text: TranscriptText, soundSeconds: Double) {
        let items = text.measured
        // A title or a remark may be isolated at the beginning or the end.
        let stray = items.count / 20
        let ends = items.map(\.end).sorted()
        guard items.indices.contains(stray), soundSeconds > 0,
            ends[ends.count - 1 - stray] > soundSeconds + ProgrammeTimecode.overhang
        else { return nil }
        let first = items[stray].start
        let hour = Int(((first + ProgrammeTimecode.margin) / 3600).rounded(.down))
        guard (1...23).contains(hour) else { return nil }
        self.hour = hour
        guard first - seconds <= soundSeconds + ProgrammeTimecode.margin else { return nil }
    }
}

extension TranscriptText {
    /// The same with times from another origin, in seconds.
    func counted(from base: Double) -> TranscriptText {
        TranscriptText(
            items: items.map { item in
                var item = item
                item.start -= base
                item.end -= base
                return item
            })
    }
}

extension Finding {
    /// The same of a subject whose times are larger by `base` seconds than those that were measured.
    func counted(from base: Double) -> Finding {
        func moved(_ offset: Offset) -> Offset {
            // A drift over the time before the origin is part of the offset at the subject's 0.
            Offset(seconds: offset.seconds - base * (1 + (drift?.ppm ?? 0) / 1e6))
        }
        var result = self
        let (tolerance, candidate) = (tolerance ?? .standard, candidate.map { moved($0) })
        if let offset, let interval {
            let place = moved(offset)
            let worst = worst.map { Offset(seconds: $0.seconds - base) } ?? place
            let spread = (interval.upper.seconds - interval.lower.seconds) / 2
            let verdict = tolerance.verdict(
                on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: spread), expecting: expectation)
            let judgement = Judgement(
                verdict, offset: verdict.carriesOffset ? place : nil,
                interval: verdict.carriesOffset ? OffsetInterval(centre: place, halfWidthSeconds: spread) : nil,
                confidence: confidence, candidate: verdict.carriesOffset ? nil : place, tolerance: tolerance,
                expectation: expectation)
            result.judge(judgement, because: because)
            result.worst = verdict.carriesOffset ? worst : nil
            (result.drift, result.rate) = (drift, rate)
            result.segments = segments?.map {
                OffsetSegment(
                    span: TimeSpan(start: $0.span.start + base, end: $0.span.end + base),
                    offset: Offset(seconds: $0.offset.seconds - base))
            }
        } else if let candidate {
            result.judge(
                Judgement(
                    verdict, confidence: confidence, candidate: candidate, tolerance: tolerance,
                    expectation: expectation), because: because)
            result = result.removing(evidence: ["candidate_ms"]).adding([.candidate(candidate)])
        }
        result.items = items?.map {
            FindingItem(
                index: $0.index, kind: $0.kind, text: $0.text, startSeconds: $0.startSeconds + base,
                endSeconds: $0.endSeconds + base, offset: $0.offset.map { Offset(seconds: $0.seconds - base) },
                trust: $0.trust, flags: $0.flags)
        }
        return result
    }
}
