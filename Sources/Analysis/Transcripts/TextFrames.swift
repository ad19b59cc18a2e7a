import SignalCore

/// A transcript on the frame grid: the class of sound that it expects at each frame.
struct TextFrames {
    /// Index of the first row, in frames of subject time after the factor.
    let first: Int
    /// Frames x classes; each row's shares sum to at most 1, 0 where the transcript has no expectation.
    let matrix: FrameMatrix

    /// Seconds around an item in which no text means no speech; farther away speech may be untranscribed.
    static let nearSilence = 1.5
    /// Weight of the silence between distant items.
    static let farWeight: Float = 0.3

    /// - Parameters:
    ///   - units: classes are distributed evenly within each span.
    ///   - factor: on all times.
    ///   - near: seconds around an item in which silence counts.
    ///   - farWeight: its weight farther away.
    init(
        _ units: [SpokenUnit], factor: Double = 1, rate: Double = SpeechScores.rate,
        near nearSilence: Double = TextFrames.nearSilence,
        farWeight: Float = TextFrames.farWeight
    ) {
        let starts = units.map { $0.start * factor }
        let ends = units.map { $0.end * factor }
        let low = (starts.min() ?? 0) - nearSilence
        let high = (ends.max() ?? 0) + nearSilence
        first = Int((low * rate).rounded(.down))
        let frames = max(1, Int((high * rate).rounded(.up)) - first + 1)
        var matrix = FrameMatrix(frames: frames, columns: LetterClasses.count)
        var covered = [Float](repeating: 0, count: frames)
        var near = [Bool](repeating: false, count: frames)
        for (place, unit) in units.enumerated() {
            let (start, end) = (starts[place], ends[place])
            let from = max(0, Int(((start - nearSilence) * rate).rounded()) - first)
            let to = min(frames - 1, Int(((end + nearSilence) * rate).rounded()) - first)
            if from <= to { for frame in from...to { near[frame] = true } }
            let step = (end - start) / Double(max(1, unit.classes.count))
            for (index, code) in unit.classes.enumerated() {
                // Frame n reaches from n - 1/2 to n + 1/2.
                let a = (start + Double(index) * step) * rate + 0.5 - Double(first)
                let b = a + step * rate
                var frame = max(0, Int(a.rounded(.down)))
                while frame < frames, Double(frame) < b {
                    let share = Float(min(b, Double(frame + 1)) - max(a, Double(frame)))
                    if share > 0 {
                        matrix[frame, Int(code)] += share
                        covered[frame] += share
                    }
                    frame += 1
                }
            }
        }
        for frame in 0..<frames {
            if covered[frame] > 1 {
                for column in 1..<LetterClasses.count { matrix[frame, column] /= covered[frame] }
            } else {
                matrix[frame, 0] = (1 - covered[frame]) * (near[frame] ? 1 : farWeight)
            }
        }
        self.matrix = matrix
    }

    /// Averages of `by` rows, for a coarser grid.
    static func coarser(_ matrix: FrameMatrix, by count: Int) -> FrameMatrix {
        var result = FrameMatrix(frames: (matrix.frames + count - 1) / count, columns: matrix.columns)
        for frame in 0..<matrix.frames {
            for column in 0..<matrix.columns { result[frame / count, column] += matrix[frame, column] / Float(count) }
        }
        return result
    }
}

/// A segment of speech that a transcript claims: a word, or a cue as a whole.
struct SpokenUnit: Sendable {
    /// Index in the list of measured items.
    let item: Int
    let start: Double
    let end: Double
    let classes: [UInt8]
    /// The same, word by word.
    let words: [[UInt8]]

    init?(item: Int, _ source: TranscriptText.Item) {
        words = LetterClasses.words(of: source.text)
        classes = words.flatMap { $0 }
        guard !classes.isEmpty else { return nil }
        self.item = item
        start = source.start
        end = source.end
    }

    var middle: Double { (start + end) / 2 }
}
