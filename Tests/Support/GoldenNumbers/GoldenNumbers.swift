import Foundation
public import SyncModel
import Synchronization

/// What each method answered to constructed inputs when it got its version: shows that answers changed, not that they
/// are right.
///
/// The answers lie in `golden-numbers.json` by the method's own version, such as `lips-1`, and by case. A method whose
/// answers change without a new version fails, because stores keep results by version and would mix old answers with
/// new ones. Recorded from our own output, they are no truth: that is what the tests beside them are for.
///
/// `GENLOCK_RECORD_GOLDEN=1 swift test --filter Golden` writes down what is missing, and fails: no run passes by
/// recording. It never changes what stands under a version. For that the method gets a new one; where its input changed
/// and not the method, the case is taken out of the file by hand.
public enum GoldenNumbers {
    /// A number is another one where it differs by more than this share of it, and by more than `floor` of its unit
    /// (milliseconds, parts per million, probability): processors differ in their last digits.
    static let share = 1e-4
    static let floor = 1e-4

    /// What a case said: values by name.
    public typealias Answers = [String: GoldenValue]
    typealias File = [String: [String: Answers]]

    private static let recording = ProcessInfo.processInfo.environment["GENLOCK_RECORD_GOLDEN"] == "1"
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("golden-numbers.json").path
    /// One reads or writes at a time.
    private static let turn = Mutex(())

    /// What a finding says in numbers, held against what its method said before; empty: the same.
    public static func complaints(_ name: String, _ finding: Finding) -> [String] {
        complaints(name, method: finding.method, answers(finding))
    }

    /// The same for a method whose answer is no finding.
    public static func complaints(_ name: String, method: MethodVersion, _ answers: Answers) -> [String] {
        let method = method.rawValue
        return turn.withLock { _ in
            do {
                let file = try read(path)
                guard recording else { return compare(name, method: method, answers, with: file) }
                let (changed, complaints) = record(name, method: method, answers, in: file)
                if changed != file { try write(changed, path) }
                return complaints
            } catch { return ["\(path): \(error)"] }
        }
    }

    static func compare(_ name: String, method: String, _ answers: Answers, with file: File) -> [String] {
        guard let cases = file[method] else {
            return ["\(method) is not in golden-numbers.json: record it with GENLOCK_RECORD_GOLDEN=1"]
        }
        guard let golden = cases[name] else {
            return ["'\(name)' of \(method) is not in golden-numbers.json: record it with GENLOCK_RECORD_GOLDEN=1"]
        }
        let differing = Set(golden.keys).union(answers.keys).sorted().compactMap { key -> String? in
            let (was, now) = (golden[key], answers[key])
            if let was, let now, was.isSame(as: now) { return nil }
            return "\(key) was \(was?.description ?? "absent"), is \(now?.description ?? "absent")"
        }
        guard !differing.isEmpty else { return [] }
        return [
            """
            answers of \(method) changed: give it a new version, then record with GENLOCK_RECORD_GOLDEN=1 \
            ('\(name)': \(differing.joined(separator: "; ")))
            """
        ]
    }

    /// Adds what the file does not hold; a new version of a method takes the place of its old ones.
    static func record(_ name: String, method: String, _ answers: Answers, in file: File) -> (File, [String]) {
        if file[method]?[name] != nil { return (file, compare(name, method: method, answers, with: file)) }
        var changed = file
        for other in file.keys where other != method && stem(other) == stem(method) { changed[other] = nil }
        changed[method, default: [:]][name] = answers.mapValues(\.rounded)
        return (changed, ["'\(name)' of \(method) was recorded: look at the file, then run without recording"])
    }

    /// A method's name without its version.
    private static func stem(_ method: String) -> Substring {
        method.prefix(upTo: method.lastIndex(of: "-") ?? method.endIndex)
    }

    private static func read(_ path: String) throws -> File {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func write(_ file: File, _ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(file) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// The verdict, and whatever a finding measured: times in milliseconds.
    static func answers(_ finding: Finding) -> Answers {
        var answers: Answers = ["verdict": .text(finding.verdict.rawValue)]
        func put(_ name: String, _ value: Double?) {
            if let value { answers[name] = .number(value) }
        }
        put("offset_ms", finding.offset?.milliseconds)
        put("lower_ms", finding.interval?.lower.milliseconds)
        put("upper_ms", finding.interval?.upper.milliseconds)
        put("confidence", finding.confidence)
        put("worst_ms", finding.worst?.milliseconds)
        put("drift_ppm", finding.drift?.ppm)
        if let rate = finding.rate { answers["rate"] = .text(rate) }
        for (index, segment) in (finding.segments ?? []).enumerated() {
            put("segment \(index) offset_ms", segment.offset.milliseconds)
        }
        for item in finding.items ?? [] {
            put("item \(item.index) offset_ms", item.offset?.milliseconds)
            put("item \(item.index) trust", item.trust)
            if !item.flags.isEmpty {
                answers["item \(item.index) flags"] = .text(item.flags.map { "\($0)" }.sorted().joined(separator: " "))
            }
        }
        for (index, gap) in (finding.gaps ?? []).enumerated() {
            put("gap \(index) start_ms", gap.start * 1000)
            put("gap \(index) end_ms", gap.end * 1000)
        }
        return answers
    }
}

/// A number or a word of an answer.
public enum GoldenValue: Codable, Hashable, Sendable, CustomStringConvertible {
    case number(Double)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number) where number.isFinite: try container.encode(number)
        case .number(let number): try container.encode("\(number)")
        case .text(let text): try container.encode(text)
        }
    }

    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    /// To six significant digits; numbers that are none become words.
    var rounded: GoldenValue {
        guard case .number(let number) = self else { return self }
        guard number.isFinite else { return .text("\(number)") }
        return .number(Double(String(format: "%.6g", number)) ?? number)
    }

    func isSame(as other: GoldenValue) -> Bool {
        guard case .number(let one) = rounded, case .number(let two) = other.rounded else {
            return rounded == other.rounded
        }
        return abs(one - two) <= max(GoldenNumbers.share * max(abs(one), abs(two)), GoldenNumbers.floor)
    }
}
