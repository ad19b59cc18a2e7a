import Consistency
import MediaIO
public import Plan
public import SyncModel

/// Measures clips one after another: decodes each once and feeds every check from that pass. Belongs to one thread.
public final class ClipMeasurer {
    private let checks: [any ClipCheck]

    public init(checks: [any ClipCheck]) { self.checks = checks }

    /// Everything that can be said of a clip; what cannot be read becomes a report of that, never an error.
    ///
    /// - Parameter opened: told the clip's length in seconds, where it is declared, before anything is decoded.
    public func measure(_ request: ClipRequest, opened: (Double?) -> Void = { _ in }) -> ClipReport {
        do {
            let clip = try OpenedClip(request)
            opened(clip.file.durationSeconds)
            var report = ClipReport(
                clip: request.clip, soundFile: clip.files.audio, durationSeconds: clip.file.durationSeconds,
                outcome: .measured(try findings(clip)))
            report.facts = FileFacts.of(clip)
            return report
        } catch let error as MediaError {
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(error.failure))
        } catch let failure as ClipFailure {
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(failure))
        } catch {
            let failure = ClipFailure(
                code: "internal", message: "\(request.clip.printable) could not be measured (\(error))",
                remedy: "report this with the clip; the other clips are not affected")
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(failure))
        }
    }

    /// The findings of all checks, in the checks' order.
    private func findings(_ clip: OpenedClip) throws -> [Finding] {
        let plans = try checks.map { try $0.plan(clip) }
        let listeners = plans.compactMap { plan -> (any PassListener)? in
            if case .listen(let listener) = plan { listener } else { nil }
        }
        let tally = listeners.isEmpty ? MediaTally() : try SinglePass(clip, listeners: listeners).run()
        let findings = try plans.flatMap { plan in
            switch plan {
            case .absent: [Finding]()
            case .findings(let findings): findings
            case .listen(let listener): try listener.finish(tally.seen(by: listener.wants))
            }
        }
        return TurnFaces.added(to: findings) + Closure.findings(findings)
    }
}

extension MediaTally {
    /// What was wrong with the file itself, where anything was.
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
