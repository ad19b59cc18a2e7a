import Foundation
import SignalCore

/// Score by offset of each block of a transcript, near a line.
///
/// A block is a word or two, or a cue: the unit of resampling and of segment borders.
struct LocalCurves {
    struct Block {
        /// Rows of the text's frames.
        let rows: Range<Int>
        /// Middle in seconds of subject time after the factor.
        let time: Double
        /// The measured items in it.
        let units: Range<Int>
    }

    let blocks: [Block]
    let text: TextFrames
    private let scores: SpeechScores

    /// Least length of a block, in seconds; less in a short text, so that there are several.
    private static let shortest = 0.8
    private static let leastBlocks = 8.0
    /// Seconds of silence around an item that count.
    private static let nearSilence = 0.75
    /// Score of a frame of speech outside the recording.
    private static let outside: Float = -1

    init(_ units: [SpokenUnit], factor: Double, scores: SpeechScores) {
        self.scores = scores
        // Long silences belong to no block: they are no evidence where a part of the recording is missing.
        text = TextFrames(units, factor: factor, near: LocalCurves.nearSilence, farWeight: 0)
        let spoken = units.reduce(0) { $0 + ($1.end - $1.start) * factor }
        let shortest = min(LocalCurves.shortest, spoken / LocalCurves.leastBlocks)
        var blocks: [Block] = []
        var start = 0
        var row = 0
        var reached = -Double.infinity
        for index in units.indices {
            reached = max(reached, units[index].end * factor)
            let isLast = index + 1 == units.count
            let next = isLast ? Double.infinity : units[index + 1].start * factor
            guard isLast || reached - units[start].start * factor >= shortest && next >= reached - 0.3 else { continue }
            // The border is in the middle of the gap.
            let border =
                isLast ? text.matrix.frames : Int(((reached + next) / 2 * SpeechScores.rate).rounded()) - text.first
            let end = min(max(border, row), text.matrix.frames)
            if end > row {
                blocks.append(
                    Block(rows: row..<end, time: (units[start].start * factor + reached) / 2, units: start..<index + 1))
            }
            row = end
            start = index + 1
        }
        self.blocks = blocks
    }

    /// Frames by which a block is from the audio at an offset in seconds.
    func lag(_ offset: Double) -> Double { offset * SpeechScores.rate }

    /// The block's score at lags `from...to`: the sum over its rows of the text's expectation times its likelihood in
    /// the audio.
    func scores(of block: Block, from low: Int, to high: Int) -> [Float] {
        let columns = LetterClasses.count
        var result = [Float](repeating: 0, count: high - low + 1)
        let shift = text.first
        text.matrix.values.withUnsafeBufferPointer { text in
            scores.scores.values.withUnsafeBufferPointer { sound in
                result.withUnsafeMutableBufferPointer { result in
                    for row in block.rows {
                        let base = row * columns
                        for column in 0..<columns {
                            let weight = text[base + column]
                            guard weight != 0 else { continue }
                            let from = max(low, -(row + shift))
                            let to = min(high, scores.frames - 1 - row - shift)
                            if column > 0 {
                                let first = min(max(from, low), high + 1)
                                let last = max(min(to, high), low - 1)
                                if from > to {
                                    for index in 0..<result.count { result[index] += weight * LocalCurves.outside }
                                } else {
                                    for index in 0..<first - low { result[index] += weight * LocalCurves.outside }
                                    for index in last + 1 - low..<result.count {
                                        result[index] += weight * LocalCurves.outside
                                    }
                                }
                            }
                            guard from <= to else { continue }
                            var place = (row + shift + from) * columns + column
                            for index in from - low...to - low {
                                result[index] += weight * sound[place]
                                place += columns
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
