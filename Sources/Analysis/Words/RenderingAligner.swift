import Foundation
import SignalCore

/// Aligns by comparison with a synthesiser's rendering of the same words: any language that espeak-ng speaks.
public final class RenderingAligner: SpeechAlignment {
    public let name = "rendering"
    private let program: HelperProgram

    /// Least dynamic range (5 to 95 %) for this aligner, in decibels; less is noise or music.
    static let leastRange: Float = 12
    /// `evenFit` separates right from wrong text by the extra cost of the reversed rendering, in mean distances; and
    /// the nats per frame of a mean distance.
    private static let evenFit = 0.1
    private static let fitScale = 25.0
    /// Probability that a word is lost in a passage, by its fit in mean distances.
    private static let lostByFit: [(above: Double, lost: Double)] = [(0.125, 0.15), (0.09, 0.3)]
    private static let mostLost = 0.5

    /// - Parameter program: path of `genlock-speech-synth`.
    public init(program: String) { self.program = HelperProgram(path: program, arguments: ["--serve"]) }

    /// Starts the program now, for a process that may not do so later.
    public func start() { program.start() }

    public func speaks(_ language: String) -> Bool { !language.isEmpty && !program.isBroken }

    /// espeak-ng's voice for a language: the tag in lower case, and American English where only `en` is known.
    private static func voice(_ language: String) -> String {
        let tag = language.lowercased().replacingOccurrences(of: "_", with: "-")
        return tag == "en" || tag == "eng" ? "en-us" : tag
    }

    public func align(_ passage: SpokenPassage) -> PassageAlignment? {
        let voice = RenderingAligner.voice(passage.language)
        guard
            let rendering = Rendering(passage.words, voice: voice, by: program)
                ?? Rendering(passage.words, voice: String(voice.prefix { $0 != "-" }), by: program)
        else { return nil }
        let sound = VoiceFeatures(passage.samples, rate: SpokenPassage.rate)
        guard sound.range >= RenderingAligner.leastRange else { return nil }
        // The rendering at the speed of the audio: by its loud part, minus a share for other content.
        let spoken = Double(sound.quiet.count { $0 < 0.5 }) / VoiceFeatures.rate
        let length = rendering.span.upperBound - rendering.span.lowerBound
        let pace = min(1.6, max(0.5, spoken / max(length, 0.1)))
        let features = VoiceFeatures(rendering.samples, rate: rendering.sampleRate)
        let frames = Int(length * pace * VoiceFeatures.rate)
        let positions = (0..<max(0, frames)).map {
            (rendering.span.lowerBound + Double($0) / pace / VoiceFeatures.rate) * VoiceFeatures.rate
        }
        let rows = features.rows(at: positions)
        func row(_ seconds: Double) -> Int {
            Int(((seconds - rendering.span.lowerBound) * pace * VoiceFeatures.rate).rounded())
        }
        let starts = rendering.words.compactMap { $0.map { row($0.start) } }
        guard let path = RenderingPath(rows, wordStarts: starts, sound: sound.values, quiet: sound.quiet) else {
            return nil
        }
        // The reversed rendering is speech of the same voice and length, but not of this text.
        let turned = FrameMatrix(
            columns: rows.columns,
            values: (0..<rows.frames).reversed().flatMap { frame in (0..<rows.columns).map { rows[frame, $0] } })
        let other = RenderingPath(
            turned, wordStarts: starts.map { rows.frames - $0 }.sorted(), sound: sound.values, quiet: sound.quiet)
        let fit = (other?.cost ?? 1) - path.cost
        let lost = RenderingAligner.lostByFit.first { fit > $0.above }?.lost ?? RenderingAligner.mostLost
        let places = rendering.words.map { place -> PassageAlignment.Place? in
            guard let place, let start = path.start(of: row(place.start)), let end = path.end(of: row(place.end) - 1),
                end > start
            else { return nil }
            return .init(
                start: (Double(start)) / VoiceFeatures.rate, end: (Double(end)) / VoiceFeatures.rate, lost: lost)
        }
        return PassageAlignment(
            places: places, fit: (fit - RenderingAligner.evenFit) * RenderingAligner.fitScale,
            contrast: Double(sound.range))
    }
}
