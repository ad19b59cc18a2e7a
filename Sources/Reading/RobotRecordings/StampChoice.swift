import Foundation
public import SyncModel

/// Chooses message times: own stamps, compared with log times.
///
/// A message arrives after it was stamped, with a varying delay, whose minimum is nearly constant. Changes of the
/// minimum indicate another clock, or a different clock rate.
public struct StampChoice: Sendable {
    /// Seconds on the recorder's clock, one per message: own stamps if usable.
    public let times: [Double]
    /// Whether they are log times, because stamps are missing.
    public let isRecorded: Bool
    public let faults: [LogFault]
    /// Median delay from stamp to log time, and the 95th percentile minus the median, in seconds; nil: no stamps, or
    /// unrelated clocks.
    public let delay: (median: Double, spread: Double)?

    /// Clocks with different epochs differ by more than any transmission delay, in seconds.
    private static let otherClock = 10.0
    /// Minimum size of a fault, in seconds.
    private static let least = 0.02
    private static let windows = 10

    public init(topic: String, stamps: [Double], logTimes: [Double]) {
        let name = topic.printable
        let known = stamps.indices.filter { stamps[$0].isFinite }
        guard known.count * 10 >= stamps.count * 9, !known.isEmpty else {
            times = logTimes
            isRecorded = true
            delay = nil
            faults =
                stamps.isEmpty
                ? []
                : [
                    LogFault(
                        .noOwnStamp,
                        """
                        \(known.isEmpty ? "messages" : "\(stamps.count - known.count) messages") of \(name) have no \
                        own stamp; their log time is used, which is late by their transmission time
                        """,
                        remedy: "set header.stamp in the driver when the sample is taken")
                ]
            return
        }
        let ways = known.map { logTimes[$0] - stamps[$0] }.sorted()
        let median = ways[ways.count / 2]
        let shortest = ways[ways.count / 20]
        var faults: [LogFault] = []
        var shift = 0.0
        if abs(median) > StampChoice.otherClock {
            shift = shortest
            delay = nil
            faults.append(
                LogFault(
                    .stampsDiffer,
                    """
                    \(name) is stamped by a clock that is \(Figures.size(abs(median))) off the recorder's: it is \
                    aligned by its fastest messages
                    """, costMilliseconds: abs(median) * 1000,
                    remedy: "stamp all topics with one clock (ROS time), or compare only within this topic"))
        } else {
            delay = (median, ways[min(ways.count - 1, ways.count * 19 / 20)] - median)
            if shortest < -StampChoice.least {
                faults.append(
                    LogFault(
                        .stampsDiffer,
                        """
                        messages of \(name) are stamped up to \(Figures.size(-shortest)) after they were recorded: \
                        the clocks of sensor and recorder disagree
                        """, costMilliseconds: -shortest * 1000,
                        remedy: "synchronise both clocks (chrony, PTP), and check the driver"))
            }
        }
        if let drift = StampChoice.drift(stamps, logTimes, known) {
            faults.append(
                LogFault(
                    .stampsDiffer,
                    """
                    own stamps and log times of \(name) drift apart by \(Figures.size(abs(drift))) from start to \
                    end: two clocks run at different rates, or a queue grows
                    """, costMilliseconds: abs(drift) * 1000,
                    remedy: "synchronise both clocks (chrony, PTP), or check whether the recorder keeps up"))
        }
        // A missing stamp among others gets the median delay.
        times = stamps.indices.map { stamps[$0].isFinite ? stamps[$0] + shift : logTimes[$0] - median + shift }
        isRecorded = false
        self.faults = faults
    }

    /// Change of the minimum delay from the first tenth to the last; nil: negligible.
    private static func drift(_ stamps: [Double], _ logTimes: [Double], _ known: [Int]) -> Double? {
        guard known.count >= 20 * windows else { return nil }
        let size = known.count / windows
        let shortest: [Double] = (0..<windows).map { window in
            let own = known[(window * size)..<((window + 1) * size)]
            return own.map { logTimes[$0] - stamps[$0] }.min() ?? 0
        }
        // Not a hitch: all windows follow one line.
        let difference = shortest[windows - 1] - shortest[0]
        guard abs(difference) > least else { return nil }
        let step = difference / Double(windows - 1)
        var off = 0.0
        for (window, way) in shortest.enumerated() { off = max(off, abs(way - shortest[0] - step * Double(window))) }
        return off < 0.25 * abs(difference) ? difference * Double(windows) / Double(windows - 1) : nil
    }
}
