import Foundation
import SyncModel
import Testing

@testable import Reporting

@Suite struct JSONTests {
    private func object(_ report: ClipReport) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(report.json.compact.utf8)) as? [String: Any])
    }

    private func finding(_ report: ClipReport) throws -> [String: Any] {
        try #require((try object(report)["findings"] as? [[String: Any]])?.first)
    }

    private let members = [
        "schema_version", "tool_version", "method_version", "clip", "duration_s", "verdict", "findings",
    ]
    private let findingMembers = [
        "check", "subject", "reference", "verdict", "offset_ms", "direction", "ci95_ms", "confidence", "worst_ms",
        "drift_ppm",
        "drift_ci95_ppm", "rate", "segments", "tolerance_ms", "because", "evidence",
    ]

    @Test func aDocumentHasTheMembersOfTheContractInItsOrder() throws {
        for report in Made.all {
            let object = try object(report)
            #expect(Set(object.keys) == Set(members + (report.failure == nil ? [] : ["error"])))
            for finding in try #require(object["findings"] as? [[String: Any]]) {
                #expect(Set(finding.keys) == Set(findingMembers))
            }
            let names =
                members + (report.findings.isEmpty ? [] : findingMembers)
                + (report.failure == nil ? [] : ["error", "code", "message", "remedy"])
            for text in [report.json.compact, report.json.pretty] {
                var rest = text[...]
                for name in names {
                    let place = try #require(rest.range(of: "\"\(name)\":"), "\(name) comes in its turn")
                    rest = rest[place.upperBound...]
                }
            }
        }
    }

    @Test func aMeasuredOffsetIsWrittenWithItsSignDirectionAndInterval() throws {
        let tolerance = try Tolerance(parsing: "early=40,100:late=60,120")
        let object = try finding(
            Made.report(
                Made.finding(
                    .marginal, milliseconds: -62.44, interval: (-90.06, -34.94), confidence: 0.98765,
                    tolerance: tolerance)))
        #expect(object["check"] as? String == "lips")
        #expect(object["subject"] as? String == "audio" && object["reference"] as? String == "video")
        #expect(object["verdict"] as? String == "marginal" && object["direction"] as? String == "late")
        #expect(object["offset_ms"] as? Double == -62.4 && object["worst_ms"] as? Double == -62.4)
        #expect(object["ci95_ms"] as? [Double] == [-90.1, -34.9])
        #expect(object["confidence"] as? Double == 0.988)
        #expect(object["tolerance_ms"] as? [String: [Double]] == ["inner": [-60, 40], "outer": [-120, 100]])
        #expect(object["because"] as? [String] == [])
    }

    @Test func theDirectionIsThatOfTheSubject() throws {
        for (milliseconds, word) in [(62.0, "early"), (-62, "late"), (0.2, "aligned"), (-0.2, "aligned")] {
            #expect(
                try finding(Made.report(Made.finding(.measured, milliseconds: milliseconds)))["direction"] as? String
                    == word)
        }
    }

    @Test func whatIsNotKnownIsNullAndNeverZero() throws {
        for verdict in Verdict.allCases where !verdict.carriesOffset {
            let object = try finding(Made.report(Made.finding(verdict)))
            for name in ["offset_ms", "direction", "ci95_ms", "confidence", "worst_ms"] {
                #expect(object[name] is NSNull, "\(name)")
            }
        }
        for report in Made.all where !report.findings.isEmpty {
            let object = try finding(report)
            for name in ["drift_ppm", "drift_ci95_ppm", "rate", "segments"] {
                #expect(object[name] is NSNull, "\(name)")
            }
        }
        let empty = try object(ClipReport(clip: "a", durationSeconds: nil, outcome: .measured([])))
        #expect(empty["duration_s"] is NSNull && empty["method_version"] is NSNull)
        #expect(empty["verdict"] as? String == "not-applicable")
    }

    @Test func evidenceKeepsItsOrderAndItsTypes() throws {
        let report = Made.all[5]
        let evidence = try #require(try finding(report)["evidence"] as? [String: Any])
        #expect(evidence["method"] as? String == "m" && evidence["candidate_ms"] as? Double == 31.3)
        #expect(evidence["pictures"] as? Int == 0 && evidence["yes"] as? Bool == true)
        #expect(evidence["standard_error_ms"] is NSNull && evidence["unknown"] is NSNull)
        #expect(
            report.json.compact.contains(
                #""evidence":{"method":"m","candidate_ms":31.3,"pictures":0,"standard_error_ms":null,"#
                    + #""unknown":null,"yes":true}"#
            ))
    }

    @Test func anEndlessIntervalHasNoEndsInTheDocument() throws {
        let report = Made.report(Made.finding(.measured, milliseconds: 5, interval: (-.infinity, .infinity)))
        #expect(report.json.compact.contains(#""ci95_ms":[null,null]"#))
    }

    @Test func aClipThatCouldNotBeReadHasAnErrorAndNoFindings() throws {
        let object = try object(Made.failed())
        #expect((object["findings"] as? [Any])?.isEmpty == true && object["verdict"] as? String == "failed")
        #expect(
            object["error"] as? [String: String] == [
                "code": "no-such-file", "message": "take3.mov does not exist", "remedy": "check the path",
            ])
        #expect(object["method_version"] is NSNull && object["duration_s"] is NSNull)
    }

    @Test func theSameReportGivesTheSameBytesAndBothFormsTheSameValues() throws {
        for report in Made.all {
            #expect(Array(report.json.compact.utf8) == Array(report.json.compact.utf8))
            let compact = try JSONSerialization.jsonObject(with: Data(report.json.compact.utf8)) as? NSDictionary
            let pretty = try JSONSerialization.jsonObject(with: Data(report.json.pretty.utf8)) as? NSDictionary
            #expect(compact == pretty)
            #expect(!report.json.compact.contains("\n"))
        }
    }

    @Test func namesComeBackAsTheyWereAndStayOnOneLine() throws {
        for name in [
            "a\nb\r\n\t.mp4", "quote\"back\\slash/.mp4", "\u{0}\u{1}\u{1F}\u{7F}", "東京 👩‍👩‍👧 e\u{301}\u{2028}.mkv", "",
        ] {
            let report = Made.report(Made.finding(.inSync), clip: name)
            #expect(!report.json.compact.contains("\n"))
            let back = try #require(try object(report)["clip"] as? String)
            #expect(Array(back.utf8) == Array(name.utf8))
        }
    }

    @Test func numbersAreWrittenShortAndWithoutANegativeZero() {
        func text(_ value: Double, _ decimals: Int) -> String { JSONValue.number(value, decimals: decimals).compact }
        #expect(text(-0.04, 1) == "0" && text(-0.0, 3) == "0" && text(-0.4, 0) == "0")
        #expect(text(12.5, 3) == "12.5" && text(100, 1) == "100" && text(100, 0) == "100" && text(-62.44, 1) == "-62.4")
        #expect(text(.nan, 1) == "null" && text(.infinity, 1) == "null" && text(-.infinity, 1) == "null")
    }
}
