import SyncModel

/// Merges intervals that overlap or are near each other.
enum Moments {
    static func merged(_ spans: [TimeSpan], within gap: Double = 0.005) -> [TimeSpan] {
        var result: [TimeSpan] = []
        for span in spans.sorted(by: { $0.start < $1.start }) {
            if let last = result.last, span.start <= last.end + gap {
                result[result.count - 1] = TimeSpan(start: last.start, end: max(last.end, span.end))
            } else {
                result.append(span)
            }
        }
        return result
    }
}

/// Runs of consecutive true values.
enum Runs {
    static func of(_ flags: [Bool]) -> [Range<Int>] {
        var (runs, start): ([Range<Int>], Int?) = ([], nil)
        for (index, flag) in flags.enumerated() {
            if flag, start == nil { start = index }
            if !flag, let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        if let start { runs.append(start..<flags.count) }
        return runs
    }
}
