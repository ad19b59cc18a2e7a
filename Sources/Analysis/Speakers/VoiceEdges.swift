import Foundation

/// All times at which a voice begins, and all at which a voice ends.
struct VoiceEdges {
    /// Seconds, in order.
    let starts: [Double]
    let ends: [Double]

    /// A voice's share before and after an edge, within this time, differs by at least this much.
    private static let side = 0.2
    private static let contrast = 0.5
    private static let margin = 0.8
    /// Edges of several windows, or of voices of one, nearer than this are one.
    private static let same = 0.06

    init(_ windows: [VoiceWindow], seconds: Double) {
        var (starts, ends): ([Double], [Double]) = ([], [])
        for window in windows {
            let low = window.start < 0.5 ? window.start : window.start + VoiceEdges.margin
            let high = window.end > seconds - 0.5 ? window.end : window.end - VoiceEdges.margin
            for voice in 0..<window.voices {
                var last: Bool?
                for frame in 0..<window.frames {
                    let time = window.start + Double(frame) * window.step
                    let isOn = window.surplus(voice, from: time, to: time + window.step) > 0
                    defer { last = isOn }
                    guard let before = last, before != isOn, time > low, time < high else { continue }
                    let (one, two) = (
                        window.share(voice, from: time - VoiceEdges.side, to: time) ?? 0,
                        window.share(voice, from: time, to: time + VoiceEdges.side) ?? 0
                    )
                    if isOn, two - one > VoiceEdges.contrast { starts.append(time) }
                    if !isOn, one - two > VoiceEdges.contrast { ends.append(time) }
                }
            }
        }
        self.starts = VoiceEdges.merged(starts)
        self.ends = VoiceEdges.merged(ends)
    }

    private static func merged(_ times: [Double]) -> [Double] {
        var groups: [(sum: Double, count: Double, last: Double)] = []
        for time in times.sorted() {
            if let last = groups.last, time - last.last < same {
                groups[groups.count - 1] = (last.sum + time, last.count + 1, time)
            } else {
                groups.append((time, 1, time))
            }
        }
        return groups.map { $0.sum / $0.count }
    }

    /// How well a boundary is explained at a time: 1 at an edge of its kind, decreasing with distance.
    static func explained(_ time: Double, by edges: [Double]) -> Double {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] < time { low = middle + 1 } else { high = middle }
        }
        var distance = Double.infinity
        if low < edges.count { distance = edges[low] - time }
        if low > 0 { distance = min(distance, time - edges[low - 1]) }
        let (near, wide) = (distance / 0.05, distance / 0.15)
        return 0.5 * exp(-0.5 * near * near) + 0.5 * exp(-0.5 * wide * wide)
    }
}
