/// Made files as services, corpora and programs write them, with the times that stand in them.
struct ServiceSample: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    /// Start and end of every item in milliseconds.
    let times: [[Int]]
    let texts: [String]
    var speakers: [String?]?
    /// How exactly the format writes times, in seconds: frames, whole seconds.
    var grid = 0.001
    var description: String { name }
}

extension ServiceSample {
    static let all: [ServiceSample] = captions + services + corpora

    /// Codes of line 21 with their parity: control codes twice, letters in pairs.
    static func lineTwentyOne(_ parts: [LinePart]) -> String {
        func byte(_ value: UInt8) -> UInt8 { value.nonzeroBitCount % 2 == 0 ? value | 0x80 : value }
        func word(_ first: UInt8, _ second: UInt8) -> String {
            let code = UInt32(byte(first)) << 8 | UInt32(byte(second))
            let text = String(code, radix: 16)
            return String(repeating: "0", count: 4 - text.count) + text
        }
        return parts.flatMap { part -> [String] in
            switch part {
            case .code(let first, let second): return [word(first, second), word(first, second)]
            case .once(let first, let second): return [word(first, second)]
            case .text(let text):
                let bytes = Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0])
                return stride(from: 0, to: bytes.count, by: 2).map { word(bytes[$0], bytes[$0 + 1]) }
            }
        }.joined(separator: " ")
    }

    enum LinePart {
        case code(UInt8, UInt8)
        case once(UInt8, UInt8)
        case text(String)
    }

    static let load: [LinePart] = [.code(0x14, 0x20), .code(0x14, 0x2E)]
    static let display = LinePart.code(0x14, 0x2F)
    static let erase = LinePart.code(0x14, 0x2C)

    private static let popOn: String = {
        let first: [LinePart] = load + [.code(0x14, 0x70), .text("HELLO"), display]
        // A letter of the further sets takes the place of a plain one.
        let second: [LinePart] =
            load + [.code(0x14, 0x50), .text("A "), .code(0x14, 0x70), .text("E"), .once(0x12, 0x21), display]
        let lines: [String] = [
            "Scenarist_SCC V1.0", "", "00:00:01;00\t\(lineTwentyOne(first))", "",
            "00:00:03;00\t\(lineTwentyOne(second))",
            "", "00:00:05;15\t\(lineTwentyOne([erase]))", "",
        ]
        return lines.joined(separator: "\r\n")
    }()

    private static let rollUp: String = {
        let roll: [LinePart] = [.code(0x14, 0x26), .code(0x14, 0x2D), .code(0x14, 0x70)]
        let lines: [String] = [
            "Scenarist_SCC V1.0", "", "00:00:02:00\t\(lineTwentyOne(roll + [.text(">> ONE")]))", "",
            "00:00:04:00\t\(lineTwentyOne(roll + [.text("TWO{")]))", "", "00:00:06:00\t\(lineTwentyOne([erase]))", "",
        ]
        return lines.joined(separator: "\n")
    }()

    // MARK: Captions

    static let captions: [ServiceSample] = [
        // Four frames load, two place, three letters' pairs, and the caption is there: at frame 39 of 29.97. The second
        // is shown at 90 + 11, and taken away at 165.
        ServiceSample(
            name: "pop-on.scc", text: popOn,
            times: [[1301, 3370], [3370, 5506]], texts: ["HELLO", "A\nÉ"], grid: 0.034),
        // The first letters come six frames after the line begins; ':' counts every frame.
        ServiceSample(
            name: "roll-up.scc", text: rollUp, times: [[2202, 4071], [4204, 6006]], texts: [">> ONE", "TWOç"],
            grid: 0.034),
        ServiceSample(
            name: "a.smi",
            text: """
                <SAMI>
                <HEAD>
                <STYLE TYPE="text/css">
                <!--
                P { font-size: 1.2em; }
                .ENCC { Name: English; lang: en-US; SAMIType: CC; }
                .KRCC { Name: Korean; lang: ko-KR; SAMIType: CC; }
                -->
                </STYLE>
                </HEAD>
                <BODY>
                <SYNC Start=1000><P Class=ENCC>Hello<br>there &amp; back
                <P Class=KRCC>안녕
                <SYNC Start="2500"><P Class=ENCC>&nbsp;
                <SYNC Start=3000><P Class=KRCC>&nbsp;
                <sync start='4000'><p class='ENCC'><font color="red">Bye</font></p></sync>
                <SYNC Start=5250><P Class=ENCC>&nbsp;
                </BODY>
                </SAMI>
                """ + "\n",
            times: [[1000, 2500], [1000, 3000], [4000, 5250]], texts: ["Hello\nthere & back", "안녕", "Bye"]),
        ServiceSample(
            name: "a.sbv",
            text: "0:00:01.000,0:00:02.500\nHello\nthere\n\n0:01:00.500,0:01:02.250\nBye\n",
            times: [[1000, 2500], [60_500, 62_250]], texts: ["Hello\nthere", "Bye"]),
        ServiceSample(
            name: "two.sub",
            text: """
                [INFORMATION]
                [TITLE]Film
                [AUTHOR]
                [SOURCE]
                [PRG]
                [FILEPATH]
                [DELAY]0
                [CD TRACK]0
                [COMMENT]
                [END INFORMATION]
                [SUBTITLE]
                [COLF]&HFFFFFF,[STYLE]bd,[SIZE]18,[FONT]Arial
                00:00:01.50,00:00:03.25
                Hello[br]there

                00:00:04.00,00:00:05.00
                Bye
                """ + "\n",
            times: [[1500, 3250], [4000, 5000]], texts: ["Hello\nthere", "Bye"], grid: 0.01),
        ServiceSample(
            name: "one.sub",
            text: """
                [TITLE]
                Film
                [AUTHOR]

                [SOURCE]

                [PRG]

                [FILEPATH]

                [DELAY]
                0
                [CD TRACK]
                0
                [BEGIN]
                ******** START SCRIPT ********
                [00:00:04]
                Hello|there
                [00:00:08]

                [00:00:10]
                Bye
                [00:00:12]

                [END]
                ******** END SCRIPT ********
                """ + "\n",
            times: [[4000, 8000], [10_000, 12_000]], texts: ["Hello\nthere", "Bye"], grid: 1),
        ServiceSample(
            name: "a.json3",
            text: """
                {
                  "wireMagic": "pb3", "pens": [ { } ], "wsWinStyles": [ { }, { "mhModeHint": 2 } ],
                  "events": [ { "tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1 },
                  { "tStartMs": 1200, "dDurationMs": 3000, "wWinId": 1, "segs": [ { "utf8": "so", "acAsrConf": 0 },
                    { "utf8": " \\u00e9t\\u00e9", "tOffsetMs": 320, "acAsrConf": 0 } ] },
                  { "tStartMs": 2500, "dDurationMs": 1700, "wWinId": 1, "aAppend": 1, "segs": [ { "utf8": "\\n" } ] },
                  { "tStartMs": 2510, "dDurationMs": 2000, "wWinId": 1, "segs": [ { "utf8": "[Music]" } ] } ]
                }
                """ + "\n",
            times: [[1200, 4200], [1200, 1520], [1520, 2510], [2510, 4510]], texts: ["so été", "so", "été", "[Music]"]),
        ServiceSample(
            name: "a.srv3",
            text: """
                <?xml version="1.0" encoding="utf-8" ?><timedtext format="3">
                <head><ws id="0"/><wp id="1" ap="6" ah="20" av="100"/></head>
                <body>
                <w t="0" id="1" wp="1" ws="1"/>
                <p t="1200" d="3000" w="1"><s ac="248">so</s><s t="320" ac="252"> it&#39;s</s></p>
                <p t="2500" d="1700" w="1" a="1">
                </p>
                <p t="5000" d="1500">plain &amp;amp; simple</p>
                </body></timedtext>
                """ + "\n",
            times: [[1200, 4200], [1200, 1520], [1520, 4200], [5000, 6500]],
            texts: ["so it's", "so", "it's", "plain & simple"]),
        ServiceSample(
            name: "a.xml",
            text:
                "<?xml version=\"1.0\" encoding=\"utf-8\" ?><transcript>"
                + "<text start=\"1.28\" dur=\"2.4\">it&amp;#39;s one"
                + "</text><text start=\"4\" dur=\"1.06\">two</text></transcript>",
            times: [[1280, 3680], [4000, 5060]], texts: ["it's one", "two"]),
        ServiceSample(
            name: "netflix.dfxp",
            text: """
                <?xml version="1.0" encoding="UTF-8" standalone="no"?>
                <tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
                xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:tickRate="10000000" ttp:timeBase="media" \
                ttp:cellResolution="40 19" xml:lang="en">
                <head><ttp:profile use="http://netflix.com/ttml/profile/dfxp-ls-sdh"/></head>
                <body><div xml:space="preserve">
                <p xml:id="subtitle0" begin="15000000t" end="34200000t" region="bottomCenter"><span \
                style="style0">One,<br/>two</span></p>
                </div></body></tt>
                """ + "\n",
            times: [[1500, 3420]], texts: ["One,\ntwo"]),
        ServiceSample(
            name: "prime.ttml2",
            text: """
                <tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" \
                xml:lang="de">
                <tt:body><tt:div><tt:p begin="00:00:01.500" end="00:00:02.750">Ja</tt:p></tt:div></tt:body></tt:tt>
                """ + "\n",
            times: [[1500, 2750]], texts: ["Ja"]),
        ServiceSample(
            name: "itunes.itt",
            text: """
                <tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en-US" \
                ttp:timeBase="smpte" ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001" ttp:dropMode="nonDrop">
                <body><div><p begin="00:00:01:00" end="00:00:03:00">One</p></div></body></tt>
                """ + "\n",
            // 24 and 72 frames of 24000/1001 a second.
            times: [[1001, 3003]], texts: ["One"], grid: 0.042),
        ServiceSample(
            name: "pictures.ttml",
            text: """
                <tt xmlns="http://www.w3.org/ns/ttml" \
                xmlns:smpte="http://www.smpte-ra.org/schemas/2052-1/2010/smpte-tt">
                <body><div begin="00:00:01.000" end="00:00:02.500" smpte:backgroundImage="#img_0"/>
                <div begin="00:00:04.000" end="00:00:05.000"><image src="1.png"/></div></body></tt>
                """ + "\n",
            times: [[1000, 2500], [4000, 5000]], texts: ["", ""]),
    ]

    // MARK: Services

    static let services: [ServiceSample] = [
        ServiceSample(
            name: "transcribe.json",
            text: """
                {"jobName": "j", "accountId": "1", "status": "COMPLETED", "results": {"language_code": "en-US",
                "transcripts": [{"transcript": "One two."}],
                "speaker_labels": {"speakers": 1, "segments": [{"start_time": "0.5", "end_time": "1.75", \
                "speaker_label": "spk_0", "items": [{"speaker_label": "spk_0", "start_time": "0.5", "end_time": "1.0"},
                {"speaker_label": "spk_0", "start_time": "1.0", "end_time": "1.75"}]}]},
                "items": [{"id": 0, "type": "pronunciation", "alternatives": [{"confidence": "0.999", "content": \
                "One"}], \
                "start_time": "0.5", "end_time": "1.0"},
                {"id": 1, "type": "pronunciation", "alternatives": [{"confidence": "0.99", "content": "two"}], \
                "start_time": "1.0", "end_time": "1.75", "speaker_label": "spk_0"},
                {"id": 2, "type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]}],
                "audio_segments": [{"id": 0, "transcript": "One two.", "start_time": "0.5", "end_time": "1.75", \
                "speaker_label": "spk_0", "items": [0, 1, 2]}]}}
                """ + "\n",
            times: [[500, 1000], [1000, 1750], [500, 1750]], texts: ["One", "two", "One two."],
            speakers: ["spk_0", "spk_0", "spk_0"]),
        ServiceSample(
            name: "channels.json",
            text: """
                {"results": {"channel_labels": {"number_of_channels": 2, "channels": [
                {"channel_label": "ch_0", "items": [{"start_time": "0.5", "end_time": "1.0", \
                "alternatives": [{"content": "hi"}], "type": "pronunciation"}]},
                {"channel_label": "ch_1", "items": [{"start_time": "2.25", "end_time": "2.5", \
                "alternatives": [{"content": "yes"}], "type": "pronunciation"}]}]}}}
                """ + "\n",
            times: [[500, 1000], [2250, 2500]], texts: ["hi", "yes"]),
        ServiceSample(
            name: "analytics.json",
            text: """
                {"JobName": "j", "LanguageCode": "en-US", "Transcript": [{"LoudnessScores": [70.1], "Content": "Hi.", \
                "Items": [{"Content": "Hi", "Confidence": "0.9", "VocabularyMatch": false, "BeginOffsetMillis": 440, \
                "EndOffsetMillis": 560, "Type": "pronunciation"}, {"Content": ".", "Type": "punctuation", \
                "BeginOffsetMillis": 560, "EndOffsetMillis": 560}], \
                "BeginOffsetMillis": 440, "EndOffsetMillis": 960, "ParticipantRole": "AGENT"}]}
                """ + "\n",
            times: [[440, 960], [440, 560]], texts: ["Hi.", "Hi"], speakers: ["AGENT", "AGENT"]),
        ServiceSample(
            name: "google.json",
            text: """
                {"name": "1", "done": true, "response": {"@type": "LongRunningRecognizeResponse", "results": [
                {"alternatives": [{"transcript": "one two", "confidence": 0.98, "words": [
                {"startTime": "0s", "endTime": "1.100s", "word": "one"}, {"startTime": "1.100s", "endTime": "1.500s", \
                "word": "two"}]}, {"transcript": "on to", "words": [{"startTime": "0s", "endTime": "1.500s", "word": \
                "on"}]}],
                "resultEndTime": "1.840s", "languageCode": "en-us"},
                {"alternatives": [{"words": [{"startTime": "0s", "endTime": "1.100s", "word": "one", "speakerTag": 1},
                {"startTime": "1.100s", "endTime": "1.500s", "word": "two", "speakerTag": 2}]}]}],
                "totalBilledTime": "15s"}}
                """ + "\n",
            times: [[0, 1100], [1100, 1500]], texts: ["one", "two"], speakers: ["1", "2"]),
        ServiceSample(
            name: "speech.json",
            text: """
                {"results": [{"alternatives": [{"transcript": "one", "words": [{"start_time": {"seconds": "1", \
                "nanos": 300000000}, "end_time": {"seconds": "2", "nanos": 50000000}, "word": "one"}]}]}]}
                """ + "\n",
            times: [[1300, 2050]], texts: ["one"]),
        ServiceSample(
            name: "batch.json",
            text: """
                {"results": {"gs://b/a.wav": {"transcript": {"results": [{"alternatives": [{"transcript": "one", \
                "words": [{"startOffset": "0.500s", "endOffset": "0.900s", "word": "one", "speakerLabel": "1"}]}], \
                "resultEndOffset": "1.200s"}]}}}}
                """ + "\n",
            times: [[500, 900]], texts: ["one"], speakers: ["1"]),
        ServiceSample(
            name: "deepgram.json",
            text: """
                {"metadata": {"request_id": "x", "duration": 9.5, "channels": 1}, "results": {"channels": \
                [{"alternatives": [
                {"transcript": "One two.", "confidence": 0.99, "words": [
                {"word": "one", "start": 0.08, "end": 0.32, "confidence": 0.9, "punctuated_word": "One", "speaker": 0},
                {"word": "two", "start": 0.32, "end": 0.7999, "confidence": 0.9, "punctuated_word": "two.", "speaker": \
                0}],
                "paragraphs": {"transcript": "One two.", "paragraphs": [{"sentences": [{"text": "One two.", "start": \
                0.08, \
                "end": 0.7999}], "speaker": 0, "num_words": 2, "start": 0.08, "end": 0.7999}]}}]}]}}
                """ + "\n",
            times: [[80, 320], [320, 800], [80, 800]], texts: ["one", "two", "One two."], speakers: ["0", "0", "0"]),
        ServiceSample(
            name: "utterances.json",
            text: """
                {"results": {"channels": [{"alternatives": [{"words": [{"word": "hi", "start": 1, "end": 1.5}]}]},
                {"alternatives": [{"words": [{"word": "yes", "start": 2.0, "end": 2.5}]}]}], "utterances": [
                {"start": 1, "end": 1.5, "channel": 0, "transcript": "hi", "words": [{"word": "hi", "start": 1, "end": \
                1.5}]}]}}
                """ + "\n",
            times: [[1000, 1500], [2000, 2500], [1000, 1500]], texts: ["hi", "yes", "hi"]),
        ServiceSample(
            name: "assembly.json",
            text: """
                {"id": "x", "acoustic_model": "default", "language_code": "en_us", "status": "completed", "text": "One \
                two.",
                "words": [{"text": "One", "start": 80, "end": 110, "confidence": 0.9, "speaker": "A"},
                {"text": "two.", "start": 110, "end": 130, "confidence": 0.9, "speaker": "A"}],
                "utterances": [{"confidence": 0.9, "end": 130, "speaker": "A", "start": 80, "text": "One two.", \
                "words": [
                {"text": "One", "start": 80, "end": 110, "speaker": "A"}, {"text": "two.", "start": 110, "end": 130}]}],
                "chapters": [{"gist": "g", "headline": "h", "summary": "s", "start": 80, "end": 130}],
                "audio_duration": 12, "webhook_url": null}
                """ + "\n",
            times: [[80, 130], [80, 110], [110, 130]], texts: ["One two.", "One", "two."]),
        ServiceSample(
            name: "rev.json",
            text: """
                {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Hi", "ts": 0.25, "end_ts": 0.5, \
                "confidence": 1.0}, {"type": "punct", "value": ", "}, {"type": "text", "value": "you", "ts": 0.75, \
                "end_ts": 1.12, "confidence": 0.8}, {"type": "text", "value": "eh", "ts": null, "end_ts": null}]}]}
                """ + "\n",
            times: [[250, 500], [750, 1120]], texts: ["Hi", "you"], speakers: ["0", "0"]),
        ServiceSample(
            name: "rev-human.json",
            text: """
                {"speakers": [{"id": 1, "name": "Ann"}], "monologues": [{"speaker": 1, "elements": [{"type": "text", \
                "value": "Hi", "timestamp": "00:00:01,250", "end_timestamp": "00:00:01,500"}]}]}
                """ + "\n",
            times: [[1250, 1500]], texts: ["Hi"], speakers: ["Ann"]),
        ServiceSample(
            name: "sphinx.json",
            text: """
                {"b":0.120,"d":1.230,"p":0.98,"t":"to go","w":[{"b":0.120,"d":0.080,"p":1.0,"t":"<s>"},{"b":0.200,\
                "d":0.300,"p":0.9,"t":"to(2)","w":[{"b":0.200,"d":0.100,"p":1.0,"t":"T"}]},\
                {"b":0.500,"d":0.850,"p":1.0,\
                "t":"go"}]}
                {"b":2.000,"d":0.500,"p":1.0,"t":"","w":[]}
                """ + "\n",
            times: [[120, 1350], [120, 200], [200, 500], [500, 1350], [2000, 2500]],
            texts: ["to go", "", "to", "go", ""]),
        ServiceSample(
            name: "nemo.json",
            text: """
                {"audio_filepath": "a.wav", "offset": 1.5, "duration": 2.25, "text": "one", "label": "infer", \
                "speaker": null}
                {"audio_filepath": "a.wav", "offset": 4, "duration": 1.0, "text": "two"}
                """ + "\n",
            times: [[1500, 3750], [4000, 5000]], texts: ["one", "two"]),
        ServiceSample(
            name: "otter.txt",
            text: """
                Speaker 1  0:04 \u{20}
                Hello, one two. And

                Ann Lee  0:09 \u{20}
                three four.

                Unknown Speaker  1:02:03 \u{20}
                Five.

                Transcribed by https://otter.ai
                """ + "\n",
            times: [[4000, 9000], [9000, 3_723_000], [3_723_000, 3_724_000]],
            texts: ["Hello, one two. And", "three four.", "Five."],
            speakers: ["Speaker 1", "Ann Lee", "Unknown Speaker"], grid: 1),
        ServiceSample(
            name: "descript.txt",
            text: """
                [00:00:03] Ann: Hello there.

                [00:01:10] Ben Lee: Bye now.
                And more.
                """ + "\n",
            times: [[3000, 70_000], [70_000, 71_600]], texts: ["Hello there.", "Bye now.\nAnd more."],
            speakers: ["Ann", "Ben Lee"], grid: 1),
        ServiceSample(
            name: "descript.md",
            text: "**Ann:** [00:00:03] Hello there.\n\n**Ben:** [00:01:10.5] Bye.\n",
            times: [[3000, 70_500], [70_500, 71_500]], texts: ["Hello there.", "Bye."], speakers: ["Ann", "Ben"],
            grid: 1),
    ]

    // MARK: Corpora

    static let corpora: [ServiceSample] = [
        ServiceSample(
            name: "map.json",
            text: """
                {
                 "fragments": [
                  {"begin": "0.500", "children": [], "end": "2.680", "id": "f000001", "language": "eng", "lines": \
                ["One"]},
                  {"begin": "2.680", "children": [], "end": "5.880", "id": "f000002", "language": "eng", "lines": \
                ["two", "three"]}
                 ]
                }
                """ + "\n",
            times: [[500, 2680], [2680, 5880]], texts: ["One", "two\nthree"]),
        ServiceSample(
            name: "map.rbse",
            text:
                "{\n \"smil_data\": [\n  {\n   \"begin\": \"0.500\", \n   \"end\": \"2.640\", \n"
                + "   \"id\": \"f000001\"\n  }\n ]}\n",
            times: [[500, 2640]], texts: [""]),
        ServiceSample(
            name: "map.csv",
            text: "f000001,0.500,2.680,\"One, two\"\nf000002,2.680,5.880,\"three\"\n",
            times: [[500, 2680], [2680, 5880]],
            texts: ["One, two", "three"]),
        ServiceSample(
            name: "map.csvh", text: "f000001,00:00:00.500,00:00:02.680,\"One\"\n", times: [[500, 2680]],
            texts: ["One"]),
        ServiceSample(
            name: "map.tsv", text: "0.500\t2.680\tf000001\n2.680\t5.880\tf000002\n",
            times: [[500, 2680], [2680, 5880]],
            texts: ["", ""]),
        ServiceSample(
            name: "map.txt", text: "f000001 0.500 2.680 \"1\"\nf000002 2.680 5.880 \"From the, \"\n",
            times: [[500, 2680], [2680, 5880]], texts: ["1", "From the, "]),
        ServiceSample(
            name: "bare.txt", text: "f001 0.000 2.500\nf002 2.500 4.000\n", times: [[0, 2500], [2500, 4000]],
            texts: ["", ""]),
        ServiceSample(
            name: "map.ssv", text: "0.500 2.680 f000001 \"One two\"\n", times: [[500, 2680]], texts: ["One two"]),
        ServiceSample(
            name: "map.xml",
            text:
                "<?xml version='1.0' encoding='ASCII'?>\n<map>\n"
                + "  <fragment id=\"f000001\" begin=\"0.500\" end=\"2.680\">\n"
                + "    <line>One</line>\n    <line>two</line>\n  </fragment>\n</map>\n",
            times: [[500, 2680]], texts: ["One\ntwo"]),
        ServiceSample(
            name: "legacy.xml",
            text:
                "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<map>\n <fragment>\n  <identifier>f000001</identifier>\n"
                + "  <start>0.500</start>\n  <end>2.680</end>\n </fragment>\n</map>",
            times: [[500, 2680]], texts: [""]),
        ServiceSample(
            name: "overlay.smil",
            text: """
                <smil xmlns:epub="http://www.idpf.org/2007/ops" xmlns="http://www.w3.org/ns/SMIL" version="3.0">
                  <body><seq id="seq000001" epub:textref="p001.xhtml">
                    <par id="par000001"><text src="p001.xhtml#f000001"/><audio clipBegin="00:00:00.500" \
                clipEnd="00:00:02.680" src="p001.mp3"/></par>
                    <par><text src="p001.xhtml#f2"/><audio src="p001.mp3" clipBegin="2.680s" clipEnd="5880ms"/></par>
                    <par><text src="p001.xhtml#f3"/><audio src="p001.mp3" clip-begin="npt=6.5s" clip-end="7"/></par>
                  </seq></body>
                </smil>
                """ + "\n",
            times: [[500, 2680], [2680, 5880], [6500, 7000]], texts: ["", "", ""]),
        ServiceSample(
            name: "msajc003_annot.json",
            text: """
                {
                    "name": "msajc003",
                    "annotates": "msajc003.wav",
                    "sampleRate": 20000,
                    "levels": [
                        {"name": "Utterance", "type": "ITEM", "items": [{"id": 8, "labels": [{"name": "Utterance", \
                "value": ""}]}]},
                        {"name": "Phonetic", "type": "SEGMENT", "items": [
                            {"id": 147, "sampleStart": 4000, "sampleDur": 999, "labels": [{"name": "Phonetic", \
                "value": "V"}]},
                            {"id": 148, "sampleStart": 5000, "sampleDur": 999, "labels": [{"name": "Phonetic", \
                "value": "m"}]}]},
                        {"name": "Tone", "type": "EVENT", "items": [
                            {"id": 181, "samplePoint": 8000, "labels": [{"name": "Tone", "value": "H*"}]}]}
                    ],
                    "links": [{"fromID": 8, "toID": 147}]
                }
                """ + "\n",
            // 4000 / 20000, (4000 + 999 + 1) / 20000, and so on.
            times: [[200, 250], [250, 300], [400, 400]], texts: ["V", "m", "H*"]),
        ServiceSample(
            name: "a.cha",
            text: """
                @UTF8
                @Begin
                @Languages:\teng
                @Participants:\tCHI Target_Child, MOT Mother
                @ID:\teng|corpus|CHI|||||Target_Child|||
                @Media:\ta, audio
                *CHI:\tmore &-um cookie [/] <a (be)cause> . \u{15}1050_2073\u{15}
                %mor:\tqn|more n|cookie .
                %wor:\tmore \u{15}1050_1400\u{15} um \u{15}1400_1500\u{15} cookie \u{15}1500_2073\u{15} .
                *MOT:\t&=laughs no:o (1.5) you
                \tcan't ! \u{15}2100_3900\u{15}
                @End
                """ + "\n",
            times: [[1050, 2073], [1050, 1400], [1400, 1500], [1500, 2073], [2100, 3900]],
            texts: ["more um cookie a because.", "more", "um", "cookie", "noo you can't!"],
            speakers: ["CHI", "CHI", "CHI", "CHI", "MOT"]),
        ServiceSample(
            name: "old.cha",
            text:
                "@Begin\n*CHI:\thi . \u{15}%snd:\"a_1\"_1050_2073\u{15}\n"
                + "*MOT:\tyes . •2100_2500•\n*MOT:\tno . 3000_3500\n@End\n",
            times: [[1050, 2073], [2100, 2500], [3000, 3500]], texts: ["hi.", "yes.", "no."]),
        ServiceSample(
            name: "00001.txt",
            text:
                "Text:  WHEN YOU'RE\nConf:  4\nRef:   abc\n\nFRAME X \tY \tW \tH \n"
                + "000001 0.425 \t0.170 \t0.158 \t0.280 \n\n"
                + "WORD START END ASDSCORE\nWHEN 0.15 0.30 8.6\nYOU'RE 0.30 0.51 9.1\n{NS} 0.6 0.75 1\n",
            times: [[150, 300], [300, 510], [600, 750]], texts: ["WHEN", "YOU'RE", ""], grid: 0.01),
        ServiceSample(
            name: "SA1.WRD", text: "2260 5900 she\n5900 9600 had\n", times: [[141, 369], [369, 600]],
            texts: ["she", "had"]),
        ServiceSample(
            name: "sa1.phn", text: "0 2260 h#\n2260 4070 sh\n4070 5265 ix\n",
            times: [[0, 141], [141, 254], [254, 329]],
            texts: ["", "sh", "ix"]),
        ServiceSample(
            name: "sphinx.txt",
            text:
                "go forward\n<s> 0.010 0.210 0.999\ngo 0.210 0.460 0.996002\n"
                + "forward(2) 0.470 0.810 1e-05\n</s> 0.820 1.000 1.0\n",
            times: [[10, 210], [210, 460], [470, 810], [820, 1000]], texts: ["", "go", "forward", ""]),
        ServiceSample(
            name: "a.wdseg",
            text:
                " \tSFrm\tEFrm\t   SegAScr\tWord\n\t   0\t  54\t -1234567\t<s>\n"
                + "\t  55\t  99\t -765\tgo\n Total score:   -2345\n",
            times: [[0, 550], [550, 1000]], texts: ["", "go"], grid: 0.01),
    ]
}
