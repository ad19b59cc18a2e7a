import SignalCore

/// The letters of a cue laid on the sound where they fit best, in their order (Viterbi 1967).
///
/// Each class lasts one frame or more, may be left out at a price, and words may have silence between them. What lies
/// before the first and after the last letter does not count.
struct CueAlignment {
    /// Sum of the scores along the path.
    let score: Double
    /// Frames of the first and after the last letter.
    let frames: Range<Int>

    private static let skip: Float = -1.5
    private static let pause: Float = -0.5

    /// - Parameter window: frames of the sound in which the cue may lie.
    init?(words: [[UInt8]], scores: SpeechScores, window: Range<Int>) {
        let window = window.clamped(to: 0..<scores.frames)
        // States: letters, with a silence before each word but the first.
        var states: [UInt8] = []
        for (index, word) in words.enumerated() {
            if index > 0 { states.append(0) }
            states += word
        }
        guard !states.isEmpty, window.count >= 2 else { return nil }
        let none = -Float.greatestFiniteMagnitude / 4
        var value = [Float](repeating: none, count: states.count)
        var start = [Int32](repeating: 0, count: states.count)
        var best = (score: none, from: Int32(0), to: Int32(0))
        let columns = LetterClasses.count
        let last = states.count - 1
        states.withUnsafeBufferPointer { states in
            scores.scores.values.withUnsafeBufferPointer { scores in
                value.withUnsafeMutableBufferPointer { value in
                    start.withUnsafeMutableBufferPointer { start in
                        for frame in window {
                            let base = frame * columns
                            // From the last state down, so that what comes from before is still the frame before.
                            var state = last
                            while state >= 0 {
                                var (from, origin) = (value[state], start[state])
                                if state > 0 {
                                    let step = value[state - 1]
                                    if step > from { (from, origin) = (step, start[state - 1]) }
                                    if state > 1 {
                                        // A silence is left out for nothing, a letter at a price.
                                        let jump = value[state - 2] + (states[state - 1] == 0 ? 0 : CueAlignment.skip)
                                        if jump > from { (from, origin) = (jump, start[state - 2]) }
                                    }
                                }
                                // The path begins with the first letter, or the second.
                                let fresh: Float = state == 0 ? 0 : state == 1 ? CueAlignment.skip : none
                                if fresh > from { (from, origin) = (fresh, Int32(frame)) }
                                let code = Int(states[state])
                                value[state] = from + scores[base + code] + (code == 0 ? CueAlignment.pause : 0)
                                start[state] = origin
                                state -= 1
                            }
                            if value[last] > best.score { best = (value[last], start[last], Int32(frame)) }
                        }
                    }
                }
            }
        }
        guard best.score > none / 2 else { return nil }
        score = Double(best.score)
        frames = Int(best.from)..<Int(best.to) + 1
    }
}
