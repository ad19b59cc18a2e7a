import Foundation
import SignalCore

/// The sound on the grid.
public struct SoundFeatures: Sendable {
    /// A run of sound that was heard in one go.
    struct Piece: Sendable {
        /// Its first grid frame; there is no digital silence at either end.
        var first: Int
        /// Frames x 24 log-mel bands, each of mean 0 and deviation at most 1 over the piece.
        let features: FrameMatrix
        /// Which frames carry a voice.
        let voiced: [Bool]

        var range: Range<Int> { first..<first + features.frames }
    }

    /// In the order of time; none where there is nothing but digital silence.
    let pieces: [Piece]
    /// All frames there were, in seconds.
    public let seconds: Double

    /// Energies below this share of the mean frame are no sound.
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

    /// Sounds heard on their own, each put at a grid frame of one timeline; in the order of time.
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
    /// Seconds that carry a voice.
    public var voicedSeconds: Double { Double(pieces.reduce(0) { $0 + $1.voiced.count { $0 } }) * FrameGrid.period }

    /// From the first frame with sound to the one after the last.
    var range: Range<Int> { (pieces.first?.first ?? 0)..<(pieces.last?.range.upperBound ?? 0) }

    /// How many of some frames carry a voice.
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

    /// The sound about some stretches of time only, put end to end; each keeps its frames' distances.
    ///
    /// Long recordings are looked at in stretches. Between two of them lies more sound than any lag that is searched
    /// reaches, so that no mouth meets the sound of another stretch.
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
