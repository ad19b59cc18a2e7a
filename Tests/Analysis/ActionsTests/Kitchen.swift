import SignalCore
import SyncModel

@testable import Actions

/// Made sessions with known labels.
struct Kitchen {
    typealias Row = (label: String, start: Double, end: Double)
    var sessions: [(name: String, tracks: [(view: String, annotator: String, rows: [Row])])] = []

    /// So many sessions of so many views, each with actions that follow each other, the same in all views.
    init(sessions count: Int, views: Int, actions: Int = 8, seed: UInt64 = 1) {
        var generator = SplitMix64(seed: seed)
        let names = ["take", "pour", "stir", "cut", "fry", "put", "wash"]
        for session in 0..<count {
            var rows: [Row] = []
            var time = Double(generator.index(below: 40)) / 10
            var last = -1
            for _ in 0..<actions {
                var next = generator.index(below: names.count)
                if next == last { next = (next + 1) % names.count }
                last = next
                let end = time + 2 + Double(generator.index(below: 90)) / 10
                rows.append((names[next], time, end))
                time = end
            }
            sessions.append(("s\(session)", (0..<views).map { ("cam\($0 + 1)", "", rows) }))
        }
    }

    init(_ tracks: [String: [Row]]) {
        sessions = [("s0", tracks.sorted { $0.key < $1.key }.map { ($0.key, "", $0.value) })]
    }

    var corpus: LabelCorpus {
        var symbols = SymbolTable()
        let made = sessions.map { session in
            LabelSession(
                name: session.name,
                tracks: session.tracks.map { track in
                    let segments = track.rows.enumerated().map { index, row in
                        LabelSegment(
                            start: row.start, end: row.end, label: symbols.symbol(row.label), row: Int32(index + 2))
                    }
                    return LabelTrack(
                        view: track.view, annotator: track.annotator,
                        segments: segments.sorted { ($0.start, $0.end) < ($1.start, $1.end) })
                })
        }
        return LabelCorpus(sessions: made, symbols: symbols, files: ["labels.csv"])
    }

    func report(_ change: (inout ActionsOptions) -> Void = { _ in }) -> ActionsReport {
        var options = ActionsOptions()
        change(&options)
        return ActionsAnalyser(options: options).analyse(corpus)
    }

    /// Changes the rows of one track.
    mutating func change(_ session: Int, _ track: Int, _ body: (inout [Row]) -> Void) {
        body(&sessions[session].tracks[track].rows)
    }

    static func moved(_ rows: [Row], by seconds: Double) -> [Row] {
        rows.map { ($0.label, $0.start + seconds, $0.end + seconds) }
    }
}
