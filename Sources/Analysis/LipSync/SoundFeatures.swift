import Foundation
import SignalCore

/// The audio on the grid.
public struct SoundFeatures: Sendable {
    /// A continuous run of audio.
    struct Piece: Sendable {
        /// Its first grid frame; there is no digital silence at either end.
        var first: Int
        /// Frames x 24 log-mel bands, each of mean 0 and deviation at most 1 over the segment.
        let features: FrameMatrix
        /// Which frames are voiced.
        let voiced: [Bool]

        var range: Range<Int> { first..<first + features.frames }
    }

    /// In the order of time; none where there is only digital silence.
    let pieces: [Piece]
    /// All frames there were, in seconds.
    public let seconds: Double

    /// Energies below this share of the mean frame are silence.
    private static let silence: Double = 1e-6
    private static let voicedAbove: Float = 0.55
    private static let voicedWithinDecibels = 25.0

    init(energies: FrameMatrix, power: [Float], harmonicity: [Float], loudness: [Float]) {
        seconds = Double(power.count) * FrameGrid.period
        let mean = power.reduce(0.0) { $0 + Double($1) } / Double(max(1, power.count))
        let floor = Float(SoundFeatures.silence * mean)
        guard mean > 1e-10, let first = power.firstIndex(where: { $0 > floor }),
            let last = power.lastIndex(where: { $0 > floor })
        else {
            pieces = []
            return
        }
        let range = first..<last + 1
        let bands = SoundFeatureBuilder.bands
        var values = FrameMatrix(
            columns: bands, values: Array(energies.values[range.lowerBound * bands..<range.upperBound * bands]))
        let meanEnergy = values.values.reduce(0.0) { $0 + Double($1) } / Double(values.values.count)
        let lowest = Float(1e-5 * meanEnergy + 1e-10)
        for index in values.values.indices { values.values[index] = log(values.values[index] + lowest) }
        for band in 0..<bands {
            let scaled = Standardisation.scaled(values.column(band), deviationFloor: 1, limit: FrameGrid.limit)
            for (frame, value) in scaled.enumerated() { values[frame, band] = value }
        }
        let loud = Array(loudness[range])
        let threshold = (Standardisation.percentile(loud, 0.95) ?? 0) - SoundFeatures.voicedWithinDecibels
        let voiced = zip(harmonicity[range], loud).map { $0 > SoundFeatures.voicedAbove && Double($1) > threshold }
        pieces = [Piece(first: range.lowerBound, features: values, voiced: voiced)]
    }

    /// Separately decoded audio, each at a grid frame of one timeline; in the order of time.
    init(placing parts: [(sound: SoundFeatures, frame: Int)]) {
        pieces = parts.flatMap { part in
            part.sound.pieces.map { piece in
                var moved = piece
                moved.first += part.frame
                return moved
            }
        }
        seconds = parts.reduce(0) { $0 + $1.sound.seconds }
    }

    /// Whether there is anything but digital silence.
    public var isSilent: Bool { pieces.isEmpty }
    /// Voiced seconds.
    public var voicedSeconds: Double { Double(pieces.reduce(0) { $0 + $1.voiced.count { $0 } }) * FrameGrid.period }

    /// From the first frame with audio to the one after the last.
    var range: Range<Int> { (pieces.first?.first ?? 0)..<(pieces.last?.range.upperBound ?? 0) }

    /// The number of voiced frames in a range.
    func voicedFrames(in frames: Range<Int>) -> Int {
        pieces.reduce(0) { sum, piece in
            let shared = frames.clamped(to: piece.range)
            return sum + shared.count { piece.voiced[$0 - piece.first] }
        }
    }

    private init(pieces: [Piece], seconds: Double) {
        self.pieces = pieces
        self.seconds = seconds
    }

    /// The audio around some segments only, concatenated; frame spacing is kept within each.
    ///
    /// Long recordings are examined in segments. The audio between two of them exceeds the searched lags, so that no
    /// mouth is compared with the audio of another segment.
    func excerpt(_ stretches: [Stretch]) -> SoundFeatures {
        var values = FrameMatrix(frames: 0, columns: SoundFeatureBuilder.bands)
        var voices: [Bool] = []
        for stretch in stretches {
            for frame in stretch.sound {
                if let piece = pieces.first(where: { $0.range.contains(frame) }) {
                    let row = (frame - piece.first) * values.columns
                    values.append(row: piece.features.values[row..<row + values.columns])
                    voices.append(piece.voiced[frame - piece.first])
                } else {
                    values.append(row: [Float](repeating: 0, count: values.columns))
                    voices.append(false)
                }
            }
        }
        return SoundFeatures(
            pieces: [Piece(first: 0, features: values, voiced: voices)],
            seconds: Double(values.frames) * FrameGrid.period)
    }
}
