import ArgumentParser
import Files
import Foundation
import Reporting
import SyncModel
import Workers

/// Reports the progress of a scan: on stderr, or in a file for a monitor.
final class ScanProgress {
    enum Kind: Equatable {
        /// A line that is redrawn on a terminal, plain lines every 10 s elsewhere.
        case auto
        case lines
        /// One JSON object per line, every second.
        case json
        /// A file that is rewritten every 5 s, in the text format of Prometheus.
        case prometheus(file: String)
        case none
    }

    private let kind: Kind
    private var standing: ScanStanding
    private var isLineShown = false
    private let started = ProcessInfo.processInfo.systemUptime
    private var lastShown = -Double.infinity
    private var lastDone = -1
    private var isBroken = false

    /// - Parameter total: number of clips; nil: unknown.
    init(kind: Kind, total: Int?) {
        self.kind = kind
        standing = ScanStanding(total: total)
    }

    private var renews: Bool { kind == .auto && Console.isTerminal }

    /// Seconds between two reports.
    private var interval: Double {
        switch kind {
        case .json: 1
        case .prometheus: 5
        default: renews ? 0.2 : 10
        }
    }

    /// Whether it also reports a scan in which every clip was already done.
    private var tellsEnd: Bool {
        switch kind {
        case .json, .prometheus: true
        default: false
        }
    }

    /// - Throws: `StagedFileError` if the monitor's file cannot be written.
    func begin() throws {
        lastShown = renews ? -.infinity : ProcessInfo.processInfo.systemUptime
        if case .prometheus(let file) = kind { try write(to: file, isOver: false) }
    }

    /// - Parameter isNew: it was measured now, not kept from an earlier scan.
    func add(_ record: ClipRecord, isNew: Bool) { standing.add(record, isNew: isNew) }

    /// Erases the line before something else is printed.
    func clear() {
        guard isLineShown else { return }
        Console.note("\r\u{1B}[K")
        isLineShown = false
        lastShown = -.infinity
    }

    func tick() {
        guard kind != .none, ProcessInfo.processInfo.systemUptime - lastShown >= interval,
            tellsEnd || standing.total.map({ standing.done < $0 }) ?? true
        else { return }
        // In a log, a line without news appears once a minute only.
        let isLog = !renews && !tellsEnd
        if isLog, standing.done == lastDone, ProcessInfo.processInfo.systemUptime - lastShown < 60 { return }
        (lastShown, lastDone) = (ProcessInfo.processInfo.systemUptime, standing.done)
        show(isOver: false)
    }

    func end() {
        clear()
        if tellsEnd { show(isOver: true) }
    }

    private func show(isOver: Bool) {
        standing.elapsedSeconds = ProcessInfo.processInfo.systemUptime - started
        switch kind {
        case .none: return
        case .json: Console.note(standing.json.compact + "\n")
        case .prometheus(let file):
            do { try write(to: file, isOver: isOver) } catch {
                // The scan continues: the error is reported once.
                if !isBroken { Console.note("genlock: \(error); the scan continues without it\n") }
                isBroken = true
            }
        case .auto, .lines:
            var text = "\(standing.done)"
            if let total = standing.total { text += " of \(total)" }
            text += " clips, \(ScanProgress.duration(standing.mediaSeconds)) of media"
            let rate = standing.clipsPerSecond
            if rate > 0 { text += String(format: ", %.1f a second", rate) }
            if let left = standing.secondsLeft, left > 0 { text += ", about \(ScanProgress.duration(left)) left" }
            let faults = standing.faults
            text += faults == 0 ? ", no faults so far" : ", \(faults) fault\(faults == 1 ? "" : "s") so far"
            Console.note(renews ? "\r\u{1B}[K" + text : text + "\n")
            isLineShown = renews
        }
    }

    /// Atomically: a reader sees the previous file or this one.
    private func write(to file: String, isOver: Bool) throws(StagedFileError) {
        let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        let text = standing.prometheus(scan: name, unixSeconds: Date().timeIntervalSince1970, isOver: isOver)
        try StagedFile.write(Data(text.utf8), to: file)
    }

    /// Reports which rights workers could not drop, if that matters.
    func note(_ confinement: Confinement) {
        guard kind == .auto || kind == .lines, !confinement.isSuperset(of: [.writing, .network]) else { return }
        Console.note(
            """
            genlock: this kernel cannot keep the workers from writing and from the network; scan untrusted clips \
            elsewhere\n
            """
        )
    }

    static func duration(_ seconds: Double) -> String {
        if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
        if seconds < 5400 { return "\(Int((seconds / 60).rounded())) min" }
        return String(format: "%.1f h", seconds / 3600)
    }
}

extension ScanProgress.Kind: ExpressibleByArgument {
    init?(argument: String) {
        switch argument {
        case "auto": self = .auto
        case "lines": self = .lines
        case "json": self = .json
        case "none": self = .none
        default:
            let file = argument.dropFirst("prometheus=".count)
            guard argument.hasPrefix("prometheus="), !file.isEmpty else { return nil }
            self = .prometheus(file: String(file))
        }
    }

    var defaultValueDescription: String { "auto" }

    /// The mode with `--quiet`: a monitor's file is still written.
    var quiet: ScanProgress.Kind { if case .prometheus = self { self } else { .none } }
}
