import SyncModel

/// Speech that no turn covers, and the length of labelled overlap.
struct TurnCoverage {
    /// In the recording's time.
    let gaps: [TimeSpan]
    let overlapLabelled: Double

    /// Least length of reported speech without a turn; pauses within it, and margins around turns, in seconds.
    private static let least = 0.5
    private static let pause = 0.3
    private static let room = 0.2

    /// - Parameter turns: by start.
    init(_ turns: [SpeakerTurn], course: SpeechCourse, offset: Double) {
        var covered = [Bool](repeating: false, count: course.speech.count)
        var labelled = [Int8](repeating: 0, count: course.speech.count)
        for turn in turns {
            for frame in course.frames(turn.start + offset - TurnCoverage.room, turn.end + offset + TurnCoverage.room) {
                covered[frame] = true
            }
            for frame in course.frames(turn.start + offset, turn.end + offset) {
                labelled[frame] = min(100, labelled[frame] + 1)
            }
        }
        overlapLabelled = Double(labelled.count { $0 > 1 }) / SpeechCourse.rate
        var gaps: [TimeSpan] = []
        var open: (first: Int, last: Int)?
        func close() {
            guard let run = open else { return }
            let span = TimeSpan(
                start: Double(run.first) / SpeechCourse.rate, end: Double(run.last + 1) / SpeechCourse.rate)
            if span.length >= TurnCoverage.least { gaps.append(span) }
            open = nil
        }
        for frame in course.speech.indices {
            if covered[frame] {
                close()
            } else if course.speech[frame] > 0.6 {
                open = (open?.first ?? frame, frame)
            } else if let run = open, Double(frame - run.last) / SpeechCourse.rate > TurnCoverage.pause {
                close()
            }
        }
        close()
        self.gaps = gaps
    }
}
