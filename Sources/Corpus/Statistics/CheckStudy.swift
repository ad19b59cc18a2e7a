import Foundation
import SyncModel

/// The analysis of one check over the whole corpus, from its findings to its statistics.
struct CheckStudy {
    let check: Check
    let subject: Track
    let reference: Track
    private(set) var verdicts = VerdictCounts()
    /// The finding of this check per clip; nil: none.
    private(set) var verdictOf: [Verdict?]
    private(set) var observations: Observations
    /// The speaker of each clip; a separate negative number where unknown.
    let speakerOf: [Int]
    let speakersKnown: Bool
    let speakersBy: String?
    let location: Location?
    private var rates: [String: Int] = [:]
    private var drifting = 0

    /// - Returns: nil where no clip has a finding of this check.
    init?(_ check: Check, _ records: [ClipRecord], speakers: (name: String, codes: [Int32], isKnown: Bool)?) {
        self.check = check
        observations = Observations(habit: SpeakerBias.milliseconds(check))
        verdictOf = [Verdict?](repeating: nil, count: records.count)
        speakersKnown = speakers?.isKnown ?? false
        speakersBy = speakers?.name
        speakerOf = records.indices.map { clip in
            guard let code = speakers?.codes[clip], code >= 0 else { return -1 - clip }
            return Int(code)
        }
        var names: (subject: Track, reference: Track)?
        for (clip, record) in records.enumerated() {
            guard let finding = CheckStudy.finding(check, record) else {
                // A clip that could not be read is not answered by any check.
                if record.failure != nil { verdictOf[clip] = .failed }
                continue
            }
            names = names ?? (finding.subject, finding.reference)
            verdictOf[clip] = finding.verdict
            if let rate = finding.rate { rates[rate, default: 0] += 1 }
            if finding.drift != nil, finding.offset != nil { drifting += 1 }
            guard let offset = finding.offset?.milliseconds, offset.isFinite else { continue }
            observations.add(clip: clip, offset: offset, interval: finding.interval, speaker: speakerOf[clip])
        }
        guard let names else { return nil }
        (subject, reference) = names
        for case let verdict? in verdictOf { verdicts.add(verdict) }
        location = Location(
            offsets: observations.offsets, errors: observations.errors, speakers: observations.speakers,
            habit: observations.habit,
            speakersKnown: speakersKnown)
    }

    /// The clip's finding of a check: the first that answered, else the first.
    private static func finding(_ check: Check, _ record: ClipRecord) -> Finding? {
        var first: Finding?
        for finding in record.findings where finding.check == check {
            if finding.offset != nil { return finding }
            first = first ?? finding
        }
        return first
    }

    /// - Parameter unexplained: the part of a clip's offset that groups explain, in ms, which is not a change with the
    ///   date.
    func statistics(dates: (name: String, days: [Double?], texts: [String])?, unexplained: [Int: Double])
        -> CheckStatistics
    {
        let answered = verdicts.answered
        func design(_ hit: (Verdict) -> Bool, among: (Verdict) -> Bool) -> Double {
            var hits: [Bool] = []
            var speakers: [Int] = []
            for (clip, verdict) in verdictOf.enumerated() {
                guard let verdict, among(verdict) else { continue }
                hits.append(hit(verdict))
                speakers.append(speakerOf[clip])
            }
            return Share.design(hits, speakers: speakers)
        }
        let asked = verdicts.askable
        let isAnswer = { (verdict: Verdict) in verdict.carriesOffset }
        let isAsked = { (verdict: Verdict) in verdict != .notApplicable }
        let judged = answered - verdicts.measured
        let beyond = verdicts.misaligned + verdicts.marginal
        return CheckStatistics(
            check: check, subject: subject, reference: reference, verdicts: verdicts,
            coverage: Share(answered, of: asked, design: design(isAnswer, among: isAsked)),
            distribution: OffsetDistribution(observations.offsets, unanswered: asked - answered),
            bias: location.map { CommonBias($0, self) },
            misaligned: judged > 0
                ? Share(verdicts.misaligned, of: judged, design: design({ $0 == .misaligned }, among: isAnswer)) : nil,
            notGood: judged > 0
                ? Share(beyond, of: judged, design: design({ $0 == .misaligned || $0 == .marginal }, among: isAnswer))
                : nil,
            misalignedBounds: judged > 0
                ? Double(verdicts.misaligned) / Double(asked)...Double(verdicts.misaligned + asked - answered)
                    / Double(asked) : nil,
            unpaired: Share(verdicts.unpaired, of: asked, design: design({ $0 == .unpaired }, among: isAsked)),
            mixture: location.flatMap { OffsetMixture(observations, around: $0) },
            trend: dates.flatMap { DateTrend(self, attribute: $0.name, days: $0.days, unexplained: unexplained) },
            rates: rates.map { NamedCount(name: $0.key, count: $0.value) }.sorted {
                ($1.count, $0.name) < ($0.count, $1.name)
            },
            drifting: drifting)
    }
}

extension CommonBias {
    /// For a check whose main body was found.
    init(_ location: Location, _ study: CheckStudy) {
        let observations = study.observations
        var following = 0
        for index in observations.offsets.indices {
            let error = max(location.spread, observations.errors[index])
            if abs(observations.offsets[index] - location.value) <= 3 * error { following += 1 }
        }
        self.init(
            estimate: location.estimate, following: following, answered: observations.count, spread: location.spread,
            talkersBy: study.speakersKnown ? study.speakersBy : nil,
            talkers: study.speakersKnown || observations.habit == 0
                ? Int(location.clusters.rounded())
                : Int((observations.habit * observations.habit / location.habitVariance).rounded()),
            talkerHabit: observations.habit,
            enoughFor3: nil, enoughFor5: nil)
        enoughFor3 = enough(for: 3, location, study)
        enoughFor5 = enough(for: 5, location, study)
    }

    /// The size of a random sample (answered or not) with an interval of some ms either way.
    private func enough(for width: Double, _ location: Location, _ study: CheckStudy) -> Int? {
        let coverage = Double(study.verdicts.answered) / Double(max(1, study.verdicts.clips))
        guard coverage > 0, location.halfWidth > 0 else { return nil }
        let habit = location.quantile * location.quantile * location.habitVariance
        let own = max(location.halfWidth * location.halfWidth - habit, 1e-6) * Double(answered)
        let wanted = width * width
        var answers = own / max(wanted - habit, 1e-9)
        if study.speakersKnown || talkerHabit == 0 {
            // The variance that remains for any number of clips of these speakers.
            guard wanted > habit else { return nil }
        } else {
            // More clips are assumed to be of more speakers, up to a limit.
            let one = 1.96 * 1.96 * talkerHabit * talkerHabit
            answers = (own + one * Location.clipsPerSpeaker) / wanted
            if answers > Location.mostSpeakersAssumed * Location.clipsPerSpeaker {
                let least = one / Location.mostSpeakersAssumed
                guard wanted > least else { return nil }
                answers = max(Location.mostSpeakersAssumed * Location.clipsPerSpeaker, own / (wanted - least))
            }
        }
        return max(30, Int((answers / coverage).rounded(.up)))
    }
}
