import SyncModel

/// Finds cuts: pictures that differ from the last one by far more than those before did.
///
/// The mean absolute difference of small gray pictures, against a floor and against the mean of the last differences,
/// as PySceneDetect's adaptive detector does (its floor 15 of 255 and its ratio 3).
struct CutDetector {
    private static let floor: Float = 15
    private static let ratio: Float = 3
    private static let remembered = 12

    private var last: [Float] = []
    private var now: [Float] = []
    private var differences: [Float] = []

    /// Whether a new shot begins with this picture; so it does with the very first one.
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
