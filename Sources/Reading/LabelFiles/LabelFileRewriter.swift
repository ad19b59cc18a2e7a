import Foundation
public import SyncModel
import TimedText

/// Rewrites a label file with new times: every byte that is not part of a time stays.
///
/// The result is parsed and compared with the original, so that no label is left unmoved.
public struct LabelFileRewriter {
    /// A label file with new times.
    public struct Rewritten {
        public let bytes: [UInt8]
        /// Maximum rounding error of a written time, in seconds: half of the finest step of the file's style.
        public let rounding: Double
    }

    private let options: LabelOptions
    private let framesStay: Bool

    /// - Parameter framesStay: keep times in frames, while others move.
    public init(options: LabelOptions, framesStay: Bool = false) {
        self.options = options
        self.framesStay = framesStay
    }

    /// Whether a file has readable labels.
    public func holdsLabels(_ source: LabelReader.Source) -> Bool {
        read(source).sessions.contains { $0.tracks.contains { !$0.segments.isEmpty } }
    }

    /// Whether all times of a file are frame numbers; nil: its times cannot be located.
    public func countsFrames(_ source: LabelReader.Source) -> Bool? {
        var options = options
        options.rate = options.rate ?? 25
        var places = TimePlaces(options: options, readsFrames: readsFrames(read(source)))
        do throws(TimePlaces.Refusal) { try places.find(in: source.bytes) } catch { return nil }
        return places.times.isEmpty ? nil : places.times.allSatisfy(\.isFrames)
    }

    /// - Parameter time: maps an old time to the new one, both in seconds.
    /// - Throws: if the file cannot be read, or its times cannot be moved; with a remedy.
    public func rewritten(
        _ source: LabelReader.Source, time: (Double) -> Double
    ) throws(ClipFailure) -> Rewritten {
        let name = source.path.printable
        func refused(_ why: String, _ remedy: String) -> ClipFailure {
            ClipFailure(code: "not-moved", message: "\(name) \(why)", remedy: remedy)
        }
        let before = read(source)
        if let loss = before.problems.first(where: \.isLoss) {
            throw refused(loss.row.map { "\(loss.message) (row \($0))" } ?? loss.message, loss.remedy)
        }
        let result: Rewritten
        let text = TextBytes(source.bytes)
        if let format = TimedTextLabels.format(
            String(decoding: text.bytes.prefix(8192), as: UTF8.self), path: source.path)
        {
            do throws(TimedTextError) {
                let document = try TimedTextReader(frameRate: options.rate, encoding: nil, format: format).read(
                    source.bytes, name: name)
                result = Rewritten(bytes: try document.rewritten { at, _ in time(at) }.bytes, rounding: 0.0005)
            } catch {
                throw refused(error.message, error.remedy)
            }
        } else {
            guard text.encoding != "UTF-16" else {
                throw refused("is UTF-16, in which label times cannot be moved", "save it as UTF-8")
            }
            var places = TimePlaces(options: options, readsFrames: readsFrames(before))
            do throws(TimePlaces.Refusal) {
                try places.find(in: source.bytes)
            } catch {
                throw refused(error.why, error.remedy)
            }
            guard
                let written = LabelFileRewriter.spliced(
                    source.bytes, framesStay ? places.times.filter { !$0.isFrames } : places.times, time)
            else {
                throw refused(
                    "cannot hold times before 0", "move it by less, or write its times in seconds")
            }
            result = written
        }
        let after = read(LabelReader.Source(path: source.path, bytes: result.bytes))
        guard agree(before, after, by: time, within: result.rounding + 1e-6) else {
            throw refused(
                "has times at unexpected places in the file",
                "export it as a table with start, end and label, which can be moved")
        }
        return result
    }

    private func readsFrames(_ corpus: LabelCorpus) -> Bool {
        corpus.problems.contains { $0.code == "frames-as-seconds" }
    }

    private func read(_ source: LabelReader.Source) -> LabelCorpus {
        // Nothing is skipped: labels that are ignored for comparison move too.
        var options = options
        (options.tiers, options.silence, options.synonyms) = (nil, [], [:])
        let reader = LabelReader(options: options)
        reader.read(source, named: FileNames(session: "session"))
        return reader.corpus()
    }

    private static func spliced(
        _ bytes: [UInt8], _ times: [TimePlace], _ map: (Double) -> Double
    ) -> Rewritten? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var (copied, step) = (0, 0.0)
        for time in times.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where time.range.lowerBound >= copied {
            let moved = map(time.time)
            step = max(step, time.step)
            let base = time.base.map(map)
            guard abs(moved - (base ?? 0) - (time.time - (time.base ?? 0))) > 1e-9 else { continue }
            guard let text = time.bytes(time: moved, base: base) else { return nil }
            result += bytes[copied..<time.range.lowerBound]
            result += text
            copied = time.range.upperBound
        }
        return Rewritten(bytes: result + bytes[copied...], rounding: step / 2)
    }

    private func agree(
        _ before: LabelCorpus, _ after: LabelCorpus, by time: (Double) -> Double, within rounding: Double
    ) -> Bool {
        func labels(_ corpus: LabelCorpus, _ map: (Double) -> Double) -> [String: [(start: Double, end: Double)]] {
            var result: [String: [(start: Double, end: Double)]] = [:]
            for session in corpus.sessions {
                for track in session.tracks {
                    for one in track.segments {
                        let key = [
                            session.name, track.view, track.annotator, corpus.symbols[one.tier],
                            corpus.symbols[one.actor], corpus.symbols[one.label],
                        ].joined(separator: "\u{1}")
                        result[key, default: []].append((map(one.start), map(one.end)))
                    }
                }
            }
            return result.mapValues { $0.sorted { ($0.start, $0.end) < ($1.start, $1.end) } }
        }
        let (wanted, found) = (labels(before, time), labels(after) { $0 })
        return wanted.count == found.count
            && wanted.allSatisfy { key, spans in
                guard let others = found[key], others.count == spans.count else { return false }
                // A length and its start are rounded separately.
                return zip(spans, others).allSatisfy {
                    abs($0.start - $1.start) <= 2 * rounding && abs($0.end - $1.end) <= 2 * rounding
                }
            }
    }
}
