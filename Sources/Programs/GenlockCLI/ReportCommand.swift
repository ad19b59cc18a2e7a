import ArgumentParser
import Foundation
import Parquet
import Reporting
import Review
import Storage
import SyncModel

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report what is wrong with a scanned corpus, and what to check first.",
        discussion: """
            Reads one or more stores; if a clip is in several, its latest result counts. The same stores give the \
            same output, byte for byte.

              genlock report clips.sqlite
              genlock report clips.sqlite --only misaligned --format csv -o faults.csv
              genlock report a.sqlite b.sqlite --group-by camera
              genlock report tonight.sqlite --baseline yesterday.sqlite
              genlock report clips.sqlite --format html --output report.html
              genlock report clips.sqlite --handover vendor --sample 200
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, jsonl, json, csv, parquet, markdown, junit, html
    }

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case path, worst, offset, confidence, duration

        var order: ReportSelection.Order { ReportSelection.Order(rawValue: rawValue) ?? .path }
    }

    @Argument(help: "Stores written by 'genlock scan --store'.", completion: .file())
    var stores: [String]

    @Option(help: "Output format (default: text).")
    var format: Format?

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write to this file instead of stdout.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("List only clips with these verdicts, comma-separated.", valueName: "verdicts"))
    var only: String?

    @Option(help: "Order of the clips.")
    var sort: Order?

    @Option(
        help: ArgumentHelp(
            "List at most N clips, 0 for all (default: 20 faults in text and Markdown, else all).", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Also group by verdict, folder, ending, group, language, or a manifest attribute.", valueName: "attribute"))
    var groupBy: String?

    @OptionGroup(title: "HTML page") var page: PageOptions

    @OptionGroup(title: "Handover") var handover: HandoverOptions

    @OptionGroup var gate: GateOptions

    @Flag(help: "Exit 1 also for marginal and inconclusive clips.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    func validate() throws {
        if json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) cannot be combined")
        }
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more") }
        if chosen == .parquet, output == nil { throw ValidationError("--format parquet needs --output FILE") }
        _ = try verdicts()
        try gate.validate()
    }

    private var chosen: Format { format ?? (json ? .json : .text) }

    private func verdicts() throws -> Set<Verdict>? {
        guard let only else { return nil }
        return Set(
            try only.split(separator: ",").map { name in
                guard let verdict = Verdict(rawValue: name.filter { !$0.isWhitespace }) else {
                    throw ValidationError(
                        "'\(name)' is not a verdict; give \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return verdict
            })
    }

    func run() throws {
        Interruption.endsTheProgram()
        try Unreadable.told {
            if let folder = handover.handover {
                return try handover.write(stores, to: folder, quiet: quiet)
            }
            let clips = try StoreReader.records(
                of: stores, documents: chosen == .json || chosen == .jsonl, curvesOf: [.sensor])
            let records = try PlanProblems.beside(clips, of: stores)
            tell(ofUnknown: groupBy, in: records)
            let baseline = try gate.baselineRecords()
            var selection = try selection()
            selection.sample = try SampleDocument.frame(of: stores, records: clips.count)
            let report = CorpusReport(records, selection)
            if chosen == .html {
                try page.write(report, records, stores, to: output, quiet: quiet)
            } else {
                try write(report)
            }
            try agreement()
            let now = records.map { BaselineEntry(key: $0.key, verdict: $0.verdict) }
            throw ExitCode(
                gate.status(report.tally, strict: strict, against: baseline, now: now, quiet: quiet).rawValue)
        }
    }

    /// Names what clips can be grouped by, if none has the attribute.
    private func tell(ofUnknown attribute: String?, in records: [ClipRecord]) {
        guard let attribute, !records.isEmpty else { return }
        let known = CorpusGroup.attributes(of: records)
        guard !known.contains(attribute) else { return }
        let names = known.prefix(20).map(\.printable).joined(separator: ", ")
        Console.note("genlock: no clip has '\(attribute.printable)': group by \(names)\n")
    }

    /// Text lists the faults, worst first, up to a limit; machine formats list everything by name.
    private func selection() throws -> ReportSelection {
        let isForPeople = chosen == .text || chosen == .markdown
        let asked = try verdicts()
        if chosen == .html { return page.selection(only: asked, sort: sort?.order, limit: limit, groupBy: groupBy) }
        let limit = limit ?? (isForPeople ? 20 : 0)
        var selection = ReportSelection(
            only: asked ?? (isForPeople && sort == nil ? [.failed, .unpaired, .misaligned] : nil),
            sort: sort?.order ?? (isForPeople ? .worst : .path), limit: limit == 0 ? nil : limit, groupBy: groupBy)
        selection.withStatistics = [.text, .json, .markdown].contains(chosen)
        return selection
    }

    /// People's decisions, below the text.
    private func agreement() throws {
        guard chosen == .text, output == nil else { return }
        var latest: [String: Decision] = [:]
        for decision in try stores.flatMap({ try StoreReader(path: $0).decisions() })
        where latest[decision.key].map({ $0.at < decision.at }) ?? true {
            latest[decision.key] = decision
        }
        let sentence = DecisionAgreement(Array(latest.values)).sentence
        if !sentence.isEmpty { Console.out("\n" + sentence + "\n") }
    }

    private func render(_ report: CorpusReport, _ write: (String) -> Void) {
        switch chosen {
        case .text: CorpusText.page(report, write)
        case .jsonl: CorpusJSON.lines(report, write)
        case .json: CorpusJSON.document(report, write)
        case .csv, .parquet: CorpusCSV.table(report, write)
        case .markdown: CorpusMarkdown.page(report, write)
        case .junit: CorpusJUnit.document(report, write)
        case .html: break
        }
    }

    private func write(_ report: CorpusReport) throws {
        if chosen == .parquet {
            var text = ""
            render(report) { text += $0 }
            try ParquetTable.write(
                csv: Data(text.utf8), numbers: CorpusCSV.numbers, to: output ?? "", duckdb: Programs.duckdb)
            return
        }
        guard let output else {
            var buffer = ""
            render(report) { piece in
                buffer += piece
                if buffer.utf8.count >= 1 << 16 {
                    Console.out(buffer)
                    buffer = ""
                }
            }
            Console.out(buffer)
            return
        }
        // Written to a staged file first: nobody reads half a report.
        let file = OutputFile(output)
        render(report) { file.write($0) }
        try file.finish()
    }
}
