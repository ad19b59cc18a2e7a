import Foundation
public import Impacts
public import Sensors
import SignalCore
import SyncModel
import Views

/// Logs on the common clock of cameras: each log against each camera and against each other log, solved together with
/// the cameras' clocks, so that contradictions are reported and omitted.
public struct SensorClock: Sendable {
    /// A camera that is on the common clock.
    public struct Camera: Sendable {
        public let name: String
        public let seen: SeenMotion
        /// Its time 0 on the common clock and its standard error, in seconds; 0 for the reference.
        public let start: Double
        public let error: Double
        public let heard: AudioOnsets?

        public init(name: String, seen: SeenMotion, start: Double, error: Double, heard: AudioOnsets? = nil) {
            self.name = name
            self.seen = seen
            self.start = start
            self.error = error
            self.heard = heard
        }
    }

    public struct Log: Sendable {
        public let name: String
        public let told: LogMotion

        public init(name: String, told: LogMotion) {
            self.name = name
            self.told = told
        }
    }

    /// A log against a camera, or against another log.
    public struct Pair: Sendable {
        public let log: Int
        public let against: String
        public let match: MotionMatch
        public let isUsed: Bool
        /// Its residual against the common clock, in seconds; nil where its ends are not connected.
        public let residual: Double?
    }

    /// The result for a log, on the common clock.
    public struct Place: Sendable {
        /// By motion: the best of the pairs that determine it, else of all; nil: no motion on both sides.
        public let motion: MotionMatch?
        public let impacts: JoltMatch?
        /// Root mean square residual of its pairs, in seconds; nil without redundant pairs.
        public let residual: Double?
    }

    public let places: [Place]
    public let pairs: [Pair]

    /// - Parameters:
    ///   - cameras: the reference first; only those on its clock.
    public init(cameras: [Camera], logs: [Log], analyser: SensorAnalyser) {
        struct Candidate { let reference: Int, subject: Int, match: MotionMatch }
        var candidates: [Candidate] = []
        for (number, log) in logs.enumerated() {
            for (place, camera) in cameras.enumerated() {
                if let match = analyser.match(camera.seen, log.told) {
                    candidates.append(Candidate(reference: place, subject: cameras.count + number, match: match))
                }
            }
            for (other, earlier) in logs.enumerated().prefix(number) {
                if let match = SensorClock.match(earlier.told, log.told, analyser) {
                    candidates.append(
                        Candidate(reference: cameras.count + other, subject: cameras.count + number, match: match))
                }
            }
        }
        var edges = cameras.indices.dropFirst().map { place in
            ClockSolver.Edge(
                reference: 0, subject: place,
                fit: PairMeasurement.Fit(
                    offset: cameras[place].start, middle: 0, error: max(1e-4, cameras[place].error)), confidence: 1,
                isStrong: true)
        }
        let own = edges.count
        edges += candidates.map { SensorClock.edge($0.match, $0.reference, $0.subject) }
        let solution = ClockSolver().solve(count: cameras.count + logs.count, edges: edges)
        pairs = candidates.indices.map { index in
            let candidate = candidates[index]
            let name =
                candidate.reference < cameras.count
                ? cameras[candidate.reference].name : logs[candidate.reference - cameras.count].name
            return Pair(
                log: candidate.subject - cameras.count, against: name, match: candidate.match,
                isUsed: solution.isUsed[own + index], residual: solution.residuals[own + index])
        }
        places = logs.indices.map { number in
            let node = cameras.count + number
            let member = solution.members[node]
            let mine = candidates.indices.filter { candidates[$0].subject == node }
            let carrying = candidates.indices.filter {
                solution.isUsed[own + $0] && (candidates[$0].subject == node || candidates[$0].reference == node)
            }
            // The match with a camera is preferred to matches with other logs.
            func rank(_ candidate: Candidate) -> (Int, Double) {
                (candidate.subject != node ? 0 : candidate.reference >= cameras.count ? 1 : 2, candidate.match.height)
            }
            var motion: MotionMatch?
            if !cameras.isEmpty, member.group == solution.members[0].group,
                let best = carrying.max(by: { rank(candidates[$0]) < rank(candidates[$1]) })
            {
                // A single pair is used directly; several are combined by the clock.
                motion = candidates[best].match.placed(at: member.offset, error: max(member.error, 0.003))
            } else if let best = mine.filter({ candidates[$0].reference < cameras.count }).max(by: {
                candidates[$0].match.height < candidates[$1].match.height
            }) {
                motion = candidates[best].match.moved(bySeconds: cameras[candidates[best].reference].start)
            }
            var impacts: JoltMatch?
            if let jolts = logs[number].told.jolts {
                for camera in cameras {
                    guard let heard = camera.heard,
                        let match = JoltMatch(
                            jolts: jolts, sounds: heard.events, heardFrom: heard.start, heardTo: heard.end)
                    else { continue }
                    let moved = match.moved(bySeconds: camera.start)
                    if impacts.map({
                        ($0.isAnswered ? 1 : 0, -$0.match.chance) < (moved.isAnswered ? 1 : 0, -moved.match.chance)
                    }) ?? true {
                        impacts = moved
                    }
                }
            }
            return Place(motion: motion, impacts: impacts, residual: member.residual)
        }
    }

    private static func edge(_ match: MotionMatch, _ reference: Int, _ subject: Int) -> ClockSolver.Edge {
        let middle = (match.span.start + match.span.end) / 2
        let slope = match.drift.map { $0.ppm * 1e-6 } ?? 0
        let slopeError = match.drift?.interval.map { ($0.upperBound - $0.lowerBound) / 2 / 1.96 * 1e-6 }
        let fit = PairMeasurement.Fit(
            offset: match.offset + slope * middle, middle: middle, error: match.error, slope: slope,
            slopeError: slopeError)
        return ClockSolver.Edge(
            reference: reference, subject: subject, fit: fit,
            confidence: match.isAnswered ? max(0.5, match.confidence) : match.confidence, isStrong: match.isAnswered)
    }

    /// One log against another, by the motion in both.
    private static func match(_ one: LogMotion, _ other: LogMotion, _ analyser: SensorAnalyser) -> MotionMatch? {
        one.courses.flatMap { course in
            other.courses.compactMap { mine -> MotionMatch? in
                let (a, b) =
                    course.kind == mine.kind
                    ? (course, mine)
                    : (course.kind == .speed ? course.change : course, mine.kind == .speed ? mine.change : mine)
                return MotionMatch(picture: a, log: b, frameSeconds: 0.02)
            }
        }.max { $0.height < $1.height }
    }
}
