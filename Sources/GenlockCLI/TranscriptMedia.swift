import Foundation
import MediaIO
import Scanning
import SignalCore
import Transcripts
import WordTrust

/// A recording as transcripts are held against it: its speech, its frame rate, the subtitles in it.
struct TranscriptMedia {
    let scores: SpeechScores
    let frameRate: Double?
    let durationSeconds: Double?
    let tracks: [SubtitleTrack]
    /// What words are aligned on.
    let sound: KeptSound

    init(path: String, audioStream: Int?, needsTracks: Bool, keepsSound: Bool, model: SpeechClasses) throws {
        var frames = SoundFrameBuilder()
        var sound = KeptSound(seconds: keepsSound ? WordLook.keptSeconds : 0)
        let file = try MediaFile(path: path)
        durationSeconds = file.durationSeconds
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        if try file.audioStream(number: audioStream) != nil {
            _ = try SoundFile.decode(path: path, stream: audioStream) { block in
                frames.append(start: block.start, channels: block.channels)
                sound.append(start: block.start, channels: block.channels)
            }
        }
        scores = model.scores(of: frames.finish())
        self.sound = sound
        tracks = needsTracks ? try file.subtitleStreams.map { try file.subtitles(stream: $0) } : []
    }
}

extension SpeechClasses {
    /// The model that belongs to the package, or the one that `GENLOCK_SPEECH_MODEL` names, as benches do to leave talkers out.
    static func chosen() throws -> SpeechClasses {
        guard let path = ProcessInfo.processInfo.environment["GENLOCK_SPEECH_MODEL"] else { return try packaged() }
        return try SpeechClasses(Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
