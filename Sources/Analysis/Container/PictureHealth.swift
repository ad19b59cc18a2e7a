public import SyncModel

/// Faults of the frames of the segments that were decoded.
///
/// Nothing is reported that may be intended: a frozen, black or fading frame counts only where the same scene moves
/// before and after it, and where this recording is not often still.
public struct PictureHealth: Sendable {
    /// The usual interval between two frames, in seconds.
    private let step: Double
    private let holes: [TimeSpan]
    /// Intervals by kind, in seconds from the file's origin.
    private var frozen: [TimeSpan] = []
    private var doubled: [TimeSpan] = []
    private var black: [TimeSpan] = []
    private var torn: [TimeSpan] = []
    private var missing: [TimeSpan] = []
    /// Frames that were examined.
    public private(set) var looked = 0
    /// How often the video was still without evidence of a fault.
    private var quiet = 0

    /// Changes of a frame in grey levels: at most the first is still; at least the second is motion.
    static let still: Float = 0.3
    static let moving: Float = 0.6
    /// A still frame changes by at most this share of the change of moving ones.
    private static let stillShare: Float = 0.28
    /// What coding may add to a repeated frame.
    private static let mostNoise: Float = 1
    /// A repeat renews at most this share of the pixels that its neighbours do.
    private static let renewedShare: Float = 0.22
    /// A repeat goes at most this share of the way from the frame before to the one after.
    private static let noWay: Float = 0.06
    /// All that coding adds to a long-frozen frame is less than this share of one step of the motion.
    private static let mountedShare: Float = 0.6
    /// Frames before and after that tell how much it moves.
    private static let around = 8
    /// Frames that repeat, at most, for the word "doubled"; more are "frozen".
    private static let mostDoubled = 2
    /// Similarity from which two frames show the same scene.
    private static let sameScene: Float = 0.6

    /// - Parameters:
    ///   - step: the usual interval between two frames, in seconds.
    ///   - holes: of the timestamps, in seconds from the file's origin.
    public init(step: Double, holes: [TimeSpan]) {
        self.step = step
        self.holes = holes
    }

    /// Examines a segment of consecutive frames.
    public mutating func look(at frames: [HealthFrame]) {
        looked += frames.count
        guard frames.count > 4 else { return }
        let changes = [0] + zip(frames.dropFirst(), frames).map { $0.change(from: $1) }
        var isTaken = [Bool](repeating: false, count: frames.count)
        lookForConcealed(frames, &isTaken)
        lookForBlack(frames, &isTaken)
        lookForTorn(frames, changes, &isTaken)
        lookForStill(frames, changes, isTaken)
        lookForMissing(frames, changes)
    }

    // MARK: Pictures that the decoder could not read

    private mutating func lookForConcealed(_ frames: [HealthFrame], _ isTaken: inout [Bool]) {
        for run in Runs.of(frames.map(\.isConcealed)) {
            torn.append(span(frames, run))
            // What follows is predicted from it.
            for index in run.lowerBound..<min(frames.count, run.upperBound + 2) { isTaken[index] = true }
        }
    }

    // MARK: Black

    private static let blackMean: Float = 21
    private static let blackLightest: Float = 34

    private mutating func lookForBlack(_ frames: [HealthFrame], _ isTaken: inout [Bool]) {
        let isBlack = frames.map { $0.mean <= PictureHealth.blackMean && $0.lightest <= PictureHealth.blackLightest }
        for run in Runs.of(isBlack) {
            for index in max(0, run.lowerBound - 1)..<min(frames.count, run.upperBound + 1) { isTaken[index] = true }
            guard run.lowerBound >= 3, run.upperBound + 2 < frames.count else { continue }
            let (before, after) = (frames[run.lowerBound - 1], frames[run.upperBound])
            let (earlier, later) = (frames[run.lowerBound - 3], frames[run.upperBound + 2])
            // From light to black and back at once, in one scene: a fade or a cut to black is intended.
            guard before.mean > 28, after.mean > 28, before.mean > 0.85 * earlier.mean, after.mean > 0.85 * later.mean,
                before.likeness(to: after) > PictureHealth.sameScene
            else { continue }
            black.append(span(frames, run))
        }
    }

