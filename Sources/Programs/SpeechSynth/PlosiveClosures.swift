import Foundation

/// Finds the silent closures of voiceless plosives in the audio.
///
/// espeak-ng marks p, t and k at the burst and leaves the 15 to 60 ms of closure before it to the phoneme before; b, d
/// and g it marks at the closure. Here a plosive starts with its closure, in both cases, as phoneticians count it.
struct PlosiveClosures {
    /// Root mean square of the audio in frames of `frameMilliseconds`, in dB of full scale.
    private let levels: [Double]
    private let frameMilliseconds = 5

    /// A closure is quieter than the loudest preceding frame by this.
    private let dropDecibels = 18.0
    /// Length of the preceding range.
    private let memoryMilliseconds = 150
    /// Largest length of a closure; after a pause, with only silence before the burst, it has this length.
    private let longestMilliseconds = 60
    /// Least remaining length of the phoneme before.
    private let shortestNeighbourSeconds = 0.01

    init(samples: [Int16], sampleRate: Int) {
        let frame = max(1, sampleRate * frameMilliseconds / 1000)
        levels = stride(from: 0, to: samples.count, by: frame).map { start in
            let part = samples[start..<min(start + frame, samples.count)]
            let power = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(part.count)
            return 10 * log10(power / (32768 * 32768) + 1e-10)
        }
    }

    /// Moves the start of each voiceless plosive back to its closure and ends the phoneme before there.
    func refine(_ phonemes: inout [Speech.Span]) {
        for index in phonemes.indices where Self.isVoicelessPlosive(phonemes[index].text) {
            let release = phonemes[index].startSeconds
            var start = closureStart(before: release)
            if index > 0 {
                let previous = phonemes[index - 1]
                start = max(start, min(previous.startSeconds + shortestNeighbourSeconds, previous.endSeconds))
                phonemes[index - 1].endSeconds = min(previous.endSeconds, start)
            }
            phonemes[index].startSeconds = start
            phonemes[index].releaseSeconds = release
        }
    }

    private func closureStart(before release: Double) -> Double {
        let burst = min(Int(release * 1000) / frameMilliseconds, levels.count)
        let memory = max(0, burst - memoryMilliseconds / frameMilliseconds)
        guard let loudest = levels[memory..<burst].max() else { return release }
        var first = burst
        let earliest = max(0, burst - longestMilliseconds / frameMilliseconds)
        while first > earliest, levels[first - 1] < loudest - dropDecibels {
            first -= 1
        }
        return min(release, Double(first * frameMilliseconds) / 1000)
    }

    private static func isVoicelessPlosive(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        return "ptkcqʈ".unicodeScalars.contains(first)
    }
}
