import SyncModel

/// Crops the lower face from the frames of one track.
///
/// The box is known in some frames and interpolated linearly between them. The crop's box is the median of the boxes
/// within a quarter of a second (13 at 25 fps), so that jitter of the box does not look like mouth movement. A crop is
/// therefore ready with that delay.
struct LowerFaceCropper {
    /// Half-width of the median, in seconds.
    static let reach = 0.25
    /// Frames after the last known box are kept for this many seconds.
    private static let held = 0.2
    /// Tolerance for rounded timestamps.
    private static let rounding = 1e-4

    let identity: Int
    private var known: [(seconds: Double, box: FaceBox)] = []
    private var waiting: [LowerFacePatch] = []
    /// Boxes of frames, some of which are already cropped.
    private var boxes: [(seconds: Double, box: FaceBox)] = []

    init(identity: Int) { self.identity = identity }

    /// The face's last known position, in displayed pixels.
    var last: (seconds: Double, box: FaceBox)? { known.last }

    /// Records the face's position in a frame.
    mutating func note(_ box: FaceBox, seconds: Double) { known.append((seconds, box)) }

    /// Adds a frame, and the face's position in it if known; returns the crops that are ready.
    mutating func add(_ picture: some PictureSampling, seconds: Double) throws -> [LowerFaceCrop] {
        guard let last else { return [] }
        waiting.append(try LowerFacePatch(picture, about: last.box, seconds: seconds))
        place(upTo: last.seconds)
        return take(upTo: last.seconds - LowerFaceCropper.reach + LowerFaceCropper.rounding)
    }

    /// The remaining crops after the end of the track.
    mutating func finish() -> [LowerFaceCrop] {
        guard let last else { return [] }
        let end = last.seconds + LowerFaceCropper.held
        place(upTo: end)
        return take(upTo: end)
    }

    /// Interpolates the boxes of frames up to a time.
    private mutating func place(upTo end: Double) {
        let begun = boxes.last?.seconds ?? -.infinity
        for patch in waiting where patch.seconds > begun && patch.seconds <= end + LowerFaceCropper.rounding {
            if let box = box(at: patch.seconds) { boxes.append((patch.seconds, box)) }
        }
        // Boxes before the last but one placed frame are no longer needed.
        guard let placed = boxes.last?.seconds, let used = known.lastIndex(where: { $0.seconds <= placed }) else {
            return
        }
        known.removeFirst(used)
    }

    private func box(at seconds: Double) -> FaceBox? {
        guard let next = known.firstIndex(where: { $0.seconds >= seconds - LowerFaceCropper.rounding }) else {
            return known.last?.box
        }
        guard next > 0, known[next].seconds > known[next - 1].seconds else { return known[next].box }
        let (from, to) = (known[next - 1], known[next])
        let share = min(1, max(0, (seconds - from.seconds) / (to.seconds - from.seconds)))
        func between(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
        return FaceBox(
            centre: PicturePoint(
                x: between(from.box.centre.x, to.box.centre.x), y: between(from.box.centre.y, to.box.centre.y)),
            side: between(from.box.side, to.box.side))
    }

    /// Crops the pending frames up to a time.
    private mutating func take(upTo end: Double) -> [LowerFaceCrop] {
        var result: [LowerFaceCrop] = []
        while let patch = waiting.first, patch.seconds <= end {
            waiting.removeFirst()
            let reach = LowerFaceCropper.reach + LowerFaceCropper.rounding
            boxes.removeAll { $0.seconds < patch.seconds - reach }
            let near = boxes.filter { $0.seconds <= patch.seconds + reach }.map(\.box)
            guard !near.isEmpty else { continue }
            let box = FaceBox(
                centre: PicturePoint(
                    x: LowerFaceCropper.median(near.map(\.centre.x)), y: LowerFaceCropper.median(near.map(\.centre.y))),
                side: LowerFaceCropper.median(near.map(\.side)))
            // A face that jumps has left the stored patch.
            guard patch.holds(box) else { continue }
            result.append(
                LowerFaceCrop(identity: identity, seconds: patch.seconds, pixels: patch.crop(of: box), box: box))
        }
        return result
    }

    /// Of an even number, the mean of the two middle ones.
    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
