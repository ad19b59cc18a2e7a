import Foundation
import Reporting
import SyncModel
import Testing

@testable import HTMLReport

@Suite("A corpus as a page")
struct PageTests {
    @Test("one file that asks nothing of a network")
    func selfContained() throws {
        var content = Made.content(groupBy: "camera")
        content.excerpts["a/late.mp4"] = Made.excerpt
        let page = try Made.page(content)
        #expect(page.contains("default-src 'none'"))
        // The name of the SVG namespace is no address that is asked for.
        let addresses = page.replacing("http://www.w3.org/2000/svg", with: "")
        for word in [
            "http:", "https:", "//cdn", "@import", "url(", "fetch(", "XMLHttpRequest", "<link", "<iframe", "<img",
            "<source",
        ] { #expect(!addresses.contains(word), "\(word)") }
        for part in page.components(separatedBy: "href=\"").dropFirst() {
            #expect(part.hasPrefix("#"), "\(part.prefix(30))")
        }
    }

    @Test("nothing in a file's name becomes markup, in the table or in the data")
    func hostile() throws {
        let page = try Made.page(Made.content(groupBy: "camera"))
        #expect(!page.contains("<img src=x"))
        #expect(!page.contains("<b>bad"))
        #expect(!page.contains("<i>"))
        #expect(page.components(separatedBy: "</script>").count == 6)
        let rows = try #require(try Made.data("rows", in: page) as? [[Any]])
        #expect(rows.contains { $0[0] as? String == Made.hostile.printable })
    }

    @Test("robot sets: lateness by camera and day, lags by joint, faults by kind")
    func robots() throws {
        func curve(top: Double) -> [CurvePoint] {
            (-75...75).map { step in
                let place = Double(step) * 20
                return CurvePoint(
                    offset: Offset(milliseconds: place), height: 6 * exp(-pow((place - top) / 60, 2)))
            }
        }
        let records = (0..<40).map { index -> ClipRecord in
            let late = Made.finding(
                .inconclusive, check: .sensor, subject: .sensor, curve: curve(top: index < 20 ? -80 : -100))
            return Made.record(
                "set/\(index).parquet", [late],
                attributes: [
                    .init("robot", "arm <1>"), .init("cameras", "top"),
                    .init("day", index < 20 ? "2026-03-01" : "2026-03-02"), .init("faults", index == 3 ? "gap" : ""),
                ])
        }
        let lag = JointLag(
            joint: "elbow", commandIs: "position", episodes: 40, median: 83, spread: 2, low: 79, high: 90)
        let whole = Made.finding(.notApplicable, check: .sensor, subject: .sensor)
            .adding([Evidence(JointLag.evidenceName, .list([lag.evidence]))])
        let all = records + [Made.record("set/meta/info.json", [whole], attributes: [.init("robot", "arm <1>")])]
        let page = try Made.page(PageContent(stores: ["s"], report: CorpusReport(all), histograms: []))
        #expect(page.contains("robot arm &lt;1&gt;, camera top"))
        #expect(page.contains("<th scope=\"row\">2026-03-01</th><td>sensor 80 ms late"))
        #expect(page.contains("<th scope=\"row\">2026-03-02</th><td>sensor 100 ms late"))
        #expect(page.contains("<th scope=\"row\">elbow</th><td>83 ms"))
        #expect(page.contains("<th scope=\"row\">gap</th><td class=\"number\">1</td><td>set/3.parquet"))
        #expect(!page.contains("arm <1>"))
        #expect(!(try Made.page(Made.content()).contains("Robot sets")))
    }

    @Test("a file that ends half-way is on the page although its content is in sync")
    func faultsOfFiles() throws {
        var container = Made.finding(.inSync, check: .container, milliseconds: 0)
        container.because = [Reason("the header declares 9 s, but only 5 s is there; what to do: copy it again")]
        let records = [Made.record("<d>.mp4", [Made.finding(.inSync, milliseconds: 3), container])]
        let page = try Made.page(PageContent(stores: ["s"], report: CorpusReport(records), histograms: []))
        #expect(page.contains("Faults of the files themselves"))
        #expect(page.contains("<td>the header declares 9 s, but only 5 s is there</td><td class=\"number\">1</td>"))
        #expect(page.contains("<td>&lt;d&gt;.mp4</td>"))
        #expect(!(try Made.page(Made.content()).contains("Faults of the files")))
    }

    @Test("numbers and words are those of the terminal")
    func words() throws {
        let content = Made.content()
        let page = try Made.page(content)
        for line in CorpusText.top(content.report, withFirst: false).prefix(while: { !$0.isEmpty }) {
            #expect(page.contains(line.dropFirst()), "\(line)")
        }
        let rows = try #require(try Made.data("rows", in: page) as? [[Any]])
        #expect(rows.count == content.report.listed.count)
        for (row, record) in zip(rows, content.report.listed) {
            #expect(row[2] as? String == ClipText.summary(record))
            #expect(row[1] as? Int == Verdict.allCases.firstIndex(of: record.verdict))
        }
        #expect(page.contains("5 of 9 clips are wrong"))
    }

    @Test("every verdict that is there has a card with its count and what to do; others have none")
    func cards() throws {
        let page = try Made.page(Made.content())
        #expect(page.contains("data-verdict=\"misaligned\"><span class=\"count\">4</span>"))
        #expect(page.contains("discard, or pair again"))
        #expect(!page.contains("data-verdict=\"measured\""))
    }

    @Test("what explains a clip is in the data: pieces, words by trust, edges of the tolerance")
    func explanations() throws {
        let content = Made.content()
        let all = try #require(try Made.data("explanations", in: try Made.page(content)) as? [String: [Any]])
        func about(_ clip: String) throws -> [String: Any] {
            let place = try #require(content.report.listed.firstIndex { $0.clip == clip })
            return try #require(all[String(place)]?.first as? [String: Any])
        }
        let steps = try about("a/steps.mp4")
        #expect((steps["segments"] as? [[Double]])?.count == 2)
        #expect((steps["lines"] as? [String])?.contains("1:00.0 to 1:30.0: sound late by 210 ms") == true)
        #expect(steps["tolerance"] as? [Double] == [-40, 40, -100, 100])
        let talk = try about("talk.mp4")
        let items = try #require(talk["items"] as? [[Any]])
        #expect(
            items.count == 2 && items[1][0] as? String == "<b>bad</b>" && items[1][5] as? [String] == ["wrong-text"])
        #expect((talk["lines"] as? [String])?.first == "in talk.srt")
    }

