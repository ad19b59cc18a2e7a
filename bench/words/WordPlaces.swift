import Foundation
import MediaIO
import Words

/// Says where each aligner finds given words in given sound: a request a line in, a document a line out.
///
/// What is asked and answered has no judgement in it: the bench holds the answers against the truth.
@main
struct WordPlaces {
    private struct Request: Decodable {
        /// Path of the recording.
        let sound: String
        /// Seconds: the part that holds the words.
        let from: Double
        let to: Double
        let words: [String]
        let language: String
    }

    private struct Span: Encodable {
        let start: Double
        let end: Double
        let fit: Double?

        private enum CodingKeys: String, CodingKey {
            case start = "start_s"
            case end = "end_s"
            case fit
        }
    }

    private struct Answer: Encodable {
        let aligner: String
        /// In the recording's time; null: not found.
        let words: [Span?]
        let fit: Double
        let processorSeconds: Double

        private enum CodingKeys: String, CodingKey {
            case aligner, words, fit
            case processorSeconds = "processor_s"
        }
    }

    private struct Failure: Encodable {
        let error: String
    }

    static func main() throws {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = (own as NSString).deletingLastPathComponent
        let aligners: [any SpeechAlignment] = [
            RenderingAligner(program: folder + "/genlock-speech-synth"),
            PocketSphinxAligner(program: folder + "/genlock-word-aligner"),
        ]
        var sounds: [String: KeptSound] = [:]
        while let line = readLine() {
            var document: Data
            do {
                let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
                if sounds[request.sound] == nil {
                    var sound = KeptSound(seconds: 3600)
                    _ = try SoundFile.decode(path: request.sound, stream: nil) {
                        sound.append(start: $0.start, channels: $0.channels)
                    }
                    sounds = [request.sound: sound]
                }
                document = try JSONEncoder().encode(answers(request, sounds[request.sound], aligners))
            } catch {
                document = try JSONEncoder().encode(Failure(error: "\(error)"))
            }
            document.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: document)
        }
    }

    private static func answers(_ request: Request, _ sound: KeptSound?, _ aligners: [any SpeechAlignment]) -> [Answer]
    {
        guard let part = sound?.part(from: request.from, to: request.to) else { return [] }
        let passage = SpokenPassage(words: request.words, language: request.language, samples: part.samples)
        return aligners.filter { $0.speaks(request.language) }.compactMap { aligner in
            let before = clock()
            guard let found = aligner.align(passage) else { return nil }
            let spent = Double(clock() - before) / Double(CLOCKS_PER_SEC)
            return Answer(
                aligner: aligner.name,
                words: found.places.map {
                    $0.map { Span(start: $0.start + part.start, end: $0.end + part.start, fit: $0.fit) }
                }, fit: found.fit,
                processorSeconds: spent)
        }
    }
}
