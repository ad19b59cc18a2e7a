import ArgumentParser
import Foundation
import Reporting
import SyncModel
import Workers

/// Tells on stderr how far a scan is.
final class ScanProgress {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        /// A line that renews itself on a terminal, plain lines every 10 s elsewhere.
        case auto
        case lines
        /// A JSON object a line, every second.
        case json
        case none
    }

    private let kind: Kind
    private let total: Int
    private var isLineShown = false
    private let started = Date()
    private var lastShown = Date.distantPast
    private var done = 0
    private var measured = 0
    private var seconds = 0.0
    private var faults = 0

    init(kind: Kind, total: Int) {
        self.kind = kind
        self.total = total
    }

    private var renews: Bool { kind == .auto && Console.isTerminal }

    /// Seconds between two tellings.
    private var interval: Double { renews ? 0.2 : kind == .json ? 1 : 10 }

    func begin() { lastShown = renews ? .distantPast : Date() }

    /// - Parameter isNew: it was measured now, not kept from before.
    func add(_ record: ClipRecord, isNew: Bool) {
        done += 1
        if isNew { measured += 1 }
        seconds += record.durationSeconds ?? 0
        if [.misaligned, .unpaired, .failed].contains(record.verdict) { faults += 1 }
    }

    /// Takes the line away, before something else is printed.
    func clear() {
        guard isLineShown else { return }
        Console.note("\r\u{1B}[K")
        isLineShown = false
        lastShown = .distantPast
    }

    func tick() {
        guard kind != .none, Date().timeIntervalSince(lastShown) >= interval, done < total || kind == .json else {
            return
        }
        lastShown = Date()
        show()
    }

    func end() {
        clear()
        if kind == .json { show() }
    }

    private func show() {
        let elapsed = Date().timeIntervalSince(started)
        let rate = elapsed > 0.5 ? Double(measured) / elapsed : 0
        let left = rate > 0 ? Double(total - done) / rate : nil
        switch kind {
        case .none: return
        case .json:
            let object = JSONValue.object([
                ("clips", .integer(total)), ("done", .integer(done)), ("measured", .integer(measured)),
                ("faults", .integer(faults)),
                ("media_s", .number(seconds, decimals: 1)), ("elapsed_s", .number(elapsed, decimals: 1)),
                ("clips_per_s", .number(rate, decimals: 2)), ("left_s", left.map { .number($0, decimals: 0) } ?? .null),
            ])
            Console.note(object.compact + "\n")
        case .auto, .lines:
            var text = "\(done) of \(total) clips, \(ScanProgress.duration(seconds)) of media"
            if rate > 0 { text += String(format: ", %.1f a second", rate) }
            if let left, done < total { text += ", about \(ScanProgress.duration(left)) left" }
            text += faults == 0 ? ", no faults so far" : ", \(faults) fault\(faults == 1 ? "" : "s") so far"
            Console.note(renews ? "\r\u{1B}[K" + text : text + "\n")
            isLineShown = renews
        }
    }

    /// Says what workers could not give up, where that is something.
    func note(_ confinement: Confinement) {
        guard kind != .none, kind != .json, !confinement.isSuperset(of: [.writing, .network]) else { return }
        Console.note(
            """
            genlock: this kernel does not let the workers give up writing and the network; scan clips of unknown \
            origin elsewhere\n
            """
        )
    }

    static func duration(_ seconds: Double) -> String {
        if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
        if seconds < 5400 { return "\(Int((seconds / 60).rounded())) min" }
        return String(format: "%.1f h", seconds / 3600)
    }
}
