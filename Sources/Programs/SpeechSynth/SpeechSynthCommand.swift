import ArgumentParser
import Files
import Foundation

/// Speaks a text with espeak-ng into a WAV file and prints when each word and phoneme is heard.
@main
struct SpeechSynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock-speech-synth",
        abstract: "Speak a text into a WAV file, and print word and phoneme times.",
        discussion: """
            Prints one JSON document: sample_rate, samples, and words and phonemes as {text, start_s, end_s} in \
            seconds from the start of the audio. Pauses are the gaps between them. A voiceless plosive starts with \
            its closure and has release_s, the time of its burst.

            This program links espeak-ng and is therefore under the GPL, version 3 or later; other programs run it.
            """)

    @Argument(help: "Text to speak (default: from --text-file, else standard input).")
    var text: String?

    @Option(help: ArgumentHelp("UTF-8 text file.", valueName: "file"))
    var textFile: String?

    @Option(help: "espeak voice, with or without a variant: en-us, de, fr, en-us+f3.")
    var voice = "en-us"

    @Option(help: ArgumentHelp("Words per minute, 80 to 450. (default: the voice's own, about 175)", valueName: "wpm"))
    var rate: Int?

    @Option(
        help: ArgumentHelp(
            "Pitch on espeak's scale, 0 to 100. (default: the voice's own, about 50)", valueName: "pitch"))
    var pitch: Int?

    @Option(help: "Phoneme notation: ipa, or espeak for its own mnemonics.")
    var phonemes = SpeechSynthesizer.PhonemeNames.ipa

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("WAV file to write, 16-bit mono at espeak's sample rate.", valueName: "file"))
    var output: String?

    @Flag(
        help: ArgumentHelp(
            """
            Answer each line of standard input, a request {\"text\", \"voice\"}, with one document per line, audio \
            included.
            """
        ))
    var serve = false

    func validate() throws {
        if serve {
            if text != nil || textFile != nil || output != nil {
                throw ValidationError("--serve takes its texts from standard input.")
            }
            return
        }
        if output == nil { throw ValidationError("Name the WAV file to write with --output.") }
        if text != nil, textFile != nil {
            throw ValidationError("Give the text once: as an argument or with --text-file.")
        }
        if let rate, !(80...450).contains(rate) {
            throw ValidationError("--rate \(rate) is not within 80...450 words a minute.")
        }
        if let pitch, !(0...100).contains(pitch) {
            throw ValidationError("--pitch \(pitch) is not within 0...100.")
        }
    }

    func run() throws {
        guard let output else { return try SpeechService(phonemeNames: phonemes).run() }
        let text = try text ?? readText()
        let synthesizer = try SpeechSynthesizer(phonemeNames: phonemes)
        let speech = try synthesizer.speak(text, voice: voice, wordsPerMinute: rate, pitch: pitch)
        do {
            let wave = WaveFile.data(samples: speech.samples, sampleRate: speech.sampleRate)
            try StagedFile.write(wave, to: output)
        } catch {
            throw SynthesisError.unwritable(file: output, reason: error.reason)
        }
        var document = try SpeechReport(speech, voice: voice).json()
        document.append(UInt8(ascii: "\n"))
        try FileHandle.standardOutput.write(contentsOf: document)
    }

    private func readText() throws -> String {
        let data: Data
        do {
            data =
                if let textFile {
                    try Data(contentsOf: URL(fileURLWithPath: textFile))
                } else {
                    try FileHandle.standardInput.readToEnd() ?? Data()
                }
        } catch {
            throw SynthesisError.unreadableText(
                file: textFile ?? "standard input", reason: error.localizedDescription)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SynthesisError.unreadableText(file: textFile ?? "standard input", reason: "not UTF-8")
        }
        return text
    }
}

extension SpeechSynthesizer.PhonemeNames: ExpressibleByArgument {}
