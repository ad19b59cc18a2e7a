import Foundation

/// The movement of a mouth over a spoken sentence: a pose for every time.
///
/// Sounds blend by dominance functions (Cohen and Massaro, Modeling coarticulation in synthetic visual speech, 1993):
/// each sound dominates during its span, is prepared before it is heard and fades sooner after it. On top of that the
/// closures of p, b and m and the contact of f and v are reached in full, the lips having closed when the audio stops
/// and opening with the burst.
struct MouthTrajectory: Sendable {
    private struct Gesture {
        var articulation: Articulation
        var start: Double
        var end: Double
    }

    private let gestures: [Gesture]

    /// How long a sound has an effect before and after itself. Real lips lead the audio; the values were set so that a
    /// canonical correlation trained on real speakers (GRID) is least biased here: over seven clips -6 ms in the mean,
    /// 21 ms at most. Its bias on these clips is therefore not independent evidence.
    private static let anticipationSeconds = 0.1
    private static let decaySeconds = 0.04
    /// Time in which lips close before a contact and open after it.
    private static let closingSeconds = 0.07
    private static let openingSeconds = 0.045
    /// Strength of the return to rest where nothing is said.
    private static let restDominance = 0.05

    /// - Parameters:
    ///   - speech: phonemes with times in seconds; trajectory times are on the same clock.
    ///   - generator: varies the strength of each sound slightly, as for real speakers.
    init(_ speech: Speech, using generator: inout some RandomNumberGenerator) {
        var gestures: [Gesture] = []
        for phoneme in speech.phonemes {
            let parts = Articulation.of(phoneme: phoneme.text)
            let length = (phoneme.end - phoneme.start) / Double(max(parts.count, 1))
            for (index, part) in parts.enumerated() {
                let start = phoneme.start + Double(index) * length
                var gesture = Gesture(articulation: part, start: start, end: start + length)
                gesture.articulation.target.opening *= Double.random(in: 0.88...1.12, using: &generator)
                if part.seals, let release = phoneme.release {
                    gesture.end = release
                }
                gestures.append(gesture)
            }
        }
        self.gestures = gestures
    }

    /// The pose at a time in seconds on the speech's clock.
    func pose(at time: Double) -> MouthPose {
        var weight = Self.restDominance
        var sum = MouthPose.rest
        for gesture in gestures where !gesture.articulation.seals {
            let share = gesture.articulation.dominance * presence(of: gesture, at: time)
            guard share > 0 else { continue }
            weight += share
            sum.opening += share * gesture.articulation.target.opening
            sum.spread += share * gesture.articulation.target.spread
        }
        var pose = MouthPose(opening: sum.opening / weight, spread: sum.spread / weight)
        for gesture in gestures where gesture.articulation.seals {
            pose = pose.mixed(with: gesture.articulation.target, share: contact(of: gesture, at: time))
        }
        return pose
    }

    /// 1 while the audio lasts, falling to 0 on either side.
    private func presence(of gesture: Gesture, at time: Double) -> Double {
        Easing.step(time, from: gesture.start - Self.anticipationSeconds, to: gesture.start)
            * Easing.step(time, from: gesture.end + Self.decaySeconds, to: gesture.end)
    }

    /// 1 while the lips are in contact.
    private func contact(of gesture: Gesture, at time: Double) -> Double {
        Easing.step(time, from: gesture.start - Self.closingSeconds, to: gesture.start)
            * Easing.step(time, from: gesture.end + Self.openingSeconds, to: gesture.end)
    }
}
