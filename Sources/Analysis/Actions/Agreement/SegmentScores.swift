import SignalCore
import SyncModel

/// The measures of action segmentation on the segments of two raters (Lea et al. 2016; Farha & Gall 2019): the counts
/// that they are computed from.
struct SegmentScores {
    static let overlaps = [0.10, 0.25, 0.50]

    /// By overlap: true positives, false positives, false negatives.
    var found = [Double](repeating: 0, count: 3)
    var wrong = [Double](repeating: 0, count: 3)
    var missed = [Double](repeating: 0, count: 3)
    /// Sum of the edit scores (0 to 100) and of the temporal overlaps (0 to 1), and over how many items.
    var edit = 0.0
    var overlap = 0.0
    var items = 0.0

    init() {}

    init(reference: [FrameRuns.Run], subject: [FrameRuns.Run]) {
        guard !reference.isEmpty || !subject.isEmpty else { return }
        items = 1
        edit = SegmentScores.edit(reference.map(\.label), subject.map(\.label))
        overlap = SegmentScores.assignedOverlap(reference, subject)
        for (place, least) in SegmentScores.overlaps.enumerated() {
            var hit = [Bool](repeating: false, count: reference.count)
            for run in subject {
                // The first of those that overlap best, whether it was taken before or not.
                var best = 0.0
                var at = -1
                for (index, other) in reference.enumerated() where other.label == run.label {
                    let share = SegmentScores.overlap(other, run)
                    if share > best { (best, at) = (share, index) }
                }
                if at >= 0, best >= least, !hit[at] {
                    hit[at] = true
                    found[place] += 1
                } else {
                    wrong[place] += 1
                }
            }
            missed[place] = Double(hit.filter { !$0 }.count)
        }
    }

    mutating func add(_ other: SegmentScores) {
        for place in found.indices {
            found[place] += other.found[place]
            wrong[place] += other.wrong[place]
            missed[place] += other.missed[place]
        }
        edit += other.edit
        overlap += other.overlap
        items += other.items
    }

    /// F1 at an overlap, 0 to 100.
    func f1(_ place: Int) -> Double { 200 * found[place] / (2 * found[place] + wrong[place] + missed[place]) }
    var meanEdit: Double { edit / items }
    var meanOverlap: Double { overlap / items }

    private static func overlap(_ a: FrameRuns.Run, _ b: FrameRuns.Run) -> Double {
        let shared = min(a.end, b.end) - max(a.start, b.start)
        return Double(max(0, shared)) / Double(max(a.end, b.end) - min(a.start, b.start))
    }

    /// 100 minus the Levenshtein distance of the names in percent of the longer sequence.
    private static func edit(_ a: [Symbol], _ b: [Symbol]) -> Double {
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let value = min(row[j + 1] + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = value
            }
        }
        return 100 * (1 - Double(row[b.count]) / Double(max(a.count, b.count)))
    }

    /// Segments of one name assigned one to one for the most overlap; the sum over the larger number of segments.
    private static func assignedOverlap(_ a: [FrameRuns.Run], _ b: [FrameRuns.Run]) -> Double {
        let other = Dictionary(grouping: b, by: \.label)
        var sum = 0.0
        for (label, ours) in Dictionary(grouping: a, by: \.label).sorted(by: { $0.key < $1.key }) {
            guard let theirs = other[label] else { continue }
            let (rows, columns) = ours.count <= theirs.count ? (ours, theirs) : (theirs, ours)
            let costs = rows.flatMap { row in columns.map { -overlap(row, $0) } }
            for (row, column) in Assignment.solve(rows: rows.count, columns: columns.count, costs: costs).enumerated() {
                sum -= costs[row * columns.count + column]
            }
        }
        return sum / Double(max(a.count, b.count))
    }
}

/// The number of boundaries of two raters that match within a collar, irrespective of labels; one to one, maximal.
struct BoundaryScores {
    static let collars = [0.1, 0.25, 0.5, 1.0]

    var met = [Double](repeating: 0, count: 4)
    var reference = 0.0
    var subject = 0.0

    init() {}

    init(reference: [LabelSegment], subject: [LabelSegment]) {
        let (a, b) = (BoundaryScores.moments(reference), BoundaryScores.moments(subject))
        self.reference = Double(a.count)
        self.subject = Double(b.count)
        for (place, collar) in BoundaryScores.collars.enumerated() {
            var (i, j) = (0, 0)
            while i < a.count, j < b.count {
                if abs(a[i] - b[j]) <= collar + 1e-4 {
                    met[place] += 1
                    (i, j) = (i + 1, j + 1)
                } else if a[i] < b[j] {
                    i += 1
                } else {
                    j += 1
                }
            }
        }
    }

    /// Times at which an action begins or ends, each once.
    private static func moments(_ segments: [LabelSegment]) -> [Double] {
        var result: [Double] = []
        for time in segments.flatMap({ [$0.start, $0.end] }).sorted() where time - (result.last ?? -.infinity) > 1e-4 {
            result.append(time)
        }
        return result
    }

    mutating func add(_ other: BoundaryScores) {
        for place in met.indices { met[place] += other.met[place] }
        reference += other.reference
        subject += other.subject
    }

    func precision(_ place: Int) -> Double { met[place] / subject }
    func recall(_ place: Int) -> Double { met[place] / reference }
    func f1(_ place: Int) -> Double { 2 * met[place] / (reference + subject) }
}
