import Foundation
import SignalCore

/// Aligns by comparison with a synthesiser's rendering of the same words: any language that espeak-ng speaks.
public final class RenderingAligner: SpeechAlignment {
    public let name = "rendering"
    private let program: HelperProgram

    /// Sound in which the loud frames stand out by less (5 to 95 %) is noise or music to this aligner, in decibels.
    static let leastRange: Float = 18
    /// A fit above the first is that of the sound's own words, below the second that of others; see `fit(of:)`.
    static let rightFit = 0.125
    static let wrongFit = 0.08

    /// - Parameter program: path of `genlock-speech-synth`.
    public init(program: String) { self.program = HelperProgram(path: program, arguments: ["--serve"]) }

    /// Starts the program now, for a process that will not be allowed to later.
    public func start() { program.start() }

    public func speaks(_ language: String) -> Bool { !language.isEmpty && !program.isBroken }

    /// espeak-ng's voice for a language: the tag in lower case, and American English where only `en` is known.
    private static func voice(_ language: String) -> String {
        let tag = language.lowercased().replacingOccurrences(of: "_", with: "-")
        return tag == "en" || tag == "eng" ? "en-us" : tag
    }

    public func align(_ passage: SpokenPassage) -> PassageAlignment? {
        let voice = RenderingAligner.voice(passage.language)
        guard let rendering = Rendering(passage.words, voice: voice, by: program) ?? Rendering(passage.words, voice: String(voice.prefix { $0 != "-" }), by: program)
        else { return nil }
        let sound = VoiceFeatures(passage.samples, rate: SpokenPassage.rate)
        guard sound.range >= RenderingAligner.leastRange else { return nil }
        // The rendering at the pace of the sound: where it is loud, less a part for what is not of this text.
        let spoken = Double(sound.quiet.count { $0 < 0.5 }) / VoiceFeatures.rate
        let length = rendering.span.upperBound - rendering.span.lowerBound
        let pace = min(1.6, max(0.5, spoken / max(length, 0.1)))
        let features = VoiceFeatures(rendering.samples, rate: rendering.sampleRate)
        let frames = Int(length * pace * VoiceFeatures.rate)
        let positions = (0..<max(0, frames)).map { (rendering.span.lowerBound + Double($0) / pace / VoiceFeatures.rate) * VoiceFeatures.rate }
        let rows = features.rows(at: positions)
        func row(_ seconds: Double) -> Int { Int(((seconds - rendering.span.lowerBound) * pace * VoiceFeatures.rate).rounded()) }
        let starts = rendering.words.compactMap { $0.map { row($0.start) } }
        guard let path = RenderingPath(rows, wordStarts: starts, sound: sound.values, quiet: sound.quiet) else { return nil }
        // The same backwards is speech of the same voice and length, and not of this text.
        let turned = FrameMatrix(columns: rows.columns, values: (0..<rows.frames).reversed().flatMap { frame in (0..<rows.columns).map { rows[frame, $0] } })
        let other = RenderingPath(turned, wordStarts: starts.map { rows.frames - $0 }.sorted(), sound: sound.values, quiet: sound.quiet)
        let fit = (other?.cost ?? 1) - path.cost
        let places = rendering.words.map { place -> PassageAlignment.Place? in
            guard let place, let start = path.start(of: row(place.start)), let end = path.end(of: row(place.end) - 1), end > start else { return nil }
            return .init(start: (Double(start)) / VoiceFeatures.rate, end: (Double(end)) / VoiceFeatures.rate)
        }
        return PassageAlignment(places: places, fit: fit, isRightText: fit > RenderingAligner.rightFit ? true : fit < RenderingAligner.wrongFit ? false : nil)
    }
}
