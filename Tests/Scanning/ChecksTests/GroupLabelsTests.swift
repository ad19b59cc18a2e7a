import Actions
import Foundation
import SyncModel
import Testing

@testable import Checks

@Suite("Labels of the views of one event")
struct GroupLabelsTests {
    /// Files that go away with the value.
    private final class Labels {
        let root = NSTemporaryDirectory() + "genlock-labels-" + UUID().uuidString

        init(_ files: [String: String]) throws {
            for (name, text) in files {
                let url = URL(fileURLWithPath: root + "/" + name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func group(_ views: String...) -> GroupLabels {
            GroupLabels(
                files: views.map { ("\(root)/\($0).mp4", "\(root)/\($0).csv") }, group: "g")
        }
    }

    /// Two actions from a time on.
    private static func table(from start: Double) -> String {
        "label,start,end\nreach,\(start),\(start + 1)\ngrasp,\(start + 1),\(start + 3)\n"
    }

    @Test("views of one name in folders by camera are views of their own, each moved by its own clock")
    func equalNames() throws {
        let labels = try Labels(["cam1/take1.csv": Self.table(from: 1), "cam2/take1.csv": Self.table(from: 1.7)])
        let group = labels.group("cam1/take1", "cam2/take1")
        func clock(_ milliseconds: Double) -> [ClockEntry] {
            zip(group.files, [0, milliseconds]).map {
                ClockEntry(
                    clip: $0.view, offset: Offset(milliseconds: $1), drift: nil, group: 0, residualMilliseconds: nil,
                    start: 0, duration: 5)
            }
        }
        let together = group.findings(clock: clock(-700))
        #expect(together.map(\.verdict) == [.inSync], "\(together.map(\.because))")
        #expect(abs(try #require(together.first?.offset).milliseconds) < 1)
        let apart = group.findings(clock: clock(0))
        #expect(!apart.isEmpty && apart.allSatisfy { $0.verdict == .misaligned && $0.offset != nil })
    }

    @Test(
        "a view is called by its file, and by as many folders as tell it apart",
        arguments: [
            (["a/x.mp4", "b/y.mp4"], ["x.mp4", "y.mp4"]), (["a/x.mp4", "b/x.mp4"], ["a/x.mp4", "b/x.mp4"]),
            (["/r/a/c/x.mp4", "/r/b/c/x.mp4", "z.mp4"], ["a/c/x.mp4", "b/c/x.mp4", "z.mp4"]),
            (["x.mp4", "c/x.mp4"], ["x.mp4", "c/x.mp4"]),
        ])
    func names(views: [String], names: [String]) { #expect(GroupLabels.names(views) == names) }

    @Test("labels that are not the same, or have nothing in common to compare, are not called in sync")
    func agreement() {
        var report = ActionsReport(tolerance: .standard)
        (report.views.pairs, report.views.sameLabels) = (3, 2)
        let differing = GroupLabels.agreement(report, .standard)
        #expect(differing.verdict == .unpaired && differing.offset == nil)
        #expect(differing.because.first?.description.contains("1 of 3 pairs") == true)
        report.views.sameLabels = 3
        let empty = GroupLabels.agreement(report, .standard)
        #expect(empty.verdict == .inconclusive && empty.offset == nil && !empty.because.isEmpty)
    }
}
