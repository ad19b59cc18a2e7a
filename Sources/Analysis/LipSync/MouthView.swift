import SignalCore

/// Quality of the view of mouths: medians over the frames with one; nil where unknown.
struct MouthView: Sendable {
    /// Side of the face's box in displayed pixels.
    var side: Double?
    /// How sharp the crops are: about 0.2 for a well visible face, half as much where it is small, blurred or coded
    /// coarsely. See `MouthPixels.definition`.
    var definition: Double?
    /// How far the head is turned to a side: about 0.8 tan(yaw). See `MouthShape.turn`.
    var turn: Double?

    init() {}

    init(mouths: [MouthTrack], pixels: [MouthPixels]) {
        func seen(_ values: (MouthPixels) -> [Float]) -> [Float] {
            pixels.flatMap { track in zip(values(track), track.seen).filter(\.1).map(\.0) }
        }
        side = MouthView.median(seen(\.side))
        definition = MouthView.median(seen(\.definition))
        turn = MouthView.median(mouths.flatMap(\.turns))
    }

    private static func median(_ values: [Float]) -> Double? { Standardisation.percentile(values, 0.5) }
}
