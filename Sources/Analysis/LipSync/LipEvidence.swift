import Foundation
import SignalCore
import SyncModel

/// What a clip gave, before anything is decided.
struct LipEvidence {
    var offset = Offset(seconds: 0)
    var cohort = 0.0
    var share = 0.0
    /// Standard error of the offset in seconds; infinite where unknown.
    var standardError = Double.infinity
    /// The peak per overlapping frame and expert, at most 1.
    var height = 0.0
    /// Seconds with mouth and sound at the measured offset, and those of them that are voiced.
    var overlap = 0.0
    var voiced = 0.0
    /// How much the mouth moves, in face scales.
    var opening = 0.0
    /// What is left of the lag, in seconds, where the sound was moved along a course before.
    var residual = 0.0
    /// Whether the peak lies at the end of the searched range.
    var isAtEdge = false
    /// Offsets that the first and the second half of the blocks give on their own.
    var halves: (Offset, Offset)?
    var curve: [CurvePoint] = []

    /// Lags searched by default, in grid frames: 1.5 s either way.
    static let searchedLags = 75

    /// Measures a mouth and a sound that lie on one timeline.
    ///
    /// - Parameters:
    ///   - base: lag in frames by which the sound was moved before, and which every lag here comes on top of.
    ///   - reach: lags that were searched about lag 0 of the sound as it was, in frames.
    ///   - hasCohort: whether it is held against foreign sounds and mouths; a piece of what was held already need not
    ///     be.
    init(
        mouth u: Embedding, sound v: SoundEmbedding, opening: Double, model: LipModel, base: Double = 0, reach: Int,
        hasCohort: Bool = true
    ) {
        self.opening = opening
        let searchedLags = LipEvidence.searchedLags
        let curves = BlockCurves(mouth: u, sound: v.embedding, searchedLags: searchedLags)
        let lag = curves.total.peak().samples
        let bias = model.numbers.biasMilliseconds / 1000
        // A lag says how far the sound comes after the picture.
        func offset(ofLag lag: Double) -> Offset {
            Offset(seconds: Offset(subjectLateBySeconds: (base + lag) * FrameGrid.period).seconds - bias)
        }
        self.offset = offset(ofLag: lag)
        residual = lag * FrameGrid.period
        isAtEdge = abs(base + lag) > Double(reach - 1) || abs(lag) > Double(searchedLags - 1)
        share = curves.stableShare(lag: lag)
        standardError = curves.standardError(atLag: lag) * FrameGrid.period
        if hasCohort {
            cohort = Cohort.score(
                mouth: u, sound: v.embedding, model: model, height: curves.height,
                searchedLags: max(searchedLags, reach))
        }
        if curves.blocks.count >= 4 {
            let middle = curves.blocks.count / 2
            let parts = [curves.blocks[..<middle], curves.blocks[middle...]].map {
                offset(ofLag: curves.peak(of: $0))
            }
            halves = (parts[0], parts[1])
        }

        let shift = Int(lag.rounded(.toNearestOrEven))
        var shared = 0
        var voicedFrames = 0
        for frame in u.mask.indices where u.mask[frame] {
            let there = frame + shift
            guard v.embedding.mask.indices.contains(there), v.embedding.mask[there] else { continue }
            shared += 1
            if v.voiced[there] { voicedFrames += 1 }
        }
        overlap = Double(shared) * FrameGrid.period
        voiced = Double(voicedFrames) * FrameGrid.period
        height = curves.height / Double(max(1, shared)) / model.experts.reduce(0) { $0 + $1.weight }

        let values = Array(curves.searched(curves.total))
        let (mean, deviation) = Standardisation.moments(values)
        curve = values.indices.reversed().map { index in
            CurvePoint(
                offset: offset(ofLag: Double(index - searchedLags)),
                height: (Double(values[index]) - mean) / max(deviation, 1e-9))
        }
    }

    // MARK: What follows from it

    private var clampedCohort: Double { min(12, max(-5, cohort)) }
    private var logitShare: Double {
        let clamped = min(0.995, max(0.005, share))
        return log(clamped / (1 - clamped))
    }
    private var logVoiced: Double { log(max(voiced, 0.1)) }
    private var errorMilliseconds: Double { min(100, max(1, standardError * 1000)) }

    /// The probability that the offset is right within 40 ms.
    func confidence(_ numbers: LipNumbers) -> Double {
        let inputs = [1, clampedCohort, logitShare, log(errorMilliseconds / 10), logVoiced]
        return numbers.ceiling * LipEvidence.sigmoid(inputs, numbers.confidence)
    }

    /// The probability that mouth and sound do not belong together.
    func unpairedProbability(_ numbers: LipNumbers) -> Double {
        LipEvidence.sigmoid([1, clampedCohort, height, logVoiced, logitShare], numbers.unpaired)
    }

    /// Whether there is enough of everything for an answer.
    func isAnswer(_ numbers: LipNumbers) -> Bool {
        confidence(numbers) >= numbers.leastConfidence && share >= numbers.leastShare && voiced >= numbers.leastVoiced
            && opening >= numbers.leastOpening && overlap >= numbers.leastOverlap
            && standardError * 1000 <= numbers.largestErrorMilliseconds && !isAtEdge
    }

    /// Whether the evidence excludes every offset: enough speech with a moving mouth, and nothing fits.
    func isUnpaired(_ numbers: LipNumbers) -> Bool {
        let least = numbers.unpaired[5...]
        return unpairedProbability(numbers) >= least[5] && voiced >= least[6] && overlap >= least[7]
            && voiced >= least[8] * overlap && opening >= least[9]
            && confidence(numbers) <= LipEvidence.mostConfidenceWhenUnpaired
    }

    /// Where the best offset may be right after all, nothing excludes it: real faces correlate less than studio ones,
    /// by which the rest was fitted.
    private static let mostConfidenceWhenUnpaired = 0.02

    /// Half the width of the 95 % interval, in seconds: the error of this clip, and what talkers differ by.
    func halfWidth(_ numbers: LipNumbers) -> Double {
        let own = numbers.interval[0] * standardError * 1000
        let constant = numbers.interval[1]
        let averaging = numbers.interval[2]
        return 1.96 * (own * own + constant * constant + averaging * averaging * 3 / max(overlap, 1)).squareRoot()
            / 1000
    }

    private static func sigmoid(_ inputs: [Double], _ weights: [Double]) -> Double {
        1 / (1 + exp(-zip(inputs, weights).reduce(0) { $0 + $1.0 * $1.1 }))
    }
}
