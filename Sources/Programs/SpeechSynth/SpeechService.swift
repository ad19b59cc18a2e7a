import CConfinement
import Foundation

/// Speaks texts for a program connected by a pipe: one request per line in, one document per line out.
///
/// A text that cannot be spoken is answered by `{"error": ...}`, and the service continues. The end of the input ends
/// it.
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
        // Its input comes from untrusted files.
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
