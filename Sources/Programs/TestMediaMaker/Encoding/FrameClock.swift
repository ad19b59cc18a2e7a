/// The presentation times of a video's frames.
enum FrameClock: Codable, Equatable, Sendable {
    /// A constant frame rate, as a fraction: 25/1, 30000/1001.
    case constant(numerator: Int, denominator: Int)
    /// Intervals between frames in milliseconds, repeated: variable frame rate.
    case pattern(intervalsMilliseconds: [Int])

    static let pal = FrameClock.constant(numerator: 25, denominator: 1)
    static let ntsc = FrameClock.constant(numerator: 30000, denominator: 1001)
    static let sixty = FrameClock.constant(numerator: 60, denominator: 1)

    /// The presentation time of a video frame, in seconds.
    func time(ofFrame index: Int) -> Double {
        switch self {
        case .constant(let numerator, let denominator):
            return Double(index * denominator) / Double(numerator)
        case .pattern(let intervals):
            let cycle = intervals.reduce(0, +)
            let within = intervals.prefix(index % intervals.count).reduce(0, +)
            return Double(index / intervals.count * cycle + within) / 1000
        }
    }

    /// Number of video frames that start before a time in seconds.
    func frames(before end: Double) -> Int {
        var count = 0
        while time(ofFrame: count) < end {
            count += 1
        }
        return count
    }

    /// The declared rate of the raw frames for ffmpeg.
    var inputRate: String {
        switch self {
        case .constant(let numerator, let denominator): "\(numerator)/\(denominator)"
        case .pattern: "25"
        }
    }

    /// ffmpeg filters that give each frame its time; none if the declared rate suffices.
    var filters: [String] {
        guard case .pattern(let intervals) = self else { return [] }
        let cycle = intervals.reduce(0, +)
        var within = 0
        var terms: [String] = []
        for (place, interval) in intervals.enumerated() {
            if place > 0 {
                terms.append("\(within)*eq(mod(N,\(intervals.count)),\(place))")
            }
            within += interval
        }
        let time = (["\(cycle)*floor(N/\(intervals.count))"] + terms).joined(separator: "+")
        return ["settb=1/1000", "setpts='\(time)'"]
    }

    /// ffmpeg output options that keep those times.
    var outputOptions: [String] {
        switch self {
        case .constant: ["-fps_mode", "cfr"]
        case .pattern: ["-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-video_track_timescale", "1000"]
        }
    }
}
