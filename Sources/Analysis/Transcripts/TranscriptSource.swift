import Files
import Foundation
public import MediaIO
public import SyncModel
public import TimedText

/// A transcript's source: a file, or a track inside the media.
public struct TranscriptSource: Sendable {
    public let name: String
    public let text: TranscriptText
    /// The document to write it from, SubRip for a track inside the media; nil for image subtitles.
    public let document: TimedTextDocument?
    private let isEmbedded: Bool
    let notes: [String]
    let faults: [TextFault]
    let tierDisagreements: [TierAgreement.Disagreement]

    /// Reads a file, or a text inside media by its name (`film.ts#cc1`).
    ///
    /// - Parameter mediaName: path or name of the media: its clock is read where the text counts by it.
    /// - Throws: `ClipFailure` in words for people.
    public init(path: String, frameRate: Double?, encoding: TextEncoding?, tier: String?, mediaName: String) throws {
        if let inside = EmbeddedText(path) {
            self.init(track: try inside.read(), media: inside.media)
            return
        }
        var reader = TimedTextReader(frameRate: frameRate, encoding: encoding)
        reader.mediaStart = { TranscriptSource.streamStart(mediaName) }
        let document = try TranscriptSource.read(path, reader)
        self.init(
            path, document, try TranscriptSelection(document, tier: tier, mediaName: mediaName, path: path))
    }

    private init(_ path: String, _ document: TimedTextDocument, _ chosen: TranscriptSelection) {
        name = path
        text = chosen.text
        self.document = document
        notes = document.guesses + chosen.notes
        faults = document.faults
        tierDisagreements = chosen.disagreements
        isEmbedded = false
    }

    /// The clock of a transport stream, or of a segment of one in another container, at the media's beginning, in
    /// seconds; nil: the media has none, or cannot be opened.
    private static func streamStart(_ media: String) -> Double? {
        guard let file = try? MediaFile(path: media), file.videoStream != nil || !file.audioStreams.isEmpty else {
            return nil
        }
        return file.format.contains("mpegts") || file.originSeconds > 0.5 ? file.originSeconds : nil
    }

    package static func read(_ path: String, _ reader: TimedTextReader) throws -> TimedTextDocument {
        guard let data = FileManager.default.contents(atPath: FetchedFiles.place(path)) else {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue {
                throw ClipFailure(
                    code: "is-folder", message: "\(path.printable) is a folder", remedy: "name a transcript in it")
            }
            throw exists
                ? ClipFailure(
                    code: "no-permission", message: "\(path.printable) may not be read",
                    remedy: "give yourself read permission: chmod u+r")
                : ClipFailure(
                    code: "no-such-file", message: "\(path.printable) does not exist", remedy: "check the path")
        }
        do {
            return try reader.read(Array(data), name: path)
        } catch {
            throw ClipFailure(code: error.code, message: "\(path.printable) \(error.message)", remedy: error.remedy)
        }
    }

    /// Uses a track of the media.
    public init(track: SubtitleTrack, media: String) {
        let name = "\(media)#\(track.name)"
        self.name = name
        text = TranscriptText(
            items: track.cues.enumerated().map { index, cue in
                TranscriptText.Item(index: index, kind: .cue, text: cue.text, start: cue.start, end: cue.end)
            })
        document = track.subRip.flatMap { try? TimedTextReader(format: .subRip).read($0, name: name) }
        isEmbedded = true
        notes =
            track.cues.allSatisfy(\.text.isEmpty) && !track.cues.isEmpty
            ? ["the subtitles are images: their words cannot be read"] : []
        faults = []
        tierDisagreements = []
    }
}

extension TranscriptSource {
    /// The analyser's finding, with the file's name and the notes on reading it.
    public func finding(_ analyser: TranscriptAnalyser, sound: SpeechScores, language: String? = nil) -> Finding {
        let timecode = ProgrammeTimecode(text, soundSeconds: sound.seconds)
        var finding: Finding
        var notes = notes
        if let timecode {
            finding = analyser.finding(text.counted(from: timecode.seconds), sound: sound)
                .counted(from: timecode.seconds)
            notes.append(
                """
                its times count from the programme's timecode \(timecode.name), which is part of the offset: with \
                --write they count from the start of the recording
                """)
        } else {
            finding = analyser.finding(text, sound: sound)
        }
        finding.subjectFile = name
        var more: [Evidence] = []
        if let document, !isEmbedded {
            more.append(Evidence("format", .text(document.format.rawValue)))
            if document.encoding != .utf8 { more.append(Evidence("encoding", .text(document.encoding.rawValue))) }
        }
        finding.language = language ?? document?.language ?? LanguageTag.inName(name)
        if let language = finding.language { more.append(Evidence("language", .text(language))) }
        if let timecode { more.append(Evidence("counts_from", .text(timecode.name))) }
        if !notes.isEmpty { more.append(Evidence("assumed", .list(notes.map { .text($0) }))) }
        if !faults.isEmpty {
            more.append(Evidence("unread", .list(faults.prefix(100).map { .text("line \($0.line): \($0.message)") })))
        }
        if !tierDisagreements.isEmpty {
            let list = tierDisagreements.map { miss in
                EvidenceValue.object([
                    Evidence("time_s", .number(miss.time, decimals: 4)),
                    Evidence("miss_ms", .number(miss.miss * 1000, decimals: 1)),
                ])
            }
            more.append(Evidence("tiers_disagree", .list(list)))
        }
        return finding.adding(more)
    }
}
