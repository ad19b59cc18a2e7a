import Checks
import Foundation
import MediaIO
import Muxing
public import Plan
public import SyncModel
import TimedText

/// Fixes clips one by one: measures, writes, re-measures the result, and only then keeps it.
///
/// ```swift
/// let fixer = Fixer(checks: [.lips, .impacts], settings: settings)
/// let outcome = fixer.fix(FixRequest(clip: "take3.mov", output: "take3-fixed.mov"))
/// if outcome.kind == .fixed { print(outcome.written.map(\.output)) }
/// ```
public final class Fixer {
    private let checks: [Check]
    private let settings: CheckSettings
    /// nil: the default.
    private let leastConfidence: Double?
    /// One per expectation: models are loaded once.
    private var measurers: [Expectation: ClipMeasurer] = [:]
    /// The same for copies of a master, which is kept prepared.
    private var comparers: [Expectation: ClipMeasurer] = [:]

    /// - Parameters:
    ///   - checks: the checks of audio against video.
    ///   - settings: with the expectation for requests without one.
    public init(
        checks: [Check], settings: CheckSettings, leastConfidence: Double? = nil
    ) {
        self.checks = checks.filter { CheckCatalogue.soundAgainstPicture.contains($0) }
        self.settings = settings
        self.leastConfidence = leastConfidence
    }

    /// Fixes one clip; errors are part of the outcome, and leave nothing behind.
    public func fix(_ request: FixRequest) -> FixOutcome {
        do {
            return try attempt(request)
        } catch let error as FixError {
            return FixOutcome(clip: request.clip, error)
        } catch let error as MediaError {
            return FixOutcome(clip: request.clip, kind: .failed, failure: error.failure)
        } catch let failure as ClipFailure {
            return FixOutcome(clip: request.clip, kind: .failed, failure: failure)
        } catch {
            return FixOutcome(
                clip: request.clip, kind: .failed,
                failure: ClipFailure(
                    code: "internal", message: "\(request.clip.printable) cannot be fixed (\(error))",
                    remedy: "report this bug with the clip"))
        }
    }

    /// Measures a clip's audio against its video, without its sidecars.
    ///
    /// - Parameter master: the clip's master; then only that check is used.
    public func measure(
        _ clip: String, audio: String?, stream: Int?, master: String? = nil, expecting expectation: Expectation
    ) -> ClipReport {
        let measurer: ClipMeasurer
        if let known = master == nil ? measurers[expectation] : comparers[expectation] {
            measurer = known
        } else {
            var own = settings
            own.expectation = expectation
            measurer = ClipMeasurer(
                checks: CheckCatalogue.make(master == nil ? checks : [.compare], own), tolerance: settings.tolerance)
            if master == nil { measurers[expectation] = measurer } else { comparers[expectation] = measurer }
        }
        var files = ClipFiles(audio: audio, audioStream: stream)
        files.master = master
        return measurer.measure(ClipRequest(clip: clip, files: files))
    }

    private func attempt(_ request: FixRequest) throws -> FixOutcome {
        let set = OutputSet(
            sources: [request.clip, request.source] + request.transcripts + request.labels,
            isForced: request.isForced)
        let isTextOnly =
            request.subject == .text
            || !request.transcripts.isEmpty && FixNames.isText(request.output, like: request.transcripts[0])
        var outcome = FixOutcome(clip: request.clip, kind: .fixed)
        var tracks: [AudioTrackMove] = []
        var media: (made: FixedMedia, partial: String)?
        if !isTextOnly {
            tracks = try trackMoves(request)
            outcome.left = tracks.compactMap(\.left)
            let moved = tracks.filter { $0.move != nil }
            guard !moved.isEmpty || !request.transcripts.isEmpty else {
                return FixOutcome(clip: request.clip, kind: .nothingToFix, left: outcome.left)
            }
            if !moved.isEmpty {
                let subtitles = try subtitleMoves(request, tracks)
                outcome.left += subtitles.left
                let place = try set.place(request.output, asLargeAs: request.source)
                var moves = StreamMoves(subtitles.moves)
                for track in moved { moves.own[track.stream.index] = track.move }
                var fixer = MediaFixer(moves, leavesOut: request.leavesOut)
                fixer.rewritesAudio = request.rewritesAudio
                let made = try fixer.fix(request.source, into: place)
                media = (made, place.partial)
                outcome.written += try subtitlesAgain(subtitles.own, place, request)
                for track in moved {
                    outcome.written.append(
                        try measuredAgain(
                            track, made, place, isFirst: outcome.written.isEmpty, hasOthers: tracks.count > 1, request))
                }
            }
        }
        let sound = tracks.first(where: \.isPrimary)?.move
        try fixTexts(request, isTextOnly: isTextOnly, sound: sound, media: media, in: set, &outcome)
        if let media { try moveLabels(request, media.made, in: set, &outcome) }
        if set.isEmpty { return FixOutcome(clip: request.clip, kind: .nothingToFix, left: outcome.left) }
        try set.finish()
        return outcome
    }

