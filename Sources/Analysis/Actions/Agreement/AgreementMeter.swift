import SignalCore
import SyncModel

/// Computes the standard measures of agreement of a corpus.
struct AgreementMeter {
    let seed: UInt64
    /// Frames a second for measures by frame; nil: the grid of the labels.
    var frameRate: Double?

    /// Gamma is computed on at most this many sessions, drawn by the seed: its samples are costly.
    static let mostGammaItems = 300
    /// Sessions are resampled in at most this many blocks.
    static let mostBlocks = 300
    private static let draws = 200

    /// The results of one item.
    private struct Counts {
        var fleiss = FleissCounts()
        var unitised = UnitisedAlpha()
        var pairs: [Int: PairCounts] = [:]

        mutating func add(_ other: Counts) {
            fleiss.add(other.fleiss)
            unitised.add(other.unitised)
            for (key, pair) in other.pairs { pairs[key, default: PairCounts()].add(pair) }
        }
    }

    private struct PairCounts {
        var cohen = CohenCounts()
        var segments = SegmentScores()
        var boundaries = BoundaryScores()
        var items = 0

        mutating func add(_ other: PairCounts) {
            items += other.items
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
        // Sessions are resampled; if there are very many, in blocks, to limit memory and time.
        var sessions: [[Int]] = []
        for index in items.indices {
            if index == 0 || items[index].session != items[index - 1].session { sessions.append([]) }
            sessions[sessions.count - 1].append(index)
        }
        report.sessions = sessions.count
        var blocks = [Counts](repeating: Counts(), count: min(sessions.count, AgreementMeter.mostBlocks))
        var rows: [AgreementReport.Part] = []
        for (place, session) in sessions.enumerated() {
            var own = Counts()
            for index in session { own.add(counts(items[index], rate, names.count)) }
            if own.fleiss.kappa.isFinite {
                rows.append(
                    .init(
                        attribute: "session", value: items[session[0]].session, kappa: own.fleiss.kappa,
                        seconds: own.fleiss.frames / rate))
            }
            blocks[place * blocks.count / sessions.count].add(own)
        }
        var generator = SampleDraws(seed: seed)
        whole(&report, blocks, &generator)
        gamma(&report, items, &generator)
        pairs(&report, blocks, names, &generator)
        parts(&report, blocks, rows, corpus, rate)
        return report
    }

    private func counts(_ item: AgreementItem, _ rate: Double, _ raters: Int) -> Counts {
        let runs = FrameRuns(item, rate: rate)
        var result = Counts(fleiss: FleissCounts(runs), unitised: UnitisedAlpha(runs))
        let stretches = item.segments.indices.map(runs.runs)
        for i in item.raters.indices {
            for j in item.raters.indices where j > i {
                var pair = PairCounts()
                pair.items = 1
                pair.cohen = CohenCounts(runs, i, j)
                pair.segments = SegmentScores(reference: stretches[i], subject: stretches[j])
                pair.boundaries = BoundaryScores(reference: item.segments[i], subject: item.segments[j])
                result.pairs[item.raters[i] * raters + item.raters[j]] = pair
            }
        }
        return result
    }

    /// Measures of all blocks and their intervals.
    private func measured(
        _ names: [String], _ blocks: Int, _ generator: inout SampleDraws, _ values: ([Int]) -> [Double]
    ) -> [AgreementReport.Measure] {
        let whole = values(Array(0..<blocks))
        var drawn = [[Double]](repeating: [], count: names.count)
        if blocks > 1 {
            var draw = [Int](repeating: 0, count: blocks)
            for _ in 0..<Self.draws {
                for index in draw.indices { draw[index] = generator.index(below: blocks) }
                for (place, value) in values(draw).enumerated() where value.isFinite { drawn[place].append(value) }
            }
        }
        return names.indices.map { place in
            let sorted = drawn[place].sorted()
            return .init(
                names[place], whole[place], (Quantile.of(sorted: sorted, 0.025), Quantile.of(sorted: sorted, 0.975)))
        }
    }

    private func whole(_ report: inout AgreementReport, _ blocks: [Counts], _ generator: inout SampleDraws) {
        report.measures = measured(["fleiss_kappa", "krippendorff_alpha", "unitised_alpha"], blocks.count, &generator) {
            draw in
            var fleiss = FleissCounts()
            var unitised = UnitisedAlpha()
            for block in draw {
                fleiss.add(blocks[block].fleiss)
                unitised.add(blocks[block].unitised)
            }
            return [fleiss.kappa, fleiss.alpha, unitised.alpha]
        }
    }

    private static var pairNames: [String] {
        ["cohen_kappa", "frame_iou"] + SegmentScores.overlaps.map { "f1@\(Int($0 * 100))" } + ["edit", "temporal_iou"]
            + BoundaryScores.collars.flatMap { collar in
                ["precision", "recall", "f1"].map { "boundary_\($0)_\(Int(collar * 1000))ms" }
            }
    }

