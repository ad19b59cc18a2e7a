import Foundation
import SignalCore
import SyncModel
import Transcripts

/// Real speech with captions of several styles, moved, some of them moved alone, of elsewhere, and under music, voices
/// and noise: one row of CSV a case on stdout.
@main
struct SpeechBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else {
            FileHandle.standardError.write(
                Data("usage: genlock-transcripts-bench CORPUS MODELS clean,moves,parts,wrong,mixed,worse\n".utf8))
            exit(64)
        }
        try SpeechBench(
            corpus: arguments[1], models: arguments[2], parts: Set(arguments[3].split(separator: ",").map(String.init))
        ).run()
    }

    let corpus: String
    let models: String
    let parts: Set<String>

    private static let columns = """
        recording,language,words,style,condition,move_s,verdict,error_ms,half_width_ms,candidate_error_ms,pieces,ppm,\
        score,margin,depth_db,clarity,scatter_ms,sharp,letters,speech_s,sound_s,seconds,because
        """

    func run() throws {
        print(SpeechBench.columns)
        let recordings = try Recording.all(corpus)
        let conditions = try beneath() + worse()
        for recording in recordings {
            let model = try SpeechClasses(
                Data(contentsOf: URL(fileURLWithPath: "\(models)/without-\(recording.fold).json")))
            let scores = model.scores(of: Recording.frames(recording.samples))
            let others = recordings.filter {
                $0.language == recording.language && $0.script != recording.script && !$0.isSong
            }
            for style in CaptionStyle.allCases {
                let cues = style.cues(recording.cues)
                func row(_ condition: String, _ items: [TranscriptText.Item], _ sound: SpeechScores, _ move: Double?) {
                    print(self.row(recording, style, condition, items, sound, move, model))
                }
                for move in parts.contains("moves") ? [0, 1.7, -1.7, 30, -30, 540, -540] : [0.0] {
                    row("clean", SpeechBench.moved(cues, move), scores, move)
                }
                for (name, part) in parts.contains("parts") ? SpeechBench.parts(cues) : [] {
                    row(name, part, scores, 0)
                }
                for other in parts.contains("wrong") ? others : [] {
                    if let refilled = SpeechBench.refilled(cues, other.words) {
                        row("other words", refilled, scores, nil)
                    }
                    if style == .tight { row("other text", style.cues(other.cues), scores, nil) }
                }
            }
            for (name, sound) in conditions {
                let heard = model.scores(of: Recording.frames(try sound(recording)))
                for style in CaptionStyle.allCases {
                    print(row(recording, style, name, style.cues(recording.cues), heard, 0, model))
                }
            }
        }
    }

    private typealias Condition = (String, (Recording) throws -> [Float])

    private func beneath() throws -> [Condition] {
        guard parts.contains("mixed") else { return [] }
        let music = try Recording.samples("\(corpus)/speech/sharedculture/soundtrack.mp3")
        let woman = try Recording.samples("\(corpus)/speech/kerstin/joined1.flac")
        let man = try Recording.samples("\(corpus)/speech/opensamples/udhr-en.mp3")
        var generator = SplitMix64(seed: 9)
        let noise = (0..<160_000).map { _ in Float(generator.index(below: 20_001)) / 10_000 - 1 }
        return [
            ("music", { $0.mixed(with: music, decibels: 5) }),
            ("voice", { $0.mixed(with: $0.name.hasPrefix("kerstin") ? man : woman, decibels: 5) }),
            ("noise", { $0.mixed(with: noise, decibels: 5) }),
        ]
    }

    /// A telephone (300 to 3400 Hz, A-law), 16 kbit/s of MP3, and a hall with 1.2 s of reverberation.
    private func worse() -> [Condition] {
        guard parts.contains("worse") else { return [] }
        let hall = "aevalsrc=exprs='(random(0)-0.5)*exp(-5.75*t)*0.15+eq(n,0)':d=1.2:s=16000"
        return [
            (
                "telephone",
                {
                    try $0.through(
                        ["-af", "highpass=300,lowpass=3400", "-ar", "8000", "-c:a", "pcm_alaw"], suffix: "wav")
                }
            ), ("16 kbit/s", { try $0.through(["-c:a", "libmp3lame", "-b:a", "16k"], suffix: "mp3") }),
            ("hall", { try $0.through(["-f", "lavfi", "-i", hall, "-lavfi", "[0][1]afir"], suffix: "wav") }),
        ]
    }

    private static func moved(_ cues: [TranscriptText.Item], _ seconds: Double) -> [TranscriptText.Item] {
        cues.map { cue in
            var cue = cue
            cue.start += seconds
            cue.end += seconds
            return cue
        }
    }

    /// The first and the last cues moved by seconds that no cut of the rest explains; texts of eight cues and more.
    private static func parts(_ cues: [TranscriptText.Item]) -> [(name: String, cues: [TranscriptText.Item])] {
        guard cues.count >= 8 else { return [] }
        return [2, 3, 4].filter { $0 * 3 <= cues.count }.flatMap { count in
            [7.06, -7.06].flatMap { seconds in
                [
                    (
                        "last \(count) moved",
                        cues.dropLast(count) + moved(Array(cues.suffix(count)), seconds)
                    ),
                    (
                        "first \(count) moved",
                        moved(Array(cues.prefix(count)), seconds) + cues.dropFirst(count)
                    ),
                ]
            }
        }
    }

    /// Words of another recording in these times, as many letters a cue; nil where it has not so many.
    private static func refilled(_ cues: [TranscriptText.Item], _ words: [String]) -> [TranscriptText.Item]? {
        var place = 7
        let result = cues.map { cue in
            var (cue, text) = (cue, "")
            while text.count < cue.text.count {
                text += (text.isEmpty ? "" : " ") + words[place % words.count]
                place += 1
            }
            cue.text = text
            return cue
        }
        return place - 7 <= words.count ? result : nil
    }

    private func row(
        _ recording: Recording, _ style: CaptionStyle, _ condition: String, _ items: [TranscriptText.Item],
        _ sound: SpeechScores, _ move: Double?, _ model: SpeechClasses
    ) -> String {
        let start = Date()
        let finding = TranscriptAnalyser(model: model).finding(TranscriptText(items: items), sound: sound)
        let seconds = -start.timeIntervalSinceNow
        func milliseconds(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "" }
        func evidence(_ name: String) -> String {
            guard case .number(let value, _) = finding.evidence(name), value.isFinite else { return "" }
            return String(format: "%.2f", value)
        }
        let truth = -1000 * (move ?? 0)
        let half = finding.interval.map { ($0.upper.milliseconds - $0.lower.milliseconds) / 2 }
        return [
            recording.name, recording.language,
            "\(items.reduce(0) { $0 + LetterClasses.words(of: $1.text).count })", "\"\(style.rawValue)\"",
            recording.isSong ? "\"song, \(condition)\"" : condition,
            move.map { "\($0)" } ?? "wrong", finding.verdict.rawValue,
            milliseconds(finding.offset.map { $0.milliseconds - truth }), milliseconds(half),
            milliseconds(finding.offset == nil ? finding.candidate.map { $0.milliseconds - truth } : nil),
            "\(finding.segments?.count ?? 1)", milliseconds(finding.drift?.ppm), evidence("words_score"),
            evidence("words_margin"), evidence("sound_depth_db"), evidence("sound_clarity"),
            evidence("times_scatter_ms"), evidence("sharp_edges"),
            "\(items.reduce(0) { $0 + LetterClasses.words(of: $1.text).joined().count })",
            evidence("speech_seconds"), String(format: "%.1f", sound.seconds), String(format: "%.2f", seconds),
            "\"" + finding.because.map(\.description).joined(separator: "; ").replacing("\"", with: "'") + "\"",
        ].joined(separator: ",")
    }
}
