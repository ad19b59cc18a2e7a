/// The audio of a recording reduced for comparison: 8000 mono samples a second in one byte each, and its fingerprint.
///
/// An hour takes 31 MB for the samples and 3 MB for the fingerprint. Sample and frame 0 are at time 0 of the recording.
public struct SoundSignal: Sendable {
    /// Samples a second.
    public static let rate = 8000
    /// Samples that share a scale.
    static let block = 64

    let fingerprint: SoundFingerprint
    let levels: [Int8]
    let scales: [Float]
    /// Where the audio begins, in samples; may be negative.
    public let start: Int
    /// The peak of the input; 0: digital silence throughout.
    public let peak: Float

    init(start: Int, levels: [Int8], scales: [Float], fingerprint: SoundFingerprint, peak: Float) {
        self.start = start
        self.levels = levels
        self.scales = scales
        self.fingerprint = fingerprint
        self.peak = peak
    }

    /// Samples in all.
    public var count: Int { levels.count }
    /// Where the audio is on its recording's timeline, in seconds.
    public var startSeconds: Double { Double(start) / Double(SoundSignal.rate) }
    public var endSeconds: Double { Double(start + count) / Double(SoundSignal.rate) }

    /// Whether its level varies like that of speech, music and events; that of noise hardly does.
    ///
    /// The 95th percentile of the largest sample of 8 ms is three times the 20th; for noise that is 1.5.
    var isLively: Bool {
        let step = max(1, scales.count / 50_000)
        let sorted = stride(from: 0, to: scales.count, by: step).map { scales[$0] }.sorted()
        guard sorted.count > 100 else { return false }
        return sorted[sorted.count * 95 / 100] > 3 * max(sorted[sorted.count / 5], 1e-9)
    }

    /// Samples from index `first` of the timeline on; silence where there are none.
    func samples(from first: Int, count wanted: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: wanted) { out, written in
            levels.withUnsafeBufferPointer { levels in
                scales.withUnsafeBufferPointer { scales in
                    for index in 0..<wanted {
                        let place = first + index - start
                        out[index] =
                            place >= 0 && place < levels.count
                            ? Float(levels[place]) * scales[place / SoundSignal.block] : 0
                    }
                }
            }
            written = wanted
        }
    }
}
