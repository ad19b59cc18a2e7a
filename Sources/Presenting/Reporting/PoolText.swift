import Foundation
public import Statistics
import SyncModel

/// Robot sets as text: the pooled offset of a robot's episodes, and their faults.
public enum PoolText {
    private static let mostDays = 8

    /// Lines for a terminal; empty if there are no episodes.
    public static func lines(_ found: EpisodePools) -> [String] {
        var lines: [String] = []
        if !found.faults.isEmpty {
            lines += ["", "faults in clocks, tables and videos:"]
            let width = found.faults.map(\.kind.rawValue.count).max() ?? 0
            for fault in found.faults {
                let count = String(fault.episodes)
                lines.append(
                    """
                      \(String(repeating: " ", count: max(0, 6 - count.count)))\(count)  \
                    \(fault.kind.rawValue)\(String(repeating: " ", count: width - fault.kind.rawValue.count))  first \
                    in \
                    \(fault.clip.printable)
                    """
                )
                if let first = fault.fault {
                    lines += ["          " + first.complaint, "          what to do: " + first.remedy].map(\.printable)
                }
            }
        }
        if !found.pools.isEmpty {
            lines += ["", "all episodes of a robot, pooled:"]
            var days = 0
            for pool in found.pools {
                if pool.day == nil { days = 0 } else { days += 1 }
                if days == mostDays + 1 { lines.append("    ... and more days: --json lists all") }
                if days > mostDays { continue }
                lines += self.lines(pool)
            }
        }
        return lines
    }

    private static func lines(_ pool: EpisodePool) -> [String] {
        let name =
            pool.day.map { "    on \($0.printable)" }
            ?? "  \(pool.robot.map { "robot \($0.printable), " } ?? "")camera \(pool.camera.printable)"
        let from = "from \(pool.episodes) episode\(pool.episodes == 1 ? "" : "s")"
        guard let estimate = pool.estimate else {
            return ["\(name): unknown, \(from)"] + (pool.day == nil ? pool.because.map { "    because \($0)" } : [])
        }
        let offset = Offset(milliseconds: estimate.milliseconds)
        let interval = OffsetInterval(Offset(milliseconds: estimate.lower), Offset(milliseconds: estimate.upper))
        var lines = [
            "\(name): sensor \(OffsetWords.place(offset)) (95 % within \(OffsetWords.interval(interval))), \(from)"
        ]
        if pool.day == nil {
            lines.append("    \(pool.answered) of them answered individually")
            if !pool.unlike.isEmpty {
                lines.append(
                    """
                        does not fit the others, perhaps the log or the video of another episode: \
                    \(pool.unlike.prefix(3).map(\.printable).joined(separator: ", "))\
                    \(pool.unlike.count > 3 ? " and \(pool.unlike.count - 3) more" : "")
                    """
                )
            }
            if interval.lower.seconds > 0 || interval.upper.seconds < 0 {
                lines.append(
                    """
                        to fix it: add \(String(format: "%+.3f", offset.seconds)) s to the times of its rows, or move \
                    the rows against the frames by as much
                    """
                )
            }
        }
        return lines
    }
}

extension EpisodePools {
    /// Members of `corpus` for robot sets; see `docs/json.md`.
    var json: [(name: String, value: JSONValue)] {
        guard !isEmpty else { return [] }
        return [
            ("pools", .array(pools.map(\.json))),
            (
                "faults",
                .array(
                    faults.map {
                        .object([
                            ("kind", .string($0.kind.rawValue)), ("episodes", .integer($0.episodes)),
                            ("first", .string($0.clip)), ("words", .string($0.fault?.reason.description ?? "")),
                        ])
                    })
            ),
        ]
    }
}

extension EpisodePool {
    fileprivate var json: JSONValue {
        .object([
            ("robot", robot.map { .string($0) } ?? .null), ("camera", .string(camera)),
            ("day", day.map { .string($0) } ?? .null), ("episodes", .integer(episodes)),
            ("answered", .integer(answered)),
            ("offset_ms", estimate.map { .number($0.milliseconds, decimals: 1) } ?? .null),
            ("ci95_ms", estimate?.rangeJSON ?? .null),
            ("candidate_ms", candidate.map { .number($0, decimals: 1) } ?? .null),
            ("height", .number(height, decimals: 2)), ("second_height", .number(secondHeight, decimals: 2)),
            ("unlike", .array(unlike.map { .string($0) })), ("because", .array(because.map { .string($0) })),
        ])
    }
}
