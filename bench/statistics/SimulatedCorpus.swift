import Foundation
import SignalCore
import SyncModel

/// A corpus whose answers are drawn from what was measured of real clips of 9 s with known truth: real errors, real
/// intervals, real speakers' habits, real refusals. Nothing is decoded.
struct SimulatedCorpus {
    struct Plan {
        var clips = 3000
        var speakers = 30
        /// ms, of every clip.
        var late = 0.0
        /// ms more, of one encoder.
        var encoderLate = 0.0
        var swapped = 0.0
        var namesSpeakers = true
    }

    static let encoders = ["Lavf58.76.100", "Lavf59.27.100", "Lavf60.16.100", "HandBrake 1.6.1", "obs-studio 29.1.3"]
    static let lateEncoder = encoders[3]
    private(set) var records: [ClipRecord] = []
    private(set) var swaps: Set<Int> = []

    /// - Parameter seed: the same seed gives the same clips, whatever is moved.
    init(_ plan: Plan, rows: [MeasuredRow], seed: UInt64) {
        var dice = SplitMix64(seed: seed)
        let own = Dictionary(grouping: rows.filter { $0.kind == "joined" && $0.seconds == 9 }, by: \.speaker)
        let foreign = rows.filter { $0.kind.hasPrefix("foreign") && $0.seconds == 9 }
        let kinds = own.keys.sorted()
        // Each speaker of the corpus has the habit and the errors of one that was measured.
        let habits = (0..<plan.speakers).map { _ in kinds.randomElement(using: &dice) ?? "" }
        for number in 0..<plan.clips {
            let speaker = Int.random(in: 0..<plan.speakers, using: &dice)
            let encoder = SimulatedCorpus.encoders.randomElement(using: &dice) ?? ""
            let camera = ["Canon EOS R6", "Nikon Z 6", "iPhone 13"].randomElement(using: &dice) ?? ""
            let rate = ["25", "29.97", "30"].randomElement(using: &dice) ?? ""
            let codec = ["aac", "mp3", "opus"].randomElement(using: &dice) ?? ""
            let size = ["1280x720", "1920x1080"].randomElement(using: &dice) ?? ""
            let month = Int.random(in: 1...9, using: &dice)
            let day = Int.random(in: 10...28, using: &dice)
            let attributes: [(String, String)] = [
                ("speaker", "p\(speaker)"), ("camera", camera), ("file.encoder", encoder), ("file.frame_rate", rate),
                ("file.audio_codec", codec),
                ("file.resolution", size), ("recorded", "2024-0\(month)-\(day)"),
            ]
            let row = own[habits[speaker]]?.randomElement(using: &dice)
            let stranger = foreign.randomElement(using: &dice)
            let isSwapped = Double.random(in: 0..<1, using: &dice) < plan.swapped
            let folder = "clips/part-\(Int.random(in: 0..<8, using: &dice))"
            guard let row = isSwapped ? stranger : row else { continue }
            if isSwapped { swaps.insert(records.count) }
            let truth = -plan.late - (encoder == SimulatedCorpus.lateEncoder ? plan.encoderLate : 0)
            records.append(
                SimulatedCorpus.record(
                    "\(folder)/\(number).mp4", row, truth: isSwapped ? 0 : truth,
                    attributes.filter { plan.namesSpeakers || $0.0 != "speaker" }))
        }
    }

    private static func record(_ clip: String, _ row: MeasuredRow, truth: Double, _ attributes: [(String, String)])
        -> ClipRecord
    {
        var judgement = Judgement(row.verdict.carriesOffset ? .inconclusive : row.verdict, tolerance: .standard)
        if let error = row.error {
            let offset = Offset(milliseconds: truth + error)
            let interval = OffsetInterval(centre: offset, halfWidthSeconds: row.half / 1000)
            let verdict = Tolerance.standard.verdict(on: offset, interval: interval, expecting: .together)
            judgement =
                verdict.carriesOffset
                ? Judgement(verdict, offset: offset, interval: interval, tolerance: .standard)
                : Judgement(verdict, tolerance: .standard)
        }
        let finding = Finding(
            check: .lips, subject: .audio, reference: .video, judgement: judgement, method: "lips-1")
        var record = ClipRecord(key: clip, clip: clip, verdict: finding.verdict)
        record.durationSeconds = 9
        record.findings = [finding]
        record.documents = ["{\"check\":\"lips\"}"]
        record.toolVersion = Version.tool
        record.methodVersion = "lips-1"
        record.documentHead = "{\"clip\":\"\(clip)\",\"findings\":["
        record.documentTail = "]}"
        record.attributes = attributes.map { ClipRecord.Attribute($0.0, $0.1) }
        return record
    }
}
