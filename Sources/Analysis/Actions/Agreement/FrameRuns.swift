import SyncModel

/// An item cut at every boundary of any rater: the number of frames of each segment and each rater's label (`none`: no
/// label).
///
/// Frame k represents time (k + 1/2) / rate. The item reaches from the first start to the last end of any rater. Of
/// actions that overlap in one tier the one that started last counts.
struct FrameRuns {
    /// Frames of each segment; first frame of each segment.
    private(set) var counts: [Int] = []
    private(set) var starts: [Int] = []
    /// By rater, then segment.
    private(set) var labels: [[Symbol]] = []

    var frames: Int { counts.reduce(0, +) }

    init(_ item: AgreementItem, rate: Double) {
        func frame(_ seconds: Double) -> Int { Int((seconds * rate - 0.5 - 1e-4).rounded(.up)) }
        var cuts: [Int] = []
        for segments in item.segments {
            for segment in segments {
                cuts.append(frame(segment.start))
                cuts.append(frame(segment.end))
            }
        }
        cuts.sort()
        var edges: [Int] = []
        for cut in cuts where edges.last != cut { edges.append(cut) }
        guard edges.count > 1 else {
            labels = item.segments.map { _ in [] }
            return
        }
        starts = Array(edges.dropLast())
        counts = zip(edges, edges.dropFirst()).map { $1 - $0 }
        for segments in item.segments {
            var row = [Symbol](repeating: .none, count: counts.count)
            var place = 0
            for segment in segments {
                let (from, to) = (frame(segment.start), frame(segment.end))
                while place > 0, starts[place] > from { place -= 1 }
                while place < starts.count, starts[place] < from { place += 1 }
                var index = place
                while index < starts.count, starts[index] < to {
                    row[index] = segment.label
                    index += 1
                }
            }
            labels.append(row)
        }
    }

    /// A segment of frames with one label.
    struct Run: Hashable {
        let label: Symbol
        let start: Int
        let end: Int
    }

    /// The labelled segments of one rater; neighbours with equal labels are merged, as in frame-wise files.
    func runs(_ rater: Int) -> [Run] {
        var result: [Run] = []
        for (index, label) in labels[rater].enumerated() where label != .none {
            let end = starts[index] + counts[index]
            if let last = result.last, last.label == label, last.end == starts[index] {
                result[result.count - 1] = Run(label: label, start: last.start, end: end)
            } else {
                result.append(Run(label: label, start: starts[index], end: end))
            }
        }
        return result
    }

    /// The usual frame rate whose grid the labels are on; otherwise 100 a second.
    static func rate(of items: [AgreementItem]) -> Double {
        var times: [Double] = []
        for item in items {
            for segments in item.segments { for segment in segments { times += [segment.start, segment.end] } }
            if times.count > 4000 { break }
        }
        for rate: Double in [15, 24_000 / 1001, 24, 25, 30_000 / 1001, 30, 50, 60_000 / 1001, 60] {
            let fits = times.filter { abs($0 * rate - ($0 * rate).rounded()) < 0.02 }.count
            if fits * 100 >= times.count * 98 { return rate }
        }
        return 100
    }
}
