import Foundation
import Testing

@testable import TimedText

@Suite("Variants of formats that teams have are read as they are meant, and moved")
struct VariantTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        let about: String
        let name: String
        let text: String
        let times: [[Int]]
        let texts: [String]
        var speakers: [String?]?
        var frameRate: Double?
        /// Steps of the format in seconds.
        var step = 0.001
        var testDescription: String { about }
    }

    static let all: [Variant] = captions + recognisers + corpora

    private static let captions: [Variant] = [
        Variant(
            about: "SubRip with hours above 99", name: "a.srt",
            text: "1\n100:00:01,000 --> 100:00:02,500\nA\n", times: [[360_001_000, 360_002_500]], texts: ["A"]),
        Variant(
            about: "SubRip without empty lines and numbers", name: "a.srt",
            text: "00:00:01,000 --> 00:00:02,000\nA\n00:00:02,000 --> 00:00:03,000\nB\nb\n"
                + "00:00:04,5 --> 00:00:05,25\nC\n",
            times: [[1000, 2000], [2000, 3000], [4500, 5250]], texts: ["A", "B\nb", "C"], step: 0.1),
        Variant(
            about: "SubRip with positions, nested tags, entities and no hours", name: "a.srt",
            text: "1\n00:01.000 --> 00:02.000\n{\\an8}<font color=\"#fff\"><b><i>A &amp; b</i></b></font>\n",
            times: [[1000, 2000]], texts: ["A & b"]),
        Variant(
            about: "SubRip that overlaps and is out of order", name: "a.srt",
            text: "2\n00:00:05,000 --> 00:00:09,000\nB\n\n1\n00:00:01,000 --> 00:00:06,000\nA\n",
            times: [[5000, 9000], [1000, 6000]], texts: ["B", "A"]),
        Variant(
            about: "WebVTT with regions, styles, notes, classes, voices and ruby", name: "a.vtt",
            text: """
                WEBVTT Kind: captions; Language: en

                REGION
                id:fred
                width:40%

                STYLE
                ::cue(b) { color: red; }

                NOTE
                two
                lines --

                1 - intro
                00:01.000\t-->\t00:02.000 region:fred align:left position:10%,line-left
                <v.loud Ann Lee><c.yellow.bg_blue>Hi</c> <ruby>kan<rt>ji</rt></ruby> &lt;b&gt;</v>

                100:00:00.000 --> 100:00:01.500
                - One
                - Two
                """ + "\n",
            times: [[1000, 2000], [360_000_000, 360_001_500]], texts: ["Hi kanji <b>", "- One\n- Two"]),
        Variant(
            about: "TTML with a frame rate multiplier, nested begins and durations", name: "a.ttml",
            text: """
                <tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" \
                ttp:frameRate="30" \
                ttp:frameRateMultiplier="1000 1001"><body begin="10s"><div begin="00:00:05.000">
                <p begin="1s" dur="2s">A</p><p begin="90f" dur="30f"><span>B</span></p></div></body></tt>
                """ + "\n",
            // 90 frames of 30000/1001 are 3.003 s, 30 are 1.001 s.
            times: [[16_000, 18_000], [18_003, 19_004]], texts: ["A", "B"], step: 0.034),
        Variant(
            about: "TTML in sequence", name: "a.ttml",
            text: """
                <tt xmlns="http://www.w3.org/ns/ttml"><body><div timeContainer="seq"><p begin="0s" dur="2s">A</p>\
                <p begin="500ms" dur="1s">B</p></div></body></tt>
                """ + "\n",
            times: [[0, 2000], [2500, 3500]], texts: ["A", "B"]),
        Variant(
            about: "SSA 4 with other columns and commas", name: "a.ssa",
            text: """
                [Script Info]
                ScriptType: v4.00

                [Events]
                Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
                Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,NTP,0000,0000,0000,!Effect,One, {\\b1}two{\\b0}, \
                three\\Nfour
                """ + "\n",
            times: [[1000, 2000]], texts: ["One, two, three\nfour"], step: 0.01),
    ]

    private static let recognisers: [Variant] = [
        Variant(
            about: "WhisperX with words that have no times, and speakers", name: "a.json",
            text: """
                {"segments": [{"start": 0.5, "end": 2.25, "text": " In 2014 it", "words": [{"word": "In", "start": \
                0.5, \
                "end": 0.75, "score": 0.9, "speaker": "SPEAKER_00"}, {"word": "2014"}, {"word": "it", "start": 2.0, \
                "end": 2.25}], "speaker": "SPEAKER_00"}], "word_segments": [{"word": "In", "start": 0.5, "end": 0.75}, \
                {"word": "2014"}, {"word": "it", "start": 2.0, "end": 2.25}], "language": "en"}
                """ + "\n",
            times: [[500, 2250], [500, 750], [2000, 2250]], texts: ["In 2014 it", "In", "it"]),
        Variant(
            about: "faster-whisper's segments as a list", name: "a.json",
            text: """
                [{"id": 1, "seek": 0, "start": 0.0, "end": 2.5, "text": " Hi you", "tokens": [50364, 2421], "words": \
                [{"start": 0.0, "end": 1.0, "word": " Hi", "probability": 0.5}, {"start": 1.0, "end": 2.5, "word": " \
                you", \
                "probability": 0.9}], "temperature": 0.0}]
                """ + "\n",
            times: [[0, 2500], [0, 1000], [1000, 2500]], texts: ["Hi you", "Hi", "you"]),
        Variant(
            about: "whisper.cpp with clocks, offsets and tokens", name: "a.json",
            text: """
                {"systeminfo": "x", "params": {"language": "auto"}, "result": {"language": "en"}, "transcription": [
                {"timestamps": {"from": "00:00:00,320", "to": "00:00:02,500"}, "offsets": {"from": 320, "to": 2500}, \
                "text": " Hi you", "tokens": [{"text": " Hi", "timestamps": {"from": "00:00:00,320", "to": \
                "00:00:01,000"}, "offsets": {"from": 320, "to": 1000}, "id": 1, "p": 0.9, "t_dtw": -1}]}]}
                """ + "\n",
            times: [[320, 2500]], texts: ["Hi you"]),
        Variant(
            about: "OpenAI's verbose JSON with words beside segments", name: "a.json",
            text: """
                {"task": "transcribe", "language": "english", "duration": 3.5, "text": "Hi you", "words": [{"word": \
                "Hi", \
                "start": 0.5, "end": 1.0}, {"word": "you", "start": 1.0, "end": 1.5}], "segments": [{"id": 0, "seek": \
                0, \
                "start": 0.5, "end": 1.5, "text": " Hi you", "tokens": [1], "avg_logprob": -0.2}]}
                """ + "\n",
            times: [[500, 1500], [500, 1000], [1000, 1500]], texts: ["Hi you", "Hi", "you"]),
        Variant(
            about: "whisper's table in milliseconds", name: "a.tsv",
            text: "start\tend\ttext\n0\t2500\tHi you\n2500\t61000\tBye \"now\"\n",
            times: [[0, 2500], [2500, 61_000]],
            texts: ["Hi you", "Bye \"now\""]),
        Variant(
            about: "Gentle, whose offsets count letters", name: "align.json",
            text: """
                {"transcript": "hi um you", "words": [{"alignedWord": "hi", "case": "success", "end": 0.75, \
                "endOffset": 2, \
                "phones": [{"duration": 0.1, "phone": "hh_B"}], "start": 0.5, "startOffset": 0, "word": "hi"}, \
                {"case": \
                "not-found-in-audio", "endOffset": 5, "startOffset": 3, "word": "um"}, {"alignedWord": "you", "case": \
                "success", "end": 1.5, "endOffset": 9, "start": 1.25, "startOffset": 6, "word": "you"}]}
                """ + "\n",
            times: [[500, 750], [1250, 1500]], texts: ["hi", "you"]),
        Variant(
            about: "ElevenLabs, whose blanks are entries too", name: "a.json",
            text: """
                {"language_code": "en", "language_probability": 1.0, "text": "Hi you", "words": [{"text": "Hi", \
                "start": \
                0.5, "end": 0.75, "type": "word", "speaker_id": "speaker_0"}, {"text": " ", "start": 0.75, "end": 0.8, \
                "type": "spacing", "speaker_id": "speaker_0"}, {"text": "you", "start": 0.8, "end": 1.25, "type": \
                "word", \
                "speaker_id": "speaker_1"}, {"text": "(laughs)", "start": 1.5, "end": 2.0, "type": "audio_event"}]}
                """ + "\n",
            times: [[500, 750], [800, 1250], [1500, 2000]], texts: ["Hi", "you", "(laughs)"],
            speakers: ["speaker_0", "speaker_1", nil]),
        Variant(
            about: "Azure's batches", name: "a.json",
            text: """
                {"source": "x", "timestamp": "2024-01-01T00:00:00Z", "durationInTicks": 41200000, "duration": \
                "PT4.12S", \
                "combinedRecognizedPhrases": [{"channel": 0, "display": "Hi you."}], "recognizedPhrases": [
                {"recognitionStatus": "Success", "channel": 0, "speaker": 1, "offset": "PT0.7S", "duration": \
                "PT1.53S", \
                "offsetInTicks": 7000000.0, "durationInTicks": 15300000.0, "nBest": [{"confidence": 0.9, "lexical": \
                "hi \
                you", "itn": "hi you", "display": "Hi you.", "words": [{"word": "hi", "offset": "PT0.7S", "duration": \
                "PT0.5S", "offsetInTicks": 7000000.0, "durationInTicks": 5000000.0, "confidence": 0.9}]}, {"lexical": \
                "high you", "display": "High you."}]}, {"recognitionStatus": "Success", "channel": 0, "offset": \
                "PT1M2.25S", "duration": "PT1S", "offsetInTicks": 622500000.0, "durationInTicks": 10000000.0, "nBest": \
                [{"lexical": "bye", "display": "Bye."}]}]}
                """ + "\n",
            times: [[700, 2230], [700, 1200], [62_250, 63_250]], texts: ["Hi you.", "hi", "Bye."],
            speakers: ["1", "1", nil]),
        Variant(
            about: "Azure's fast transcription", name: "a.json",
            text: """
                {"durationMilliseconds": 5000, "combinedPhrases": [{"text": "Hi you."}], "phrases": [{"speaker": 1, \
                "offsetMilliseconds": 700, "durationMilliseconds": 1530, "text": "Hi you.", "words": [{"text": "Hi", \
                "offsetMilliseconds": 700, "durationMilliseconds": 500}], "locale": "en-US", "confidence": 0.9}]}
                """ + "\n",
            times: [[700, 2230], [700, 1200]], texts: ["Hi you.", "Hi"]),
        Variant(
            about: "IBM Watson, whose words are lists", name: "a.json",
            text: """
                {"result_index": 0, "results": [{"final": true, "alternatives": [{"transcript": "hi you ", \
                "confidence": \
                0.9, "timestamps": [["hi", 0.5, 0.75], ["you", 0.75, 1.5]]}]}]}
                """ + "\n",
            times: [[500, 750], [750, 1500]], texts: ["hi", "you"]),
        Variant(
            about: "Trint and Hyperaudio, whose words have a time and a duration", name: "a.json",
            text: """
                {"words": [{"name": "Hi", "time": 500, "duration": 250, "confidence": "0.9"}, {"name": "you", "time": \
                61000, "duration": 400}]}
                """ + "\n",
            times: [[500, 750], [61_000, 61_400]], texts: ["Hi", "you"]),
    ]

    private static let corpora: [Variant] = [
        Variant(
            about: "Kaldi's CTM with channel, confidence and silences", name: "a.ctm",
            text: "utt-1 1 0.50 0.25 hi 0.98\nutt-1 1 0.75 0.10 <eps> 1.00\nutt-1 1 0.85 0.65 it's\n",
            times: [[500, 750], [750, 850], [850, 1500]], texts: ["hi", "<eps>", "it's"], step: 0.01),
        Variant(
            about: "RTTM with other kinds of rows", name: "a.rttm",
            text: """
                SPKR-INFO clip 1 <NA> <NA> <NA> unknown ann <NA> <NA>
                SPEAKER clip 1 6.690 0.430 <NA> <NA> ann <NA> <NA>
                NON-SPEECH clip 1 7.5 0.2 noise <NA> <NA> <NA> <NA>
                """ + "\n",
            times: [[6690, 7120]], texts: ["ann"]),
        Variant(
            about: "Praat's short layout with remarks and two tiers", name: "a.TextGrid",
            text: """
                File type = "ooTextFile"
                Object class = "TextGrid"

                0
                2.5
                <exists>
                2
                "IntervalTier"
                "words"
                0
                2.5
                2
                0
                1.25
                "a ""b""\"
                1.25
                2.5
                "c"
                "TextTier"
                "tones"
                0
                2.5
                1
                0.75
                "H*"
                """ + "\n",
            times: [[0, 1250], [1250, 2500], [750, 750]], texts: ["a \"b\"", "c", "H*"]),
        Variant(
            about: "the JSON of Praat's grids (praatio, Montreal Forced Aligner)", name: "a.json",
            text: """
                {"start": 0, "end": 2.5, "tiers": {"words": {"type": "interval", "entries": [[0.5, 0.75, "hi"], [0.75, \
                1.5, \
                "you"]]}, "tones": {"type": "point", "entries": [[0.625, "H*"]]}}}
                """ + "\n",
            times: [[500, 750], [750, 1500], [625, 625]], texts: ["hi", "you", "H*"]),
        Variant(
            about: "ELAN with tiers that refer to others, and slots without a time", name: "a.eaf",
            text: """
                <?xml version="1.0" encoding="UTF-8"?>
                <ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>
                <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
                <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2000"/></TIME_ORDER>
                <TIER TIER_ID="utt"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" \
                TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE>hi \
                you</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
                <TIER TIER_ID="tok" PARENT_REF="utt"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" \
                TIME_SLOT_REF1="ts1" \
                TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>hi</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>\
                </ANNOTATION><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts2" \
                TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE>you</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
                <TIER TIER_ID="gloss" PARENT_REF="utt"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" \
                ANNOTATION_REF="a1">\
                <ANNOTATION_VALUE>salut</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
                """ + "\n",
            times: [[1000, 2000], [1000, 1500], [1500, 2000], [1000, 2000]], texts: ["hi you", "hi", "you", "salut"]),
        Variant(
            about: "a table of a European spreadsheet", name: "a.csv",
            text: "\u{FEFF}Start;End;Text\r\n0,5;1,25;\"a; \"\"b\"\"\"\r\n00:00:02,5;00:00:03,75;c\r\n",
            times: [[500, 1250], [2500, 3750]], texts: ["a; \"b\"", "c"], step: 0.01),
        Variant(
            about: "Audacity's labels with frequencies, points and an empty label", name: "a.txt",
            text: "0.5\t1.25\tone two\n\\\t0.0\t4000.0\n2.0\t2.0\t\n3.0\t3.5\tb\n",
            times: [[500, 1250], [2000, 2000], [3000, 3500]], texts: ["one two", "", "b"]),
    ]

    @Test("in UTF-8, with a mark, with other line ends and in UTF-16", arguments: all)
    func reads(_ variant: Variant) throws {
        let plain = variant.text.replacing("\u{FEFF}", with: "")
        let lines = plain.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        func wide(_ isLittle: Bool) -> [UInt8] {
            ([0xFEFF] + Array(lines.utf16)).flatMap {
                isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)]
            }
        }
        var all = [Array(variant.text.utf8), [0xEF, 0xBB, 0xBF] + Array(plain.utf8), Array(lines.utf8)]
        if !plain.contains("encoding=") { all += [wide(true), wide(false)] }
        for bytes in all {
            let document = try TimedTextReader(frameRate: variant.frameRate).read(bytes, name: variant.name)
            #expect(milliseconds(document) == variant.times)
            #expect(document.items.map(\.text) == variant.texts)
            if let speakers = variant.speakers { #expect(document.items.map(\.speaker) == speakers) }
            #expect(document.faults.isEmpty, "\(document.faults)")
            #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        }
    }

    @Test("moved by 1.5 s all items are, and what is no time stays", arguments: all)
    func moves(_ variant: Variant) throws {
        let document = try read(variant.text, variant.name, frameRate: variant.frameRate)
        let moved = try read(
            try written(document) { time, _ in time + 1.5 }, variant.name, frameRate: variant.frameRate)
        #expect(moved.items.map(\.text) == variant.texts)
        for (old, new) in zip(document.items, moved.items) {
            #expect(abs(new.start - old.start - 1.5) <= variant.step / 2 + 1e-6, "\(old.start) became \(new.start)")
            #expect(abs(new.end - old.end - 1.5) <= variant.step + 1e-6, "\(old.end) became \(new.end)")
        }
        #expect(ServiceTests.frame(document) == ServiceTests.frame(moved))
    }

    @Test("a begin of TTML that is left out cannot move, and that is said with its line")
    func leftOut() throws {
        let text =
            "<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div timeContainer=\"seq\">\n<p dur=\"2s\">A</p>"
            + "<p dur=\"1s\">B</p></div></body></tt>"
        let document = try read(text, "a.ttml")
        #expect(milliseconds(document) == [[0, 2000], [2000, 3000]])
        #expect(try written(document) { time, _ in time } == text)
        let error = try #require(throws: TimedTextError.self) { try document.rewritten { time, _ in time + 1 } }
        #expect(error.message.contains("line 2") && error.remedy.contains("begin"))
        let inside = try read(text.replacing("<body>", with: "<body begin=\"0s\">"), "a.ttml")
        #expect(
            milliseconds(try read(try written(inside) { time, _ in time + 1 }, "a.ttml")) == [
                [1000, 3000], [3000, 4000],
            ])
    }

    @Test("words beside segments move with them, and Gentle's counts of letters stay")
    func counts() throws {
        let variant = try #require(Self.all.first { $0.about.hasPrefix("Gentle") })
        let moved = try written(try read(variant.text, variant.name)) { time, _ in time + 1.5 }
        #expect(moved.contains("\"endOffset\": 9") && moved.contains("\"start\": 2.75"))
        let azure = try #require(Self.all.first { $0.about == "Azure's batches" })
        let later = try written(try read(azure.text, azure.name)) { time, _ in time + 1.5 }
        #expect(later.contains("\"offset\": \"PT1M3.75S\"") && later.contains("\"offsetInTicks\": 637500000.0"))
        #expect(later.contains("\"duration\": \"PT4.12S\""))
    }
}
