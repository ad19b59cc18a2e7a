import Foundation
import MediaIO
public import SyncModel
public import Views

/// Measures recordings of one event: every stream is decoded at most once, then all pairs are compared.
public struct ViewsMeasurement: Sendable {
    public var reader: ViewReader
    public var analyser: ViewsAnalyser
    /// Threads that decode and compare.
    public var jobs: Int
    /// Which kinds of evidence to use.
    public var methods: Set<PairMeasurement.Method>
    /// Whether to analyse all video, even if audio suffices.
    public var thorough: Bool
    /// Metres from the sound source to each recording's microphone, in the order of the recordings.
    public var distances: [Double]

    /// Frames of recordings up to this long are always examined, in seconds.
    private static let alwaysSeenUpTo = 120.0

    public init(
        reader: ViewReader, analyser: ViewsAnalyser, jobs: Int, methods: Set<PairMeasurement.Method>, thorough: Bool,
        distances: [Double] = []
    ) {
        self.reader = reader
        self.analyser = analyser
        self.jobs = max(1, jobs)
        self.methods = methods
        self.thorough = thorough
        self.distances = distances
    }

    /// - Parameters:
    ///   - paths: the reference first.
    ///   - unreadable: those not to be opened, with the reason.
    ///   - lips: measures the audio of a recording against its video, if it has both; nil: not used.
    ///   - seen: receives all readable recordings, with their features.
    ///   - progress: receives the current activity.
    public func report(
        _ paths: [String], unreadable: [String: ClipFailure] = [:], lips: ((String) -> Finding?)? = nil,
        seen: ([ViewInput]) -> Void = { _ in },
        progress: @Sendable (String) -> Void = { _ in }
    ) -> ViewsReport {
        progress("listening")
        var failures: [(clip: String, failure: ClipFailure)] = []
        var views: [ViewInput] = []
        let listens = methods.contains(.sound)
        let looks = methods.contains(.picture)
        let isDeadly = { (path: String) in unreadable[path] != nil }
        let recordings = Chapters.joined(paths.filter { !isDeadly($0) }) + paths.filter(isDeadly).map { [$0] }
        let order = recordings.sorted { paths.firstIndex(of: $0[0]) ?? 0 < paths.firstIndex(of: $1[0]) ?? 0 }
        let read = inParallel(order.count) { index in
            Result {
                if let failure = unreadable[order[index][0]] { throw failure }
                return try first(order[index], listens: listens, looks: looks)
            }
        }
        for (index, result) in read.enumerated() {
            switch result {
            case .success(var view):
                let place = paths.firstIndex(of: order[index][0]) ?? index
                view.distanceMetres = distances.indices.contains(place) ? distances[place] : nil
                views.append(view)
            case .failure(let error):
                failures.append((order[index][0], ViewsMeasurement.failure(error, order[index][0])))
            }
        }
        guard !views.isEmpty else {
            return ViewsReport(
                reference: paths.first ?? "", durationSeconds: nil, findings: [], clock: [], pairs: [],
                failures: failures, notes: [])
        }
        noteRepeats(&views)
        if let lips {
            progress("measuring lips")
            for index in views.indices where views[index].hasSound && views[index].hasPicture {
                guard let finding = lips(views[index].clip) else { continue }
                // Audio nearly in sync is not moved: the lips' error is larger.
                if finding.verdict == .misaligned || finding.verdict == .marginal && finding.confidence ?? 0 > 0.9 {
                    views[index].ownSound = finding.offset
                }
            }
        }
        var table = PairTable()
        measure(views, &table)
        var report = analyser.report(views, pairs: table, failures: failures)
        if looks, needsPictures(report, views) {
            progress("looking")
            let unseen = views.indices.filter { views[$0].hasPicture && views[$0].picture == nil }
            let files = unseen.map { views[$0].chapters.map(\.clip) }
            let looked = inParallel(unseen.count) { index in
                Result { try reader.read(files[index], sound: false, picture: true) }
            }
            for (place, result) in zip(unseen, looked) {
                switch result {
                case .success(let view):
                    views[place].picture = view.picture
                    views[place].notes += view.notes.filter { !views[place].notes.contains($0) }
                case .failure(let error):
                    views[place].notes.append(Reason(ViewsMeasurement.failure(error, views[place].clip).message))
                }
            }
            measure(views, &table)
            report = analyser.report(views, pairs: table, failures: failures)
        }
        seen(views)
        return ViewsMeasurement.withChapters(report, views)
    }

