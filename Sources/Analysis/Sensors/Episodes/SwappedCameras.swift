package import RobotSets
package import SyncModel

/// Episodes in which a camera shows what another one shows everywhere else. Pure.
///
/// Every camera of an episode is compared with all cameras of every other episode, as grey pictures without their
/// smooth parts, so that light counts little. An episode counts for a camera where the likeness is high and clearly
/// higher than for its other cameras. So cameras that move, or look alike, or stand elsewhere in every session say
/// nothing.
package struct SwappedCameras: Sendable {
    /// By episode.
    package let faults: [Int: LogFault]
    /// Of the set: cameras that change places so often that it cannot be said in which episodes they are right.
    package let common: LogFault?

    /// Least likeness (a correlation), and how much higher than the next camera's.
    private static let likeness = 0.6, margin = 0.2
    /// Least number of other episodes that count.
    private static let leastVotes = 5
    /// Largest share that may be like the camera's own name, least share like the other one.
    private static let ownShare = 0.3, otherShare = 0.6
    /// Half width of the surroundings that are subtracted, in points.
    private static let reach = 3
    /// Every episode is compared with at most this many others.
    private static let mostCompared = 400

    /// - Parameter sights: by episode and camera.
    package init(_ sights: [Int: [String: CameraSight]]) {
        let places = sights.keys.sorted()
        let names = Set(sights.values.flatMap(\.keys)).sorted()
        // By episode and camera.
        let shapes = places.map { place in names.map { sights[place]?[$0].flatMap(SwappedCameras.shape) } }
        let stride = max(1, places.count / SwappedCameras.mostCompared)
        var faults: [Int: LogFault] = [:]
        var unclear = 0
        for (index, place) in places.enumerated() {
            var mistaken: [(camera: Int, shows: Int)] = []
            var isUnclear = false
            for camera in names.indices {
                guard let own = shapes[index][camera] else { continue }
                var votes = [Int](repeating: 0, count: names.count)
                for other in Swift.stride(from: 0, to: places.count, by: stride) where other != index {
                    if let shown = SwappedCameras.best(own, among: shapes[other]) { votes[shown] += 1 }
                }
                let all = votes.reduce(0, +)
                guard all >= SwappedCameras.leastVotes, let top = votes.indices.max(by: { votes[$0] < votes[$1] })
                else { continue }
                let ownShare = Double(votes[camera]) / Double(all)
                if top != camera, ownShare <= SwappedCameras.ownShare,
                    Double(votes[top]) >= SwappedCameras.otherShare * Double(all)
                {
                    mistaken.append((camera, top))
                } else if ownShare < 1 - SwappedCameras.ownShare {
                    isUnclear = true
                }
            }
            if !mistaken.isEmpty {
                faults[place] = SwappedCameras.fault(mistaken.map { (names[$0.camera], names[$0.shows]) })
            } else if isUnclear {
                unclear += 1
            }
        }
        // Where they change places in a third of the episodes and more, the rule is not known.
        let isKnown = unclear * 2 <= places.count
        self.faults = isKnown ? faults : [:]
        common =
            isKnown
            ? nil
            : LogFault(
                .swappedCameras,
                """
                cameras change places between episodes: in \(unclear + faults.count) of \(places.count) episodes a \
                camera shows what another one shows in many of the others
                """,
                remedy:
                    """
                    look at the first frames of each camera, decide which name belongs to which view, and rename the \
                    videos of the other episodes
                    """)
    }

    private static func fault(_ mistaken: [(camera: String, shows: String)]) -> LogFault {
        let words = mistaken.map { "\($0.camera.printable) shows what \($0.shows.printable) shows" }
        return LogFault(
            .swappedCameras,
            "\(words.joined(separator: ", and ")) in the set's other episodes",
            remedy:
                mistaken.count > 1
                ? "exchange the names of these videos in this episode, or omit it"
                : "look for the right video of this camera, or omit the episode")
    }

    /// The camera of another episode that is like a picture; nil: none is clearly.
    private static func best(_ own: Shape, among others: [Shape?]) -> Int? {
        var (top, first, second) = (0, -1.0, -1.0)
        for (camera, other) in others.enumerated() {
            guard let other else { continue }
            let likeness = own.likeness(other)
            if likeness > first {
                (top, second, first) = (camera, first, likeness)
            } else {
                second = max(second, likeness)
            }
        }
        return first >= likeness && first - max(0, second) >= margin ? top : nil
    }

    /// A picture without its smooth parts, of unit length.
    private struct Shape {
        let width: Int
        let values: [Float]

        /// From -1 to 1; 0 for pictures of other shapes.
        func likeness(_ other: Shape) -> Double {
            guard width == other.width, values.count == other.values.count else { return 0 }
            var sum: Float = 0
            for index in values.indices { sum += values[index] * other.values[index] }
            return Double(sum)
        }
    }

    /// nil: a picture without any structure.
    private static func shape(_ sight: CameraSight) -> Shape? {
        let width = sight.width
        let grey = sight.values.map { Float($0) }
        let height = grey.count / max(1, width)
        guard width > 1, height > 1 else { return nil }
        var values: [Float] = []
        values.reserveCapacity(grey.count)
        for y in 0..<height {
            for x in 0..<width {
                var (sum, count) = (Float(0), Float(0))
                for row in max(0, y - reach)...min(height - 1, y + reach) {
                    for column in max(0, x - reach)...min(width - 1, x + reach) {
                        sum += grey[row * width + column]
                        count += 1
                    }
                }
                values.append(grey[y * width + x] - sum / count)
            }
        }
        let size = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Less than a level of contrast is noise.
        guard size * size > Float(values.count) else { return nil }
        return Shape(width: width, values: values.map { $0 / size })
    }
}
