import Foundation
import Testing

@testable import TimedText

@Suite("Encodings are recognised, and times written into them leave every other byte")
struct EncodingTests {
    static let samples: [(encoding: TextEncoding, iconv: String, text: String)] = [
        (
            .windows1252, "CP1252",
            "Où est le café, à côté ? Ça va très bien, merci. L’été dernier, nous étions à l’hôtel."
        ),
        (.windows1250, "CP1250", "Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń."),
        (.windows1251, "CP1251", "Съешь же ещё этих мягких французских булок, да выпей чаю."),
        (.windows1253, "CP1253", "Καλημέρα σας, πώς είστε σήμερα; Όλα καλά, ευχαριστώ πολύ."),
        (.windows1255, "CP1255", "שלום לכולם, מה שלומכם היום? הכול בסדר גמור, תודה רבה."),
        (.windows1256, "CP1256", "السلام عليكم ورحمة الله، كيف حالكم اليوم؟ نحن بخير والحمد لله."),
        (.windows1254, "CP1254", "Günaydın, bugün nasılsınız? Şimdi çıkıyoruz, ağacın altında bekliyoruz."),
        (.koi8R, "KOI8-R", "Съешь же ещё этих мягких французских булок, да выпей чаю."),
        (.koi8R, "KOI8-R", "привет всем друзья"),
        (.windows1251, "CP1251", "ПРИВЕТ ВСЕМ, КАК ДЕЛА? МЫ ПОШЛИ ДОМОЙ"),
        (.koi8U, "KOI8-U", "Привіт усім, як справи? Її звали Єва, і вона їхала до міста."),
        (.cp866, "CP866", "Съешь же ещё этих мягких французских булок, да выпей чаю."),
        (.windows874, "CP874", "สวัสดีครับ วันนี้อากาศดีมาก เราไปเดินเล่นในสวนกันเถอะ"),
        (.eucKR, "CP949", "안녕하세요, 오늘은 날씨가 아주 좋아서 공원에 갔습니다."),
        (.eucKR, "EUC-KR", "친구와 함께 점심을 먹었습니다."),
        (.eucJP, "EUC-JP", "おはようございます。今日はとても天気がいいですね。一緒に散歩しましょう。"),
        (.shiftJIS, "CP932", "おはようございます。今日はとても天気がいいですね。一緒に散歩しましょう。"),
        (.gb18030, "GB18030", "大家好，今天天气很好，我们一起去公园散步吧。他们已经在那里等我们了。"),
        (.big5, "BIG5", "大家好，今天天氣很好，我們一起去公園散步吧。他們已經在那裡等我們了。"),
    ]

    @Test("each is told from its bytes, read right, and moved without touching the text", arguments: samples.indices)
    func recognises(_ index: Int) throws {
        let sample = EncodingTests.samples[index]
        let whole =
            "1\n00:00:01,000 --> 00:00:04,000\n\(sample.text)\n\n2\n00:00:05,000 --> 00:00:08,000\n\(sample.text)\n"
        let bytes = try #require(EncodingTests.encoded(whole, sample.iconv))
        let document = try TimedTextReader().read(bytes, name: "a.srt")
        #expect(document.encoding == sample.encoding)
        #expect(document.guesses.contains { $0.contains(sample.encoding.rawValue.uppercased()) })
        #expect(try TimedTextReader(encoding: sample.encoding).read(bytes, name: "a.srt").guesses.isEmpty)
        #expect(document.items.map(\.text) == [sample.text, sample.text])
        #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        let moved = try document.rewritten { time, _ in time + 0.25 }.bytes
        let expected = whole.replacingOccurrences(of: ",000 -->", with: ",250 -->").replacingOccurrences(
            of: "4,000", with: "4,250"
        )
        .replacingOccurrences(of: "8,000", with: "8,250")
        #expect(moved == EncodingTests.encoded(expected, sample.iconv))
    }

