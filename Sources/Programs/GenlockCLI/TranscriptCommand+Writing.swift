import Files
import Fixing
import Foundation
import MediaIO
import Muxing
import SyncModel
import TimedText
import Transcripts

/// Writes texts, and subtitles inside media, with fixed times.
extension TranscriptCommand {
    /// A text that was compared with the audio and can be written with other times.
    struct Judged {
        let path: String
        let document: TimedTextDocument?
        let finding: Finding
    }

    /// Writes the fixed texts, re-measured before they are kept: all of them, or none.
    ///
    /// - Parameter measured: measures a version of a text, by its path and the text's own.
    /// - Returns: why a text that is not in sync was not written; empty if all is well.
    func fixed(_ texts: [Judged], measured: (_ path: String, _ text: String) throws -> Finding) throws
        -> [FixError]
    {
        guard let write else { return [] }
        let set = OutputSet(sources: [media] + files, isForced: force)
        let isIntoFolder = isIntoFolder
        if isIntoFolder {
            let code = FileDoor.makeFolders(write)
            if code != 0 {
                throw FixError(
                    "not-written", "\(write.printable) cannot be created (\(String(cString: strerror(code))))",
                    remedy: "check the folder and its permissions", isRefusal: false)
            }
        }
        var (refusals, written): ([FixError], [TextFix]) = ([], [])
        for text in texts {
            let output =
                isIntoFolder
                ? (write as NSString).appendingPathComponent(EmbeddedText(text.path)?.fileName ?? text.path.nameOfPath)
                : write
            do {
                guard
                    let move = try TextFix.move(text.finding, of: text.path, leastConfidence: leastConfidence)
                else {
                    note("\(text.path.printable) is in sync: nothing to write")
                    continue
                }
                var made = try TextFix(text.path, text.document, output: output, in: set)
                try made.write(move.time)
                let now = try measured(made.place.partial, text.path)
                try TextFix.confirm(now, was: text.finding, of: text.path)
                written.append(made)
            } catch let error as FixError { refusals.append(error) }
        }
        // A set is written completely, or not at all.
        guard refusals.isEmpty else { return refusals }
        try set.finish()
        for text in written {
            for line in text.notes { note("\(text.path.printable): \(line)") }
            note("wrote \(text.place.path.printable)")
        }
        return []
    }

    /// Writes a copy of the media with its subtitles moved: every other packet is unchanged.
    func fixed(_ tracks: [(track: SubtitleTrack, finding: Finding)], _ heard: HeardSound) throws -> [FixError] {
        guard let write, !tracks.isEmpty else { return [] }
        var (moves, refusals): ([Int: SoundMove], [FixError]) = ([:], [])
        for (track, finding) in tracks {
            let name = "\(media)#\(track.name)"
            do {
                guard let move = try TextFix.move(finding, of: name, leastConfidence: leastConfidence) else {
                    note("\(name.printable) is in sync: it stays unchanged")
                    continue
                }
                if track.channel != nil {
                    throw FixError(
                        "in-pictures", "\(name.printable) is inside the video packets, which stay unchanged",
                        remedy: "name MEDIA#\(track.name) as the text: it is written as SubRip")
                }
                moves[track.index] = move
            } catch let error as FixError { refusals.append(error) }
        }
        guard refusals.isEmpty, !moves.isEmpty else { return refusals }
        let set = OutputSet(sources: [media], isForced: force)
        let place = try set.place(write, asLargeAs: media)
        let made = try MediaFixer(StreamMoves(moves)).fix(media, into: place)
        let file = try MediaFile(path: place.partial)
        for (track, finding) in tracks where moves[track.index] != nil {
            let ordinal = try MediaFile(path: media).subtitleStreams.firstIndex(of: track.index) ?? 0
            let now = heard.finding(try file.subtitles(stream: file.subtitleStreams[ordinal]), media: write)
            do { try TextFix.confirm(now, was: finding, of: "\(media)#\(track.name)") } catch let error
                as FixError
            {
                refusals.append(error)
            }
        }
        guard refusals.isEmpty else { return refusals }
        try set.finish()
        if made.clampedSubtitles > 0 {
            note("\(made.clampedSubtitles) subtitles would begin before the file: they were moved to its start")
        }
        note("wrote \(write.printable)")
        return []
    }
}
