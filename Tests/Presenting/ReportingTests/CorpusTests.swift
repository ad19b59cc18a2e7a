import Foundation
import SyncModel
import Testing

@testable import Reporting

/// A small corpus with something of everything.
private let corpus: [ClipRecord] = {
    func record(_ clip: String, _ report: ClipReport, camera: String) -> ClipRecord {
        var record = ClipReport(clip: clip, durationSeconds: report.durationSeconds, outcome: report.outcome).record(
            key: clip)
        record.attributes = [.init("camera", camera)]
        return record
    }
    return [
        record("a/late|240.mp4", Made.misaligned, camera: "Nikon"),
        record(
            "b/good, \"quoted\".mp4",
            Made.report(Made.finding(.inSync, milliseconds: -5, interval: (-30, 20), confidence: 0.99)), camera: "Canon"
        ),
        record(
            "b/other.mp4", Made.report(Made.finding(.unpaired, because: ["no offset fits <1500 ms>"])),
            camera: "Nikon"),
        record("c/broken.mp4", Made.failed("c/broken.mp4 is empty (0 bytes)", clip: "c/broken.mp4"), camera: "=HYPER"),
        record("c/mute.mp4", Made.report(Made.finding(.notApplicable, because: ["there is no sound"])), camera: ""),
    ]
}()

private func text(_ render: (CorpusReport, (String) -> Void) -> Void, _ selection: ReportSelection = ReportSelection())
    -> String
{
    var result = ""
    render(CorpusReport(corpus, selection)) { result += $0 }
    return result
}

@Suite("A corpus in every format")
struct CorpusTests {
    @Test("the page for people says first how many, how many answered, what is wrong, what to look at first")
    func page() {
        Golden.expect(
            "corpus",
            text(CorpusText.page, ReportSelection(only: [.failed, .unpaired, .misaligned], sort: .worst, limit: 20)))
        Golden.expect("corpus-groups", text(CorpusText.page, ReportSelection(only: [], groupBy: "camera")))
    }

