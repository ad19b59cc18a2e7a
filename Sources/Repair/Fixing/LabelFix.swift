import Foundation
import LabelFiles
import MediaIO
import Muxing
import SyncModel
import TimedText

/// Rewrites labels into another file, in their own format: times change, every other byte stays.
struct LabelFix {
    /// How times in video frames are handled.
    struct Frames {
        /// Frame rate; nil: the file must state it.
        let rate: Double?
        /// Whether the video keeps all its frames, and so their numbers; else they move like seconds.
        let stay: Bool
    }

    /// The original labels.
    let path: String
    private let bytes: [UInt8]

    /// - Throws: `ClipFailure` if the file cannot be read.
    init(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClipFailure(
                code: "no-such-file", message: "\(path.printable) cannot be read", remedy: "check the path")
        }
        self.path = path
        bytes = Array(data)
    }

    /// Whether it has readable labels or timed text.
    func isRead(frames: Frames) -> Bool {
        rewriter(frames).holdsLabels(source) || (try? document(frames)) != nil
    }

    /// - Parameter time: maps an old time to the new one, both in seconds.
    /// - Throws: `FixError` if they cannot be moved.
    func write(
        to output: String, in set: OutputSet, frames: Frames, _ time: (Double) -> Double
    ) throws -> FixOutcome.Written {
        func written(_ method: FixOutcome.Method, _ notes: [String]) -> FixOutcome.Written {
            FixOutcome.Written(
                subject: .labels, source: path, output: output, was: nil, now: nil, check: nil, method: method,
                notes: notes)
        }
        if frames.stay, countsFrames(frames) {
            try set.place(output, bytes: Int64(bytes.count)).write(bytes)
            return written(.copied, ["copied unchanged: they count video frames, whose numbers stay the same"])
        }
        if let document = try document(frames) {
            if let fault = document.faults.first {
                throw FixError(
                    "half-read", "\(path.printable) line \(fault.line): \(fault.message)",
                    remedy: "fix that line: only what can be read can be moved")
            }
            var text = try TextFix(path, document, output: output, in: set)
            try text.write { at, _ in time(at) }
            return written(.rewritten, text.notes)
        }
        let (moved, early) = try moved(frames, time)
        try set.place(output, bytes: Int64(moved.bytes.count)).write(moved.bytes)
        return written(.rewritten, early)
    }

    private var source: LabelReader.Source { LabelReader.Source(path: path, bytes: bytes) }

    private func options(_ frames: Frames) -> LabelOptions {
        var options = LabelOptions()
        options.rate = frames.rate
        return options
    }

    /// Whether all its times are frame numbers, or it refers to single images.
    private func countsFrames(_ frames: Frames) -> Bool {
        if let known = rewriter(frames).countsFrames(source) { return known }
        do throws(TimedTextError) {
            _ = try TimedTextReader(frameRate: frames.rate).read(bytes, name: path)
            return false
        } catch {
            return error.code == "counts-frames"
        }
    }

    private func rewriter(_ frames: Frames) -> LabelFileRewriter {
        LabelFileRewriter(options: options(frames), framesStay: frames.stay)
    }

    /// The file as timed text in its format; nil: a table or JSON with labels.
    ///
    /// - Throws: `FixError` if it is neither.
    private func document(_ frames: Frames) throws -> TimedTextDocument? {
        let holdsLabels = rewriter(frames).holdsLabels(source)
        do throws(TimedTextError) {
            let document = try TimedTextReader(frameRate: options(frames).rate).read(bytes, name: path)
            return holdsLabels && document.format.isGeneral || document.items.isEmpty ? nil : document
        } catch {
            if holdsLabels { return nil }
            throw FixError(error.code, "\(path.printable) \(error.message)", remedy: error.remedy)
        }
    }

    /// The file with new times, and notes about times before the start.
    private func moved(
        _ frames: Frames, _ time: (Double) -> Double
    ) throws -> (LabelFileRewriter.Rewritten, notes: [String]) {
        let rewriter = rewriter(frames)
        do throws(ClipFailure) {
            return (try rewriter.rewritten(source, time: time), [])
        } catch {
            // Clock formats have no times before 0: these are set to 0.
            var early: Set<Double> = []
            guard
                let clamped = try? rewriter.rewritten(
                    source,
                    time: { at in
                        let moved = time(at)
                        if moved < 0 { early.insert(at) }
                        return max(0, moved)
                    }), !early.isEmpty
            else { throw FixError(error.code, error.message, remedy: error.remedy) }
            return (clamped, ["times before the start were set to 0: \(early.count)"])
        }
    }
}

extension TimedTextFormat {
    /// Whether files of this format may contain labels as well as text.
    fileprivate var isGeneral: Bool {
        switch self {
        case .transcriptJSON, .jsonLines, .table, .audacityLabels: true
        default: false
        }
    }
}
