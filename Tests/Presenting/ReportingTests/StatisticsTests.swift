import Foundation
import SyncModel
import Testing

@testable import Reporting

/// 120 clips, all 20 ms late and scattered evenly by 6 ms either way; every sixth 90 ms later still by its encoder.
private let corpus: [ClipRecord] = (0..<120).map { number in
    let isLate = number % 6 == 0
    let offset = -20 - (isLate ? 90 : 0) + Double(number * 7 % 13) - 6
    let finding = Made.finding(
        isLate ? .misaligned : .inSync, milliseconds: offset, interval: (offset - 22, offset + 22), confidence: 0.98)
    var record = Made.report(finding, clip: "\(1000 + number).mp4").record(key: "\(1000 + number).mp4")
    record.attributes = [
        .init("encoder", isLate ? "old|one" : "new"), .init("recorded", "2024-05-\(10 + number % 15)"),
    ]
    return record
}

private func text(_ render: (CorpusReport, (String) -> Void) -> Void) -> String {
    var result = ""
    render(CorpusReport(corpus, ReportSelection(only: [])), { result += $0 })
    return result
}

@Suite("The figures of a corpus in words and numbers")
struct StatisticsReportTests {
    @Test(
        """
        the terminal says the bias, whose habits were allowed for, the group with its effect before its chance, and \
        the time that people need
        """
    )
    func page() {
        let page = text(CorpusText.page)
        #expect(page.contains("\nsound late by 20 ms throughout (95 % within "))
        #expect(page.contains("speakers are unknown"))
        #expect(page.contains("  encoder = old|one  sound 90 ms later (95 % within "))
        #expect(page.contains(") than the others, 20 clips; p < 0.001\n"))
        #expect(page.contains("\n3 clips to review: about "))
        #expect(page.components(separatedBy: "throughout").count == 2, "the bias is said once")
        #expect(!page.contains("earlier than"))
    }

    @Test("what fewer than half of the clips have in common is not said to be so throughout")
    func fewFollow() {
        let records = (0..<15).map { number -> ClipRecord in
            // Five together, ten far from each other.
            let offset = number < 5 ? 25 + Double(number) : 200 + 150 * Double(number) * (number % 2 == 0 ? 1 : -1)
            let finding = Made.finding(
                number < 5 ? .inSync : .misaligned, milliseconds: offset, interval: (offset - 20, offset + 20),
                confidence: 0.98)
            return Made.report(finding, clip: "\(number).mp4").record(key: "\(number).mp4")
        }
        var page = ""
        CorpusText.page(CorpusReport(records, ReportSelection(only: []))) { page += $0 }
        let line = page.split(separator: "\n").first { $0.contains("of 15 answered clips") }
        #expect(line?.contains("in 5 of 15 answered clips") == true, "\(page)")
        #expect(line?.contains("throughout") == false && line?.hasSuffix("; the others are elsewhere") == true)
    }

    @Test("Markdown says the same, with nothing that would be markup")
    func markdown() {
        let page = text(CorpusMarkdown.page)
        #expect(page.contains("| encoder = old\\|one | sound 90 ms later"))
    }

    @Test("the document has the contract's fields, the named group first, and null where nothing is known")
    func json() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text(CorpusJSON.document).utf8)) as? [String: Any])
        let figures = try #require(object["corpus"] as? [String: Any])
        #expect(abs(try #require(figures["bias_ms"] as? Double) + 20) < 1)
        #expect((figures["bias_ci95_ms"] as? [Double])?.count == 2)
        let first = try #require((figures["groups"] as? [[String: Any]])?.first)
        #expect(
            first["attribute"] as? String == "encoder" && first["value"] as? String == "old|one"
                && first["clips"] as? Int == 20)
        #expect(abs(try #require(first["bias_ms"] as? Double) + 110) < 2)
        #expect(try #require(first["p_adjusted"] as? Double) < 0.001)
        #expect(first["named"] as? Bool == true && first["explained_by"] is NSNull)
        #expect(figures["sample"] is NSNull)
        let lips = try #require((figures["checks"] as? [[String: Any]])?.first)
        #expect(lips["check"] as? String == "lips" && lips["answered"] as? Int == 120)
        #expect((lips["distribution"] as? [String: Any])?["answered"] as? Int == 120)
    }
}
