import Checks
import SyncModel
import Transcripts

/// The speech of a recording, as text is held against it.
struct HeardSpeech {
    private let media: TranscriptMedia
    private let model: SpeechClasses

    init(of path: String, audioStream: Int?) throws {
        model = try SpeechClasses.packaged()
        media = try TranscriptMedia(path: path, audioStream: audioStream, needsTracks: false, model: model)
    }

    var frameRate: Double? { media.frameRate }

    func finding(_ source: TranscriptSource, tolerance: Tolerance) -> Finding {
        source.finding(
            TranscriptAnalyser(model: model, tolerance: tolerance, expectation: .together, timingOnly: false),
            sound: media.scores)
    }
}
