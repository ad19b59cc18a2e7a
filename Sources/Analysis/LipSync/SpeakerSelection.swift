import Foundation
import SignalCore

/// Which of several faces speaks when, and the combined mouth of all speakers.
///
/// For every lag, each half second is assigned to the face whose mouth fits best around it, or to nobody if none fits;
/// the lag with the largest sum wins. At that lag the turns are the cheapest path (Viterbi) with a cost for every
/// change. What the choice itself adds to the peak is estimated with impostor audio and subtracted.
struct SpeakerSelection {
    /// A speaker's turn, in grid frames; `face` is an index into the given list.
    struct Turn: Hashable {
        let face: Int
        var frames: Range<Int>
    }

    let turns: [Turn]
    /// The mouth of whoever speaks.
    let mouth: Embedding
    /// The largest sum, in deviations above impostor audio.
    let prominence: Double
    /// The mean deviation of the lips' distance over the frames of the turns; nil without landmarks.
    let opening: Double?

    /// Blocks of `BlockCurves.length` to a window.
    private static let blocks = 1
    private static var window: Int { blocks * BlockCurves.length }
    private static let foreignSounds = 24
    /// The cost of a change of speaker, in mean windows of a speaker.
    private static let price = 1.2

    /// The windows of one face: curves by window number, each over the searched lags.
    private typealias Windows = [Int: [Float]]

    /// - Parameters:
    ///   - faces: each face's segments on the grid; not empty.
    ///   - frames: length of the timeline in grid frames.
    init(faces: [MouthPieces], kinds: [MouthKind], sound: Embedding, model: LipModel, frames: Int, searchedLags: Int) {
        let mouths = faces.map { face in
            Embedding(kinds: kinds, model: model, frames: frames, tower: \.mouth) { face.pieces($0) }
        }
        let own = mouths.map { SpeakerSelection.windows($0, sound, searchedLags) }
        let sum = SpeakerSelection.bestSum(own, searchedLags)
        let peak = sum.indices.max { sum[$0] < sum[$1] } ?? searchedLags
        let heights = (0..<SpeakerSelection.foreignSounds).map { member -> Float in
            let foreign = Embedding(
                values: Cohort.foreign(\.sound, member, like: sound, model: model), mask: sound.mask,
                parts: sound.parts)
            return SpeakerSelection.bestSum(
                mouths.map { SpeakerSelection.windows($0, foreign, searchedLags) }, searchedLags
            ).max() ?? 0
        }
        let (mean, deviation) = Standardisation.moments(heights)
        prominence = (Double(sum[peak]) - mean) / max(deviation, 1e-9)
        let turns = SpeakerSelection.turns(own, lag: peak, frames: frames)
        self.turns = turns

        var values = FrameMatrix(frames: frames, columns: sound.values.columns)
        let none = [Bool](repeating: false, count: frames)
        var mask = none
        var parts = sound.parts.map { Embedding.Part(kind: $0.kind, columns: $0.columns, mask: none) }
        for turn in turns {
            for frame in turn.frames where mouths[turn.face].mask[frame] {
                mask[frame] = true
                for part in parts.indices where mouths[turn.face].parts[part].mask[frame] {
                    parts[part].mask[frame] = true
                }
                for column in 0..<values.columns { values[frame, column] = mouths[turn.face].values[frame, column] }
            }
        }
        mouth = Embedding(values: values, mask: mask, parts: parts)
        var weight = 0.0
        var energy = 0.0
        for turn in turns {
            for segment in faces[turn.face].landmarks {
                let shared = Double(
                    turn.frames.clamped(to: segment.first..<segment.first + segment.features.frames).count)
                weight += shared
                energy += shared * segment.opening * segment.opening
            }
        }
        opening = weight > 0 ? (energy / weight).squareRoot() : kinds.contains(.landmarks) ? 0 : nil
    }

    private static func windows(_ mouth: Embedding, _ sound: Embedding, _ searchedLags: Int) -> Windows {
        let curves = BlockCurves(mouth: mouth, sound: sound, searchedLags: searchedLags)
        var result: Windows = [:]
        for (start, block) in zip(curves.starts, curves.blocks) {
            let values = curves.searched(block)
            let window = start / SpeakerSelection.window
            if var sum = result[window] {
                for (index, value) in values.enumerated() { sum[index] += value }
                result[window] = sum
            } else {
                result[window] = Array(values)
            }
        }
        return result
    }

    /// For each lag the sum over all windows of the best face's fit, where that is above 0; a fit is averaged over five
    /// windows.
    private static func bestSum(_ faces: [Windows], _ searchedLags: Int) -> [Float] {
        var result = [Float](repeating: 0, count: 2 * searchedLags + 1)
        let all = Set(faces.flatMap(\.keys)).sorted()
        for window in all {
            var best = [Float](repeating: 0, count: result.count)
            for face in faces where face[window] != nil {
                let near = (window - 2...window + 2).compactMap { face[$0] }
                let share = 1 / Float(near.count)
                for index in best.indices {
                    var fit: Float = 0
                    for curve in near { fit += curve[index] }
                    best[index] = max(best[index], fit * share)
                }
            }
            for index in result.indices { result[index] += best[index] }
        }
        return result
    }

    /// The cheapest path through the windows at one lag: a face each, or nobody.
    private static func turns(_ faces: [Windows], lag: Int, frames: Int) -> [Turn] {
        let all = Set(faces.flatMap(\.keys)).sorted()
        guard let first = all.first, let last = all.last else { return [] }
        // A peak is several frames wide: the best of the nearest lags counts.
        func fit(_ face: Int, _ window: Int) -> Double? {
            faces[face][window].map { curve in Double(curve[max(0, lag - 1)...min(curve.count - 1, lag + 1)].max() ?? 0)
            }
        }
        let fits = (first...last).map { window in faces.indices.map { fit($0, window) } }
        let good = fits.flatMap { $0 }.compactMap { $0 }.filter { $0 > 0 }
        let price = SpeakerSelection.price * good.reduce(0, +) / Double(max(1, good.count))
        // The last state is nobody.
        let states = faces.count + 1
        var score = [Double](repeating: 0, count: states)
        var from: [[Int]] = []
        for step in fits {
            let best = score.indices.max { score[$0] < score[$1] } ?? 0
            var next = [Double](repeating: -.infinity, count: states)
            var came = [Int](repeating: best, count: states)
            for state in 0..<states {
                let gain = state == faces.count ? 0 : step[state] ?? -.infinity
                came[state] = score[state] >= score[best] - price ? state : best
                next[state] = max(score[state], score[best] - price) + gain
            }
            from.append(came)
            score = next
        }
        var path: [Int] = []
        var state = score.indices.max { score[$0] < score[$1] } ?? faces.count
        for came in from.reversed() {
            path.append(state)
            state = came[state]
        }
        var turns: [Turn] = []
        for (index, state) in path.reversed().enumerated() where state < faces.count {
            let start = (first + index) * window
            guard start < frames else { break }
            let range = start..<min(frames, start + window)
            if let previous = turns.last, previous.face == state, previous.frames.upperBound == start {
                turns[turns.count - 1].frames = previous.frames.lowerBound..<range.upperBound
            } else {
                turns.append(Turn(face: state, frames: range))
            }
        }
        return turns
    }
}