    private static func values(_ pair: PairCounts) -> [Double] {
        [pair.cohen.kappa, pair.cohen.meanOverlap] + SegmentScores.overlaps.indices.map(pair.segments.f1) + [
            pair.segments.meanEdit, pair.segments.meanOverlap,
        ]
            + BoundaryScores.collars.indices.flatMap {
                [pair.boundaries.precision($0), pair.boundaries.recall($0), pair.boundaries.f1($0)]
            }
    }

    private func pairs(
        _ report: inout AgreementReport, _ blocks: [Counts], _ names: [String], _ generator: inout SampleDraws
    ) {
        for key in Set(blocks.flatMap(\.pairs.keys)).sorted() {
            let own = blocks.compactMap { $0.pairs[key] }
            let measures = measured(AgreementMeter.pairNames, own.count, &generator) { draw in
                var sum = PairCounts()
                for block in draw { sum.add(own[block]) }
                return AgreementMeter.values(sum)
            }
            let sessions = own.map(\.items).reduce(0, +)
            report.pairs.append(
                .init(
                    reference: names[key / names.count], subject: names[key % names.count], sessions: sessions,
                    measures: measures))
        }
        // Over all pairs: the mean of the pairs' values, sessions drawn for all at once.
        report.measures += measured(AgreementMeter.pairNames, blocks.count, &generator) { draw in
            var sums: [Int: PairCounts] = [:]
            for block in draw { for (key, pair) in blocks[block].pairs { sums[key, default: PairCounts()].add(pair) } }
            let values = sums.sorted { $0.key < $1.key }.map { AgreementMeter.values($0.value) }
            return AgreementMeter.pairNames.indices.map { place in
                let finite = values.map { $0[place] }.filter(\.isFinite)
                return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
            }
        }
    }

    private func gamma(_ report: inout AgreementReport, _ items: [AgreementItem], _ generator: inout SampleDraws) {
        var chosen = Array(items.indices)
        if chosen.count > AgreementMeter.mostGammaItems {
            for index in 0..<AgreementMeter.mostGammaItems {
                chosen.swapAt(index, index + generator.index(below: chosen.count - index))
            }
            chosen = chosen.prefix(AgreementMeter.mostGammaItems).sorted()
        }
        let samples = chosen.count < 20 ? 4 * Gamma.usualSamples : Gamma.usualSamples
        var disorders: [Gamma.Disorders] = []
        for index in chosen where items[index].segments.map(\.count).max() ?? 0 <= 400 {
            if let value = Gamma.disorders(items[index], samples: samples, &generator) { disorders.append(value) }
        }
        report.gammaSessions = disorders.count
        func value(_ draw: [Int]) -> Double {
            var observed = 0.0
            var expected = 0.0
            for place in draw {
                observed += disorders[place].observed * disorders[place].units
                expected += disorders[place].expected * disorders[place].units
            }
            return observed == 0 ? 1 : 1 - observed / expected
        }
        var interval = Bootstrap.interval(disorders.count, &generator) { value($0) }
        if disorders.count == 1 {
            // For one session, only the scatter of the random labels.
            let (only, reach) = (disorders[0], 1.96 * disorders[0].error)
            interval = (
                1 - only.observed / max(1e-9, only.expected - reach), 1 - only.observed / (only.expected + reach)
            )
        }
        report.measures.append(.init("gamma", disorders.isEmpty ? .nan : value(Array(disorders.indices)), interval))
    }

    private func parts(
        _ report: inout AgreementReport, _ blocks: [Counts], _ rows: [AgreementReport.Part], _ corpus: LabelCorpus,
        _ rate: Double
    ) {
        var all = FleissCounts()
        for block in blocks { all.add(block.fleiss) }
        let raters = report.raterNames.map { name -> AgreementReport.Part in
            let own = report.pairs.filter { $0.reference == name || $0.subject == name }
            let values = own.compactMap { $0.measures.first?.value }.filter(\.isFinite)
            return .init(
                attribute: report.raters, value: name,
                kappa: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count), seconds: .nan)
        }
        let classes = all.totals.keys.filter { $0 != .none }.map { label in
            AgreementReport.Part(
                attribute: "class", value: corpus.symbols[label], kappa: all.kappa(of: label),
                seconds: (all.totals[label] ?? 0) / rate)
        }
        func lowest(_ parts: [AgreementReport.Part]) -> [AgreementReport.Part] {
            Array(
                parts.filter(\.kappa.isFinite).sorted {
                    $0.kappa != $1.kappa ? $0.kappa < $1.kappa : $0.value < $1.value
                }.prefix(20))
        }
        report.parts = lowest(raters) + lowest(classes) + lowest(rows)
    }
}
