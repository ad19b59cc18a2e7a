/// Guesses the frame rate of times `hh:mm:ss:ff` in a file that states none.
struct TimecodeRate {
    /// Frame rate in fps.
    let rate: Double
    let counting: FrameCounting
    /// The assumption, in words.
    let guess: String

    /// Minimum number of times without a frame 24 to distinguish 24 from 25 fps.
    private static let enough = 150

    /// - Parameters:
    ///   - times: read as if the frames were decimals; others are ignored.
    ///   - mediaRate: the media's frame rate; nil: unknown.
    /// - Returns: nil if no time has frames.
    init?(_ times: [WrittenTime], mediaRate: Double?) {
        var (count, largest, drops) = (0, 0, false)
        for time in times {
            guard case .clock(_, _, let mark, let digits) = time.style, mark == 0x3A || mark == 0x3B else { continue }
            // Three digits are milliseconds.
            guard (1...2).contains(digits) else { return nil }
            let fraction = abs(time.seconds) - abs(time.seconds).rounded(.down)
            largest = max(largest, Int((fraction * (digits == 2 ? 100 : 10)).rounded()))
            drops = drops || mark == 0x3B
            count += 1
        }
        guard count > 0, largest < 60 else { return nil }
        let counting: FrameCounting = drops ? .dropping : .all
        var rates = [25.0, 30, 50, 60]
        if drops { rates = [30_000.0 / 1001, 60_000.0 / 1001] }
        if !drops, count >= TimecodeRate.enough { rates.insert(24, at: 0) }
        func fits(_ rate: Double) -> Bool {
            Double(largest) < rate.rounded() && (!drops || rates.contains { abs($0 - rate) < 0.02 })
        }
        let isMedia = mediaRate.map(fits) ?? false
        rate = isMedia ? mediaRate ?? rates[0] : rates.first(where: fits) ?? 60
        self.counting = counting
        let shown = (rate * 1000).rounded() / 1000
        let why = isMedia ? "as in the media" : "as the file states none and frame numbers go up to \(largest)"
        guess = "frame rate of times hh:mm:ss\(drops ? ";" : ":")ff assumed to be \(shown) fps, \(why)"
    }
}
