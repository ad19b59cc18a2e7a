import ArgumentParser
import Files
import Foundation

/// Speaks a text with espeak-ng into a WAV file and prints when each word and phoneme is heard.
@main
struct SpeechSynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock-speech-synth",
        abstract: "Speak a text into a WAV file and print the times of its words and phonemes.",
        discussion: """
            Prints one JSON document: sample_rate, samples, and words and phonemes as {text, start_s, end_s} in \
            seconds \
            from the start of the sound. Pauses are the gaps between them. A voiceless plosive starts with its closure \
            and has release_s, when its burst is heard.
            This program links espeak-ng and is therefore under the GPL, version 3 or later; other programs run it.
            """)

    @Argument(help: "The text to speak. Left out, it is read from --text-file or from standard input.")
    var text: String?

    @Option(help: ArgumentHelp("A UTF-8 file that holds the text.", valueName: "file"))
    var textFile: String?

    @Option(help: "An espeak voice, with or without a variant: en-us, de, fr, en-us+f3.")
    var voice = "en-us"

    @Option(help: ArgumentHelp("Words a minute, 80 to 450. (default: the voice's own, about 175)", valueName: "wpm"))
    var rate: Int?

    @Option(
        help: ArgumentHelp(
            "Pitch on espeak's scale, 0 to 100. (default: the voice's own, about 50)", valueName: "pitch"))
    var pitch: Int?

    @Option(help: "How phonemes are named: ipa, or espeak for its own mnemonics.")
    var phonemes = SpeechSynthesizer.PhonemeNames.ipa

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The WAV file to write, 16-bit mono at espeak's rate.", valueName: "file"))
    var output: String?

    @Flag(
        help: ArgumentHelp(
            """
            Answer one request a line of standard input, {\"text\", \"voice\"}, with one document a line that holds \
            the sound too.
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
