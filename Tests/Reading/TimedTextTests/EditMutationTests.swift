import Foundation
import Testing

@testable import TimedText

/// Files of every format, changed at random, are read, edited, written, and read again.
///
/// `bench/texts/mutations` runs 10,000 of each.
@Suite("Items of files that were changed at random are edited")
struct EditMutationTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var testDescription: String { name }
    }

    private static let lyrics = "[ti:x]\n[00:01.00]One\n[00:03.00]Two\n[00:04.50]\n[00:06.00]Three\n"

    static let samples: [Sample] =
        FormatTests.samples.map { Sample(name: $0.name, bytes: Array($0.text.utf8)) }
        + ServiceSample.all.map { Sample(name: $0.name, bytes: Array($0.text.utf8)) } + [
            Sample(name: "plain.lrc", bytes: Array(lyrics.utf8)), Sample(name: "a.stl", bytes: EBUTests.boxed()),
            Sample(name: "captions.scc", bytes: Array(ScenaristEditingTests.plain.utf8)),
        ]

    private struct Tally {
        var (files, read, edited, held, refused, otherwise) = (0, 0, 0, 0, 0, 0)
    }

    /// A change of one item, by number.
    private static func changes(_ document: TimedTextDocument, _ seed: Int) -> [Int: [EditedPart]]? {
        guard !document.items.isEmpty else { return nil }
        let index = seed / 7 % document.items.count
        let item = document.items[index]
        let step = max(0.04, document.step(of: index) ?? 0.04)
        let middle = ((item.start + item.end) / 2 / step).rounded() * step
        switch seed % 7 {
        case 0: return [index: [EditedPart(start: item.start + step, end: item.end)]]
        case 1: return [index: [EditedPart(start: item.start - step, end: item.end)]]
        case 2: return [index: [EditedPart(start: item.start, end: item.end + step)]]
        case 3: return [index: [EditedPart(start: item.start, end: item.end - step)]]
        case 4: return [index: [EditedPart(start: item.start, end: item.end, text: "mended")]]
        case 5:
            guard middle > item.start, middle < item.end else { return nil }
            return [
                index: [
                    EditedPart(start: item.start, end: middle, text: "left"),
                    EditedPart(start: middle, end: item.end, text: "right"),
                ]
            ]
        default:
            let next = document.items.indices.filter {
                document.items[$0].tier == item.tier && document.items[$0].kind == item.kind
                    && (document.items[$0].start, $0) > (item.start, index)
            }.min { (document.items[$0].start, $0) < (document.items[$1].start, $1) }
            guard let next else { return nil }
            let end = max(item.end, document.items[next].end)
            return [index: [EditedPart(start: item.start, end: end, text: "both")], next: []]
        }
    }

    @Test("what is asked is read again, and all else is as it was; or it is refused", arguments: samples)
    func mutated(_ sample: Sample) throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["GENLOCK_MUTATIONS"].flatMap { Int($0) } ?? 50
        let began = ContinuousClock.now
        var tally = Tally()
        var examples: [String] = []
        var reasons: [String: Int] = [:]
        var longest = Duration.zero
        for seed in 1...max(1, count) {
            var generator = Mutator(seed: UInt64(seed))
            let bytes = generator.mutate(sample.bytes)
            let start = ContinuousClock.now
            defer { longest = max(longest, ContinuousClock.now - start) }
            tally.files += 1
            guard let document = try? TimedTextReader(frameRate: 25).read(bytes, name: sample.name) else { continue }
            tally.read += 1
            if document.refusal == nil {
                #expect(try document.rewritten([Int: [EditedPart]]()) == bytes, "\(sample.name) \(seed)")
            }
            guard let changes = Self.changes(document, seed) else { continue }
            tally.edited += 1
            switch EditCheck(document: document, name: sample.name, frameRate: 25).outcome(changes) {
            case .held: tally.held += 1
            case .refused(let error):
                tally.refused += 1
                reasons[error.message.filter { !$0.isNumber }, default: 0] += 1
            case .differs(let why):
                tally.otherwise += 1
                if examples.count < 5 { examples.append("seed \(seed), edit \(seed % 7): \(why)") }
            }
        }
        let seconds = (ContinuousClock.now - began).seconds
        #expect(longest < .seconds(20), "\(sample.name)")
        // A review reads what it writes, and refuses what reads otherwise.
        #expect(tally.otherwise * 50 <= max(50, tally.edited), "\(sample.name): \(examples)")
        guard let folder = environment["GENLOCK_MUTATIONS_FOLDER"] else { return }
        let format = (try? TimedTextReader(frameRate: 25).read(sample.bytes, name: sample.name).format.name) ?? ""
        let row = [
            sample.name, format, "\(tally.files)", "\(tally.read)", "\(tally.edited)", "\(tally.held)",
            "\(tally.refused)",
            "\(tally.otherwise)", String(format: "%.3f", longest.seconds), String(format: "%.0f", seconds),
        ].joined(separator: ",")
        examples += reasons.sorted { $0.value > $1.value }.prefix(3).map { "\($0.value) refused: \($0.key)" }
        let others = examples.map { "\n# " + $0 }.joined()
        try Data((row + others + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/" + sample.name + ".row"))
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