    @Test("a file that ends half-way is named although its content is in sync; kinds are counted, figures apart")
    func fileFaults() {
        func record(_ clip: String, _ reasons: String...) -> ClipRecord {
            var container = Made.container
            container.because = reasons.map { Reason($0) }
            return Made.report(Made.finding(.inSync, milliseconds: 3), container, clip: clip).record(key: clip)
        }
        let records = [
            record("a.mp4"), record("b.mp4", "there is no audio"),
            record("c.mp4", "a frame is shown twice at 4.40 s (40 ms); what to do: check it"),
            record(
                "d.mp4", "a frame is shown twice 2 times, at 1.50 s (40 ms); what to do: check it",
                "the header declares 9.00 s, but only 5.32 s is there; what to do: copy it again"),
        ]
        let faults = CorpusReport(records).fileFaults
        #expect(faults.clips == 2)
        #expect(
            faults.lines == [
                "", "faults of the files themselves, whatever the verdict: 2 clips",
                "        2  a frame is shown twice at 4.40 s (40 ms), in c.mp4",
                "        1  the header declares 9.00 s, but only 5.32 s is there, in d.mp4",
            ])
        #expect(FileFaults([]).lines.isEmpty)
        var document = ""
        CorpusJSON.document(CorpusReport(records)) { document += $0 }
        #expect(document.contains(#""file_faults":[{"clips":2,"first":"c.mp4","words":"a frame is shown twice at"#))
        var summary = ScanSummary()
        for record in records { summary.add(record) }
        #expect(
            summary.text.hasSuffix("faults of the files themselves, whatever the verdict: 2 clips, the first c.mp4\n"))
    }

    @Test("JSON lines are the clips' documents; the one document holds the corpus' figures and the same documents")
    func json() throws {
        #expect(text(CorpusJSON.lines) == corpus.map { $0.documentWithRow + "\n" }.joined())
        let document = text(CorpusJSON.document, ReportSelection(groupBy: "camera"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
        let figures = try #require(object["corpus"] as? [String: Any])
        #expect(figures["clips"] as? Int == 5)
        #expect(figures["answered"] as? Int == 2)
        #expect(figures["bias_ms"] as? Double == -122.5)
        #expect(figures["bias_ci95_ms"] is NSNull)
        #expect(figures["share_misaligned"] as? Double == 0.5)
        #expect(
            (figures["groups"] as? [[String: Any]])?.map { $0["value"] as? String } == ["Nikon", "=HYPER", "Canon", ""])
        #expect((object["clips"] as? [Any])?.count == 5)
    }

    @Test(
        """
        CSV has a row a clip, quotes what must be quoted, leaves empty what is not known, and carries the manifest's \
        columns
        """
    )
    func csv() throws {
        let rows = text(CorpusCSV.table).split(separator: "\n")
        #expect(rows.count == 6)
        #expect(rows[0].hasPrefix("clip,verdict,check,offset_ms,") && rows[0].hasSuffix(",camera"))
        #expect(rows[1].hasPrefix("a/late|240.mp4,misaligned,lips,-240,-265,-215,0.98,-240,,,12.5,"))
        #expect(rows[2].hasPrefix("\"b/good, \"\"quoted\"\".mp4\",in-sync,lips,-5,"))
        #expect(rows[4].contains("c/broken.mp4,failed,,,,,,,,,,"))
    }

    @Test("Markdown escapes what would be markup; JUnit is well-formed and counts faults, errors and skips")
    func others() throws {
        let markdown = text(CorpusMarkdown.page)
        #expect(markdown.contains("| a/late\\|240.mp4 | misaligned |"))
        let junit = text(CorpusJUnit.document)
        #expect(junit.contains("tests=\"5\" failures=\"2\" errors=\"1\" skipped=\"1\""))
        #expect(junit.contains("&lt;1500 ms&gt;"))
        #expect(junit.components(separatedBy: "<testcase ").count == 6)
        #expect(
            junit.components(separatedBy: "</testcase>").count + junit.components(separatedBy: "\"/>\n    <").count > 0)
    }

    @Test("selection: only, sort and limit; equals stand by name")
    func selection() {
        func keys(_ selection: ReportSelection) -> [String] { CorpusReport(corpus, selection).listed.map(\.key) }
        #expect(keys(ReportSelection(sort: .worst)).prefix(3) == ["b/other.mp4", "a/late|240.mp4", "c/broken.mp4"])
        #expect(keys(ReportSelection(only: [.inSync])) == ["b/good, \"quoted\".mp4"])
        #expect(keys(ReportSelection(sort: .offset, limit: 1)) == ["a/late|240.mp4"])
        #expect(CorpusReport(corpus, ReportSelection(limit: 1)).selected == 5)
    }

    @Test("the median's interval holds the true median in at least 93 of 100 samples of the same kind")
    func interval() {
        var state: UInt64 = 7
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        var held = 0
        for _ in 0..<400 {
            let records = (0..<25).map { index in
                Made.report(Made.finding(.measured, milliseconds: 30 * uniform() * uniform()), clip: "\(index)").record(
                    key: "\(index)")
            }
            // The product of two uniform numbers is skewed; its median m solves m (1 - ln m) = 1/2.
            if OffsetStatistics(records).interval?.contains(30 * 0.186_682) == true { held += 1 }
        }
        #expect(held >= 372, "\(held) of 400")
    }

    @Test(
        "rules by which a corpus fails",
        arguments: [
            ("misaligned>20%", false), ("misaligned>=20%", true), ("misaligned>0", true),
            ("misaligned+unpaired>1", true),
            ("misaligned+misaligned>1", false), ("failed>1,unpaired>0", true), ("marginal>0%", false),
        ])
    func rules(text: String, isMet: Bool) throws {
        let tally = CorpusReport(corpus).tally
        #expect(try FailRule.parse(text).contains { $0.isMet(by: tally) } == isMet)
    }

    @Test(
        "what is no rule is refused",
        arguments: ["", "misaligned", "late>1%", "misaligned>", "misaligned>-1", "misaligned>nan", "misaligned<3"])
    func badRules(text: String) { #expect(throws: FailRuleError.self) { try FailRule.parse(text) } }
}
