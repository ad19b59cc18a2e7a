public import SyncModel

/// Progress of a scan, in numbers.
public struct ScanStanding: Sendable, Hashable {
    /// Total number of clips; nil: unknown, because rows arrive one by one.
    public var total: Int?
    /// Verdicts so far, including those kept from earlier scans.
    public private(set) var tally = VerdictTally()
    /// Clips that this scan measured.
    public private(set) var measured = 0
    /// Total length of the media so far.
    public private(set) var mediaSeconds = 0.0
    /// Time since the scan began.
    public var elapsedSeconds = 0.0

    public init(total: Int?) { self.total = total }

    /// - Parameter isNew: it was measured now, not kept from an earlier scan.
    public mutating func add(_ record: ClipRecord, isNew: Bool) {
        tally.add(record.verdict)
        if isNew { measured += 1 }
        mediaSeconds += record.durationSeconds ?? 0
    }

    public var done: Int { tally.clips }

    /// Clips that are misaligned, unpaired or failed.
    public var faults: Int { [Verdict.misaligned, .unpaired, .failed].reduce(0) { $0 + tally.count($1) } }

    /// Clips measured per second since the start; 0 in the first half second.
    public var clipsPerSecond: Double { elapsedSeconds > 0.5 ? Double(measured) / elapsedSeconds : 0 }

    /// Time left at this rate; nil if there is no rate, or no known end.
    public var secondsLeft: Double? {
        guard let total, clipsPerSecond > 0 else { return nil }
        return Double(total - done) / clipsPerSecond
    }

    /// The share of clips with an offset among those done; nil if none is done.
    public var answeredShare: Double? { done > 0 ? Double(tally.answered) / Double(done) : nil }
}

extension ScanStanding {
    /// The object that `--progress json` prints.
    public var json: JSONValue {
        .object([
            ("clips", total.map { .integer($0) } ?? .null), ("done", .integer(done)), ("measured", .integer(measured)),
            ("faults", .integer(faults)), ("media_s", .number(mediaSeconds, decimals: 1)),
            ("elapsed_s", .number(elapsedSeconds, decimals: 1)),
            ("clips_per_s", .number(clipsPerSecond, decimals: 2)),
            ("left_s", secondsLeft.map { .number($0, decimals: 0) } ?? .null),
        ])
    }

    /// In the text format of Prometheus ("Exposition formats", version 0.0.4, prometheus.io).
    ///
    /// - Parameters:
    ///   - scan: the label `scan` of every value, which distinguishes scans of one machine.
    ///   - unixSeconds: now, in seconds since 1970.
    ///   - isOver: the scan has ended.
    public func prometheus(scan: String, unixSeconds: Double, isOver: Bool) -> String {
        var lines: [String] = []
        func family(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Double)]) {
            guard !values.isEmpty else { return }
            lines += ["# HELP genlock_\(name) \(help)", "# TYPE genlock_\(name) \(type)"]
            for (labels, value) in values {
                lines.append(
                    "genlock_\(name){scan=\"\(ScanStanding.escaped(scan))\"\(labels)} \(ScanStanding.text(value))")
            }
        }
        func gauge(_ name: String, _ help: String, _ value: Double?) {
            family("scan_\(name)", "gauge", help, value.map { [("", $0)] } ?? [])
        }
        gauge("clips", "Total clips of the scan.", total.map(Double.init))
        gauge("clips_done", "Clips with a result, including those kept from earlier scans.", Double(done))
        family(
            "scan_clips_measured_total", "counter", "Clips that this scan measured.", [("", Double(measured))])
        family(
            "scan_clips_by_verdict", "gauge", "Clips with a result, by verdict.",
            Verdict.allCases.map { (",verdict=\"\($0.rawValue)\"", Double(tally.count($0))) })
        gauge("faults", "Clips that are misaligned, unpaired or failed.", Double(faults))
        gauge("answered_ratio", "Clips with an offset among those with a result.", answeredShare)
        gauge("clips_per_second", "Clips measured per second since the scan began.", clipsPerSecond)
        gauge("media_seconds", "Length of the media of all clips with a result.", mediaSeconds)
        gauge("elapsed_seconds", "Time since the scan began.", elapsedSeconds)
        gauge("left_seconds", "Time for the remaining clips at this rate.", secondsLeft)
        gauge("over", "1 when the scan has ended, however it ended.", isOver ? 1 : 0)
        gauge("updated_timestamp_seconds", "When this was written, in seconds since 1970.", unixSeconds)
        family("build_info", "gauge", "Version of the program that scans.", [(",version=\"\(Version.tool)\"", 1)])
        return lines.joined(separator: "\n") + "\n"
    }

    /// A whole number without a decimal point, else three decimals.
    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15
            ? "\(Int(value))" : JSONValue.number(value, decimals: 3).compact
    }

    /// Escaped as the value of a label.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
