import Foundation
import MediaIO
import Scanning
import SignalCore
import SyncModel
import Transcripts

/// The speech of a recording, as text is held against it.
struct HeardSpeech {
    let scores: SpeechScores
    let frameRate: Double?
    private let model: SpeechClasses

    init(of media: String, audioStream: Int?) throws {
        model = try SpeechClasses.packaged()
        var frames = SoundFrameBuilder()
        let file = try MediaFile(path: media)
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        if try file.audioStream(number: audioStream) != nil {
            _ = try SoundFile.decode(path: media, stream: audioStream) { frames.append(start: $0.start, channels: $0.channels) }
        }
        scores = model.scores(of: frames.finish())
    }

    func finding(_ source: TranscriptSource, tolerance: Tolerance) -> Finding {
        source.finding(TranscriptAnalyser(model: model, tolerance: tolerance, expectation: .together, timingOnly: false), sound: scores)
    }
}
