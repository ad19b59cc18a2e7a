/// Errors of synthesis, with remedies.
enum SynthesisError: Error, CustomStringConvertible {
    case noData
    case unknownVoice(String)
    case failed(call: String, code: Int)
    case nothingSpoken
    case unreadableText(file: String, reason: String)
    case unwritable(file: String, reason: String)

    var description: String {
        switch self {
        case .noData:
            "espeak-ng did not start: its voice data is missing. Install it with: apt install espeak-ng-data"
        case .unknownVoice(let voice):
            "espeak-ng has no voice named '\(voice)'. List the voices with: espeak-ng --voices"
        case .failed(let call, let code):
            "espeak-ng: \(call) failed with code \(code). Check the installation with: espeak-ng hello"
        case .nothingSpoken:
            "espeak-ng spoke nothing: the text contains no word it can say in this voice. Give another text or voice."
        case .unreadableText(let file, let reason):
            "\(file): the text could not be read (\(reason)). Name a readable UTF-8 file."
        case .unwritable(let file, let reason):
            """
            \(file): the audio could not be written (\(reason)). Name a file in an existing, writable folder.
            """
        }
    }
}
