import Foundation
import Muxing
import SyncModel
import TimedText
import Transcripts

/// A timed text on its way into another file, in its own format: times change, every other byte stays.
final class TextMending {
    let source: TranscriptSource
    let path: String
    let output: String
    private let place: OutputPlace
    private(set) var notes: [String] = []

    init(_ path: String, frameRate: Double?, output: String, request: MendRequest, media: String) throws {
        self.path = path
        self.output = output
        do {
            source = try TranscriptSource(path: path, frameRate: frameRate, encoding: nil, tier: nil, mediaName: media)
        } catch let failure as ClipFailure {
            throw MendError(failure.code, failure.message, remedy: failure.remedy, isRefusal: false)
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0
        place = try OutputPlace(
            output, sources: [path, request.clip] + request.labels + request.transcripts, isForced: request.isForced,
            bytes: size)
    }

    /// How far the text itself lies from the sound; nil: it is on time.
    ///
    /// - Throws: `MendError` in doubt.
    func ownMove(_ finding: Finding, leastConfidence: Double) throws -> SoundMove? {
        guard finding.verdict != .inSync else { return nil }
        guard let offset = finding.offset else {
            let said =
                finding.verdict == .unpaired ? "is the text of another recording" : "cannot be held against the sound"
            throw MendError(
                finding.verdict == .unpaired ? "unpaired" : "cannot-tell",
                "\(path.printable) \(said)\(MendDecision.reasons(finding))",
                remedy: "leave it out, or give it with --labels to move it along with the picture as it is")
        }
        if finding.segments == nil, (finding.confidence ?? 0) < leastConfidence {
            throw MendError(
                "low-confidence",
                """
                \(path.printable): \(OffsetWords.sentence(offset, subject: .text, reference: .audio)), with a \
                confidence of \(String(format: "%.2f", finding.confidence ?? 0)) only
                """,
                remedy: "--least-confidence lowers the bar")
        }
        return SoundMove(offset: offset, drift: finding.drift, segments: finding.segments ?? [])
    }

    /// Writes the partial file.
    func write(_ time: (_ time: Double, _ anchor: Double) -> Double) throws {
        guard let document = source.document else { return }
        guard !document.items.isEmpty else {
            throw MendError(
                "no-times", "\(path.printable) holds no times that could be moved",
                remedy: "leave it out, or give it in another format, such as CSV with start_s,end_s,label")
        }
        do {
            let rewritten = try document.rewritten(time)
            if rewritten.clamped > 0 {
                notes.append("\(rewritten.clamped) times would lie before the beginning and were put there")
            }
            try Data(rewritten.bytes).write(to: URL(fileURLWithPath: place.partial))
        } catch let error as TimedTextError {
            throw MendError(error.code, "\(path.printable) \(error.message)", remedy: error.remedy)
        } catch {
            throw MendError(
                "not-written", "\(output.printable) cannot be written (\(error.localizedDescription))",
                remedy: "check the folder and its room", isRefusal: false)
        }
    }

    /// The text as it was written, measured again.
    func again(_ heard: HeardSpeech, tolerance: Tolerance) throws -> Finding {
        heard.finding(
            try TranscriptSource(
                path: place.partial, frameRate: heard.frameRate, encoding: nil, tier: nil, mediaName: path),
            tolerance: tolerance)
    }

    func finish() throws { try place.finish() }

    /// Copies labels that count video frames: these keep their numbers when the picture's times change.
    ///
    /// - Returns: nil where the labels hold times.
    static func frameLabels(_ path: String, output: String, request: MendRequest) throws -> OutputPlace? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            guard try TimedTextReader().read(Array(data), name: path).countsFrames else { return nil }
        } catch { if error.code != "counts-frames" { return nil } }
        let place = try OutputPlace(
            output, sources: [path, request.clip] + request.labels + request.transcripts, isForced: request.isForced,
            bytes: Int64(data.count))
        do { try data.write(to: URL(fileURLWithPath: place.partial)) } catch {
            throw MendError(
                "not-written", "\(output.printable) cannot be written (\(error.localizedDescription))",
                remedy: "check the folder and its room", isRefusal: false)
        }
        return place
    }
}
