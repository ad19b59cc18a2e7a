import Foundation
public import SyncModel

/// When messages were taken: by their own stamps, held against the times at which the recorder took them.
///
/// A message arrives after it was stamped, by a way that varies: the shortest way of many is nearly always the same
/// one. What is left of it is another clock, or one that runs at another rate.
public struct StampChoice: Sendable {
    /// Seconds on the recorder's clock, one a message: the own stamps where they can be used.
    public let times: [Double]
    /// Whether they are the recorder's times, for want of stamps.
    public let isRecorded: Bool
    public let faults: [LogFault]
    /// From stamp to recorder in the median, and the 95th percentile on top of it, in seconds; nil: there are no
    /// stamps, or the two clocks have nothing in common.
    public let delay: (median: Double, spread: Double)?

    /// Two clocks with another zero differ by more than any message is under way, in seconds.
    private static let otherClock = 10.0
    /// What counts as a fault, in seconds.
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
        // A stamp that is missing among others is as late as the middle one.
        times = stamps.indices.map { stamps[$0].isFinite ? stamps[$0] + shift : logTimes[$0] - median + shift }
        isRecorded = false
        self.faults = faults
    }

    /// How far the shortest ways of the last tenth lie from those of the first; nil: less than counts.
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