    @Test("a name that people write for an encoding is understood")
    func names() {
        #expect(TextEncoding(named: "UTF-8") == .utf8)
        #expect(TextEncoding(named: "cp1252") == .windows1252)
        #expect(TextEncoding(named: "Shift_JIS") == .shiftJIS)
        #expect(TextEncoding(named: "latin-1") == .latin1)
        #expect(TextEncoding(named: "klingon") == nil)
        for (encoding, names) in [
            (TextEncoding.eucKR, ["EUC-KR", "euckr", "CP949", "uhc", "ks_c_5601-1987", "windows-949"]),
            (.eucJP, ["EUC-JP", "eucJP", "ujis"]), (.koi8R, ["KOI8-R", "koi8r"]), (.koi8U, ["KOI8-U"]),
            (.cp866, ["CP866", "ibm866", "866"]), (.windows874, ["TIS-620", "windows-874", "cp874", "ISO-8859-11"]),
        ] {
            for name in names { #expect(TextEncoding(named: name) == encoding, "\(name)") }
        }
        for encoding in TextEncoding.allCases where encoding != .binary {
            #expect(TextEncoding(named: encoding.rawValue) == encoding)
        }
    }

    @Test("an encoding of seven bits is refused by its name, and not read as ASCII")
    func sevenBits() throws {
        for name in ["ISO-2022-JP", "ISO-2022-KR"] {
            let text = name.hasSuffix("JP") ? "おはよう" : "안녕하세요"
            let bytes = try #require(EncodingTests.encoded("1\n00:00:01,000 --> 00:00:02,000\n\(text)\n", name))
            let error = try #require(throws: TimedTextError.self) { try TimedTextReader().read(bytes, name: "a.srt") }
            #expect(error.message.contains(name) && error.remedy.contains("iconv -f \(name)"))
        }
    }

    @Test("a byte that is no UTF-8 is read as a replacement and written back as it was")
    func damaged() throws {
        var bytes = Array("1\n00:00:01,000 --> 00:00:02,000\nçà et là, déjà vu\n".utf8)
        bytes.insert(0xFF, at: bytes.count - 3)
        let document = try TimedTextReader().read(bytes, name: "a.srt")
        #expect(document.encoding == .utf8)
        #expect(document.items.count == 1)
        #expect(document.guesses.count == 1)
        #expect(try document.rewritten { time, _ in time }.bytes == bytes)
    }

    @Test("new times that would make the bytes look like another encoding are refused; unchanged, they stay")
    func otherwiseRecognised() throws {
        // Text with zeros, barely no UTF-16: four more bytes make it one.
        var bytes = Array("start\tend\ttext\n1\t2\t".utf8)
        for place in bytes.count..<360 {
            let hasZero = place % 2 == 0 ? (100..<118).contains(place) : (100..<180).contains(place)
            bytes.append(hasZero ? 0 : UInt8(ascii: "a"))
        }
        let document = try TimedTextReader().read(bytes, name: "a.tsv")
        #expect(document.encoding == .utf8 && document.items.count == 1)
        #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        let error = #expect(throws: TimedTextError.self) { try document.rewritten { time, _ in time + 1.5 } }
        #expect(error?.code == "unwritable-encoding")
    }

    /// A text in another encoding, by the C library.
    static func encoded(_ text: String, _ name: String) -> [UInt8]? {
        guard let handle = iconv_open(name, "UTF-8"), Int(bitPattern: handle) != -1 else { return nil }
        defer { iconv_close(handle) }
        var input = Array(text.utf8).map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 2 + 16)
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output -> Int in
                var (from, fromLeft, to, toLeft) = (input.baseAddress, input.count, output.baseAddress, output.count)
                return iconv(handle, &from, &fromLeft, &to, &toLeft) == -1 ? -1 : output.count - toLeft
            }
        }
        return count < 0 ? nil : output.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
