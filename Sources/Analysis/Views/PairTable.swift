import SyncModel

/// The measurements of all pairs of recordings.
public struct PairTable: Sendable {
    public struct Row: Sendable {
        /// Indices into the views; `reference < subject`.
        public let reference: Int
        public let subject: Int
        public var measurement: PairMeasurement

        public init(reference: Int, subject: Int, measurement: PairMeasurement) {
            self.reference = reference
            self.subject = subject
            self.measurement = measurement
        }
    }

    public var rows: [Row]

    public init(rows: [Row] = []) { self.rows = rows }

    /// The measurement of a kind between two recordings.
    public func measurement(_ reference: Int, _ subject: Int, _ method: PairMeasurement.Method) -> PairMeasurement? {
        rows.first { $0.reference == reference && $0.subject == subject && $0.measurement.method == method }?
            .measurement
    }

    /// Pairs that can be measured, audio first.
    public static func pairs(of views: [ViewInput]) -> [(reference: Int, subject: Int, method: PairMeasurement.Method)]
    {
        var result: [(reference: Int, subject: Int, method: PairMeasurement.Method)] = []
        for method in PairMeasurement.Method.allCases {
            for a in views.indices {
                for b in views.indices where b > a {
                    let both =
                        method == .sound
                        ? views[a].sound != nil && views[b].sound != nil
                        : views[a].picture != nil && views[b].picture != nil
                    if both { result.append((a, b, method)) }
                }
            }
        }
        return result
    }

    /// Measures one pair. Audio is corrected by the distances that the sound travels.
    public static func measure(_ views: [ViewInput], _ reference: Int, _ subject: Int, _ method: PairMeasurement.Method)
        -> Row
    {
        var measurement: PairMeasurement
        switch method {
        case .sound:
            guard let a = views[reference].sound, let b = views[subject].sound else {
                preconditionFailure("both have audio")
            }
            measurement = SoundPair().measure(reference: a, subject: b)
            if let far = views[subject].distanceMetres, let near = views[reference].distanceMetres {
                measurement.fit?.offset += (far - near) / PairTable.metresPerSecond
                measurement.evidence.append(
                    Evidence("travel_ms", .number((far - near) / PairTable.metresPerSecond * 1000, decimals: 1)))
            }
        case .picture:
            guard let a = views[reference].picture, let b = views[subject].picture else {
                preconditionFailure("both have video")
            }
            measurement = PicturePair().measure(reference: a, subject: b)
        }
        return Row(reference: reference, subject: subject, measurement: measurement)
    }

    /// The speed of sound in air at 20 degrees Celsius.
    static let metresPerSecond = 343.2
}
