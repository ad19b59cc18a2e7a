import Foundation
import MediaIO
import SyncModel

/// The largest sample of each hundredth of a second of a span, as the audio arrives.
struct SoundLevels {
    private static let step = Int(Double(SoundBlock.rate) * ClipExcerpt.soundStep)
    /// Index of the first hundredth, from the timeline's origin.
    private let first: Int
    private(set) var values: [Float]
    private(set) var isEmpty = true

    init(_ span: TimeSpan) {
        first = Int((span.start / ClipExcerpt.soundStep).rounded(.down))
        values = [Float](repeating: 0, count: max(1, Int((span.length / ClipExcerpt.soundStep).rounded(.up))))
    }

    var start: Double { Double(first) * ClipExcerpt.soundStep }

    mutating func add(_ block: SoundBlock) {
        for channel in block.channels {
            for (place, sample) in channel.enumerated() {
                let bin = (block.start + place).quotientFloored(by: SoundLevels.step) - first
                guard values.indices.contains(bin) else { continue }
                isEmpty = false
                if sample.isFinite, abs(sample) > values[bin] { values[bin] = min(1, abs(sample)) }
            }
        }
    }
}

extension Int {
    /// Rounded towards minus infinity: audio may begin before the timeline.
    func quotientFloored(by divisor: Int) -> Int { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
}