    @Test("a list that is cut says so, and the figures still count all")
    func cut() throws {
        let page = try Made.page(Made.content(limit: 2))
        #expect(page.contains("The list shows the 2 worst of 9 clips; the figures above include all 9."))
        #expect((try Made.data("rows", in: page) as? [Any])?.count == 2)
        #expect(page.contains("5 of 9 clips are wrong"))
    }

    @Test("the same report gives the same bytes; no clips give a page too")
    func bytes() throws {
        #expect(try Made.page(Made.content()) == Made.page(Made.content()))
        #expect(try Made.page(Made.content([])).contains("<h1 id=\"title\">No clips</h1>"))
    }

    @Test("an excerpt is in the data, with pictures where there are any")
    func excerpts() throws {
        var content = Made.content()
        content.excerpts["a/late.mp4"] = Made.excerpt
        let all = try #require(try Made.data("excerpts", in: try Made.page(content)) as? [String: [String: Any]])
        let excerpt = try #require(all.values.first)
        #expect(all.count == 1)
        #expect((excerpt["stills"] as? [[Any]])?.first?[3] as? String == "data:image/jpeg;base64,/9j/")
        #expect((excerpt["moment"] as? [Any])?[2] as? String == "the lips part")
        #expect((excerpt["seen"] as? String)?.count == 101)
        #expect((excerpt["seen"] as? String)?.hasPrefix("A.") == true)
    }
}

extension Made {
    static var excerpt: ClipExcerpt {
        ClipExcerpt(
            span: TimeSpan(start: 0, end: 2), soundStart: -0.3, sound: (0..<260).map { Float($0 % 50) / 50 },
            sight: .mouth,
            seen: (0...100).map { $0 == 1 ? nil : Float($0 % 20) / 100 },
            moment: .init(heard: 1.2, seen: 0.96, words: "the lips part"),
            stills: [.init(seconds: 0.96, width: 168, height: 168, jpeg: [0xFF, 0xD8, 0xFF])])
    }
}
