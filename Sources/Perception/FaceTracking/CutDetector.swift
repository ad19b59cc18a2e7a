import SyncModel

/// Detects cuts: frames that differ from the previous one by much more than those before.
///
/// Compares the mean absolute difference of small gray frames with a floor and with the mean of recent differences,
/// like PySceneDetect's adaptive detector (whose floor is 15 of 255 and ratio 3).
struct CutDetector {
    private static let floor: Float = 15
    private static let ratio: Float = 3
    private static let remembered = 12

    private var last: [Float] = []
    private var now: [Float] = []
    private var differences: [Float] = []

    /// Whether a new shot starts with this frame; true for the very first one.
    mutating func isCut(_ picture: some PictureSampling) throws -> Bool {
        try picture.thumbnail(into: &now)
        defer { swap(&last, &now) }
        guard last.count == now.count else {
            differences = []
            return true
        }
        var sum: Float = 0
        for index in now.indices { sum += abs(now[index] - last[index]) }
        let difference = sum / Float(max(1, now.count))
        let usual = differences.isEmpty ? 0 : differences.reduce(0, +) / Float(differences.count)
        if difference > CutDetector.floor, difference > CutDetector.ratio * usual {
            differences = []
            return true
        }
        differences.append(difference)
        if differences.count > CutDetector.remembered { differences.removeFirst() }
        return false
    }

    mutating func reset() {
        last = []
        differences = []
    }
}
