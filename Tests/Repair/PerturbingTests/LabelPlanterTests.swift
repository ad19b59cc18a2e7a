import Foundation
import Muxing
import Plan
import SyncModel
import Testing

@testable import Perturbing

@Suite("Faults of labels")
struct LabelPlanterTests {
    private static let names = ["open", "reach", "grasp", "lift", "pour", "place", "close", "wipe"]
    /// Labels that follow one another without a gap, 2.5 s each.
    private static let labels = (0..<24).map { index -> (label: String, start: Double, end: Double) in
        let start = 1 + 2.5 * Double(index)
        return (names[index % names.count], start, start + 2.5)
    }

    private let folder: TestFolder
    private let file: String

    init() throws {
        folder = try TestFolder()
        let rows = Self.labels.map { "\($0.label),\($0.start),\($0.end)\n" }
        file = try folder.write("take.csv", "# by hand\nlabel,start_s,end_s\n" + rows.joined())
    }

    /// The labels with a fault, and those as they are, from the columns that both tables have.
    private func planted(
        _ fault: Fault, seed: UInt64 = 1, _ path: String? = nil
    ) throws -> (fault: PlantedFault, made: [[String]], original: [[String]], path: String) {
        var planted = PlantedFault(fault)
        var draw = FaultDraw(seed: seed, clip: "a", fault: fault)
        let place = "labels/\(fault.rawValue).\(seed)"
        let written = try LabelPlanter(path ?? file).plant(&planted, &draw, in: folder.path, place)
        let name = try #require(written)
        func rows(_ path: String) throws -> [[String]] {
            let lines = try String(contentsOfFile: folder.path + "/" + path, encoding: .utf8).split(separator: "\n")
                .filter { !$0.hasPrefix("#") }.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            let columns = ["label", "start_s", "end_s"].compactMap { lines[0].firstIndex(of: Substring($0)) }
            try #require(columns.count == 3)
            return lines.dropFirst().map { line in columns.map { String(line[$0]) } }
        }
        return (planted, try rows(name), try rows(LabelPlanter.reference(of: name)), name)
    }

    private func times(_ row: [String]) -> [Double] { row.dropFirst().compactMap { Double($0) } }

    @Test("labels that are moved come back by the stated offset, in a file of the same kind")
    func moved() throws {
        let (fault, made, original, path) = try planted(.labelsMoved)
        let offset = try #require(fault.offsetMilliseconds) / 1000
        #expect(abs(offset) >= 0.06)
        #expect(made.map { $0[0] } == original.map { $0[0] } && original.count == Self.labels.count)
        for (one, other) in zip(made, original) {
            #expect(zip(times(one), times(other)).allSatisfy { abs($0 + offset - $1) < 0.0011 })
        }
        let text = try String(contentsOfFile: folder.path + "/" + path, encoding: .utf8)
        #expect(text.hasPrefix("# by hand\nlabel,start_s,end_s\n"))
    }

    @Test("scattered boundaries stay shared, and deviate by about what is stated")
    func scattered() throws {
        let (fault, made, original, _) = try planted(.labelsScattered)
        #expect(fault.scatterSeconds == 0.15 && fault.offsetMilliseconds == nil)
        for (one, next) in zip(made, made.dropFirst()) { #expect(one[2] == next[1]) }
        let strays = zip(made, original).map { (times($0).first ?? 0) - (times($1).first ?? 0) }
        let deviation = (strays.map { $0 * $0 }.reduce(0, +) / Double(strays.count)).squareRoot()
        // Of 24 normal numbers.
        #expect(deviation > 0.08 && deviation < 0.24, "\(deviation)")
    }

    @Test("two neighbours have each other's name, and nothing else differs")
    func swapped() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let (fault, made, original, _) = try planted(.labelsSwapped, seed: seed)
            #expect(fault.items.count == 2 && fault.items[1] == fault.items[0] + 1)
            for (index, (one, other)) in zip(made, original).enumerated() {
                #expect(times(one) == times(other))
                #expect((one[0] == other[0]) == !fault.items.contains(index))
            }
            #expect(made[fault.items[0]][0] == original[fault.items[1]][0])
        }
    }

    @Test("the stated labels are missing, and the others are as they were")
    func missing() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let (fault, made, original, _) = try planted(.labelsMissing, seed: seed)
            #expect(!fault.items.isEmpty && fault.items.count < original.count)
            #expect(made == original.indices.filter { !fault.items.contains($0) }.map { original[$0] })
        }
    }

    @Test("labels of two annotators become sessions of one table, so that each is compared with itself")
    func annotators() throws {
        let lines = ["anna", "ben"].flatMap { who in
            Self.labels.map { "\(who),\($0.label),\($0.start),\($0.end)\n" }
        }
        let path = try folder.write("two.csv", "annotator,label,start_s,end_s\n" + lines.joined())
        let (_, made, original, name) = try planted(.labelsMoved, seed: 2, path)
        #expect(made.count == 2 * Self.labels.count && original.count == made.count)
        let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        #expect(text.hasPrefix("session,") && text.contains("labels anna,") && text.contains("labels ben,"))
    }
}

@Suite("Camera sets")
struct CameraSetTests {
    @Test("clips of a group are a set, others those of their folder, and a clip alone is none")
    func sets() {
        func clip(_ path: String, _ group: String? = nil) -> ClipRequest {
            var request = ClipRequest(clip: path)
            request.group = group
            return request
        }
        let sets = CameraSet.sets(of: [
            clip("/a/1.mp4"), clip("/b/1.mp4", "night"), clip("/a/2.mp4"), clip("/c/1.mp4", "night"), clip("/d/1.mp4"),
        ])
        #expect(sets.map(\.name) == ["/a", "night"])
        #expect(sets.map { $0.views.map(\.clip) } == [["/a/1.mp4", "/a/2.mp4"], ["/b/1.mp4", "/c/1.mp4"]])
    }

    @Test("the script names each log and each pair of labels, and quotes what a shell would take apart")
    func script() {
        let rows = [
            Perturber.Row(
                name: "a.log-none", source: "a", media: "/x/it's.mp4", planted: PlantedFault(.logNone),
                log: "/x/b c.csv"),
            Perturber.Row(
                name: "a.labels-moved", source: "a", media: "/x/a.mp4",
                labels: "labels/a.labels-moved/planted/labels.csv",
                planted: PlantedFault(.labelsMoved)),
        ]
        let lines = MeasuringScript.text(rows).split(separator: "\n").map(String.init)
        #expect(lines.first == "#!/bin/sh")
        #expect(lines.contains(#"answer answers/a.log-none.json views '/x/it'\''s.mp4' '/x/b c.csv'"#))
        let place = "labels/a.labels-moved"
        #expect(
            lines.contains(
                "answer answers/a.labels-moved.json actions \(place)/as-given/labels.csv \(place)/planted/labels.csv"))
        #expect(!lines.contains { $0.contains(" scan ") })
    }
}
