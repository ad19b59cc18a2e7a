import Foundation
import SignalCore
import Statistics
import SyncModel

/// A corpus with known faults: offsets drawn around a truth, with intervals as wide as their errors.
struct MadeCorpus {
    var records: [ClipRecord] = []
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func uniform() -> Double { generator.uniform() }

    mutating func normal() -> Double {
        (-2 * log(max(uniform(), 1e-300))).squareRoot() * cos(2 * Double.pi * uniform())
    }

    mutating func pick(_ values: [String]) -> String {
        values[min(values.count - 1, Int(uniform() * Double(values.count)))]
    }

    /// A clip whose sound truly lies `offset` ms off; the measurement errs by `error` beside `habit`.
    mutating func add(
        offset: Double, habit: Double = 0, error: Double = 8, attributes: [(String, String)] = [],
        folder: String = "clips", seconds: Double = 9
    ) {
        let measured = offset + habit + error * normal()
        let half = 1.96 * (error * error + 100).squareRoot()
        let interval = OffsetInterval(Offset(milliseconds: measured - half), Offset(milliseconds: measured + half))
        let verdict = Tolerance.standard.verdict(
            on: Offset(milliseconds: measured), interval: interval, expecting: .together)
        add(
            verdict, verdict.carriesOffset ? Offset(milliseconds: measured) : nil, interval, attributes, folder, seconds
        )
    }

    mutating func add(
        _ verdict: Verdict, attributes: [(String, String)] = [], folder: String = "clips", seconds: Double = 9
    ) {
        add(verdict, nil, nil, attributes, folder, seconds)
    }

    private mutating func add(
        _ verdict: Verdict, _ offset: Offset?, _ interval: OffsetInterval?, _ attributes: [(String, String)],
        _ folder: String, _ seconds: Double
    ) {
        let clip = "\(folder)/\(1000 + records.count).mp4"
        let finding = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                verdict, offset: offset, interval: offset == nil ? nil : interval, tolerance: .standard),
            method: "lips-1")
        var record = ClipRecord(key: clip, clip: clip, verdict: verdict)
        record.durationSeconds = seconds
        record.findings = [finding]
        record.documents = ["{}"]
        record.toolVersion = "0"
        record.methodVersion = "lips-1"
        record.attributes = attributes.map { ClipRecord.Attribute($0.0, $0.1) }
        records.append(record)
    }

    var statistics: CorpusStatistics { CorpusStatistics(records) }
}
