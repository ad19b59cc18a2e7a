import Foundation
public import SyncModel

/// A clip's report as text.
///
/// ```swift
/// print(ClipText.explanation(report), terminator: "")
/// print(ClipText.line(report, width: 40))
/// ```
public enum ClipText {
    /// The whole explanation that `genlock check` prints, ending in a newline.
    public static func explanation(_ report: ClipReport) -> String {
        var lines: [String] = []
        if let failure = report.failure {
            let remedy = ShellWord.filled(failure.remedy, for: report.clip)
            return "failed: \(failure.message.printable)\n  what to do: \(remedy.printable)\n"
        }
        lines.append("\(report.clip.printable): \(report.verdict.words)")
        for finding in report.findings { lines += explanation(finding, of: report) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func explanation(_ finding: Finding, of report: ClipReport) -> [String] {
        var lines = [""]
        if let file = finding.subjectFile { lines.append("\(file.printable)") }
        if finding.check == .tracks { lines.append(TrackWords.name(finding)) }
        if let offset = finding.offset {
            lines.append(
                """
                \(finding.check.rawValue): \
                \(OffsetWords.sentence(offset, subject: finding.sides.subject, reference: finding.sides.reference))
                """
            )
            if let interval = finding.interval, finding.check != .container || finding.drift == nil {
                lines.append("  95 % within \(OffsetWords.interval(interval))")
            }
            if finding.check != .transcript { lines += course(finding) }
            if let confidence = finding.confidence {
                lines.append("  right within 40 ms with a probability of \(String(format: "%.2f", confidence))")
            }
            if finding.check == .container {
                lines.append("  as the file declares it; the content of audio and video was not compared")
            } else {
                lines += finding.tolerance.map { ["  " + perception(finding.verdict, $0, finding.expectation)] } ?? []
            }
        } else {
            let isText = [.transcript, .speakers, .events].contains(finding.check)
            let words =
                finding.verdict != .unpaired
                ? finding.verdict.words
                : isText
                    ? """
                    unpaired: \(finding.subject) and \(OffsetWords.name(finding.sides.reference)) do not belong together
                    """
                    : finding.check == .compare
                        ? "unpaired: the copy is not from this master" : finding.verdict.words
            lines.append("\(finding.check.rawValue): \(words)")
        }
        if finding.check == .sensor, let log = log(finding), let camera = finding.against {
            lines.append("  \(log) against \(camera.printable)")
        }
        lines += finding.because.map { "  because \(ShellWord.filled($0.description, for: report.clip).printable)" }
        let left = (finding.evidence("left_out")?.list ?? []).compactMap { value in
            if case .text(let text) = value { text } else { nil }
        }
        if !left.isEmpty { lines.append("  not analysed: \(left.joined(separator: ", ").printable)") }
        if finding.check == .transcript { lines += TranscriptWords.lines(finding) }
        if finding.check == .speakers || finding.check == .events { lines += SoundLabelWords.lines(finding) }
        if finding.check == .compare { lines += MasterWords.lines(finding) }
        let picture = CurvePicture.lines(finding.curve, marking: finding.offset)
        if !picture.isEmpty {
            lines.append("")
            lines.append("  how well each offset of the \(OffsetWords.name(finding.subject)) fits:")
            lines += picture
        }
        if [.transcript, .speakers, .events].contains(finding.check), finding.offset != nil,
            finding.verdict == .misaligned || finding.verdict == .marginal
        {
            // For a track inside the clip a new clip is written.
            let isInside = finding.subjectFile?.hasPrefix(report.clip + "#") ?? false
            let text = isInside ? nil : finding.subjectFile
            let output = ShellWord.path(ShellWord.fixed(text ?? report.clip))
            let words = [ShellWord.path(report.clip)] + (text.map { [ShellWord.path($0)] } ?? []) + ["--write", output]
            lines += ["", "  to fix it: genlock transcript \(words.joined(separator: " "))"]
        } else if let offset = finding.offset, finding.check == .sensor {
            if finding.verdict == .misaligned || finding.verdict == .marginal {
                let seconds = String(format: "%+.3f", offset.seconds - finding.expectation.offset.seconds)
                lines += ["", "  to fix it: add \(seconds) s to the timestamps of \(log(finding) ?? "the log")"]
            }
        } else if let offset = finding.offset, finding.check != .container, finding.check != .tracks,
            finding.verdict == .misaligned || finding.verdict == .marginal
        {
            let seconds = String(format: "%.3f", offset.seconds - finding.expectation.offset.seconds)
            let (picture, sound) = (ShellWord.media(report.clip), ShellWord.media(report.soundFile ?? report.clip))
            let output = ShellWord.media(ShellWord.fixed(report.clip))
            let inputs = "ffmpeg -i \(picture) -itsoffset \(seconds) -i \(sound) -map 0:v -map 1:a"
            lines.append("")
            if let segments = finding.segments, segments.count > 1 {
                let cuts = segments.dropFirst().map { Clock.words($0.span.start) }.joined(separator: ", ")
                lines.append(
                    "  to fix it: cut the audio at \(cuts) and move each segment by its offset; one shift will not do"
                )
            } else if let drift = finding.drift {
                let tempo = String(format: "%.7f", 1 / (1 + drift.ppm * 1e-6))
                lines.append("  to fix it: \(inputs) -c:v copy -af atempo=\(tempo) \(output)")
            } else {
                lines.append("  to fix it: \(inputs) -c copy \(output)")
            }
        }
        return lines
    }

    /// The log of a recording that carries a finding; nil: the finding does not name one.
    private static func log(_ finding: Finding) -> String? {
        guard case .text(let name)? = finding.evidence("log") else { return nil }
        return name.printable
    }

    /// The offset at the end of a container's drift: its offset holds at the start only.
    private static func end(_ finding: Finding) -> String {
        guard finding.check == .container, let worst = finding.worst, let offset = finding.offset, worst != offset
        else { return "" }
        return " at the start, \(OffsetWords.place(worst)) at the end"
    }

    /// The course of the offset over the clip, if it varies.
    private static func course(_ finding: Finding) -> [String] {
        let name = OffsetWords.name(finding.subject)
        var lines: [String] = []
        if let drift = finding.drift {
            lines.append("  " + OffsetWords.course(drift, rate: finding.rate))
        }
        if let segments = finding.segments, segments.count > 1 {
            lines.append("  offset by segment, in time of the \(name):")
            for segment in segments {
                let place = "\(Clock.words(segment.span.start)) to \(Clock.words(segment.span.end))"
                let sides = finding.sides
                let words = OffsetWords.sentence(segment.offset, subject: sides.subject, reference: sides.reference)
                lines.append("    \(place): \(words)")
            }
        }
        if let worst = finding.worst, worst != finding.offset {
            lines.append(
                "  " + OffsetWords.worst(worst, subject: finding.sides.subject, reference: finding.sides.reference))
        }
        return lines
    }

    private static func perception(_ verdict: Verdict, _ tolerance: Tolerance, _ expectation: Expectation) -> String {
        func edges(_ side: Tolerance.Edges) -> String { "\(number(side.inner)) to \(number(side.outer)) ms" }
        let limits =
            tolerance.early == tolerance.late
            ? edges(tolerance.late) : "\(edges(tolerance.early)) early or \(edges(tolerance.late)) late"
        if case .offset(let expected) = expectation, expected.direction != .aligned {
            let asked = "\(number(abs(expected.milliseconds))) ms \(expected.direction.rawValue)"
            return "judged against the expected \(asked), with a tolerance of \(limits)"
        }
        switch verdict {
        case .inSync: return "nobody notices: within the tolerance of \(limits)"
        case .marginal: return "some people notice: between the limits of the tolerance, \(limits)"
        case .misaligned: return "people notice: beyond the tolerance of \(limits)"
        default: return "measured only: not judged (--expect unknown)"
        }
    }

    /// To a tenth, which is not written where it is 0.
    private static func number(_ value: Double) -> String {
        guard abs(value) < 1e9 else { return String(value) }
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(Int(tenths)) : String(format: "%.1f", tenths)
    }

    /// One line for a list: verdict, path in a column of `width` characters, result, and the text judged, if any.
    public static func line(_ record: ClipRecord, width: Int) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let names = [record.audioFile.map { "audio \(name(ofFile: $0))" }, textName(record)]
        let found = (names + [summary(record)]).compactMap { $0 }.joined(separator: ": ")
        return "\(padded(record.verdict.rawValue, 14)) \(padded(record.clip.printable, width))  \(found)"
    }

    /// The name of the text that the decisive finding is about, if it is a separate file: a clip may have several.
    private static func textName(_ record: ClipRecord) -> String? {
        guard let finding = record.decisive, finding.check == .transcript, let file = finding.subjectFile,
            !file.hasPrefix(record.clip + "#")
        else { return nil }
        return name(ofFile: file)
    }

    private static func name(ofFile path: String) -> String {
        (path.split(separator: "/").last.map(String.init) ?? path).printable
    }

    /// The same for a report that is not stored.
    public static func line(_ report: ClipReport, width: Int) -> String {
        line(report.record(key: report.clip), width: width)
    }

    /// The result in one short sentence; empty if there is nothing to say.
    public static func summary(_ record: ClipRecord) -> String {
        if let failure = record.failure {
            let remedy = ShellWord.filled(failure.remedy, for: record.clip)
            return "\(failure.message.replacing(record.clip.printable + " ", with: "")); \(remedy)".printable
        }
        return record.decisive.map { summary($0) } ?? "nothing to check"
    }

    /// The same of one finding.
    public static func summary(_ finding: Finding) -> String {
        if let offset = finding.offset {
            let words = OffsetWords.sentence(offset, subject: finding.sides.subject, reference: finding.sides.reference)
            if finding.check == .container {
                return words + end(finding) + (finding.because.first.map { "; \($0.description.printable)" } ?? "")
            }
            let known = finding.interval.map { "\(words) (\(OffsetWords.interval($0)))" } ?? words
            // With drift or segments the verdict is about the worst offset.
            guard let worst = finding.worst.map(OffsetWords.place), worst != OffsetWords.place(offset) else {
                return known
            }
            return "\(known), at worst \(worst)"
        }
        return finding.because.first?.description.printable ?? ""
    }
}

extension Finding {
    /// Names of its sides in sentences.
    fileprivate var sides: (subject: Track, reference: Track) {
        if check == .tracks { return (.named("the track"), .named("the first one")) }
        return (subject, check == .transcript && reference == .text ? .named("the other text") : reference)
    }
}

extension Verdict {
    /// The verdict in words.
    var words: String {
        switch self {
        case .inSync: "in sync"
        case .marginal: "marginal"
        case .misaligned: "misaligned"
        case .measured: "measured"
        case .unpaired: "unpaired: sound and picture do not belong together"
        case .inconclusive: "inconclusive: cannot tell"
        case .notApplicable: "not applicable: nothing to measure"
        case .failed: "failed"
        }
    }
}
