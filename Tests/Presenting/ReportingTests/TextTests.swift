import Foundation
import SyncModel
import Testing

@testable import Reporting

@Suite struct TextTests {
    @Test func theExplanationOfEachVerdictReadsAsIntended() throws {
        Golden.expect("misaligned", ClipText.explanation(Made.misaligned))
        let tolerance = try Tolerance(parsing: "ebu-r37")
        Golden.expect(
            "marginal",
            ClipText.explanation(
                Made.report(
                    Made.finding(
                        .marginal, milliseconds: 62.2, interval: (35.1, 90.4), confidence: 0.9, tolerance: tolerance),
                    clip: "two words.mov")))
        Golden.expect(
            "in-sync",
            ClipText.explanation(
                Made.report(
                    Made.finding(.inSync, milliseconds: -5.2, interval: (-30, 20), confidence: 0.991))))
        Golden.expect(
            "measured",
            ClipText.explanation(
                Made.report(
                    Made.finding(.measured, milliseconds: 0.3, interval: (-19.9, 20.4), confidence: 0.99))))
        Golden.expect(
            "unpaired",
            ClipText.explanation(
                Made.report(
                    Made.finding(.unpaired, because: ["no offset within 1500 ms fits"], spikeAt: -300))))
        Golden.expect(
            "inconclusive",
            ClipText.explanation(
                Made.report(
                    Made.finding(
                        .inconclusive, confidence: 0.2,
                        because: [
                            "only 0.3 s of voiced speech with the mouth visible, and 0.5 s are needed",
                            "a face was seen in only 40 % of the pictures",
                        ]))))
        Golden.expect(
            "not-applicable",
            ClipText.explanation(Made.report(Made.finding(.notApplicable, because: ["there is no sound"]))))
        Golden.expect("container", ClipText.explanation(Made.report(Made.container)))
        Golden.expect("failed", ClipText.explanation(Made.failed()))
    }

    @Test("the line of a clip names the text that was judged, where that is a file of its own")
    func textOfALine() {
        func line(_ file: String?) -> String {
            var finding = Finding(
                check: .transcript, subject: .text, reference: .audio,
                judgement: Judgement(.unpaired, tolerance: .standard), because: [Reason("other words are said")],
                method: "transcript-3")
            finding.subjectFile = file
            return ClipText.line(Made.report(finding, clip: "talk.mp4"), width: 8)
        }
        #expect(line("subs/talk.de.srt") == "unpaired       talk.mp4  talk.de.srt: other words are said")
        #expect(line("talk.mp4#2") == "unpaired       talk.mp4  other words are said")
        #expect(line(nil) == "unpaired       talk.mp4  other words are said")
    }