    // MARK: Torn

    /// Boxes that match neither neighbour although these agree: the least difference, and its least ratio to that of
    /// the neighbours.
    private static let foreign: (least: Float, times: Float) = (10, 3)

    private mutating func lookForTorn(_ frames: [HealthFrame], _ changes: [Float], _ isTaken: inout [Bool]) {
        let (columns, rows) = (HealthFrame.columns, HealthFrame.rows)
        for index in 2..<max(2, frames.count - 2) where !isTaken[index] && !isTaken[index - 1] && !isTaken[index + 1] {
            guard changes[index] > PictureHealth.foreign.least, changes[index + 1] > PictureHealth.foreign.least else {
                continue
            }
            let (before, here, after) = (frames[index - 1], frames[index], frames[index + 1])
            guard before.likeness(to: after) > 0.8 else { continue }
            let counts = (0..<rows).map { row in
                (0..<columns).count { column in
                    let place = row * columns + column
                    let away = min(
                        abs(here.boxes[place] - before.boxes[place]), abs(here.boxes[place] - after.boxes[place]))
                    let apart = abs(after.boxes[place] - before.boxes[place])
                    return away > PictureHealth.foreign.least && away > PictureHealth.foreign.times * apart
                }
            }
            // A band over the whole width, and from its edge on nothing of it.
            guard let band = Runs.of(counts.map { $0 * 10 >= columns * 3 }).max(by: { $0.count < $1.count }),
                band.count >= 2, counts[band].reduce(0, +) * 100 >= 45 * columns * band.count
            else { continue }
            let outside = counts.indices.filter { $0 < band.lowerBound - 1 || $0 > band.upperBound }
            guard outside.reduce(0, { $0 + counts[$1] }) * 10 <= columns * outside.count else { continue }
            let touchesEdge = band.lowerBound <= 1 || band.upperBound >= rows - 1
            guard touchesEdge else { continue }
            // A flash brightens what is there; a torn band shows something else.
            let isFlash =
                here.likeness(to: before, rows: band) > 0.9
                || (outside.count < rows / 4 && here.mean > before.mean + 15)
            if isFlash { continue }
            torn.append(span(frames, index..<index + 1))
            isTaken[index] = true
            isTaken[index + 1] = true
        }
    }

    // MARK: Frozen and doubled

    private mutating func lookForStill(_ frames: [HealthFrame], _ changes: [Float], _ isTaken: [Bool]) {
        var accused: [Range<Int>] = []
        defer { countQuiet(changes, isTaken, besides: accused) }
        var index = 4
        while index + 3 < frames.count {
            let run = isTaken[index] ? 0 : still(from: index, frames, changes, isTaken)
            if run > 1 {
                if judgeFrozen(index..<index + run, frames, changes) { accused.append(index..<index + run) }
                index += run
            } else {
                if !isTaken[index], !isTaken[index + 1] { judgeDoubled(index, frames, changes) }
                index += 1
            }
        }
    }

    /// How many frames from one on show what the one before it shows: what a coder adds does not accumulate, motion
    /// does.
    private func still(
        from index: Int, _ frames: [HealthFrame], _ changes: [Float], _ isTaken: [Bool]
    ) -> Int {
        let before = level(changes, max(1, index - PictureHealth.around)..<index)
        guard before >= PictureHealth.moving else { return 0 }
        let most = min(PictureHealth.mostNoise, max(PictureHealth.still, PictureHealth.stillShare * before))
        var end = index
        // A keyframe renews a still image, with different noise.
        while end < frames.count, !isTaken[end],
            changes[end] <= (end - index > PictureHealth.mostDoubled ? PictureHealth.mostNoise : most),
            frames[end].change(from: frames[index - 1])
                <= max(2 * most, PictureHealth.mostNoise, PictureHealth.mountedShare * before)
        { end += 1 }
        return end - index
    }

