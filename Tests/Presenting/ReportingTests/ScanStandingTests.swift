import Foundation
import Reporting
import SyncModel
import Testing

struct ScanStandingTests {
    /// The values of a text in Prometheus' format, by name and labels, after its rules were held: help and type stand
    /// before a family's values, a family stands in one piece, no line is empty, and the last one ends.
    private func read(_ text: String) throws -> [String: Double] {
        #expect(text.hasSuffix("\n") && !text.contains("\n\n"))
        var values: [String: Double] = [:]
        var (typed, seen) = ([String: String](), [String]())
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                #expect(words.count == 4)
            } else if line.hasPrefix("# TYPE ") {
                #expect(["gauge", "counter"].contains(words[3]))
                #expect(typed.updateValue(words[3], forKey: words[2]) == nil)
            } else {
                let end = try #require(line.range(of: "} ", options: .backwards))
                let name = String(line.prefix { $0 != "{" })
                #expect(name.wholeMatch(of: /[a-z_]+/) != nil)
                let type = try #require(typed[name])
                #expect((type == "counter") == name.hasSuffix("_total"))
                if seen.last != name { seen.append(name) }
                let value = try #require(Double(line[end.upperBound...]))
                #expect(values.updateValue(value, forKey: String(line[..<end.lowerBound]) + "}") == nil)
            }
        }
        #expect(Set(seen).count == seen.count && Set(seen) == Set(typed.keys))
        return values
    }

    private func standing(_ verdicts: [Verdict], total: Int?, new: Int, seconds: Double) -> ScanStanding {
        var standing = ScanStanding(total: total)
        for (index, verdict) in verdicts.enumerated() {
            var record = ClipRecord(key: "\(index)", clip: "\(index)", verdict: verdict)
            record.durationSeconds = 2.5
            standing.add(record, isNew: index < new)
        }
        standing.elapsedSeconds = seconds
        return standing
    }

    @Test("a monitor reads clips, rate, faults by verdict and the share that was answered")
    func counts() throws {
        let verdicts: [Verdict] = [.inSync, .misaligned, .inconclusive, .failed, .notApplicable]
        let half = standing(verdicts, total: 9, new: 4, seconds: 8)
        let values = try read(half.prometheus(scan: "night", unixSeconds: 1_700_000_000.25, isOver: false))
        func value(_ name: String, _ labels: String = "") -> Double? {
            values["genlock_\(name){scan=\"night\"\(labels)}"]
        }
        #expect(value("scan_clips") == 9)
        #expect(value("scan_clips_done") == 5)
        #expect(value("scan_clips_measured_total") == 4)
        #expect(value("scan_faults") == 2)
        #expect(value("scan_answered_ratio") == 0.4)
        #expect(value("scan_clips_per_second") == 0.5)
        #expect(value("scan_left_seconds") == 8)
        #expect(value("scan_media_seconds") == 12.5)
        #expect(value("scan_over") == 0)
        #expect(value("scan_updated_timestamp_seconds") == 1_700_000_000.25)
        for verdict in Verdict.allCases {
            let count = verdicts.filter { $0 == verdict }.count
            #expect(value("scan_clips_by_verdict", ",verdict=\"\(verdict.rawValue)\"") == Double(count))
        }
        #expect(value("build_info", ",version=\"\(Version.tool)\"") == 1)
    }

    @Test("what is not known is left out, and the end is told")
    func unknown() throws {
        let values = try read(
            standing([], total: nil, new: 0, seconds: 0).prometheus(scan: "a", unixSeconds: 1, isOver: true))
        #expect(values["genlock_scan_over{scan=\"a\"}"] == 1)
        #expect(values["genlock_scan_clips_done{scan=\"a\"}"] == 0)
        for name in ["clips", "answered_ratio", "left_seconds"] {
            #expect(values["genlock_scan_\(name){scan=\"a\"}"] == nil)
        }
    }

    @Test("a scan's name may have quotes, backslashes and line breaks")
    func names() {
        let text = ScanStanding(total: 1).prometheus(scan: "a\"b\\c\nd", unixSeconds: 1, isOver: false)
        #expect(text.contains("genlock_scan_clips{scan=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }
}