    @Test func aLineStatesTheWorstOffsetWhereItIsNotTheFirst() {
        var finding = Made.finding(.misaligned, milliseconds: -4, interval: (-29, 20))
        #expect(ClipText.summary(finding) == "sound late by 4 ms (29 ms late to 20 ms early)")
        finding.worst = Offset(milliseconds: -4.3)
        #expect(ClipText.summary(finding) == "sound late by 4 ms (29 ms late to 20 ms early)")
        finding.worst = Offset(milliseconds: 1008)
        #expect(
            ClipText.summary(finding) == "sound late by 4 ms (29 ms late to 20 ms early), at worst 1008 ms early")
    }

    @Test func theSummaryCountsEachVerdictAndNamesTheWorstClip() {
        var summary = ScanSummary()
        for report in Made.all where !(report.findings.isEmpty && report.failure == nil) { summary.add(report) }
        summary.add(
            Made.report(Made.finding(.misaligned, milliseconds: 400, interval: (380, 420)), clip: "far\noff.mov"))
        #expect(summary.clips == 9 && summary.count(.misaligned) == 2 && summary.count(.failed) == 1)
        #expect(Verdict.allCases.reduce(0) { $0 + summary.count($1) } == summary.clips)
        Golden.expect("summary", summary.text)
        #expect(ScanSummary().text == "0 clips, 0 with an offset\n")
        var misaligned = ScanSummary()
        misaligned.add(
            Made.report(Made.finding(.misaligned, milliseconds: 400, interval: (380, 420)), clip: "far\noff.mov"))
        #expect(misaligned.text.hasSuffix("look first at far\\noff.mov: sound early by 400 ms\n"))
        var one = ScanSummary()
        one.add(Made.failed())
        #expect(one.text.hasPrefix("1 clip, 0 with an offset\n"))
    }

    @Test func wordsNeverShowABareSign() {
        for value in stride(from: -700.0, through: 700, by: 0.25) {
            let offset = Offset(milliseconds: value)
            let sentence = OffsetWords.sentence(offset, subject: .audio, reference: .video)
            let ends = [value - 30, value + 30].map { Offset(milliseconds: $0) }
            for words in [sentence, OffsetWords.interval(OffsetInterval(ends[0], ends[1])), OffsetWords.place(offset)] {
                #expect(words.firstMatch(of: /[-+\u{2212}]/) == nil, "\(words)")
            }
            #expect(sentence.contains(value >= 0.5 ? "early by" : value <= -0.5 ? "late by" : "together"))
        }
    }

    @Test func explanationsShowNoBareSignOutsideTheCommandThatFixes() {
        for report in Made.all {
            let lines =
                ClipText.explanation(report).split(separator: "\n") + [Substring(ClipText.line(report, width: 20))]
            for line in lines where !line.hasPrefix("  to fix it:") {
                #expect(line.firstMatch(of: /[-+\u{2212}][0-9]/) == nil, "\(line)")
            }
        }
    }

    @Test func intervalsAreWordsOnBothSidesOfZero() {
        func words(_ low: Double, _ high: Double) -> String {
            OffsetWords.interval(OffsetInterval(Offset(milliseconds: low), Offset(milliseconds: high)))
        }
        #expect(words(-90, -35) == "35 to 90 ms late")
        #expect(words(35, 90) == "35 to 90 ms early")
        #expect(words(-12, 30) == "12 ms late to 30 ms early")
        #expect(words(-0.2, 30) == "0 to 30 ms early")
        #expect(words(-30, 0.2) == "0 to 30 ms late")
        #expect(words(-0.2, 0.2) == "0 ms")
        #expect(words(-.infinity, .infinity).contains("late to"))
    }

    @Test func streamsWithoutAWordOfTheirOwnKeepTheirName() {
        #expect(
            OffsetWords.sentence(Offset(milliseconds: -62.4), subject: .audio, reference: .video)
                == "sound late by 62 ms")
        #expect(
            OffsetWords.sentence(Offset(seconds: 0), subject: .named("B.mp4"), reference: .named("A.mp4"))
                == "B.mp4 and A.mp4 together"
        )
    }

    @Test func aLineIsOneLineWhateverTheNameHolds() {
        for name in ["a\nb.mp4", "\r\n.mov", "tab\tesc\u{1B}[2J.mp4", "sep\u{2028}.mp4", "-n.mp4"] {
            for report in [
                Made.report(Made.finding(.inSync, milliseconds: 1), clip: name), Made.report(clip: name),
                Made.report(Made.finding(.inconclusive, because: ["of \(name)"]), clip: name),
                Made.failed("\(name.printable) does not exist", clip: name),
                Made.failed("\(name) does not exist", clip: name),
            ] {
                let line = ClipText.line(report, width: 20)
                #expect(!line.contains(where: \.isNewline) && line.contains(name.printable))
                #expect(line.hasPrefix(report.verdict.rawValue))
            }
        }
    }

    @Test func theVerdictStandsInAColumnOfItsOwn() {
        for report in Made.all {
            let line = ClipText.line(report, width: 20)
            #expect(line.prefix(15).trimmingCharacters(in: .whitespaces) == report.verdict.rawValue)
        }
    }

    @Test func theCommandThatFixesQuotesTheNameForAShell() {
        func command(_ clip: String) -> String? {
            let report = Made.report(Made.finding(.misaligned, milliseconds: -240, interval: (-265, -215)), clip: clip)
            let lines = ClipText.explanation(report).split(separator: "\n", omittingEmptySubsequences: false)
            return lines.first { $0.hasPrefix("  to fix it: ") }.map { String($0.dropFirst(13)) }
        }
        #expect(
            command("it's.mov")?.hasPrefix("ffmpeg -i 'it'\\''s.mov' -itsoffset -0.240 -i 'it'\\''s.mov' -map") == true)
        #expect(command("$(rm).mov")?.hasPrefix("ffmpeg -i '$(rm).mov'") == true)
        #expect(command("a\nb\\'.mov")?.hasPrefix("ffmpeg -i \"$(printf 'a\\012b\\134\\047.mov')\" -itsoffset") == true)
        #expect(command("part: 1.mov")?.hasPrefix("ffmpeg -i 'file:part: 1.mov' -itsoffset") == true)
        #expect(command("-a.mov")?.hasPrefix("ffmpeg -i 'file:-a.mov' -itsoffset") == true)
        #expect(command("a b/c.d.mov")?.hasSuffix(" 'a b/c.d.fixed.mov'") == true)
    }

    @Test func aWidenedToleranceIsShownToATenth() {
        let edges = Tolerance.Edges(inner: 75.295_136_623_824_56, outer: 300.04)
        let tolerance = Tolerance(early: edges, late: edges)
        let text = ClipText.explanation(Made.report(Made.finding(.inSync, milliseconds: 0, tolerance: tolerance)))
        #expect(text.contains("within the tolerance of 75.3 to 300 ms\n"))
    }

    @Test func oddTolerancesAreShownToo() {
        for edge in [12.5, 0, 3_600_000, 1e300] {
            let tolerance = Tolerance(early: .init(inner: edge, outer: edge), late: .init(inner: 0, outer: edge))
            let text = ClipText.explanation(Made.report(Made.finding(.inSync, milliseconds: 0, tolerance: tolerance)))
            #expect(text.contains("within the tolerance of"))
        }
    }
}