    // MARK: Sound

    /// The move of each audio stream.
    ///
    /// - Throws: `FixError` if none can be determined, or not that of the requested one.
    private func trackMoves(_ request: FixRequest) throws -> [AudioTrackMove] {
        let file = try MediaFile(path: request.source)
        let sounds = file.audioStreams
        let chosen = try file.audioStream(number: request.audioStream)
        guard let chosen, let primary = sounds.firstIndex(of: chosen) else {
            // Without audio, the measurement reports it.
            _ = try FixDecision(
                measure(
                    request.clip, audio: request.audioFile, stream: nil, master: request.master,
                    expecting: request.expectation))
            return []
        }
        var result: [AudioTrackMove] = []
        var refusal: FixError?
        for (number, stream) in sounds.enumerated() {
            var track = AudioTrackMove(stream: stream, number: number, isPrimary: number == primary)
            defer { result.append(track) }
            if let given = request.move, track.isPrimary || request.measuredBy == nil && request.audioStream == nil {
                track.move = given
                track.was = request.measuredBy == nil ? nil : given.offset
                track.measuredBy = request.measuredBy
                continue
            }
            if request.audioStream != nil, !track.isPrimary {
                track.left = "\(track.name) is unchanged: only audio stream \(primary) was requested"
                continue
            }
            let report = measure(
                request.clip, audio: request.audioFile, stream: sounds.count > 1 ? number : request.audioStream,
                master: request.master, expecting: request.expectation)
            do {
                let decision = try FixDecision(
                    report, expecting: request.expectation,
                    leastConfidence: leastConfidence ?? FixDecision.leastConfidence)
                track.move = decision.move
                track.was = decision.finding?.offset
                track.measuredBy = decision.finding?.check
                track.notes = request.master == nil ? [] : decision.finding?.because.map(\.description) ?? []
                if decision.move == nil, sounds.count > 1 { track.left = "\(track.name) is in sync and unchanged" }
            } catch let error as FixError where sounds.count > 1 {
                if track.isPrimary { refusal = error }
                track.left = "\(track.name) is unchanged: \(error.failure.message)"
            }
        }
        if let refusal, result.allSatisfy({ $0.move == nil }) { throw refusal }
        return result
    }

    /// Re-measures the result before it is kept.
    ///
    /// - Throws: `FixError` if the move was measured and the re-measurement does not report in-sync.
    private func measuredAgain(
        _ track: AudioTrackMove, _ media: FixedMedia, _ place: StagedOutput, isFirst: Bool, hasOthers: Bool,
        _ request: FixRequest
    ) throws -> FixOutcome.Written {
        let isOwnFile = request.audioFile != nil
        let report: ClipReport
        if track.measuredBy == .container {
            report = ClipMeasurer(checks: CheckCatalogue.make([.container], settings), tolerance: settings.tolerance)
                .measure(ClipRequest(clip: place.partial, files: ClipFiles(audioStream: track.number)))
        } else {
            report = measure(
                isOwnFile ? request.clip : place.partial, audio: isOwnFile ? place.partial : nil,
                stream: hasOthers ? track.number : request.audioStream, master: request.master,
                expecting: request.expectation)
        }
        let now =
            report.findings.first { $0.check == track.measuredBy && $0.offset != nil }
            ?? report.findings.first { $0.subject == .audio && $0.check != .container && $0.offset != nil }
        if track.measuredBy != nil {
            guard let now, now.verdict == .inSync else {
                let said =
                    now?.offset.map { OffsetWords.sentence($0, subject: .audio, reference: .video) }
                    ?? "the re-measurement is inconclusive"
                throw FixError(
                    "not-mended", "\(request.clip.printable) was moved, but afterwards: \(said)",
                    remedy: "nothing was kept; check it with 'genlock review', or give --offset-ms N")
            }
        }
        var notes = (isFirst ? Fixer.notes(media) : []) + track.notes
        if now == nil { notes.append("the re-measurement is inconclusive; it was moved as \(request.moveBy)") }
        return FixOutcome.Written(
            subject: .audio, source: request.source, output: place.path, stream: hasOthers ? track.streamName : nil,
            streamNumber: hasOthers ? track.number : nil, was: track.was, now: now?.offset,
            check: now?.check ?? track.measuredBy, method: .media(media.method),
            notes: notes)
    }

