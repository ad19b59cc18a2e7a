import CEspeak
import Foundation

/// Speaks with espeak-ng: the only interface to the library.
///
/// espeak-ng keeps its state in globals, so there is one synthesizer per process, and it is not shared between threads.
final class SpeechSynthesizer {
    /// Phoneme notation: the International Phonetic Alphabet or espeak's ASCII mnemonics.
    enum PhonemeNames: String, CaseIterable {
        case ipa
        case espeak
    }

    private let sampleRate: Int

    /// Opens the library. Throws when espeak-ng's data files are missing.
    init(phonemeNames: PhonemeNames) throws(SynthesisError) {
        var options = espeakINITIALIZE_PHONEME_EVENTS | espeakINITIALIZE_DONT_EXIT
        if phonemeNames == .ipa {
            options |= espeakINITIALIZE_PHONEME_IPA
        }
        let answer = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, Self.ownData, options)
        guard answer > 0 else { throw .noData }
        sampleRate = Int(answer)
    }

    /// The folder next to the program that contains `espeak-ng-data`, as in packages; nil: the system's.
    private static var ownData: String? {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = (own as NSString).deletingLastPathComponent
        return FileManager.default.fileExists(atPath: folder + "/espeak-ng-data/phontab") ? folder : nil
    }

    deinit {
        espeak_Terminate()
    }

    /// Speaks a text and returns the audio with its events.
    ///
    /// - Parameters:
    ///   - voice: an espeak voice such as `en-us`, `de` or `en-us+f3` (with a variant).
    ///   - wordsPerMinute: 80...450; nil is the voice's own, nominally 175.
    ///   - pitch: 0...100 on espeak's scale; nil is the voice's own, nominally 50.
    func speak(_ text: String, voice: String, wordsPerMinute: Int?, pitch: Int?) throws(SynthesisError) -> Speech {
        guard Self.choose(voice) else { throw .unknownVoice(voice) }
        if let wordsPerMinute {
            try Self.judge(espeak_SetParameter(espeakRATE, Int32(wordsPerMinute), 0), "espeak_SetParameter(rate)")
        }
        if let pitch {
            try Self.judge(espeak_SetParameter(espeakPITCH, Int32(pitch), 0), "espeak_SetParameter(pitch)")
        }
        espeak_SetSynthCallback(receive)

        let collector = Collector()
        let collectorPointer = Unmanaged.passUnretained(collector).toOpaque()
        let code = text.withCString { bytes in
            espeak_Synth(
                bytes, text.utf8.count + 1, 0, POS_CHARACTER, 0, UInt32(espeakCHARS_UTF8), nil, collectorPointer)
        }
        try Self.judge(code, "espeak_Synth")
        try Self.judge(espeak_Synchronize(), "espeak_Synchronize")
        guard !collector.samples.isEmpty else { throw .nothingSpoken }
        return collector.speech(of: text, sampleRate: sampleRate)
    }

    /// Chooses a voice by its name, else by its language: `en-gb` is a language whose voice has another name.
    private static func choose(_ voice: String) -> Bool {
        if espeak_SetVoiceByName(voice) == EE_OK { return true }
        return voice.withCString { language in
            var wanted = espeak_VOICE()
            wanted.languages = language
            return espeak_SetVoiceByProperties(&wanted) == EE_OK
        }
    }

    /// Evaluates a return code of the library, with the call's name.
    private static func judge(_ code: espeak_ERROR, _ call: String) throws(SynthesisError) {
        guard code == EE_OK else { throw .failed(call: call, code: Int(code.rawValue)) }
    }
}

/// Receives audio and events from espeak-ng, block by block; 0 continues.
private func receive(
    _ sound: UnsafeMutablePointer<Int16>?, _ count: Int32, _ events: UnsafeMutablePointer<espeak_EVENT>?
) -> Int32 {
    guard let events, let owner = events.pointee.user_data else { return 0 }
    let collector = Unmanaged<Collector>.fromOpaque(owner).takeUnretainedValue()
    if let sound, count > 0 {
        collector.samples.append(contentsOf: UnsafeBufferPointer(start: sound, count: Int(count)))
    }
    var event = events
    while event.pointee.type != espeakEVENT_LIST_TERMINATED {
        collector.take(event.pointee)
        event += 1
    }
    return 0
}

extension Collector {
    /// Converts one event of the library. All except words, phonemes and ends are dropped.
    fileprivate func take(_ event: espeak_EVENT) {
        switch event.type {
        case espeakEVENT_WORD:
            marks.append(
                Mark(
                    kind: .word(position: Int(event.text_position), length: Int(event.length)),
                    milliseconds: Int(event.audio_position)))
        case espeakEVENT_PHONEME:
            var name = event.id.string
            // Eight bytes, zero-terminated only if the name is shorter.
            let bytes = withUnsafeBytes(of: &name) { Array($0.prefix { $0 != 0 }) }
            marks.append(
                Mark(kind: .phoneme(String(decoding: bytes, as: UTF8.self)), milliseconds: Int(event.audio_position)))
        case espeakEVENT_END:
            marks.append(Mark(kind: .end, milliseconds: Int(event.audio_position)))
        default:
            break
        }
    }
}
