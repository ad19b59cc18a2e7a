import SignalCore

/// Words laid on the sound where they fit best, in their order, with silence wherever it is (Viterbi 1967).
///
/// A path begins and ends anywhere in its window, and between two words it may pause for as long as it is quiet: where
/// in its cue a word is spoken tells nothing, neither for nor against it. Each frame of a sound, each further sound
/// and each sound that is left out have a price: neighbouring frames say nearly the same, so that their sum alone would
/// let any words fit by stretching.
struct WordPath {
    /// Prices in units of score; those at which right words stand out most from others in recordings whose talkers the
    /// classes were not learnt from, flat about them.
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
    /// States that a frame costs.
    var count: Int { classes.count }
    private let last: Int

    private typealias Values = SIMD8<Float>
    private typealias Places = SIMD8<Int32>

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
        let (size, columns) = (classes.count, LetterClasses.count)
        var value = [Float](repeating: WordPath.none, count: size)
        var start = [Int32](repeating: 0, count: size)
        var (nextValue, nextStart) = (value, start)
        var heard = [Float](repeating: 0, count: size)
        // A path begins in the dummy before the first sound.
        value[1] = 0
        nextValue[1] = 0
        classes.withUnsafeBufferPointer { classes in
            stays.withUnsafeBytes { stays in
                skips.withUnsafeBytes { skips in
                    heard.withUnsafeMutableBufferPointer { heard in
                        sound.scores.values.withUnsafeBufferPointer { scores in
                            for frame in window {
                                let base = frame * columns
                                let silence = min(0, scores[base])
                                if let heard = heard.baseAddress, let classes = classes.baseAddress,
                                    let scores = scores.baseAddress
                                {
                                    var state = 2
                                    while state < size {
                                        let code = Int(classes[state])
                                        heard[state] = code == 0 ? silence : scores[base + code]
                                        state += 1
                                    }
                                }
                                start[1] = Int32(frame)
                                value.withUnsafeBytes { value in
                                    start.withUnsafeBytes { start in
                                        nextValue.withUnsafeMutableBytes { nextValue in
                                            nextStart.withUnsafeMutableBytes { nextStart in
                                                WordPath.step(
                                                    size, value, start, nextValue, nextStart, stays, skips,
                                                    UnsafeRawBufferPointer(heard))
                                            }
                                        }
                                    }
                                }
                                swap(&value, &nextValue)
                                swap(&start, &nextStart)
                                result.scores[frame - window.lowerBound] = value[last]
                                result.starts[frame - window.lowerBound] = start[last]
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// One frame further, eight states at a time.
    @inline(__always)
    private static func step(
        _ size: Int, _ value: UnsafeRawBufferPointer, _ start: UnsafeRawBufferPointer,
        _ nextValue: UnsafeMutableRawBufferPointer, _ nextStart: UnsafeMutableRawBufferPointer,
        _ stays: UnsafeRawBufferPointer, _ skips: UnsafeRawBufferPointer, _ heard: UnsafeRawBufferPointer
    ) {
        #if DEBUG
            // Without optimisation a vector's parts are many times faster than the vector.
            guard let old = value.assumingMemoryBound(to: Float.self).baseAddress,
                let begun = start.assumingMemoryBound(to: Int32.self).baseAddress,
                let new = nextValue.assumingMemoryBound(to: Float.self).baseAddress,
                let newBegun = nextStart.assumingMemoryBound(to: Int32.self).baseAddress,
                let stay = stays.assumingMemoryBound(to: Float.self).baseAddress,
                let skip = skips.assumingMemoryBound(to: Float.self).baseAddress,
                let hear = heard.assumingMemoryBound(to: Float.self).baseAddress
            else { return }
            let enter = enter
            var state = 2
            while state < size {
                var from = old[state] + stay[state]
                var origin = begun[state]
                let entered = old[state - 1] + enter
                if entered > from { (from, origin) = (entered, begun[state - 1]) }
                let jumped = old[state - 2] + enter + skip[state - 1]
                if jumped > from { (from, origin) = (jumped, begun[state - 2]) }
                new[state] = from + hear[state]
                newBegun[state] = origin
                state += 1
            }
        #else
            var state = 2
            while state < size {
                let at = state * 4
                var from = value.loadUnaligned(fromByteOffset: at, as: Values.self)
                from += stays.loadUnaligned(fromByteOffset: at, as: Values.self)
                var origin = start.loadUnaligned(fromByteOffset: at, as: Places.self)
                let entered = value.loadUnaligned(fromByteOffset: at - 4, as: Values.self) + enter
                let isEntered = entered .> from
                from.replace(with: entered, where: isEntered)
                origin.replace(with: start.loadUnaligned(fromByteOffset: at - 4, as: Places.self), where: isEntered)
                var jumped = value.loadUnaligned(fromByteOffset: at - 8, as: Values.self) + enter
                jumped += skips.loadUnaligned(fromByteOffset: at - 4, as: Values.self)
                let isJumped = jumped .> from
                from.replace(with: jumped, where: isJumped)
                origin.replace(with: start.loadUnaligned(fromByteOffset: at - 8, as: Places.self), where: isJumped)
                from += heard.loadUnaligned(fromByteOffset: at, as: Values.self)
                nextValue.storeBytes(of: from, toByteOffset: at, as: Values.self)
                nextStart.storeBytes(of: origin, toByteOffset: at, as: Places.self)
                state += 8
            }
        #endif
    }
}