    /// Counts how often the video is still by nature: for two frames and more, outside reported faults.
    private mutating func countQuiet(_ changes: [Float], _ isTaken: [Bool], besides accused: [Range<Int>]) {
        for run in Runs.of(changes.indices.map { $0 > 0 && changes[$0] <= PictureHealth.still && !isTaken[$0] })
        where run.count > 1
            && !accused.contains(where: { $0.lowerBound - 4 < run.upperBound && run.lowerBound < $0.upperBound + 4 })
        {
            quiet += 1
        }
    }

    /// Returns whether it is a fault.
    private mutating func judgeFrozen(_ run: Range<Int>, _ frames: [HealthFrame], _ changes: [Float]) -> Bool {
        guard run.upperBound + 3 < frames.count else { return false }
        let usual = usual(changes, run)
        let mean = changes[run].reduce(0, +) / Float(run.count)
        let (last, next) = (frames[run.lowerBound - 1], frames[run.upperBound])
        // Into it and out of it without a cut: a still image between two scenes is intended. A short one must be
        // stiller.
        guard usual >= PictureHealth.moving,
            mean <= (run.count < 6 ? 0.5 : 1) * PictureHealth.stillShare * usual,
            changes[run.upperBound] >= PictureHealth.moving,
            frames[run.lowerBound - 2].likeness(to: last) > PictureHealth.sameScene,
            last.likeness(to: next) > PictureHealth.sameScene
        else { return false }
        if run.count > PictureHealth.mostDoubled {
            frozen.append(span(frames, run))
        } else {
            doubled.append(span(frames, run))
        }
        return true
    }

    private mutating func judgeDoubled(_ index: Int, _ frames: [HealthFrame], _ changes: [Float]) {
        let usual = usual(changes, index..<index + 1)
        let (before, here, after) = (frames[index - 1], frames[index], frames[index + 1])
        let (change, next) = (changes[index], changes[index + 1])
        guard usual >= PictureHealth.moving, change <= 0.5 * usual, next >= 0.5 * usual, next <= 6 * usual,
            next >= 2 * change, before.likeness(to: after) > PictureHealth.sameScene,
            Self.share(before, here, after) < 0.08
        else { return }
        // What distinguishes a repeat from a moment of rest: almost no pixel is new, while the frames around it renew
        // many.
        func renewed(_ range: Range<Int>) -> Float {
            let shares = range.filter { $0 > 0 && $0 < frames.count && $0 != index }
                .map { frames[$0].renewed(from: frames[$0 - 1]) }.sorted()
            return shares.isEmpty ? 0 : shares[shares.count / 2]
        }
        let around = PictureHealth.around
        let least = min(renewed(index - around..<index), renewed(index + 1..<index + 1 + around))
        let isCopied = here.renewed(from: before) <= PictureHealth.renewedShare * least
        // Coders that spare bits repaint a repeat. Then the motion decides: it continues at full speed up to the
        // repeat, which does not advance, and the next frame advances by more than its share.
        let isStep =
            changes[index - 1] >= 0.9 * usual && next >= 1.1 * usual
            && abs(Self.share(before, here, after)) < PictureHealth.noWay
            && Self.goesOn(frames[index - 2], before, after)
            && here.renewed(from: before) <= 0.95 * least
        guard isCopied || isStep else { return }
        doubled.append(span(frames, index..<index + 1))
    }

    /// Change of the frames before and after a run, the smaller of both.
    private func usual(_ changes: [Float], _ run: Range<Int>) -> Float {
        min(
            level(changes, max(1, run.lowerBound - PictureHealth.around)..<run.lowerBound),
            level(changes, run.upperBound..<min(changes.count, run.upperBound + PictureHealth.around)))
    }

    /// How far a frame has gone on the way from the one before to the one after, where these differ most: about a half;
    /// for a repeat nothing.
    private static func share(_ before: HealthFrame, _ here: HealthFrame, _ after: HealthFrame) -> Float {
        let way = zip(after.boxes, before.boxes).map { $0 - $1 }
        let most = way.map { abs($0) }.sorted(by: >)
        let least = most[min(most.count - 1, 40)]
        var (gone, all): (Float, Float) = (0, 1e-6)
        for index in way.indices where abs(way[index]) >= least {
            gone += (here.boxes[index] - before.boxes[index]) * way[index]
            all += way[index] * way[index]
        }
        return gone / all
    }

