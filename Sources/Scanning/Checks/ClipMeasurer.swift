import Consistency
public import Foundation
import Inference
import MediaIO
public import Plan
public import SyncModel

/// Measures clips one after another: decodes each once and feeds every check from that pass. Confined to one thread.
public final class ClipMeasurer {
    private let checks: [any ClipCheck]
    /// Method of the findings of checks that failed.
    private let tolerance: Tolerance
    private let language: String?

    /// - Parameters:
    ///   - tolerance: reported in findings of checks that failed.
    ///   - language: of the speech to select; nil: that of each request.
    public init(checks: [any ClipCheck], tolerance: Tolerance = .standard, language: String? = nil) {
        self.checks = checks
        self.tolerance = tolerance
        self.language = language
    }

    /// The report of a clip; unreadable clips give a `failed` report, never an error.
    ///
    /// - Parameter opened: receives the clip's declared length in seconds, if any, before decoding.
    public func measure(_ request: ClipRequest, opened: (Double?) -> Void = { _ in }) -> ClipReport {
        do {
            let clip = try OpenedClip(request, language: language)
            opened(clip.file.durationSeconds)
            var report = ClipReport(
                clip: request.clip, soundFile: clip.files.audio, durationSeconds: clip.file.durationSeconds,
                outcome: .measured(try findings(clip)))
            report.facts = FileFacts.of(clip)
            return report
        } catch {
            return ClipReport(
                clip: request.clip, durationSeconds: nil,
                outcome: .failed(ClipFailure(error, of: request.clip)))
        }
    }

    /// The data to store of the master that was decoded for the last clip, if wanted.
    public func takeMaster() -> Data? {
        for check in checks { if let compare = check as? CompareCheck { return compare.takeMaster() } }
        return nil
    }

    /// The findings of all checks, in the checks' order. The failure of one is its own `failed` finding.
    ///
    /// - Throws: `MediaError` where the file itself cannot be read.
    private func findings(_ clip: OpenedClip) throws -> [Finding] {
        let plans = checks.map { check in (check: check, plan: Result { try check.plan(clip) }) }
        let listeners = plans.compactMap { entry -> (any PassListener)? in
            if case .success(.listen(let listener)) = entry.plan { listener } else { nil }
        }
        let pass = SinglePass(clip, listeners: listeners)
        let tally = listeners.isEmpty ? MediaTally() : try pass.run()
        let findings = plans.flatMap { check, plan -> [Finding] in
            do {
                switch try plan.get() {
                case .absent: return []
                case .findings(let findings): return findings
                case .listen(let listener):
                    if let trouble = pass.trouble(of: listener) { throw trouble }
                    return try listener.finish(tally.seen(by: listener.wants))
                }
            } catch { return [check.failed(ClipFailure(error, of: clip.request.clip), tolerance: tolerance)] }
        }
        let named = findings.map { $0.naming(clip.heard) }
        return TurnFaces.added(to: named) + TriangleConsistency.findings(named)
    }
}

extension ClipFailure {
    /// The failure of a clip, for any error.
    init(_ error: any Error, of clip: String) {
        switch error {
        case let failure as ClipFailure: self = failure
        case let error as MediaError: self = error.failure
        case let error as InferenceError:
            self.init(code: error.kind.rawValue, message: error.description, remedy: error.remedy)
        default:
            self.init(
                code: "internal", message: "\(clip.printable) could not be measured (\(error))",
                remedy: "report this with the clip; the other clips are not affected")
        }
    }
}

extension ClipCheck {
    /// The finding of a check that failed.
    fileprivate func failed(_ failure: ClipFailure, tolerance: Tolerance) -> Finding {
        let (subject, reference) = check.sides
        return .unreadable(
            failure, check: check, subject: subject, reference: reference, tolerance: tolerance,
            method: (try? method) ?? MethodVersion(rawValue: check.rawValue))
    }
}

extension Check {
    /// Subject and reference of a check of clips.
    fileprivate var sides: (subject: Track, reference: Track) {
        switch self {
        case .transcript: (.text, .audio)
        case .speakers, .events, .actions: (.labels, .audio)
        case .sensor: (.sensor, .video)
        case .views: (.video, .video)
        case .lips, .impacts, .container, .compare: (.audio, .video)
        case .tracks: (.audio, .audio)
        }
    }
}

extension MediaTally {
    /// Faults of the file itself, if any.
    var evidence: [Evidence] {
        var result: [Evidence] = []
        if damagedVideoPackets + damagedAudioPackets > 0 {
            result.append(Evidence("damaged_packets", .count(damagedVideoPackets + damagedAudioPackets)))
        }
        if soundGaps + soundOverlaps > 0 {
            result.append(Evidence("sound_timestamp_jumps", .count(soundGaps + soundOverlaps)))
        }
        if unorderedPictures > 0 { result.append(Evidence("unordered_pictures", .count(unorderedPictures))) }
        if let stoppedBy { result.append(Evidence("read_error", .text(stoppedBy))) }
        return result
    }
}

extension Finding {
    /// The same finding with the faults of the file itself; those that limit it to a part are reasons.
    func blaming(_ tally: MediaTally) -> Finding {
        var finding = adding(tally.evidence)
        let (left, all) = (tally.unorderedPictures, tally.pictures + tally.unorderedPictures)
        if left >= MediaTally.strayPictures, left * 20 > all {
            finding.because.append(
                Reason(
                    """
                    \(left) of \(all) video frames were omitted: the file's timestamps jump back before earlier ones; \
                    what to do: give it one clock and measure the result: ffmpeg -i IN -c copy OUT.mkv
                    """))
        }
        return finding
    }
}

extension MediaTally {
    /// Up to this many video frames out of order may be single bad timestamps.
    fileprivate static let strayPictures = 12
}
