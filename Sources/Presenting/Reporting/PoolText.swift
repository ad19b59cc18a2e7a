import Foundation
public import Statistics
package import SyncModel

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
        return lines + found.lags.flatMap { PoolText.lines($0) }
    }

    private static let mostJoints = 24

    private static func lines(_ set: EpisodePools.SetLag) -> [String] {
        let name = set.robot.map { "robot \($0.printable)" } ?? set.clip.printable
        let names = set.joints.map(\.joint.printable)
        let width = names.map(\.count).max() ?? 0
        var lines = ["", "lag of the states after the commands, \(name):"]
        for (joint, name) in zip(set.joints, names).prefix(mostJoints) {
            lines.append(
                "  \(name)\(String(repeating: " ", count: width - name.count))  \(LagWords.text(joint))")
        }
        if names.count > mostJoints { lines.append("  ... and \(names.count - mostJoints) more: --json lists all") }
        return lines
    }

    private static func lines(_ pool: EpisodePool) -> [String] {
        let name = pool.day.map { "    on \($0.printable)" } ?? "  \(self.name(pool))"
        return ["\(name): \(result(pool))"] + remarks(pool).map { "    " + $0 }
    }

    /// The robot and the camera of a pool.
    package static func name(_ pool: EpisodePool) -> String {
        "\(pool.robot.map { "robot \($0.printable), " } ?? "")camera \(pool.camera.printable)"
    }

    /// The offset of a pool in words.
    package static func result(_ pool: EpisodePool) -> String {
        let from = "from \(pool.episodes) episode\(pool.episodes == 1 ? "" : "s")"
        guard let estimate = pool.estimate else { return "unknown, \(from)" }
        let interval = OffsetInterval(Offset(milliseconds: estimate.lower), Offset(milliseconds: estimate.upper))
        return
            """
            sensor \(OffsetWords.place(Offset(milliseconds: estimate.milliseconds))) (95 % within \
            \(OffsetWords.interval(interval))), \(from)
            """
    }

    /// What else is to be said of a pool of all days.
    package static func remarks(_ pool: EpisodePool) -> [String] {
        guard pool.day == nil else { return [] }
        guard let estimate = pool.estimate else { return pool.because.map { "because \($0)" } }
        var lines = ["\(pool.answered) of them answered individually"]
        if !pool.unlike.isEmpty {
            lines.append(
                """
                does not fit the others, perhaps the log or the video of another episode: \
                \(pool.unlike.prefix(3).map(\.printable).joined(separator: ", "))\
                \(pool.unlike.count > 3 ? " and \(pool.unlike.count - 3) more" : "")
                """
            )
        }
        if let frame = pool.halvedFrame {
            lines.append(
                """
                this is half a frame (\(Figures.decimals(frame / 2, 1)) ms): it fits frames that are stamped at the \
                end of their exposure, or half a frame late for another reason
                """
            )
        }
        if estimate.lower > 0 || estimate.upper < 0 {
            lines.append(
                """
                to fix it: add \(String(format: "%+.3f", estimate.milliseconds / 1000)) s to the times of its rows, \
                or move the rows against the frames by as much
                """
            )
        }
        return lines
    }
}

/// The lag of a joint in words.
package enum LagWords {
    package static func text(_ lag: JointLag) -> String {
        """
        \(milliseconds(lag.median)) (nine tenths of the episodes within \(milliseconds(lag.low)) to \
        \(milliseconds(lag.high)), scatter \(milliseconds(lag.spread))), from \(lag.episodes) episodes\
        \(lag.commandIs == "position" ? "" : "; the commands are speeds")
        """
    }

    private static func milliseconds(_ value: Double) -> String { "\(Figures.decimals(value, 0)) ms" }
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
            (
                "action_lags",
                .array(
                    lags.flatMap { set in
                        set.joints.map { lag in
                            .object([
                                ("robot", set.robot.map { .string($0) } ?? .null), ("set", .string(set.clip)),
                                ("joint", .string(lag.joint)), ("command_is", .string(lag.commandIs)),
                                ("episodes", .integer(lag.episodes)), ("median_ms", .number(lag.median, decimals: 1)),
                                ("spread_ms", .number(lag.spread, decimals: 1)),
                                ("p5_ms", .number(lag.low, decimals: 1)), ("p95_ms", .number(lag.high, decimals: 1)),
                            ])
                        }
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
            ("halved_frame_ms", halvedFrame.map { .number($0, decimals: 1) } ?? .null),
            ("height", .number(height, decimals: 2)), ("second_height", .number(secondHeight, decimals: 2)),
            ("unlike", .array(unlike.map { .string($0) })), ("because", .array(because.map { .string($0) })),
        ])
    }
}