    /// Whether the way from one frame to a later one is that which led to it.
    private static func goesOn(_ earlier: HealthFrame, _ before: HealthFrame, _ after: HealthFrame) -> Bool {
        var sum: Float = 0
        for index in before.boxes.indices {
            sum += (before.boxes[index] - earlier.boxes[index]) * (after.boxes[index] - before.boxes[index])
        }
        return sum > 0
    }

    /// The usual change: the median.
    private func level(_ changes: [Float], _ range: Range<Int>) -> Float {
        let sorted = changes[range].sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    // MARK: Missing

    private mutating func lookForMissing(_ frames: [HealthFrame], _ changes: [Float]) {
        for hole in holes where !missing.contains(hole) {
            guard let next = frames.firstIndex(where: { abs($0.seconds - hole.end) < 0.4 * step }), next > 3,
                next + 4 < frames.count
            else { continue }
            let usual = min(
                level(changes, max(1, next - PictureHealth.around)..<next),
                level(changes, next + 1..<min(frames.count, next + 1 + PictureHealth.around)))
            // Where it moves before and after and not across the gap, repeats were omitted on purpose.
            guard usual >= PictureHealth.moving / 2, changes[next] >= 0.5 * usual else { continue }
            missing.append(hole)
        }
    }

    private func span(_ frames: [HealthFrame], _ run: Range<Int>) -> TimeSpan {
        let start = frames[run.lowerBound].seconds
        let end =
            run.upperBound < frames.count ? frames[run.upperBound].seconds : frames[frames.count - 1].seconds + step
        return TimeSpan(start: start, end: max(start, end))
    }

    // MARK: Reports

    /// All faults of the frames that were examined.
    public var faults: [ContainerFault] {
        var faults: [ContainerFault] = []
        func add(_ kind: ContainerFault.Kind, _ moments: [TimeSpan], _ words: String, _ remedy: String) {
            guard !moments.isEmpty else { return }
            let sorted = Moments.merged(moments)
            let count = sorted.count == 1 ? "at" : "\(sorted.count) times, at"
            faults.append(
                ContainerFault(
                    kind, "\(words) \(count) \(Words.moments(sorted))", cost: nil, remedy: remedy, moments: sorted))
        }
        let seconds = Double(looked) * step
        let (frozen, doubled) = (Moments.merged(frozen), Moments.merged(doubled))
        // Where the video is often still by nature, one more time proves nothing: animations and screens are, camera
        // recordings are not.
        let stills = quiet + frozen.count + doubled.count { $0.length > 1.5 * step }
        let isRegular = Self.isRegular(doubled)
        if stills <= 1 + Int(seconds / 8) {
            add(
                .frozen, frozen, "the video freezes during motion",
                "check the source: frames were lost there, and the last one was held")
        }
        if isRegular || stills <= 1 + Int(seconds / 8) && doubled.count <= 1 + Int(seconds / 5) {
            add(
                .doubled, doubled,
                isRegular ? "frames repeat at regular intervals" : "a frame is shown twice",
                """
                check how it was recorded or converted: each repeat indicates a lost frame or a different frame rate
                """)
        }
        add(
            .black, black, "the video is black in the middle of a scene",
            "check the source: frames were lost there")
        add(
            .torn, torn, "a frame is torn or could not be fully decoded",
            "copy or export it again; the stream is damaged there")
        add(
            .missingFrames, missing, "frames are missing: the timestamps leave room for them",
            "copy or export it again; to fill the gaps: ffmpeg -i IN -fps_mode cfr -c:a copy OUT")
        return faults
    }

    /// Whether repeats come at regular intervals: another frame rate, not lost frames.
    private static func isRegular(_ moments: [TimeSpan]) -> Bool {
        guard moments.count > 5 else { return false }
        let starts = moments.map(\.start).sorted()
        let distances = zip(starts.dropFirst(), starts).map { $0 - $1 }
        let usual = median(distances)
        return distances.count { abs($0 - usual) < 0.2 * usual } * 10 > distances.count * 7
    }
}
