import Foundation

/// The speech synthesis program, run once for each text and voice.
final class SpeechSynth {
    private let program: Program
    private let ffmpeg: FFmpeg
    private let folder: URL
    private var spoken: [SpokenText: Speech] = [:]

    /// The sample rate of all audio.
    private static let sampleRate = 48_000

    /// - Parameter folder: for the audio files exchanged between the programs.
    init(_ name: String, ffmpeg: FFmpeg, folder: URL) throws {
        program = try Program(
            name,
            remedy: "Build it with: swift build -c release --product genlock-speech-synth, and name it with --synth.")
        self.ffmpeg = ffmpeg
        self.folder = folder
    }

    /// Speaks a text, or returns the cached result.
    func speak(_ text: SpokenText) throws -> Speech {
        if let speech = spoken[text] { return speech }
        let file = folder.appendingPathComponent("speech.wav")
        let printed = try program.run(
            [
                "--voice", text.voice, "--rate", "\(text.wordsPerMinute)", "--pitch", "\(text.pitch)",
                "--output", file.path, "--", text.text,
            ], task: "speaking \"\(text.text.prefix(30))...\"")
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: printed)
        } catch {
            throw TestMediaError.unreadableAnswer(program: program.name, reason: "\(error)")
        }
        let speech = Speech(
            sound: try ffmpeg.sound(of: file, sampleRate: Self.sampleRate),
            phonemes: answer.phonemes.map {
                Speech.Phoneme(text: $0.text, start: $0.start, end: $0.end, release: $0.release)
            })
        spoken[text] = speech
        return speech
    }

    /// The used part of the program's output.
    private struct Answer: Decodable {
        struct Span: Decodable {
            var text: String
            var start: Double
            var end: Double
            var release: Double?

            enum CodingKeys: String, CodingKey {
                case text
                case start = "start_s"
                case end = "end_s"
                case release = "release_s"
            }
        }

        var phonemes: [Span]
    }
}
