import Foundation
import MadeFiles
import SignalCore

@testable import Words

/// Sentences spoken by another voice than the one that is used for aligning, with the times of their words.
struct Spoken {
    static let sentences = [
        "Maybe Bob will bring the paper boat back before evening, and we may all move to a warm place by the bay.",
        "My father bought five apple pies at the farm, but Mama was happy with a bowl of plum jam.",
        "We bake bread by half past five, and the whole family wants a warm piece with apple butter.",
    ]
    static let german = [
        "Der alte Mann ging langsam über die Brücke und sah den Schiffen im Hafen zu.",
        "Morgen früh fahren wir mit dem Zug nach Hamburg und besuchen unsere Freunde.",
        "Auf dem Tisch liegen drei rote Äpfel, ein Messer und das Brot von gestern.",
    ]

    /// The program as it was built beside the tests.
    static func program(_ name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folders =
            [
                (own as NSString).deletingLastPathComponent, Bundle.main.bundlePath,
                (CommandLine.arguments[0] as NSString).deletingLastPathComponent,
            ]
            + [
                Repository.root.path + "/.build/debug"
            ]
        return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile) ?? name
    }

    var sound = KeptSound(seconds: 600)
    var items: [StatedItem] = []

    /// - Parameter noise: decibels of white noise below the speech's loudness; nil: none.
    init(_ sentences: [String], voice: String, noise: Double? = nil, seed: UInt64 = 5) {
        let program = HelperProgram(path: Spoken.program("genlock-speech-synth"), arguments: ["--serve"])
        var samples: [Float] = [Float](repeating: 0, count: 8000)
        for sentence in sentences {
            let words = WordTokens.words(of: sentence)
            guard let rendering = Rendering(words, voice: voice, by: program) else { continue }
            let start = Double(samples.count) / SpokenPassage.rate
            for (word, place) in zip(words, rendering.words) {
                guard let place else { continue }
                items.append(
                    StatedItem(index: items.count, words: [word], start: start + place.start, end: start + place.end))
            }
            samples += Spoken.resampled(rendering.samples, from: rendering.sampleRate)
            samples += [Float](repeating: 0, count: 9600)
        }
        if let noise {
            let loud = samples.filter { abs($0) > 0.01 }
            let power = loud.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(1, loud.count))
            var generator = SplitMix64(seed: seed)
            let scale = Float((power * pow(10, -noise / 10) * 3).squareRoot())
            for index in samples.indices {
                samples[index] += scale * (Float(generator.index(below: 20001)) / 10000 - 1)
            }
        }
        sound.append(start: 0, channels: [samples])
    }

    /// Between two samples in proportion: good enough for speech.
    private static func resampled(_ samples: [Float], from rate: Double) -> [Float] {
        let step = rate / SpokenPassage.rate
        return (0..<Int(Double(samples.count) / step)).map { index in
            let place = Double(index) * step
            let low = min(Int(place), samples.count - 1)
            let high = min(low + 1, samples.count - 1)
            return samples[low] * Float(1 - place + Double(low)) + samples[high] * Float(place - Double(low))
        }
    }
}
