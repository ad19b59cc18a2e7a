import ArgumentParser
import Assets
import Checks
import Foundation
import LipSync
import Plan
import SyncModel

/// Which checks are run, and what they know of the recordings.
struct CheckOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Comma-separated checks: \(CheckCatalogue.names.joined(separator: ", ")) (default: all that apply).
            """,
            valueName: "names"),
        transform: CheckCatalogue.parse)
    var checks: [Check] = CheckCatalogue.all

    @Option(help: ArgumentHelp("Language of speech and text, such as en or de-AT.", valueName: "tag"))
    var language: String?

    @Option(
        help: ArgumentHelp(
            "Search for lip-sync offsets up to this many seconds, either way (0.5 to 30).",
            valueName: "s"))
    var range = 1.5

    @Flag(help: "Judge each word or cue of a transcript separately.")
    var words = false

    @Option(
        help: ArgumentHelp("Lip model made by 'genlock adapt' (default: the packaged one).", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var lipsModel: String?

    func validate() throws {
        guard LipAnalyser.searchableSeconds.contains(range) else {
            throw ValidationError("--range must be 0.5 to 30 seconds")
        }
    }
}

extension JudgingOptions {
    /// The settings of the checks.
    ///
    /// - Throws: `ExitCode`, after the problem with a named file was reported.
    func settings(_ checks: CheckOptions) throws -> CheckSettings {
        try CheckSettings(
            tolerance: tolerance, expectation: expect, thorough: thorough, reachSeconds: checks.range,
            language: checks.language, words: checks.words,
            lipModel: checks.lipsModel.map(LipModelFile.init(opening:)),
            assets: AssetFolder(environment: ProcessInfo.processInfo.environment).root)
    }
}

/// Options of every verb that judges.
struct JudgingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Tolerance in ms: INNER,OUTER, or early=INNER,OUTER:late=INNER,OUTER, or a preset: default (40,100), \
            ebu-r37, bt1359, atsc-is191.
            """,
            valueName: "ms"),
        transform: Tolerance.init(parsing:))
    var tolerance: Tolerance = .standard

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Expected offset in ms, positive: audio early (default: 0); 'unknown' measures without judging.
            """,
            valueName: "ms"),
        transform: JudgingOptions.expectation)
    var expect: Expectation = .together

    @Flag(help: "Exit 1 also for marginal and inconclusive clips.")
    var strict = false

    @Flag(help: "Analyse everything (default: clips over 20 s are sampled).")
    var thorough = false

    private static func expectation(_ text: String) throws -> Expectation {
        if text == "unknown" { return .unknown }
        guard let milliseconds = Double(text), milliseconds.isFinite else {
            throw ValidationError("'\(text)' is not a number of milliseconds; give one such as -40, or 'unknown'")
        }
        return .offset(Offset(milliseconds: milliseconds))
    }

    /// The exit status for a result.
    func status(_ verdicts: [Verdict]) -> ExitStatus {
        let faults: Set<Verdict> =
            strict ? [.misaligned, .unpaired, .marginal, .inconclusive] : [.misaligned, .unpaired]
        if verdicts.contains(where: faults.contains) { return .faulty }
        return verdicts.contains(.failed) ? .unreadable : .good
    }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(help: "Print text, or one JSON line per clip.")
    var format: Format = .text

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false
}

extension LipModelFile {
    /// - Throws: `ExitCode`, after the reason why the file cannot be used was reported.
    init(opening path: String) throws {
        do {
            let method = try AdaptedLipModel(data: Data(contentsOf: URL(fileURLWithPath: path))).method
            self.init(path: URL(fileURLWithPath: path).path, method: method)
        } catch let error as LipModelError {
            throw Unreadable.ended("\(path): \(error.description)")
        } catch {
            throw Unreadable.ended("\(path) cannot be read: check the path given to --lips-model")
        }
    }
}
