import SyncModel
import Testing

@testable import Actions

@Suite("Made faults are found and named as what they are, and nothing else is")
struct FaultTests {
    private func kinds(_ kitchen: Kitchen) -> [String] {
        kitchen.report().findings.map { "\($0.kind.rawValue) \($0.session) \($0.subject)" }
    }

    @Test("equal labels: all boundaries matched, nothing found, nothing wrong")
    func clean() {
        let report = Kitchen(sessions: 3, views: 4).report()
        #expect(report.views.pairs == 18 && report.views.sameLabels == 18)
        #expect(report.views.same.figures.count == 18 * 16 && report.views.same.figures.over == 0)
        #expect(report.findings.isEmpty && !report.isFaulty && report.verdict == .inSync)
    }

    @Test("a difference equal to the tolerance is inside it, frame times in decimals included; a frame more is outside")
    func edge() {
        for (move, over) in [(0.1, 0), (0.10009, 0), (0.1002, 1), (-0.1, 0), (-0.1002, 1)] {
            var kitchen = Kitchen(["a": [("x", 1, 2), ("y", 3, 4)], "b": [("x", 1, 2), ("y", 3, 4)]])
            kitchen.change(0, 1) { $0[1].end += move }
            let report = kitchen.report()
            #expect(report.views.same.figures.over == over)
            #expect(report.isFaulty == (over > 0))
        }
    }

    @Test("a view late by 80 ms in one session reads -80, and swapped, with two views, +80")
    func lateView() throws {
        var kitchen = Kitchen(sessions: 4, views: 3)
        kitchen.change(2, 1) { $0 = Kitchen.moved($0, by: 0.08) }
        let report = kitchen.report()
        #expect(kinds(kitchen) == ["late-view s2 cam2"])
        #expect(abs((report.findings[0].offset?.milliseconds ?? 0) + 80) < 0.01)
        #expect(!report.isFaulty)
        for (late, kind) in [(0, "early-view"), (1, "late-view")] {
            var two = Kitchen(sessions: 1, views: 2)
            two.change(0, late) { $0 = Kitchen.moved($0, by: 0.08) }
            #expect(kinds(two) == ["\(kind) s0 cam2"])
        }
    }

    @Test("an annotator late by 200 ms throughout is one finding, with his boundaries not listed one by one")
    func lateAnnotator() {
        var kitchen = Kitchen(sessions: 6, views: 3)
        for session in kitchen.sessions.indices {
            for track in 0..<3 {
                kitchen.sessions[session].tracks[track].view = "cam1"
                kitchen.sessions[session].tracks[track].annotator = "abc".map(String.init)[track]
            }
            kitchen.change(session, 2) { $0 = Kitchen.moved($0, by: 0.2) }
        }
        let report = kitchen.report()
        #expect(report.findings.map(\.kind) == [.lateAnnotator])
        #expect(report.findings.first?.subject == "c" && report.findings.first?.sessions == 6 && report.isFaulty)
        #expect(report.annotators.pairs == 18 && report.views.pairs == 0)
    }

    @Test("one who only starts late is said to start late")
    func lateStarts() throws {
        var kitchen = Kitchen(sessions: 1, views: 3)
        for track in 0..<3 { kitchen.change(0, track) { rows in for index in rows.indices { rows[index].end -= 1 } } }
        kitchen.change(0, 0) { rows in for index in rows.indices { rows[index].start += 0.15 } }
        let report = kitchen.report()
        #expect(report.findings.map(\.kind) == [.lateView])
        #expect(try #require(report.findings.first).detail.contains("starts"))
    }

    @Test("one class late in one view, with its neighbours giving way, is that class and not the neighbours'")
    func lateClass() {
        var kitchen = Kitchen(sessions: 12, views: 4, actions: 9)
        for session in kitchen.sessions.indices {
            kitchen.change(session, 3) { rows in
                for index in rows.indices where rows[index].label == "stir" {
                    rows[index].start += 0.2
                    rows[index].end += 0.2
                    if index > 0 { rows[index - 1].end = rows[index].start }
                    if index + 1 < rows.count, rows[index + 1].label != "stir" {
                        rows[index + 1].start = rows[index].end
                    }
                }
            }
        }
        let report = kitchen.report()
        #expect(report.findings.map(\.kind) == [.lateClass])
        #expect(report.findings.first?.label == "stir" && report.findings.first?.subject == "cam4")
    }

