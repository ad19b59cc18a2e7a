import SyncModel

/// Takes the field's measures of agreement of a corpus.
struct AgreementMeter {
    let seed: UInt64
    /// Frames a second for measures by frame; nil: the grid on which the labels lie.
    var frameRate: Double?

    /// Gamma is taken of this many sessions at most, drawn by the seed: its samples are costly.
    static let mostGammaItems = 300

    /// What one item gives.
    private struct Counts {
        var fleiss: FleissCounts
        var unitised: UnitisedAlpha
        var pairs: [Int: PairCounts] = [:]
    }

    private struct PairCounts {
        var cohen = CohenCounts()
        var segments = SegmentScores()
        var boundaries = BoundaryScores()

        mutating func add(_ other: PairCounts) {
            cohen.add(other.cohen)
            segments.add(other.segments)
            boundaries.add(other.boundaries)
        }
    }

    func measure(_ corpus: LabelCorpus) -> AgreementReport? {
        let (items, names, attribute) = AgreementItem.items(of: corpus)
        guard !items.isEmpty else { return nil }
        var report = AgreementReport()
        report.raters = attribute
        report.raterNames = names
        let rate = frameRate ?? FrameRuns.rate(of: items)
        report.frameRate = rate
        var counts: [Counts] = []
        for item in items { counts.append(self.counts(item, rate, names.count)) }
        // Sessions are what is drawn again: items of one session stay together.
        var sessions: [[Int]] = []
        var last: String?
        for index in items.indices {
            if items[index].session != last { sessions.append([]) }
            last = items[index].session
            sessions[sessions.count - 1].append(index)
        }
        report.sessions = sessions.count
        var generator = SeededGenerator(seed: seed)
        whole(&report, counts, sessions, &generator)
        gamma(&report, items, &generator)
        pairs(&report, counts, sessions, names, &generator)
        parts(&report, counts, sessions, items, corpus, rate)
        return report
    }

    private func counts(_ item: AgreementItem, _ rate: Double, _ raters: Int) -> Counts {
        let runs = FrameRuns(item, rate: rate)
        var result = Counts(fleiss: FleissCounts(runs), unitised: UnitisedAlpha(runs))
        let stretches = item.segments.indices.map(runs.runs)
        for i in item.raters.indices {
            for j in item.raters.indices where j > i {
                var pair = PairCounts()
                pair.cohen = CohenCounts(runs, i, j)
                pair.segments = SegmentScores(reference: stretches[i], subject: stretches[j])
                pair.boundaries = BoundaryScores(reference: item.segments[i], subject: item.segments[j])
                result.pairs[item.raters[i] * raters + item.raters[j]] = pair
            }
        }
        return result
    }

    /// A measure of all sessions and its interval; fewer draws for very many sessions.
    private func measured(
        _ names: [String], _ sessions: [[Int]], _ generator: inout SeededGenerator, _ values: ([Int]) -> [Double]
    ) -> [AgreementReport.Measure] {
        let whole = values(sessions.indices.map { $0 })
        let draws = sessions.count > 1000 ? 50 : sessions.count > 100 ? 100 : 200
        var drawn = [[Double]](repeating: [], count: names.count)
        if sessions.count > 1 {
            var draw = [Int](repeating: 0, count: sessions.count)
            for _ in 0..<draws {
                for index in draw.indices { draw[index] = generator.index(below: sessions.count) }
                for (place, value) in values(draw).enumerated() where value.isFinite { drawn[place].append(value) }
            }
        }
        return names.indices.map { place in
            let sorted = drawn[place].sorted()
            return .init(names[place], whole[place], (Quantile.of(sorted: sorted, 0.025), Quantile.of(sorted: sorted, 0.975)))
        }
    }

    private func whole(_ report: inout AgreementReport, _ counts: [Counts], _ sessions: [[Int]], _ generator: inout SeededGenerator) {
        report.measures = measured(["fleiss_kappa", "krippendorff_alpha", "unitised_alpha"], sessions, &generator) { draw in
            var fleiss = FleissCounts()
            var unitised = UnitisedAlpha()
            for session in draw {
                for index in sessions[session] {
                    fleiss.add(counts[index].fleiss)
                    unitised.add(counts[index].unitised)
                }
            }
            return [fleiss.kappa, fleiss.alpha, unitised.alpha]
        }
    }

    private static var pairNames: [String] {
        ["cohen_kappa", "frame_iou"] + SegmentScores.overlaps.map { "f1@\(Int($0 * 100))" } + ["edit", "temporal_iou"]
            + BoundaryScores.collars.flatMap { collar in ["precision", "recall", "f1"].map { "boundary_\($0)_\(Int(collar * 1000))ms" } }
    }

