/// Where all turns together fit the voices best.
struct TurnPlacement {
    /// Seconds to add to the turns' times.
    let offset: Double
    /// How far labels and voices agree there: 1 wholly, 0 as much as not.
    let agreement: Double
    /// The same at the best other place.
    let rival: Double

    /// Seconds searched either way, at most half of the recording.
    static let reach = 60.0
    private static let coarse = 0.1
    private static let fine = 0.01
    /// Places nearer to the best one than this are no rivals, in seconds.
    private static let rivalDistance = 0.7

    init?(_ turns: [SpeakerTurn], speakers: [Int], windows: [VoiceWindow], seconds: Double) {
        guard !turns.isEmpty, !windows.isEmpty else { return nil }
        let longest = turns.map(\.length).max() ?? 0
        // Every other window is enough to find the place; of a long recording, evenly spread ones.
        let stride = max(1, windows.count / 400)
        let used = Swift.stride(from: 0, to: windows.count, by: stride).map { windows[$0] }
        func fit(_ offset: Double, _ windows: [VoiceWindow]) -> (agreement: Double, labelled: Double) {
            var sums = (agreement: 0.0, labelled: 0.0)
            for window in windows {
                let one = VoiceAssignment(turns, speakers: speakers, longest: longest, in: window, offset: offset)
                sums.agreement += one.agreement
                sums.labelled += one.labelled
            }
            return sums
        }
        let steps = Int(min(TurnPlacement.reach, max(1, seconds / 2)) / TurnPlacement.coarse)
        let curve = (-steps...steps).map { step in
            let offset = Double(step) * TurnPlacement.coarse
            return (offset: offset, value: fit(offset, used).agreement)
        }
        guard let peak = curve.max(by: { $0.value < $1.value }) else { return nil }
        var best = (offset: peak.offset, value: -Double.infinity)
        for step in -10...10 {
            let offset = peak.offset + Double(step) * TurnPlacement.fine
            let value = fit(offset, used).agreement
            if value > best.value { best = (offset, value) }
        }
        let labelled = max(fit(best.offset, used).labelled, 1e-9)
        offset = best.offset
        agreement = best.value / labelled
        let others = curve.filter { abs($0.offset - peak.offset) > TurnPlacement.rivalDistance }
        rival = (others.map(\.value).max() ?? 0) / labelled
    }
}
