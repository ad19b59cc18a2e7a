public import Checks
import Foundation
import MediaIO
import Muxing
import Plan
public import SyncModel

/// Mends clips one after another: measures, writes, measures what was written, and only then lets it stand.
public final class Mender {
    private let measurer: ClipMeasurer
    private let tolerance: Tolerance
    private let leastConfidence: Double

    public init(measurer: ClipMeasurer, tolerance: Tolerance, leastConfidence: Double = MendDecision.leastConfidence) {
        self.measurer = measurer
        self.tolerance = tolerance
        self.leastConfidence = leastConfidence
    }

    /// What would be done with a clip, without doing it.
    public func decide(_ request: MendRequest) throws -> MendDecision {
        try MendDecision(measure(request.clip, request), leastConfidence: leastConfidence)
    }

    /// Mends one clip; what goes wrong is part of the outcome, and leaves nothing behind.
    public func mend(_ request: MendRequest) -> MendOutcome {
        do {
            return try attempt(request)
        } catch let error as MendError {
            return MendOutcome(clip: request.clip, error)
        } catch let error as MediaError {
            return MendOutcome(clip: request.clip, kind: .failed, failure: error.failure)
        } catch let failure as ClipFailure {
            return MendOutcome(clip: request.clip, kind: .failed, failure: failure)
        } catch {
            return MendOutcome(
                clip: request.clip, kind: .failed,
                failure: ClipFailure(
                    code: "internal", message: "\(request.clip.printable) could not be mended (\(error))",
                    remedy: "report this with the clip"))
        }
    }

    private func measure(_ clip: String, _ request: MendRequest) -> ClipReport {
        let files = ClipFiles(audio: request.audioFile, audioStream: request.audioStream)
        return measurer.measure(ClipRequest(clip: clip, files: files))
    }