    private static func values(_ pair: PairCounts) -> [Double] {
        [pair.cohen.kappa, pair.cohen.meanOverlap] + SegmentScores.overlaps.indices.map(pair.segments.f1) + [pair.segments.meanEdit, pair.segments.meanOverlap]
            + BoundaryScores.collars.indices.flatMap { [pair.boundaries.precision($0), pair.boundaries.recall($0), pair.boundaries.f1($0)] }
    }

    private func pairs(
        _ report: inout AgreementReport, _ counts: [Counts], _ sessions: [[Int]], _ names: [String], _ generator: inout SeededGenerator
    ) {
        let keys = Set(counts.flatMap(\.pairs.keys)).sorted()
        var all: [[Double]] = []
        for key in keys {
            let own = sessions.map { $0.filter { counts[$0].pairs[key] != nil } }.filter { !$0.isEmpty }
            let measures = measured(AgreementMeter.pairNames, own, &generator) { draw in
                var sum = PairCounts()
                for session in draw { for index in own[session] { if let pair = counts[index].pairs[key] { sum.add(pair) } } }
                return AgreementMeter.values(sum)
            }
            all.append(measures.map(\.value))
            report.pairs.append(.init(reference: names[key / names.count], subject: names[key % names.count], sessions: own.count, measures: measures))
        }
        // Over all pairs: the mean of the pairs' values, sessions drawn for all at once.
        report.measures += measured(AgreementMeter.pairNames, sessions, &generator) { draw in
            var sums: [Int: PairCounts] = [:]
            for session in draw { for index in sessions[session] { for (key, pair) in counts[index].pairs { sums[key, default: PairCounts()].add(pair) } } }
            let values = sums.sorted { $0.key < $1.key }.map { AgreementMeter.values($0.value) }
            return AgreementMeter.pairNames.indices.map { place in
                let finite = values.map { $0[place] }.filter(\.isFinite)
                return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
            }
        }
    }

    private func gamma(_ report: inout AgreementReport, _ items: [AgreementItem], _ generator: inout SeededGenerator) {
        var chosen = Array(items.indices)
        if chosen.count > AgreementMeter.mostGammaItems {
            for index in 0..<AgreementMeter.mostGammaItems { chosen.swapAt(index, index + generator.index(below: chosen.count - index)) }
            chosen = chosen.prefix(AgreementMeter.mostGammaItems).sorted()
        }
        let samples = chosen.count < 20 ? 4 * Gamma.usualSamples : Gamma.usualSamples
        var disorders: [Gamma.Disorders] = []
        for index in chosen where items[index].segments.map(\.count).max() ?? 0 <= 400 {
            if let value = Gamma.disorders(items[index], samples: samples, &generator) { disorders.append(value) }
        }
        report.gammaSessions = disorders.count
        func value(_ draw: [Int]) -> Double {
            var observed = 0.0, expected = 0.0
            for place in draw {
                observed += disorders[place].observed * disorders[place].units
                expected += disorders[place].expected * disorders[place].units
            }
            return observed == 0 ? 1 : 1 - observed / expected
        }
        var interval = Bootstrap.interval(disorders.count, &generator) { value($0) }
        if disorders.count == 1 {
            // Of one session only what the random labels scatter.
            let (only, reach) = (disorders[0], 1.96 * disorders[0].error)
            interval = (1 - only.observed / max(1e-9, only.expected - reach), 1 - only.observed / (only.expected + reach))
        }
        report.measures.append(.init("gamma", disorders.isEmpty ? .nan : value(Array(disorders.indices)), interval))
    }

    private func parts(
        _ report: inout AgreementReport, _ counts: [Counts], _ sessions: [[Int]], _ items: [AgreementItem], _ corpus: LabelCorpus, _ rate: Double
    ) {
        var all = FleissCounts()
        var rows: [AgreementReport.Part] = []
        for session in sessions {
            var own = FleissCounts()
            for index in session { own.add(counts[index].fleiss) }
            all.add(own)
            if own.kappa.isFinite { rows.append(.init(attribute: "session", value: items[session[0]].session, kappa: own.kappa, seconds: own.frames / rate)) }
        }
        let raters = report.raterNames.map { name -> AgreementReport.Part in
            let own = report.pairs.filter { $0.reference == name || $0.subject == name }
            let values = own.compactMap { $0.measures.first?.value }.filter(\.isFinite)
            return .init(
                attribute: report.raters, value: name, kappa: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count), seconds: .nan)
        }
        let classes = all.totals.keys.filter { $0 != .none }.map { label in
            AgreementReport.Part(attribute: "class", value: corpus.symbols[label], kappa: all.kappa(of: label), seconds: (all.totals[label] ?? 0) / rate)
        }
        func lowest(_ parts: [AgreementReport.Part]) -> [AgreementReport.Part] {
            Array(parts.filter(\.kappa.isFinite).sorted { $0.kappa != $1.kappa ? $0.kappa < $1.kappa : $0.value < $1.value }.prefix(20))
        }
        report.parts = lowest(raters) + lowest(classes) + lowest(rows)
    }
}
