/// How well the confidence tells the share of right ones: of true pairs and mismatched ones, which weigh alike
/// together.
struct Calibration {
    struct Bin {
        /// Share of all weight, mean confidence, and share of right ones.
        var weight = 0.0
        var confidence = 0.0
        var right = 0.0
        var trials = 0
    }

    private(set) var bins = [Bin](repeating: Bin(), count: 10)

    /// Of answers and candidates. Right is a true pair whose offset, answered or best guess, is within 40 ms of the
    /// truth.
    init(_ trials: [Trial]) {
        let told = Calibration.told(trials)
        let paired = Double(told.count(where: \.isPaired))
        let mismatched = Double(told.count) - paired
        for trial in told {
            let confidence = trial.confidence ?? 0
            let weight = trial.isPaired ? 0.5 / paired : 0.5 / mismatched
            let bin = min(9, Int(confidence * 10))
            bins[bin].trials += 1
            bins[bin].weight += weight
            bins[bin].confidence += weight * confidence
            bins[bin].right += trial.isRight ? weight : 0
        }
        for index in bins.indices where bins[index].weight > 0 {
            bins[index].confidence /= bins[index].weight
            bins[index].right /= bins[index].weight
        }
    }

    /// Mean gap between confidence and share of right ones (Naeini, Cooper and Hauskrecht 2015).
    var expectedError: Double { bins.reduce(0) { $0 + $1.weight * abs($1.confidence - $1.right) } }

    /// Clean trials that have a confidence, true and mismatched.
    static func told(_ trials: [Trial]) -> [Trial] {
        let kinds: Set = ["moved", "joined", "foreign-same", "foreign-other"]
        return trials.filter { $0.confidence != nil && kinds.contains($0.kind) }
    }
}

extension Trial {
    /// A true pair whose offset, answered or best guess, is within 40 ms of the truth.
    var isRight: Bool {
        guard isPaired, let guess = offset ?? candidate else { return false }
        return abs(guess + movedMilliseconds) <= 40
    }
}