    private static func size(_ path: String) -> Int64 {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int64) ?? 0
    }

    private func attempt(_ request: MendRequest) throws -> MendOutcome {
        let isTextOnly = !request.transcripts.isEmpty && MendNames.isText(request.output, like: request.transcripts[0])
        let before = isTextOnly ? nil : measure(request.clip, request)
        if let failure = before?.failure {
            throw MendError(failure.code, failure.message, remedy: failure.remedy, isRefusal: false)
        }
        var move = request.move
        var was = before.flatMap { try? MendDecision($0, leastConfidence: 0) }?.finding
        if move == nil, let before {
            let decision = try MendDecision(before, leastConfidence: leastConfidence)
            move = decision.move
            was = decision.finding
        }
        if isTextOnly { move = nil }
        guard move != nil || !request.transcripts.isEmpty else {
            return MendOutcome(clip: request.clip, kind: .nothingToMend)
        }

        var outcome = MendOutcome(clip: request.clip, kind: .mended)
        let source = request.audioFile ?? request.clip
        var place: OutputPlace?
        var media: MendedMedia?
        if let move {
            let made = try OutputPlace(
                request.output, sources: [request.clip, source] + request.transcripts + request.labels,
                isForced: request.isForced, bytes: Mender.size(source))
            let mended = try MediaMender(move, leavesOut: request.leavesOut).mend(source, into: made)
            outcome.written.append(try measuredAgain(made, mended, move: move, was: was, request))
            (place, media) = (made, mended)
        }
        let beside = try textsMended(request, isTextOnly, move, media, heardAt: place?.partial, &outcome)
        try place?.finish()
        for text in beside.texts { try text.finish() }
        for place in beside.places { try place.finish() }
        if outcome.written.isEmpty { return MendOutcome(clip: request.clip, kind: .nothingToMend) }
        return outcome
    }

    /// Measures what was written, before it stands.
    ///
    /// - Throws: `MendError` where it went by a measurement and the new one does not say that it is mended.
    private func measuredAgain(
        _ place: OutputPlace, _ media: MendedMedia, move: SoundMove, was: Finding?, _ request: MendRequest
    ) throws -> MendOutcome.Written {
        var again = request
        if request.audioFile != nil { again.audioFile = place.partial }
        let report = measure(request.audioFile == nil ? place.partial : request.clip, again)
        let now =
            report.findings.first { $0.check == was?.check && $0.offset != nil }
            ?? report.findings.first { $0.subject == .audio && $0.check != .container && $0.offset != nil }
        if request.move == nil || request.isMeasured {
            guard let now, now.verdict == .inSync else {
                let said =
                    now?.offset.map { OffsetWords.sentence($0, subject: .audio, reference: .video) }
                    ?? "measured again it cannot be told"
                throw MendError(
                    "not-mended", "\(request.clip.printable) was moved, but afterwards: \(said)",
                    remedy: "nothing was kept; look at it with 'genlock review', or say --offset-ms N")
            }
        }
        var notes = media.leftOut.map { "left out: \($0)" }
        if media.othersLater > 0 {
            notes.append(
                """
                the picture begins \(Int((media.othersLater * 1000).rounded())) ms into the file, to keep all of the \
                sound; labels given with --labels are moved along
                """
            )
        }
        if media.equalPackets == nil {
            notes.append("another container: its packets could not be compared with the original's byte by byte")
        }
        if now == nil { notes.append("measured again it cannot be told; it was moved as \(request.moveBy)") }
        return MendOutcome.Written(
            subject: .audio, source: request.audioFile ?? request.clip, output: place.path, was: was?.offset,
            now: now?.offset,
            check: now?.check ?? was?.check, method: .media(media.method), notes: notes)
    }

    private func textsMended(
        _ request: MendRequest, _ isTextOnly: Bool, _ move: SoundMove?, _ media: MendedMedia?, heardAt partial: String?,
        _ outcome: inout MendOutcome
    ) throws -> (texts: [TextMending], places: [OutputPlace]) {
        var texts: [TextMending] = []
        var places: [OutputPlace] = []
        guard !request.transcripts.isEmpty || media != nil && !request.labels.isEmpty else { return (texts, places) }
        let soundShift = (media?.othersLater ?? 0) - (media?.originLater ?? 0)
        if !request.transcripts.isEmpty {
            let heard = try HeardSpeech(of: request.audioFile ?? request.clip, audioStream: request.audioStream)
            let heardAgain = try partial.map { try HeardSpeech(of: $0, audioStream: request.audioStream) } ?? heard
            for path in request.transcripts {
                let output =
                    isTextOnly ? request.output : MendNames.beside(request.output, clip: request.clip, text: path)
                let text = try TextMending(
                    path, frameRate: heard.frameRate, output: output, request: request, media: request.clip)
                let was = heard.finding(text.source, tolerance: tolerance)
                let own = try text.ownMove(was, leastConfidence: leastConfidence)
                if own == nil, move == nil { continue }
                try text.write { time, anchor in
                    let (onSound, anchored) = (
                        own?.time(time, anchor: anchor) ?? time, own?.time(anchor, anchor: anchor) ?? anchor
                    )
                    return (move?.time(onSound, anchor: anchored) ?? onSound) + soundShift
                }
                let now = try text.again(heardAgain, tolerance: tolerance)
                guard now.verdict == .inSync || now.verdict == .marginal && was.verdict == .misaligned else {
                    throw MendError(
                        "not-mended",
                        """
                        \(path.printable) was rewritten, but afterwards is \
                        \(now.verdict.rawValue)\
                        \(now.offset.map { ": " + OffsetWords.sentence($0, subject: .text, reference: .audio) } ?? "")
                        """,
                        remedy: "nothing was kept; look at it with 'genlock transcript'")
                }
                outcome.written.append(
                    MendOutcome.Written(
                        subject: .text, source: path, output: output, was: was.offset, now: now.offset,
                        check: .transcript, method: .rewritten, notes: text.notes))
                texts.append(text)
            }
        }
        guard let media else { return (texts, places) }
        for path in request.labels {
            let output = MendNames.beside(request.output, clip: request.clip, text: path)
            if let place = try TextMending.frameLabels(path, output: output, request: request) {
                outcome.written.append(
                    MendOutcome.Written(
                        subject: .labels, source: path, output: output, was: nil, now: nil, check: nil,
                        method: .copied,
                        notes: ["they count video frames, which keep their numbers: copied as they are"]))
                places.append(place)
                continue
            }
            let text = try TextMending(
                path, frameRate: try MediaFile(path: request.clip).videoStream?.frameRate, output: output,
                request: request, media: request.clip)
            try text.write { time, _ in time + media.othersLater - media.originLater }
            outcome.written.append(
                MendOutcome.Written(
                    subject: .labels, source: path, output: output, was: nil, now: nil, check: nil,
                    method: .rewritten, notes: text.notes))
            texts.append(text)
        }
        return (texts, places)
    }
}
