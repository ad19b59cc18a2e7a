import Foundation
import SignalCore
import SyncModel

/// The measurements of a clip, before the decision.
struct LipEvidence {
    var offset = Offset(seconds: 0)
    var cohort = 0.0
    var share = 0.0
    /// Standard error of the offset in seconds; infinite where unknown.
    var standardError = Double.infinity
    /// The peak per overlapping frame and expert, at most 1.
    var height = 0.0
    /// Seconds with mouth and audio at the measured offset, and those of them that are voiced.
    var overlap = 0.0
    var voiced = 0.0
    /// How much the mouth moves, in face scales; nil without landmarks.
    var opening: Double?
    /// The quality of the view.
    var view = MouthView()
    /// The kinds that it is based on.
    let mode: MouthMode
    /// How near the peaks of both halves are, and those of landmarks and pixels: 1 for the same lag, 0 from ten frames
    /// on, or where there is only one.
    var halvesAgree = 0.0
    var kindsAgree = 0.0
    /// The residual lag, in seconds, after the audio was moved by a varying lag.
    var residual = 0.0
    /// Whether the peak is at the end of the searched range.
    var isAtEdge = false
    /// Offsets that the first and the second half of the blocks give on their own.
    var halves: (Offset, Offset)?
    var curve: [CurvePoint] = []

    /// Lags searched by default, in grid frames: 1.5 s either way.
    static let searchedLags = 75

    /// Measures a mouth and a sound that are on one timeline.
    ///
    /// - Parameters:
    ///   - base: lag in frames by which the audio was already moved; every lag here is relative to it.
    ///   - reach: range of lags searched around lag 0 of the unmoved audio, in frames.
    init(
        mouth u: Embedding, sound v: SoundEmbedding, opening: Double?, view: MouthView = MouthView(), model: LipModel,
        base: Double = 0, reach: Int
    ) {
        self.opening = opening
        self.view = view
        let kinds = u.parts.map(\.kind)
        mode = MouthMode(kinds)
        let searchedLags = LipEvidence.searchedLags
        let curves = BlockCurves(mouth: u, sound: v.embedding, searchedLags: searchedLags)
        let lag = curves.total.peak().samples
        let bias = model.numbers(mode).biasMilliseconds / 1000
        // A lag is how much later the audio is than the video.
        func offset(ofLag lag: Double) -> Offset {
            Offset(seconds: Offset(subjectLateBySeconds: (base + lag) * FrameGrid.period).seconds - bias)
        }
        self.offset = offset(ofLag: lag)
        residual = lag * FrameGrid.period
        isAtEdge = abs(base + lag) > Double(reach - 1) || abs(lag) > Double(searchedLags - 1)
        share = curves.stableShare(lag: lag)
        standardError = curves.standardError(atLag: lag) * FrameGrid.period
        cohort = Cohort.score(
            mouth: u, sound: v.embedding, model: model, height: curves.height, searchedLags: max(searchedLags, reach))
        if curves.blocks.count >= 4 {
            let middle = curves.blocks.count / 2
            let lags = [curves.blocks[..<middle], curves.blocks[middle...]].map { curves.peak(of: $0) }
            halves = (offset(ofLag: lags[0]), offset(ofLag: lags[1]))
            halvesAgree = LipEvidence.agreement(lags[0], lags[1])
        }
        if curves.kinds.count == 2 {
            kindsAgree = LipEvidence.agreement(
                curves.kinds[0].peak().samples, curves.kinds[1].peak().samples)
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
        height =
            curves.height / Double(max(1, shared)) / kinds.flatMap { model.experts($0) }.reduce(0) { $0 + $1.weight }

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
    private var logVoiced: Double { log(min(6, max(voiced, 0.1))) }
    private var errorMilliseconds: Double { min(100, max(1, standardError * 1000)) }
    private var logSide: Double { view.side.map { log(min(400, max(20, $0)) / 100) } ?? 0 }
    private var logDefinition: Double { view.definition.map { log(min(0.4, max(0.03, $0)) / 0.2) } ?? 0 }

    /// Distance of two peaks in frames beyond which they count as unrelated.
    private static let farthest = 10.0

    private static func agreement(_ one: Double, _ other: Double) -> Double {
        1 - min(abs(one - other), farthest) / farthest
    }

    /// The probability that the offset is right within 40 ms.
    func confidence(_ numbers: LipNumbers) -> Double {
        let inputs = [
            1, clampedCohort, logitShare, log(errorMilliseconds / 10), logVoiced, halvesAgree, kindsAgree, logSide,
            logDefinition,
        ]
        return numbers.ceiling * LipEvidence.sigmoid(inputs, numbers.confidence)
    }

    /// The probability that mouth and audio do not belong together.
    func unpairedProbability(_ numbers: LipNumbers) -> Double {
        LipEvidence.sigmoid(
            [1, clampedCohort, height, logVoiced, logitShare, halvesAgree, kindsAgree, logDefinition], numbers.unpaired)
    }

    /// Whether there is enough of everything for an answer.
    func isAnswer(_ numbers: LipNumbers) -> Bool {
        confidence(numbers) >= numbers.leastConfidence && share >= numbers.leastShare && voiced >= numbers.leastVoiced
            && (opening ?? .infinity) >= numbers.leastOpening && overlap >= numbers.leastOverlap
            && standardError * 1000 <= numbers.largestErrorMilliseconds && !isAtEdge
    }

    /// Whether the evidence excludes every offset: enough speech with a well visible moving mouth, and no fit.
    func isUnpaired(_ numbers: LipNumbers) -> Bool {
        let least = Array(numbers.unpaired[LipNumbers.unpairedInputs...])
        return unpairedProbability(numbers) >= least[0] && voiced >= least[1] && overlap >= least[2]
            && voiced >= least[3] * overlap && (opening ?? .infinity) >= least[4]
            && (view.side ?? .infinity) >= least[5]
            && (opening ?? 0) <= least[6] && (view.turn ?? 0) <= least[7]
            && confidence(numbers) <= LipEvidence.mostConfidenceWhenUnpaired
    }

    /// Where the best offset may be right after all, nothing excludes it: real faces correlate less than studio ones,
    /// by which the rest was fitted.
    private static let mostConfidenceWhenUnpaired = 0.05

    /// Half the width of the 95 % interval, in seconds: the error of this clip, and the deviation between speakers.
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
