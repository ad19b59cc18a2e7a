package import RobotSets
package import SyncModel

/// Checks the intervals of episodes in shared video files against each other. Pure: values in, faults out.
package struct SharedVideos {
    /// Of single episodes, by their index in the given list.
    package private(set) var faults: [Int: [LogFault]] = [:]
    /// Of the set: video frames that belong to no episode.
    package private(set) var unclaimed: LogFault?

    /// Least reported length after the last episode of a file, in seconds: encoders pad.
    private static let leastTail = 0.5

    private struct Stretch {
        let place: Int, index: Int, camera: String
        let from: Double, to: Double
    }

    /// - Parameters:
    ///   - framesPerSecond: intervals are compared to half a frame.
    ///   - facts: of the video files by their paths.
    package init(_ episodes: [RobotEpisode], framesPerSecond: Double, facts: [String: VideoFacts]) {
        var files: [String: [Stretch]] = [:]
        for (place, episode) in episodes.enumerated() {
            for video in episode.videos {
                guard let from = video.from, let to = video.to else { continue }
                files[video.path, default: []].append(
                    Stretch(place: place, index: episode.index, camera: video.camera, from: from, to: to))
            }
        }
        let slack = 0.5 / framesPerSecond
        var holes: [(seconds: Double, words: String)] = []
        for path in files.keys.sorted() {
            let stretches = (files[path] ?? []).sorted { ($0.from, $0.index) < ($1.from, $1.index) }
            guard var reaching = stretches.first else { continue }
            let camera = reaching.camera.printable
            if reaching.from > slack {
                holes.append((reaching.from, "before episode \(reaching.index) of \(camera)"))
            }
            for next in stretches.dropFirst() {
                if next.from < reaching.to - slack {
                    overlap(reaching, next)
                } else if next.from > reaching.to + slack {
                    holes.append(
                        (
                            next.from - reaching.to,
                            "between episodes \(reaching.index) and \(next.index) of \(camera)"
                        ))
                }
                if next.to > reaching.to { reaching = next }
            }
            if let length = facts[path]?.seconds, length - reaching.to > max(SharedVideos.leastTail, 1.5 * 2 * slack) {
                holes.append((length - reaching.to, "after episode \(reaching.index) of \(camera)"))
            }
        }
        if let first = holes.first {
            let all = holes.reduce(0) { $0 + $1.seconds }
            unclaimed = LogFault(
                .unclaimed,
                """
                \(Figures.size(all)) of the videos \(holes.count == 1 ? "belong" : "in \(holes.count) places belong") \
                to no episode, first \(Figures.size(first.seconds)) \(first.words)
                """,
                remedy:
                    """
                    fix from_timestamp and to_timestamp of the neighbouring episodes; nothing to do if episodes were \
                    removed on purpose
                    """)
        }
    }

    private mutating func overlap(_ one: Stretch, _ other: Stretch) {
        let seconds = min(one.to, other.to) - other.from
        for (mine, their) in [(one, other), (other, one)] {
            faults[mine.place, default: []].append(
                LogFault(
                    .overlap,
                    """
                    the list gives \(Figures.size(seconds)) of the video of \(mine.camera.printable) to this episode \
                    and to episode \(their.index)
                    """,
                    costMilliseconds: seconds * 1000,
                    remedy:
                        """
                        fix from_timestamp and to_timestamp of both: one of them shows frames of the other
                        """))
        }
    }
}
