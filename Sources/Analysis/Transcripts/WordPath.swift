import CWordPath
import SignalCore

/// Best alignment of words with the audio, in order, with silence anywhere (Viterbi 1967).
///
/// A path begins and ends anywhere in its window, and between two words it may pause as long as it is quiet: the
/// position of a word within its cue is not evidence. Each frame of a sound, each further sound and each omitted sound
/// have a cost: neighbouring frames are strongly correlated, so their sum alone would let any words fit by stretching.
struct WordPath {
    /// Costs in units of score; those at which right words stand out most in recordings of speakers that the classes
    /// were not learnt from; the optimum is flat.
    private static let stay: Float = -0.9
    private static let enter: Float = -2
    private static let left: Float = -3.5
    private static let pause: Float = -0.3

    /// Sounds and the silences between words as states of a path; two dummies before them, and as many after as fill
    /// the last vector.
    private let classes: [UInt8]
    private let stays: [Float]
    private let skips: [Float]
    let letters: Int
    /// Computed states per frame.
    var count: Int { classes.count }
    private let last: Int

    /// - Returns: nil without sounds.
    init?(_ words: [[UInt8]]) {
        var (classes, stays, skips): ([UInt8], [Float], [Float]) = ([0, 0], [0, 0], [0, 0])
        var letters = 0
        for word in words where !word.isEmpty {
            if letters > 0 {
                classes.append(0)
                stays.append(WordPath.pause)
                skips.append(-WordPath.enter)
            }
            for sound in word {
                classes.append(sound)
                stays.append(WordPath.stay)
                skips.append(WordPath.left)
                letters += 1
            }
        }
        guard letters > 0 else { return nil }
        last = classes.count - 1
        while classes.count % 8 != 2 {
            classes.append(0)
            stays.append(0)
            skips.append(0)
        }
        (self.classes, self.stays, self.skips, self.letters) = (classes, stays, skips, letters)
    }

    /// The best path that ends in each frame of a window: its score, and the frame of its first sound.
    struct Ends {
        let window: Range<Int>
        var scores: [Float]
        var starts: [Int32]

        /// The best of them all: its score and frames.
        var best: (score: Double, frames: Range<Int>)? {
            guard let place = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[place] > WordPath.none / 2
            else { return nil }
            let start = Int(starts[place])
            return (Double(scores[place]), start..<max(start, window.lowerBound + place) + 1)
        }
    }

    static let none = -Float.greatestFiniteMagnitude / 16

    func ends(_ sound: SpeechScores, in window: Range<Int>) -> Ends {
        let window = window.clamped(to: 0..<sound.frames)
        var result = Ends(
            window: window, scores: [Float](repeating: WordPath.none, count: window.count),
            starts: [Int32](repeating: 0, count: window.count))
        guard !window.isEmpty else { return result }
        let size = classes.count
        var values = [Float](repeating: WordPath.none, count: 2 * size)
        var starts = [Int32](repeating: 0, count: 2 * size)
        // A path begins in the dummy before the first sound.
        values[1] = 0
        values[size + 1] = 0
        classes.withUnsafeBufferPointer { classes in
            stays.withUnsafeBufferPointer { stays in
                skips.withUnsafeBufferPointer { skips in
                    let words = genlock_words(
                        states: Int32(size), last: Int32(last), enter: WordPath.enter, classes: classes.baseAddress,
                        stays: stays.baseAddress, skips: skips.baseAddress)
                    genlock_word_ends(
                        words, sound.scores.values, Int32(LetterClasses.count), Int32(window.lowerBound),
                        Int32(window.upperBound), &values, &starts, &result.scores, &result.starts)
                }
            }
        }
        return result
    }
}
