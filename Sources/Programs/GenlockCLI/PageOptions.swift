import ArgumentParser
import Foundation
import HTMLReport
import Reporting
import Storage
import SyncModel
import Workers

/// What the page of a corpus holds beyond its statistics, and how it is written.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Re-read the first N faulty clips of the list and draw their audio, mouth and stills, where the recordings \
            are available.
            """,
            valueName: "n"))
    var details = 10

    @Option(
        name: .customLong("labels"),
        help: ArgumentHelp(
            "Action labels to draw, a file or a folder: all views of a session on one axis. Can be repeated.",
            valueName: "path"),
        completion: .file())
    var labels: [String] = []

    @Flag(help: "Omit stills, for pages that must not show faces.")
    var noPictures = false

    func validate() throws {
        guard (0...10_000).contains(details) else { throw ValidationError("--details must be 0 to 10000") }
    }

    /// Worst first, limited to what a page can carry.
    func selection(only: Set<Verdict>?, sort: ReportSelection.Order?, limit: Int?, groupBy: String?) -> ReportSelection
    {
        let most = limit.flatMap { $0 == 0 ? nil : $0 } ?? PageContent.mostListed
        var selection = ReportSelection(
            only: only, sort: sort ?? .worst, limit: min(most, PageContent.mostListed), groupBy: groupBy)
        selection.withStatistics = true
        return selection
    }

    /// - Throws: `StoreError`, or `ClipFailure` if the page cannot be written.
    func write(_ report: CorpusReport, _ records: [ClipRecord], _ stores: [String], to output: String?, quiet: Bool)
        throws
    {
        let page = try HTMLPage()
        let source = try StoreFindings(stores)
        let tolerances = try tolerances(records, source)
        var content = PageContent(
            stores: stores, report: report, histograms: OffsetHistogram.all(records) { tolerances[$0] })
        content.excerpts = excerpts(report.listed, quiet: quiet)
        content.timelines = try timelines(report.listed, source)
        let (charts, problems) = try PageLabels.charts(labels)
        content.labels = charts
        if !quiet { for problem in problems.prefix(5) { Console.note("genlock: \(problem.line)\n") } }
        var failure: (any Error)?
        let findings = { (record: ClipRecord, documents: Bool) -> [Finding] in
            do { return try source.findings(of: record.key, documents: documents) } catch {
                failure = error
                return record.findings
            }
        }
        if let output {
            let file = OutputFile(output)
            page.write(content, findings: findings) { file.write($0) }
            if let failure { throw failure }
            try file.finish()
        } else {
            page.write(content, findings: findings) { Console.out($0) }
            if let failure { throw failure }
        }
    }

    /// The tolerance for each subject: that of the first clip that states one.
    private func tolerances(_ records: [ClipRecord], _ source: StoreFindings) throws -> [Track: Tolerance] {
        var result: [Track: Tolerance] = [:]
        var asked: Set<Track> = []
        for record in records {
            for finding in record.findings
            where finding.check != .container && finding.offset != nil
                && asked.insert(OffsetHistogram.subject(of: finding)).inserted
            {
                let own = try source.findings(of: record.key, documents: true).first {
                    $0.check == finding.check && $0.offset != nil
                }
                result[OffsetHistogram.subject(of: finding)] = own?.tolerance
            }
        }
        return result
    }

    /// For the first clips whose audio was compared with their video and is not in sync.
    private func excerpts(_ listed: [ClipRecord], quiet: Bool) -> [String: ClipExcerpt] {
        let chosen = listed.filter { record in
            guard let finding = record.decisive, [.misaligned, .unpaired, .marginal].contains(record.verdict) else {
                return false
            }
            return finding.check == .lips || finding.check == .impacts
        }.prefix(details)
        guard !chosen.isEmpty else { return [:] }
        let desk = Errand.desk()
        defer { desk.close() }
        var result: [String: ClipExcerpt] = [:]
        for record in chosen {
            let isSeen = record.decisive?.check == .impacts
            let errand = Errand.excerpt(
                clip: record.clip, audioFile: record.audioFile, sight: isSeen ? .movement : .mouth,
                offsetMilliseconds: record.decisive?.offset?.milliseconds, withPictures: !noPictures)
            switch desk.ask(errand, ClipExcerpt.self, about: record.clip, seconds: PageOptions.patience) {
            case .success(let excerpt): result[record.key] = excerpt.believed
            case .failure(let failure):
                result[record.key] = .nothing("it could not be re-read: \(failure.message)")
            }
        }
        let missing = result.values.filter { $0.sound.isEmpty && $0.note != nil }.count
        if missing > 0, !quiet {
            Console.note(
                """
                genlock: \(missing) of \(chosen.count) clips could not be re-read: the page says why, and shows \
                the rest\n
                """
            )
        }
        return result
    }

    /// For the first groups of views, with the lengths of recordings that still exist.
    private func timelines(_ listed: [ClipRecord], _ source: StoreFindings) throws -> [ViewTimeline] {
        let groups = listed.filter { $0.findings.contains { $0.check == .views || $0.check == .sensor } }.prefix(
            PageOptions.mostTimelines)
        guard !groups.isEmpty else { return [] }
        let desk = Errand.desk()
        defer { desk.close() }
        return try groups.compactMap { record in
            ViewTimeline(record, findings: try source.findings(of: record.key, documents: true)) { path in
                let answer = desk.ask(Errand.seconds(path), [Double?].self, about: path, seconds: 60)
                return (try? answer.get().first).flatMap { $0 }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
            }
        }
    }

    private static let mostTimelines = 20
    /// Time limit for re-reading a clip, in seconds.
    private static let patience = 120.0
}
