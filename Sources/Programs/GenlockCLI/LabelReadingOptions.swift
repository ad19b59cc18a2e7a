import ArgumentParser
import Foundation
import LabelFiles

/// How label files are read.
struct LabelReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Unit of times where columns do not state it: seconds, ms or frames.", valueName: "unit"),
        transform: LabelReadingOptions.unit)
    var unit: LabelOptions.Unit?

    @Option(help: ArgumentHelp("Frames per second, for times in frames.", valueName: "fps"))
    var rate: Double?

    @Flag(help: "In frames, an end is the last frame of an action, not the first after it.")
    var inclusiveEnds = false

    @Option(
        name: .customLong("column"),
        help: ArgumentHelp(
            """
            Column for a role: session, view, annotator, tier, actor, label, start, end, duration, note or rate. Can \
            be repeated.
            """,
            valueName: "role=name"))
    var columns: [String] = []

    @Option(
        help: ArgumentHelp(
            "Pattern of file names: {session}_{view}, {annotator}/{session}; {} matches anything.", valueName: "pattern"
        ))
    var names: String?

    @Option(
        help: ArgumentHelp(
            "Table of synonyms: on each line the name to use, then the others.", valueName: "file"),
        completion: .file())
    var synonyms: String?

    @Option(name: .customLong("tier"), help: ArgumentHelp("Read only this tier. Can be repeated.", valueName: "name"))
    var tiers: [String] = []

    @Option(
        help: ArgumentHelp(
            "Label that means no action, to be ignored. Can be repeated.", valueName: "label"))
    var silence: [String] = []

    @Flag(help: "Report segments that overlap within a tier.")
    var noOverlaps = false

    static func unit(_ text: String) throws -> LabelOptions.Unit {
        guard let unit = LabelOptions.Unit(rawValue: text) else {
            throw ValidationError("'\(text)' is not a unit; give seconds, ms or frames")
        }
        return unit
    }

    func validate() throws {
        try LabelReadingOptions.check(rate: rate, columns: columns)
        if let names, NamePattern(names) == nil {
            throw ValidationError("--names consists of {session}, {view}, {annotator}, {tier} and {}; not '\(names)'")
        }
    }

    static func check(rate: Double?, columns: [String]) throws {
        if let rate, !(rate > 0 && rate < 100_000) {
            throw ValidationError("--rate must be a number of frames per second, such as 29.97")
        }
        for column in columns {
            let parts = column.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, ColumnRole(rawValue: String(parts[0])) != nil else {
                throw ValidationError(
                    """
                    --column is ROLE=NAME with one of \(ColumnRole.allCases.map(\.rawValue).joined(separator: ", ")): \
                    '\(column)'
                    """
                )
            }
        }
    }

    /// Column names by role.
    static func roles(_ columns: [String]) -> [ColumnRole: String] {
        var result: [ColumnRole: String] = [:]
        for column in columns {
            let parts = column.split(separator: "=", maxSplits: 1).map(String.init)
            if let role = ColumnRole(rawValue: parts[0]) { result[role] = parts[1] }
        }
        return result
    }

    func labelOptions() throws -> LabelOptions {
        var options = LabelOptions()
        options.unit = unit
        options.rate = rate
        options.endsAreInclusive = inclusiveEnds
        options.names = names.flatMap(NamePattern.init)
        options.tiers = tiers.isEmpty ? nil : Set(tiers)
        options.silence.formUnion(silence.map { $0.lowercased() })
        options.overlapsAllowed = noOverlaps ? false : nil
        options.columns = LabelReadingOptions.roles(columns)
        if let synonyms {
            guard let data = FileManager.default.contents(atPath: synonyms) else {
                throw Unreadable.ended("--synonyms \(synonyms): cannot be read; check the path")
            }
            options.synonyms = Synonyms.table(Array(data))
        }
        return options
    }
}
