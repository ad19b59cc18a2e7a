import Foundation
import Transcripts

extension SpeechClasses {
    /// The packaged model, or the one that `GENLOCK_SPEECH_MODEL` names, with which benches hold out speakers.
    static func chosen() throws -> SpeechClasses {
        guard let path = ProcessInfo.processInfo.environment["GENLOCK_SPEECH_MODEL"] else { return try packaged() }
        return try SpeechClasses(Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
