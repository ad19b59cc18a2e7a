import ArgumentParser
import Checks
import Foundation
import Reporting
import Scores
import SyncModel
import TimedText

/// Reads a reference and an estimate, recording by recording, and prints their scores.
struct ScoresRun {
    let kind: ScoringOptions.Kind
    let options: ScoringOptions
    let json: Bool
    let lines: Bool

    private typealias Labels = [ScoredEvent]

    /// Times beyond this are not positions in a recording, in seconds.
    private static let mostSeconds = 1e6

    func run(_ paths: [String]) throws -> ExitStatus {
        var isWhole = true
        // What could not be read is not scored: its labels are unknown, not missing.
        var isThere = true
        var unread: Set<String> = []
        func read(_ path: String) -> [String: Labels] {
            var result: [String: Labels] = [:]
            for file in ScoresRun.files(path) {
                func failed(_ words: String) {
                    Console.note("genlock: \(words)\n")
                    isWhole = false
                    unread.insert(file.nameOfPath.withoutEnding)
                    if file == path { isThere = false }
                }
                do {
                    let read = try SoundLabels.byRecording(path: file, kind: kind == .events ? .events : .turns)
                    for fault in read.faults.prefix(5) {
                        Console.note(
                            "genlock: \(file.printable):\(fault.line): \(fault.message.printable); fix the line\n")
                    }
                    if read.faults.count > 5 {
                        Console.note("genlock: \(file.printable): and \(read.faults.count - 5) more lines\n")
                    }
                    if !read.faults.isEmpty { isWhole = false }
                    for (recording, labels) in read.labels {
                        // A file that names no recording stands for one with its own name.
                        let name =
                            recording.isEmpty
                            ? file.nameOfPath.withoutEnding
                            : recording.nameOfPath
                        result[name, default: []] += labels.compactMap { label in
                            guard max(abs(label.start), abs(label.end)) <= ScoresRun.mostSeconds else {
                                Console.note(
                                    """
                                    genlock: \(file.printable): '\(label.name.printable)' at \(label.start) s is \
                                    beyond eleven days; it is left out: check the unit of its times\n
                                    """
                                )
                                isWhole = false
                                return nil
                            }
                            guard label.start.isFinite, label.end.isFinite, label.end >= label.start else {
                                Console.note(
                                    """
                                    genlock: \(file.printable): '\(label.name.printable)' at \(label.start) s ends \
                                    before it starts; it is left out\n
                                    """
                                )
                                isWhole = false
                                return nil
                            }
                            return ScoredEvent(label: label.name, start: label.start, end: label.end)
                        }
                    }
                } catch let failure as ClipFailure {
                    failed("\(failure.message.printable); \(failure.remedy.printable)")
                } catch {
                    failed("\(file.printable) cannot be read (\(error))")
                }
            }
            return result
        }
        let reference = read(paths[0])
        let estimate = read(paths[1])
        guard !reference.isEmpty || !estimate.isEmpty else {
            Console.note("genlock: neither side has labels: nothing can be scored; check the files\n")
            return .unreadable
        }
        guard isThere else { return .unreadable }
        var pairs = ScoresRun.pairs(reference, estimate)
        pairs.pairs.removeAll { unread.contains($0.0) }
        for name in pairs.missing {
            Console.note("genlock: the estimate has no labels for \(name.printable): all of it counts as missed\n")
        }
        for name in pairs.extra {
            Console.note("genlock: the reference has no labels for \(name.printable): all of it counts as wrong\n")
        }
        let document = kind == .events ? events(pairs.pairs) : speakers(pairs.pairs)
        Console.out(json ? document.json.pretty + "\n" : lines ? document.json.compact + "\n" : document.text)
        return isWhole ? .good : .unreadable
    }

    private func events(_ pairs: [(String, Labels, Labels)]) -> ScoresDocument {
        var scores = EventScores()
        scores.collar = options.collar ?? scores.collar
        scores.shareOfLength = options.lengthShare
        scores.comparesEnds = !options.onsetOnly
        var segments = SegmentScores()
        segments.resolution = options.segment
        let labels = Set(pairs.flatMap { $0.1 + $0.2 }.map(\.label)).sorted()
        var sums = (DetectionScores(), DetectionScores())
        for (_, reference, estimate) in pairs {
            sums.0 += scores.scores(reference: reference, estimated: estimate, labels: labels)
            sums.1 += segments.scores(reference: reference, estimated: estimate, labels: labels)
        }
        return .events(recordings: pairs.count, scores, sums.0, segments, sums.1)
    }

    private func speakers(_ pairs: [(String, Labels, Labels)]) -> ScoresDocument {
        var scores = SpeakerScores()
        scores.collar = options.collar ?? 0
        scores.skipsOverlap = options.skipOverlap
        var sum = SpeakerScores.Result()
        for (_, reference, estimate) in pairs { sum += scores.scores(reference: reference, estimated: estimate) }
        return .speakers(recordings: pairs.count, scores, sum)
    }

    private static func files(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { path + "/" + $0 }
    }

    /// By name; a single recording on either side makes one pair, whatever their names.
    private static func pairs(
        _ reference: [String: Labels], _ estimate: [String: Labels]
    ) -> (pairs: [(String, Labels, Labels)], missing: [String], extra: [String]) {
        if reference.count <= 1, estimate.count <= 1 {
            return (
                [
                    (
                        reference.keys.first ?? estimate.keys.first ?? "", reference.values.first ?? [],
                        estimate.values.first ?? []
                    )
                ], [], []
            )
        }
        func stem(_ name: String) -> String { name.withoutEnding }
        let (own, others) = (
            Dictionary(reference.map { (stem($0.key), $0.value) }) { $0 + $1 },
            Dictionary(estimate.map { (stem($0.key), $0.value) }) { $0 + $1 }
        )
        let names = Set(own.keys).union(others.keys).sorted()
        return (
            names.map { ($0, own[$0] ?? [], others[$0] ?? []) }, names.filter { others[$0] == nil },
            names.filter { own[$0] == nil }
        )
    }
}
