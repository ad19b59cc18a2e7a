package import SyncModel

/// Finds where a camera's frames repeat or freeze, given the motion of the rows. Pure: values in, faults out.
///
/// Frames at rest are re-encoded now and then and differ slightly each time, and a keyframe may differ from its
/// neighbours. Repeats are therefore only reported where motion continues after them, and freezes only where half a
/// second changes nothing.
package struct PictureJudge {
    private let changes: FrameChanges
    private let motion: MotionSignal?

    /// Least motion from frame to frame, where most moves; least and most over half a second, of the whole frame; in
    /// levels of brightness of 255.
    private static let moving = 2.0, stirred = 0.25, still = 0.05
    /// A repeated frame differs from the one before by less than this share of the difference of the frames around it.
    private static let share = 0.1
    /// Motion continues after a repeated frame: from before to after it by this much more than from frame to frame.
    private static let onward = 1.15
    /// Fast motion: this share of the 95th percentile of all steps with motion.
    private static let fastShare = 0.25
    /// Least number of reported repeats, and their least share of the frames between two that move fast.
    private static let leastRepeats = 6, repeatedShare = 0.2
    /// The longest repetition that is not rest, in frames.
    private static let longestRepeat = 3
    /// The shortest segment without a change, in seconds, and how much of its ends may belong to rests.
    private static let leastFrozen = 2.0, margin = 0.3
    /// Rows move where their speed reaches this share of its 90th percentile.
    private static let fast = 0.15
    /// Least time that rows move while the video is frozen, in seconds.
    private static let leastMotion = 0.5

    /// - Parameter motion: the speed of the rows, in seconds of the episode.
    package init(_ changes: FrameChanges, motion: MotionSignal?) {
        self.changes = changes
        self.motion = motion.flatMap { $0.kind == .speed ? $0 : nil }
    }

    package func faults(camera: String) -> [LogFault] {
        [frozen(camera), repeated(camera)].compactMap { $0 }
    }

    // MARK: Repeated frames

    private func repeated(_ camera: String) -> LogFault? {
        let steps = changes.steps
        let moves = steps.filter { $0 >= Self.moving }.sorted()
        guard moves.count >= Self.leastRepeats else { return nil }
        // Economical encoders skip slow motion: repeats show during fast motion.
        let fast = max(Self.moving, Self.fastShare * moves[moves.count * 19 / 20])
        var (count, longest, others) = (0, 0, 0)
        var first: Int?
        for index in steps.indices.dropFirst(2) where steps[index - 1] >= fast {
            // Up to the next frame that moves like the one before.
            var next = index
            while next < steps.count, next - index < Self.longestRepeat, steps[next] < Self.moving { next += 1 }
            if next == index {
                if next + 1 < steps.count, steps[next + 1] >= fast { others += 1 }
                continue
            }
            guard next < steps.count, steps[next] >= fast else { continue }
            let (least, most) = (min(steps[index - 1], steps[next]), max(steps[index - 1], steps[next]))
            let repeats = steps[index..<next].allSatisfy { $0 < Self.share * least }
            guard repeats, changes.spans[index] > Self.onward * most else {
                others += 1
                continue
            }
            count += next - index
            longest = max(longest, next - index)
            first = first ?? index
        }
        guard let first, count >= Self.leastRepeats, Double(count) >= Self.repeatedShare * Double(others + count) else {
            return nil
        }
        let frame = Figures.median(zip(changes.times.dropFirst(), changes.times).map { $0 - $1 })
        return LogFault(
            .repeatedFrames,
            """
            \(count) video frames of \(camera.printable) repeat the one before during motion, first at \
            \(Figures.decimals(changes.times[first], 2)) s: the camera delivered fewer frames than declared
            """,
            costMilliseconds: Double(longest) * frame * 1000,
            remedy:
                """
                record at the camera's actual rate, or declare that rate; a repeated frame shows an earlier time
                """,
            row: first)
    }

    // MARK: Pictures that stand still

    private func frozen(_ camera: String) -> LogFault? {
        guard let motion, let run = longestStill() else { return nil }
        let (from, to) = (changes.times[run.lowerBound], changes.times[run.upperBound - 1])
        guard to - from >= Self.leastFrozen else { return nil }
        let speeds = motion.values.filter(\.isFinite).sorted()
        guard let reference = speeds.isEmpty ? nil : speeds[speeds.count * 9 / 10], reference > 0 else { return nil }
        let isAll = run.lowerBound == 0 && run.upperBound == changes.times.count
        let margin = isAll ? 0 : Self.margin
        let moved = seconds(ofMotionAbove: Self.fast * reference, from: from + margin, to: to - margin)
        guard moved >= Self.leastMotion else { return nil }
        // If the arm is visible elsewhere in the episode it would be here: otherwise it may be out of view.
        let isSeen = !isAll && showsMotion(above: Self.fast * reference, but: run)
        guard isAll || isSeen else { return nil }
        return LogFault(
            .frozenPicture,
            """
            the video of \(camera.printable) does not change \
            \(isAll ? "at all" : "from \(Figures.decimals(from, 2)) to \(Figures.decimals(to, 2)) s") while the rows \
            move\
            \(isAll ? ": the camera froze, or what moves is out of its view" : ": the camera froze")
            """,
            costMilliseconds: (to - from) * 1000,
            remedy: "check the video there; omit the episode, or cut it before the camera froze",
            row: run.lowerBound)
    }

    /// The longest run of frames that half a second does not change; single outliers are ignored.
    private func longestStill() -> Range<Int>? {
        let halves = changes.halves
        var best: Range<Int>?
        var start: Int?
        for index in 1...max(1, halves.count) {
            let isStill =
                index < halves.count
                && (max(1, index - 1)...min(halves.count - 1, index + 1)).filter { halves[$0] < Self.still }.count >= 2
            if isStill {
                start = start ?? index
            } else if let begun = start {
                // Half a second before the first that did not change, nothing changed either.
                let first = changes.times.firstIndex { $0 >= changes.times[begun] - 0.5 } ?? begun
                if index - first > best?.count ?? 0 { best = first..<index }
                start = nil
            }
        }
        return best
    }

    private func seconds(ofMotionAbove limit: Double, from: Double, to: Double) -> Double {
        guard let motion else { return 0 }
        return zip(motion.times.indices, motion.times.indices.dropFirst()).reduce(0) { sum, pair in
            let (one, next) = pair
            guard motion.times[one] >= from, motion.times[next] <= to, motion.values[next] >= limit else { return sum }
            return sum + min(0.2, motion.times[next] - motion.times[one])
        }
    }

    /// Whether, where the rows move outside a run of frames, most frames change too.
    private func showsMotion(above limit: Double, but run: Range<Int>) -> Bool {
        guard let motion else { return false }
        var (moving, all) = (0, 0)
        var at = 0
        for (index, time) in changes.times.enumerated() where index > 0 && !run.contains(index) {
            while at + 1 < motion.times.count, motion.times[at + 1] <= time { at += 1 }
            guard motion.times.indices.contains(at), motion.values[at] >= limit else { continue }
            all += 1
            if changes.halves[index] >= Self.stirred { moving += 1 }
        }
        return all >= 10 && moving * 2 >= all
    }
}
