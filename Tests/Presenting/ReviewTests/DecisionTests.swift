import Foundation
import Reporting
import Storage
import SyncModel
import Testing

@testable import Review

/// A store with clips, in a folder that goes away.
final class MadeStore {
    let folder = NSTemporaryDirectory() + "genlock-review-test-" + UUID().uuidString
    var path: String { folder + "/s.sqlite" }

    init(_ clips: [(name: String, milliseconds: Double)], media: String = "") throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let store = try ScanStore(path: path, parameters: "{}")
        for (name, milliseconds) in clips {
            let finding = Finding(
                check: .lips, subject: .audio, reference: .video,
                judgement: Judgement(
                    .misaligned, offset: Offset(milliseconds: milliseconds), confidence: 0.99, tolerance: .standard),
                method: "lips-test")
            store.add(
                ClipReport(clip: media.isEmpty ? name : media, durationSeconds: 2, outcome: .measured([finding]))
                    .record(key: name), identity: "x")
        }
        try store.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("Decisions")
struct DecisionTests {
    @Test("are there for others at once, and of two people at once the second is told of the first")
    func twoPeople() throws {
        let made = try MadeStore([("a.mp4", -200)])
        // As the page's server says it, of the finding that is meant.
        var accepted = Decision(key: "a.mp4", choice: .accept, offsetMilliseconds: nil, comment: "", by: "ann")
        let finding = try #require(try StoreReader(path: made.path).record(key: "a.mp4")?.findings.first)
        accepted.finding = finding.name
        (accepted.measuredVerdict, accepted.measuredMilliseconds) = ("misaligned", -200)
        let (ann, ben) = (try DecisionStore(path: made.path), try DecisionStore(path: made.path))
        guard
            case .kept(let first) = try ann.keep(accepted, seen: 0)
        else {
            Issue.record("not kept")
            return
        }
        #expect(first.offsetMilliseconds == -200 && first.measuredVerdict == "misaligned")
        #expect(try StoreReader(path: made.path).decisions().map(\.by) == ["ann"])
        #expect(try StoreReader(path: made.path).decisions().first?.finding == finding.name)
        let second = Decision(key: "a.mp4", choice: .correct, offsetMilliseconds: -120, comment: "lips", by: "ben")
        guard case .overtaken(let other) = try ben.keep(second, seen: 0) else {
            Issue.record("ben overwrote ann")
            return
        }
        #expect(other?.by == "ann")
        guard case .kept = try ben.keep(second, seen: first.id) else {
            Issue.record("not kept")
            return
        }
        #expect(try ben.all().map(\.offsetMilliseconds) == [-120])
        // What is taken back uncovers what was there before.
        #expect(try ben.takeBack(by: "ben")?.choice == .correct)
        #expect(try ben.all().map(\.by) == ["ann"])
    }

    @Test("outlive a new measurement of the clip, and travel with a merge")
    func kept() throws {
        let made = try MadeStore([("a.mp4", -200), ("b.mp4", 90)])
        _ = try DecisionStore(path: made.path).keep(
            Decision(key: "b.mp4", choice: .cannotTell, offsetMilliseconds: nil, comment: "dark", by: "ann"), seen: 0)
        let store = try ScanStore(path: made.path, parameters: "{2}")
        store.add(
            ClipReport(clip: "b.mp4", durationSeconds: 2, outcome: .measured([])).record(key: "b.mp4"), identity: "y")
        try store.close()
        #expect(try StoreReader(path: made.path).decisions().map(\.comment) == ["dark"])
        for _ in 0..<2 { _ = try StoreMerge.merge([made.path], into: made.folder + "/m.sqlite") }
        #expect(try StoreReader(path: made.folder + "/m.sqlite").decisions().map(\.comment) == ["dark"])
    }

    @Test("agreement counts what people could tell")
    func agreement() {
        func decision(_ choice: Decision.Choice, _ to: Double?, _ measured: Double?) -> Decision {
            var decision = Decision(key: "k", choice: choice, offsetMilliseconds: to, comment: "", by: "a")
            decision.measuredMilliseconds = measured
            return decision
        }
        let agreement = DecisionAgreement([
            decision(.accept, -90, -90), decision(.correct, -100, -90), decision(.correct, 30, -90),
            decision(.cannotTell, nil, nil),
        ])
        #expect(
            agreement.looked == 4 && agreement.agreed == 2 && agreement.corrected == 1 && agreement.couldNotTell == 1)
        #expect(DecisionAgreement([]).sentence.isEmpty)
    }

    @Test("are exported as CSV and JSON lines")
    func export() throws {
        var decision = Decision(
            key: "a, b.mp4", choice: .correct, offsetMilliseconds: -62.4, comment: "says \"no\"", by: "ann")
        (decision.id, decision.at) = (1, "2026-01-01T00:00:00Z")
        let decisions = [decision]
        #expect(
            DecisionExport.csv(decisions).contains(
                "\"a, b.mp4\",correct,-62.4,ann,2026-01-01T00:00:00Z,\"says \"\"no\"\"\""))
        let line = try #require(
            JSONSerialization.jsonObject(with: Data(DecisionExport.lines(decisions).utf8)) as? [String: Any])
        #expect(line["offset_ms"] as? Double == -62.4)
    }
}
