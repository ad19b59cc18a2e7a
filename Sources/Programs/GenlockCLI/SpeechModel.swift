import Foundation
import Transcripts

extension SpeechClasses {
    /// The model that belongs to the package, or the one that `GENLOCK_SPEECH_MODEL` names, as benches do to leave
    /// talkers out.
    static func chosen() throws -> SpeechClasses {
        guard let path = ProcessInfo.processInfo.environment["GENLOCK_SPEECH_MODEL"] else { return try packaged() }
        return try SpeechClasses(Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
