/// The offset at which all turns together fit the voices best: boundaries at edges of voices, and speech where turns
/// are.
struct TurnPlacement {
    /// Seconds to add to the turns' times.
    let offset: Double
    /// How well the boundaries are explained there, 0 to 1, and how far labels and voices agree: 1 fully, 0 as much as
    /// not.
    let support: Double
    let agreement: Double
    /// Lead of both together over the best other offset.
    let lead: Double

    /// Whether every offset was searched at which turns and half of the recording overlap.
    let isExhaustive: Bool

    /// Seconds searched either way, at most half of the recording.
    static let reach = 60.0
    private static let step = 0.02
    private static let agreementStep = 0.1
    /// Weight of agreement relative to support.
    private static let weight = 0.5
    /// Offsets nearer to the best one than this are not rivals, in seconds.
    private static let rivalDistance = 0.7
    private static let mostBoundaries = 2000
    private static let mostWindows = 200

    init?(_ turns: [SpeakerTurn], speakers: [Int], windows: [VoiceWindow], edges: VoiceEdges, seconds: Double) {
        guard !turns.isEmpty, !windows.isEmpty else { return nil }
        let longest = turns.map(\.length).max() ?? 0
        // Of a long recording, evenly spread windows and turns.
        let used = Swift.stride(from: 0, to: windows.count, by: max(1, windows.count / TurnPlacement.mostWindows)).map {
            windows[$0]
        }
        let some = Swift.stride(from: 0, to: turns.count, by: max(1, turns.count / TurnPlacement.mostBoundaries)).map {
            turns[$0]
        }
        func agreement(_ offset: Double) -> Double {
            var sums = (agreement: 0.0, labelled: 0.0)
            for window in used {
                let one = VoiceAssignment(turns, speakers: speakers, longest: longest, in: window, offset: offset)
                sums.agreement += one.agreement
                sums.labelled += one.labelled
            }
            return sums.agreement / max(sums.labelled, 1)
        }
        func support(_ offset: Double) -> Double {
            some.reduce(0) {
                $0 + VoiceEdges.explained($1.start + offset, by: edges.starts)
                    + VoiceEdges.explained($1.end + offset, by: edges.ends)
            } / Double(2 * some.count)
        }
        let reach = min(TurnPlacement.reach, max(1, seconds / 2))
        isExhaustive = reach >= seconds / 2
        let coarse = Int(reach / TurnPlacement.agreementStep)
        let agreements = (-coarse...coarse).map { agreement(Double($0) * TurnPlacement.agreementStep) }
        let steps = Int(Double(coarse) * TurnPlacement.agreementStep / TurnPlacement.step)
        let curve = (-steps...steps).map { step -> (offset: Double, value: Double) in
            let offset = Double(step) * TurnPlacement.step
            let place = min(Double(agreements.count - 1), max(0, offset / TurnPlacement.agreementStep + Double(coarse)))
            let low = min(agreements.count - 1, Int(place))
            let high = min(agreements.count - 1, low + 1)
            let agreed = agreements[low] + (place - Double(low)) * (agreements[high] - agreements[low])
            return (offset, support(offset) + TurnPlacement.weight * agreed)
        }
        guard let best = curve.max(by: { $0.value < $1.value }) else { return nil }
        offset = best.offset
        self.support = support(best.offset)
        self.agreement = agreement(best.offset)
        lead =
            best.value
            - (curve.filter { abs($0.offset - best.offset) > TurnPlacement.rivalDistance }.map(\.value).max() ?? 0)
    }
}
