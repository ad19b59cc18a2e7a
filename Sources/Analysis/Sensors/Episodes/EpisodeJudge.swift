import Foundation
package import RobotSets
package import SyncModel

/// Judges one episode by aggregates of its table and the headers of its videos. Pure: values in, faults out.
package struct EpisodeJudge {
    private let set: RobotSet

    package init(set: RobotSet) { self.set = set }

    /// Steps within this share of the declared one, and consecutive frame numbers, need no examination of every row.
    private static let plainShare = 0.05
    /// A first stamp beyond so many times the stamps' scatter is not part of it.
    private static let farthest = 2.0

    /// Whether the aggregates show that the clock of an episode is in order, so that no row has to be examined.
    package func isPlain(_ rows: EpisodeRows) -> Bool {
        let period = 1 / set.framesPerSecond
        guard rows.count > 3 else { return true }
        guard rows.stamped == rows.count, let least = rows.leastStep, let most = rows.mostStep, let first = rows.first,
            let last = rows.last
        else { return false }
        let drift = abs(last - first - Double(rows.count - 1) * period)
        let counted =
            rows.numbered == 0 || (rows.numbered == rows.count && rows.leastFrameStep == 1 && rows.mostFrameStep == 1)
        return least >= period * (1 - EpisodeJudge.plainShare) && most <= period * (1 + EpisodeJudge.plainShare)
            && drift < ClockAnalyser.leastCost / 2000 && counted
    }

    /// Faults of the clock, examined row by row.
    package func clock(times: [Double], frames: [Double]) -> [LogFault] {
        var facts = ClockFacts(stamps: times, column: "timestamp")
        facts.declaredRate = set.framesPerSecond
        facts.frameNumbers = frames.contains(where: \.isFinite) ? frames : nil
        return ClockAnalyser().result(facts).faults.map { fault in
            fault.kind == .unit
                ? LogFault(
                    fault.kind, fault.sentence, costMilliseconds: fault.costMilliseconds,
                    remedy: "write the column in seconds, as all readers of such sets expect")
                : fault
        }
    }

    /// Both together. Where all stamps scatter the first one does too: it is no late start within their scatter.
    package func faults(clock: [LogFault], content: [LogFault]) -> [LogFault] {
        guard let scatter = clock.first(where: { $0.kind == .jitter })?.costMilliseconds else { return clock + content }
        return clock
            + content.filter { $0.kind != .lateStart || $0.costMilliseconds ?? 0 > EpisodeJudge.farthest * scatter }
    }

    /// Faults of rows against the list, of columns, and of videos against rows.
    package func content(
        _ episode: RobotEpisode, _ table: TableContent, _ rows: EpisodeRows, videos: [String: VideoFacts]
    )
        -> [LogFault]
    {
        var faults: [LogFault] = []
        let period = 1000 / set.framesPerSecond
        if !episode.isShared, let says = rows.episode, says != episode.index {
            faults.append(
                LogFault(
                    .otherEpisode, "column episode_index says \(says) in the table of episode \(episode.index)",
                    remedy: "find out which of the two is wrong; until then, omit the episode"))
        }
        if !episode.isShared, table.episodes.count > 1 {
            faults.append(
                LogFault(
                    .otherEpisode, "column episode_index has \(table.episodes.count) episodes in the table of one",
                    remedy: "split the table, or fix the column"))
        }
        if let declared = episode.declaredRows, declared != rows.count {
            faults.append(
                LogFault(
                    .count, "the table has \(rows.count) rows, but the list of episodes declares \(declared)",
                    costMilliseconds: abs(Double(declared) - Double(rows.count)) * period,
                    remedy: "fix the list, or find the lost rows"))
        }
        for name in ["timestamp", "frame_index"] where !table.columns.contains(name) {
            faults.append(
                LogFault(
                    .noColumn, "the table has no column \(name)",
                    remedy: name == "timestamp"
                        ? "add it: the time of each row in seconds since the episode's first"
                        : "add it: 0, 1, 2, ... within the episode"))
        }
        let missing = set.channels.map(\.name).filter { !table.columns.contains($0) }
        if !missing.isEmpty {
            faults.append(
                LogFault(
                    .noColumn,
                    """
                    the table has no column \(missing.map(\.printable).joined(separator: ", ")), which meta/info.json \
                    declares
                    """,
                    remedy: "write the column, or remove it from the features"))
        }
        if let first = rows.firstFrame, first != 0, rows.leastFrameStep == 1 {
            faults.append(
                LogFault(
                    .count, "frame_index begins at \(Figures.decimals(first, 0)), not at 0",
                    costMilliseconds: abs(first) * period,
                    remedy: "renumber the rows, or find the rows that were lost at the start"))
        }
        if let late = start(rows, moved: set.moves?.move(of: episode.index) ?? 0) { faults.append(late) }
        faults += channels(rows)
        for video in episode.videos { faults += self.video(video, rows, videos[video.path]) }
        return faults
    }

    /// A first timestamp other than 0, by more than half a row and the least reported error.
    ///
    /// - Parameter moved: by how much the stamps were moved on purpose, in seconds.
    private func start(_ rows: EpisodeRows, moved: Double) -> LogFault? {
        guard let first = rows.first.map({ $0 - moved }), abs(first) * 1000 > ClockAnalyser.leastCost,
            abs(first) > 0.5 / set.framesPerSecond
        else { return nil }
        return LogFault(
            .lateStart,
            """
            column timestamp begins at \
            \(abs(first) < 86400 ? Figures.size(first) : Figures.decimals(first, 3) + " s"), \
            not at 0
            """,
            costMilliseconds: abs(first) * 1000,
            remedy:
                """
                subtract the first timestamp from all of the episode: readers of such sets seek the video frame at \
                these times
                """,
            row: 0)
    }

    private func channels(_ rows: EpisodeRows) -> [LogFault] {
        var faults: [LogFault] = []
        for channel in rows.channels where !channel.known.isEmpty {
            let holes = channel.known.enumerated().filter { $0.element < rows.count }
            if let worst = holes.min(by: { $0.element < $1.element }) {
                let names =
                    channel.known.count == 1
                    ? channel.name
                    : holes.count == channel.known.count
                        ? "\(channel.name)"
                        : "\(channel.name)[\(holes.map { String($0.offset) }.prefix(4).joined(separator: ", "))]"
                let rowsWithout = rows.count - worst.element
                faults.append(
                    LogFault(
                        .noValues,
                        """
                        column \(names.printable) has no number in \
                        \(rowsWithout == rows.count ? "any of" : "\(rowsWithout) of") its \(rows.count) rows
                        """,
                        remedy:
                            """
                            fill them in from neighbouring rows, or omit the episode: a NaN spoils every batch that it \
                            is in
                            """
                    ))
            }
            let known = channel.span.compactMap { $0 }
            if !known.isEmpty, known.allSatisfy({ $0 == 0 }), rows.count > 10 {
                faults.append(
                    LogFault(
                        .constantChannel, "column \(channel.name.printable) never changes",
                        remedy: "check that the sensor was connected and that its driver was read in this episode"))
            }
        }
        return faults
    }

    private func video(_ video: RobotEpisode.Video, _ rows: EpisodeRows, _ facts: VideoFacts?) -> [LogFault] {
        let camera = video.camera.printable
        guard let facts else {
            return [
                LogFault(
                    .noVideo, "the video of \(camera) is missing: \(video.path.printable)",
                    remedy: "copy it from the set's source, or omit the episode")
            ]
        }
        if let failure = facts.failure {
            return [
                LogFault(
                    .noVideo, "the video of \(camera) cannot be used: \(failure.message)", remedy: failure.remedy)
            ]
        }
        var faults: [LogFault] = []
        let period = 1 / set.framesPerSecond
        let seconds = Double(rows.count) * period
        if let rate = facts.framesPerSecond, abs(rate / set.framesPerSecond - 1) > 0.005 {
            faults.append(
                LogFault(
                    .rate,
                    """
                    the video of \(camera) runs at \(Figures.decimals(rate, 3)) frames per second, but meta/info.json \
                    declares \(Figures.decimals(set.framesPerSecond, 3))
                    """,
                    costMilliseconds: abs(Double(rows.count) * (1 / rate - period)) * 1000,
                    remedy: "encode it at the declared rate from the recorded images, or declare the actual rate")
            )
        }
        if let from = video.from, let to = video.to {
            if abs(to - from - seconds) > 1.5 * period {
                faults.append(
                    LogFault(
                        .count,
                        """
                        the table has \(rows.count) rows, but the list gives the episode \
                        \(Figures.decimals((to - from) / period, 1)) frames of \(camera)
                        """,
                        costMilliseconds: abs(to - from - seconds) * 1000,
                        remedy:
                            """
                            fix from_timestamp and to_timestamp; readers that use them show frames of another time or \
                            episode
                            """
                    ))
            }
            if let length = facts.seconds, to > length + 1.5 * period {
                faults.append(
                    LogFault(
                        .length,
                        """
                        the episode ends at \(Figures.size(to)) of the video of \(camera), which is \
                        \(Figures.size(length)) long
                        """,
                        costMilliseconds: (to - length) * 1000,
                        remedy: "the video was cut off: copy or encode it again; rows after its end have no frame"))
            }
            return faults
        }
        if let frames = facts.frames {
            if frames != rows.count {
                faults.append(
                    LogFault(
                        .count, "the table has \(rows.count) rows for \(frames) video frames of \(camera)",
                        costMilliseconds: abs(Double(frames - rows.count)) * period * 1000,
                        remedy:
                            "find where rows or video frames were dropped: by their timestamps, not by their numbers"))
            }
        } else if let length = facts.seconds, abs(length - seconds) > 1.5 * period {
            faults.append(
                LogFault(
                    .length,
                    "the table is \(Figures.size(seconds)) long, the video of \(camera) \(Figures.size(length))",
                    costMilliseconds: abs(length - seconds) * 1000,
                    remedy: "find out which started late or ended early; the content gives the log's offset"))
        }
        return faults
    }
}