    /// Every file has an entry in the clock, including further chapters.
    private static func withChapters(_ report: ViewsReport, _ views: [ViewInput]) -> ViewsReport {
        guard views.contains(where: { $0.chapters.count > 1 }) else { return report }
        let clock = zip(views, report.clock).flatMap { view, entry in entry.chapters(view.chapters) }
        return ViewsReport(
            reference: report.reference, durationSeconds: report.durationSeconds, findings: report.findings,
            clock: clock, pairs: report.pairs, failures: report.failures, notes: report.notes)
    }

    /// Audio of all; video immediately if they are short, without audio, or if all are requested.
    private func first(_ chapters: [String], listens: Bool, looks: Bool) throws -> ViewInput {
        let file = try MediaFile(path: chapters[0])
        let all = file.durationSeconds.map { $0 * Double(chapters.count) }
        let isShort = all.map { $0 <= ViewsMeasurement.alwaysSeenUpTo } ?? false
        let seen = looks && (thorough || isShort || file.audioStreams.isEmpty || !listens)
        return try reader.read(chapters, sound: listens, picture: seen)
    }

    /// Whether audio did not connect a recording with video.
    private func needsPictures(_ report: ViewsReport, _ views: [ViewInput]) -> Bool {
        guard views.filter(\.hasPicture).count > 1, views.contains(where: { $0.hasPicture && $0.picture == nil }) else {
            return false
        }
        return zip(views, report.clock).contains { $0.hasPicture && $1.group != 0 }
    }

    private func measure(_ views: [ViewInput], _ table: inout PairTable) {
        let known = table
        let missing = PairTable.pairs(of: views).filter {
            known.measurement($0.reference, $0.subject, $0.method) == nil
        }
        table.rows += inParallel(missing.count) { index in
            PairTable.measure(views, missing[index].reference, missing[index].subject, missing[index].method)
        }
    }

    /// Notes that two paths are one file, or that two files have the same bytes.
    private func noteRepeats(_ views: inout [ViewInput]) {
        for index in views.indices {
            for earlier in views.indices.prefix(index) where SameFile.isSame(views[earlier].clip, views[index].clip) {
                views[index].notes.append(
                    Reason("it is the same file as \(views[earlier].clip.printable), given twice"))
                break
            }
        }
    }

    private func inParallel<T: Sendable>(_ count: Int, _ work: @Sendable (Int) -> T) -> [T] {
        let results = ResultBox<T>(count: count)
        let threads = min(jobs, count)
        guard threads > 0 else { return [] }
        withoutActuallyEscaping(work) { work in
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                while let index = results.next() { results.set(index, work(index)) }
            }
        }
        return results.values
    }

    static func failure(_ error: any Error, _ path: String) -> ClipFailure {
        if let error = error as? MediaError { return error.failure }
        if let failure = error as? ClipFailure { return failure }
        return ClipFailure(
            code: "internal", message: "\(path.printable) could not be measured (\(error))",
            remedy: "report this with the recording; the others are not affected")
    }
}

/// Results of work distributed over several threads.
private final class ResultBox<T: Sendable>: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `lock`.
    private let lock = NSLock()
    private var taken = 0
    private var results: [T?]

    init(count: Int) { results = [T?](repeating: nil, count: count) }

    func next() -> Int? {
        lock.withLock {
            guard taken < results.count else { return nil }
            defer { taken += 1 }
            return taken
        }
    }

    func set(_ index: Int, _ value: T) { lock.withLock { results[index] = value } }

    var values: [T] { lock.withLock { results.compactMap { $0 } } }
}