    /// Notes about the written file.
    private static func notes(_ media: FixedMedia) -> [String] {
        func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }
        var notes = media.leftOut.map { "dropped: \($0)" }
        if media.othersLater > 0 {
            notes.append(
                """
                the video starts \(milliseconds(media.othersLater)) ms into the file, to keep all of the audio; \
                labels given with --labels are moved too
                """
            )
        }
        if media.cutAtStart > 0.0005 {
            notes.append(
                """
                the first \(milliseconds(media.cutAtStart)) ms of the audio would come before the file's start and \
                were cut
                """
            )
        }
        if media.damagedPackets > 0 {
            notes.append("\(media.damagedPackets) audio packets cannot be decoded and were replaced by silence")
        }
        if media.clampedSubtitles > 0 {
            notes.append("\(media.clampedSubtitles) subtitles would start before the file: they now start with it")
        }
        if media.equalPackets == nil {
            notes.append("the container differs: packets cannot be compared byte by byte with the original's")
        }
        return notes
    }

    // MARK: Text and labels

    /// The moves of the subtitles inside the clip: their own offset, combined with the audio's move.
    private func subtitleMoves(_ request: FixRequest, _ tracks: [AudioTrackMove]) throws -> (
        moves: [Int: SoundMove], own: [(track: SubtitleTrack, finding: Finding)], left: [String]
    ) {
        guard request.audioFile == nil, let sound = tracks.first(where: \.isPrimary)?.move,
            try MediaFile(path: request.clip).mayHoldTexts
        else { return ([:], [], []) }
        let heard = try HeardSound(
            of: request.clip, audioStream: request.audioStream, files: [], settings: settings)
        var moves: [Int: SoundMove] = [:]
        var own: [(track: SubtitleTrack, finding: Finding)] = []
        var left: [String] = []
        for track in heard.tracks {
            if let channel = track.channel {
                left.append("the captions \(channel) keep their times: they are inside the video packets")
                continue
            }
            let finding = heard.finding(track, media: request.clip)
            let name = "the subtitles in stream \(track.index)\(track.language.map { " (\($0))" } ?? "")"
            do {
                guard let move = try TextFix.move(finding, of: name, leastConfidence: leastConfidence) else {
                    moves[track.index] = sound
                    continue
                }
                if let both = sound.after(move) {
                    moves[track.index] = both
                    own.append((track, finding))
                } else {
                    left.append("\(name) keep their times: their offset changes within them; see 'genlock transcript'")
                }
            } catch {
                left.append("\(name) keep their times: their offset cannot be determined")
            }
        }
        return (moves, own, left)
    }

    /// Re-measures subtitles that were moved by their own offset.
    ///
    /// - Throws: `FixError` if they are not in sync.
    private func subtitlesAgain(
        _ moved: [(track: SubtitleTrack, finding: Finding)], _ place: StagedOutput, _ request: FixRequest
    ) throws -> [FixOutcome.Written] {
        guard !moved.isEmpty else { return [] }
        let before = try MediaFile(path: request.clip).subtitleStreams
        let heard = try HeardSound(
            of: place.partial, audioStream: request.audioStream, files: [], settings: settings)
        let after = try MediaFile(path: place.partial).subtitleStreams
        return try moved.compactMap { track, was in
            let name = "\(request.clip)#\(track.index)"
            guard let ordinal = before.firstIndex(of: track.index), after.indices.contains(ordinal),
                let again = heard.tracks.first(where: { $0.index == after[ordinal] })
            else { return nil }
            let now = heard.finding(again, media: request.output)
            try TextFix.confirm(now, was: was, of: name)
            return FixOutcome.Written(
                subject: .text, source: name, output: place.path, was: was.offset, now: now.offset,
                check: .transcript, method: .rewritten, notes: [])
        }
    }

    private func fixTexts(
        _ request: FixRequest, isTextOnly: Bool, sound: SoundMove?, media: (made: FixedMedia, partial: String)?,
        in set: OutputSet, _ outcome: inout FixOutcome
    ) throws {
        let files = request.subject == .text ? Array(request.transcripts.prefix(1)) : request.transcripts
        guard !files.isEmpty else { return }
        guard !isTextOnly || files.count == 1 else {
            throw FixError(
                "same-output", "\(request.output.printable) is one file, but \(files.count) texts were given",
                remedy: "fix them one at a time, or with the clip: -o is then the clip, with the texts beside it")
        }
        let names = FixNames.beside(request.output, clip: request.clip, texts: files + request.labels)
        let shift = media.map { $0.made.othersLater - $0.made.originLater } ?? 0
        let heard = try HeardSound(
            of: request.source, audioStream: request.audioStream, files: files, settings: settings)
        let heardAgain =
            try media.map {
                try HeardSound(of: $0.partial, audioStream: request.audioStream, files: files, settings: settings)
            } ?? heard
        for path in files {
            let output = isTextOnly ? request.output : names[path] ?? request.output
            let (document, was) = try heard.read(path, as: path, mediaName: request.clip)
            let own: SoundMove?
            do {
                own =
                    request.subject == .text && request.move != nil
                    ? request.move : try TextFix.move(was, of: path, leastConfidence: leastConfidence)
            } catch let error as FixError where request.leavesDoubtfulTexts {
                outcome.left.append("\(error.failure.message): nothing was written for it")
                continue
            }
            if own == nil, sound == nil {
                outcome.left.append("\(path.printable) is in sync: nothing was written for it")
                continue
            }
            var text = try TextFix(path, document, output: output, in: set)
            try text.write { time, anchor in
                let onSound = own?.time(time, anchor: anchor) ?? time
                let anchored = own?.time(anchor, anchor: anchor) ?? anchor
                return (sound?.time(onSound, anchor: anchored) ?? onSound) + shift
            }
            let now = try heardAgain.read(text.place.partial, as: path, mediaName: request.clip).finding
            if request.subject != .text || request.move == nil || request.measuredBy != nil {
                try TextFix.confirm(now, was: was, of: path)
            }
            outcome.written.append(
                FixOutcome.Written(
                    subject: now.subject, source: path, output: output, was: was.offset, now: now.offset,
                    check: now.check, method: .rewritten, notes: text.notes))
        }
    }

    /// Labels belong to the video, and move with it.
    private func moveLabels(
        _ request: FixRequest, _ media: FixedMedia, in set: OutputSet, _ outcome: inout FixOutcome
    ) throws {
        let names = FixNames.beside(
            request.output, clip: request.clip, texts: request.transcripts + request.labels)
        for path in request.labels {
            let output = names[path] ?? request.output
            outcome.written.append(
                try LabelFix(path).write(
                    to: output, in: set,
                    frames: LabelFix.Frames(
                        rate: try MediaFile(path: request.clip).videoStream?.frameRate, stay: true)
                ) { $0 + media.othersLater - media.originLater })
        }
    }
}

/// The move of one audio stream.
private struct AudioTrackMove {
    let stream: StreamDescription
    /// Counted from 0 among the audio streams.
    let number: Int
    /// The requested stream, else the file's default: text belongs to it.
    let isPrimary: Bool
    /// nil: unchanged.
    var move: SoundMove?
    /// Its measured offset before.
    var was: Offset?
    /// The check that measured it; nil: given by a person.
    var measuredBy: Check?
    /// Further notes of the comparison with the master, such as missing parts: these are not filled.
    var notes: [String] = []
    /// Why it is unchanged, if that must be reported.
    var left: String?

    var streamName: StreamName { StreamName(index: stream.index, language: stream.language) }
    var name: String { "audio stream \(number)\(stream.language.map { " (\($0))" } ?? "")" }
}
