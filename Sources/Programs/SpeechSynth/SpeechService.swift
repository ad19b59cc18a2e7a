import CConfinement
import Foundation

/// Speaks text after text for a program at the other end of a pipe: a request a line in, a document a line out.
///
/// A text that cannot be spoken is answered by `{"error": ...}`, and the next is taken. The end of the input ends the
/// service.
struct SpeechService {
    private struct Request: Decodable {
        var text: String
        var voice: String
    }

    private struct Refusal: Encodable {
        var error: String
    }

    private let synthesizer: SpeechSynthesizer
    /// A longer request is refused.
    private static let mostCharacters = 4000

    init(phonemeNames: SpeechSynthesizer.PhonemeNames) throws {
        synthesizer = try SpeechSynthesizer(phonemeNames: phonemeNames)
    }

    func run() throws {
        // What it is given comes from files of strangers.
        _ = genlock_confine(.max, -1)
        while let line = readLine(strippingNewline: true) {
            var answer: Data
            do {
                answer = try spoken(JSONDecoder().decode(Request.self, from: Data(line.utf8)))
            } catch {
                answer = try JSONEncoder().encode(Refusal(error: "\(error)"))
            }
            answer.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: answer)
        }
    }

    private func spoken(_ request: Request) throws -> Data {
        guard request.text.count <= SpeechService.mostCharacters else {
            return try JSONEncoder().encode(Refusal(error: "the text is too long"))
        }
        let speech = try synthesizer.speak(request.text, voice: request.voice, wordsPerMinute: nil, pitch: nil)
        var report = SpeechReport(speech, voice: request.voice)
        report.sound = speech.samples.withUnsafeBytes { Data($0) }
        return try report.json()
    }
}