    @Test("labels that run off are a drift, told apart from lateness")
    func drift() throws {
        var kitchen = Kitchen(sessions: 1, views: 3, actions: 20)
        kitchen.change(0, 1) { $0 = $0.map { ($0.label, $0.start * 1.001, $0.end * 1.001) } }
        let finding = try #require(kitchen.report().findings.first)
        #expect(kitchen.report().findings.count == 1 && finding.kind == .drift && finding.subject == "cam2")
        #expect(abs((finding.driftPartsPerMillion ?? 0) + 999) < 5)
    }

    @Test("a moved boundary between two actions is one finding with both rows and the right size")
    func movedBoundary() throws {
        var kitchen = Kitchen(sessions: 1, views: 3)
        kitchen.change(0, 1) {
            $0[3].end += 0.3
            $0[4].start += 0.3
        }
        let finding = try #require(kitchen.report().findings.first)
        #expect(kinds(kitchen) == ["moved-boundary s0 cam2"])
        #expect(finding.rows == [5, 6] && finding.file == "labels.csv")
        #expect(abs((finding.offset?.milliseconds ?? 0) + 300) < 0.01)
    }

    @Test("split, merged, missing, extra, renamed, swapped: each as such, once, of the view that did it")
    func structure() {
        let changes: [(String, (inout [Kitchen.Row]) -> Void)] = [
            (
                "split",
                {
                    let r = $0[2]
                    let m = r.start + 1
                    $0[2].end = m
                    $0.insert((r.label, m, r.end), at: 3)
                }
            ),
            (
                "merged",
                {
                    $0[2].end = $0[3].end
                    $0.remove(at: 3)
                }
            ),
            ("missing", { $0.remove(at: 2) }),
            (
                "extra",
                {
                    let last = $0[7].end
                    $0.append(("boil", last + 1, last + 3))
                }
            ),
            ("renamed", { $0[2].label = "boil" }),
            (
                "swapped",
                {
                    let label = $0[2].label
                    $0[2].label = $0[3].label
                    $0[3].label = label
                }
            ),
        ]
        for (kind, change) in changes {
            var kitchen = Kitchen(sessions: 2, views: 3)
            kitchen.change(1, 2, change)
            #expect(kinds(kitchen) == ["\(kind) s1 cam3"])
            #expect(kitchen.report().isFaulty && kitchen.report().views.sameLabels == 4)
        }
    }

    @Test("a session in another order is one finding, whether slots or actions moved")
    func reordered() {
        var kitchen = Kitchen(sessions: 1, views: 3)
        kitchen.change(0, 0) { rows in
            var time = rows[0].start
            rows = [3, 1, 4, 0, 2, 7, 6, 5].map { (place: Int) -> Kitchen.Row in
                let row = rows[place]
                defer { time += row.end - row.start }
                return (row.label, time, time + row.end - row.start)
            }
        }
        #expect(kinds(kitchen) == ["reordered s0 cam1"])
    }

    @Test("actors and descriptions: the first is a finding, the second only put side by side")
    func actors() {
        var corpus = Kitchen(sessions: 1, views: 2, actions: 3).corpus
        let (anna, ben, one, other) = ("anna", "ben", "slowly", "with the left hand")
        for (track, names) in [(anna, one), (ben, other)].enumerated() {
            corpus.sessions[0].tracks[track].segments[1].actor = corpus.symbols.symbol(names.0)
            corpus.sessions[0].tracks[track].segments[1].note = corpus.symbols.symbol(names.1)
        }
        let report = ActionsAnalyser(options: ActionsOptions()).analyse(corpus)
        #expect(report.findings.map(\.kind) == [.actor])
        #expect(report.descriptions.map(\.subjectText) == [other])
    }

    @Test("actions that go on together in one view and follow each other in the other")
    func relations() {
        let kitchen = Kitchen(["a": [("talk", 0, 10), ("stir", 2, 8)], "b": [("talk", 0, 10), ("stir", 10, 16)]])
        let report = kitchen.report()
        #expect(report.relations.map(\.reference) == [.contains] && report.relations.map(\.subject) == [.meets])
    }
}
