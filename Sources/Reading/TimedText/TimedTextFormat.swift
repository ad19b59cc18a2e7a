/// Supported formats of timed text.
public enum TimedTextFormat: String, Sendable, CaseIterable {
    case subRip = "srt"
    case webVTT = "vtt"
    case subStationAlpha = "ass"
    case ttml
    case ebuSTL = "stl"
    case microDVD = "microdvd"
    case lyrics = "lrc"
    case conversationTimes = "ctm"
    case segmentTimes = "stm"
    case speakerTurns = "rttm"
    case audacityLabels = "audacity"
    case textGrid = "textgrid"
    case elan = "eaf"
    case gridAlign = "align"
    case transcriptJSON = "json"
    case jsonLines = "jsonl"
    case table = "csv"
    case scenarist = "scc"
    case sami = "smi"
    case subViewer = "subviewer"
    case youTubeXML = "srv3"
    case smil
    case fragments
    case lipReading = "lrs"
    case sampleLabels = "wrd"
    case pocketSphinx = "pocketsphinx"
    case chat = "cha"
    case paragraphs

    /// File extensions of timed text for searches of folders.
    public static let extensions: Set<String> = [
        "srt", "vtt", "ass", "ssa", "ttml", "dfxp", "itt", "stl", "sub", "lrc", "ctm", "stm", "rttm", "textgrid", "eaf",
        "align", "sbv", "scc", "smi", "sami", "srv1", "srv2", "srv3", "json3", "cha", "wrd",
    ]

    /// The usual name.
    public var name: String {
        switch self {
        case .subRip: "SubRip"
        case .webVTT: "WebVTT"
        case .subStationAlpha: "ASS/SSA"
        case .ttml: "TTML"
        case .ebuSTL: "EBU-STL"
        case .microDVD: "MicroDVD"
        case .lyrics: "LRC"
        case .conversationTimes: "CTM"
        case .segmentTimes: "STM"
        case .speakerTurns: "RTTM"
        case .audacityLabels: "Audacity labels"
        case .textGrid: "Praat TextGrid"
        case .elan: "ELAN EAF"
        case .gridAlign: "GRID align"
        case .transcriptJSON: "transcript JSON"
        case .jsonLines: "JSON lines"
        case .table: "table"
        case .scenarist: "SCC"
        case .sami: "SAMI"
        case .subViewer: "SubViewer 1"
        case .youTubeXML: "YouTube's XML"
        case .smil: "SMIL"
        case .fragments: "aeneas' sync map"
        case .lipReading: "LRS words"
        case .sampleLabels: "TIMIT words or phones"
        case .pocketSphinx: "PocketSphinx words"
        case .chat: "CHAT"
        case .paragraphs: "paragraphs with times"
        }
    }

    /// Recognised from the start of the content, and from the name if that is ambiguous; nil: not recognised.
    static func recognise(_ source: EncodedText, name: String) -> TimedTextFormat? {
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let head = source.string(0..<min(source.utf8.count, 8192))
        let start = head.drop { $0.isWhitespace }
        if start.hasPrefix("WEBVTT") { return .webVTT }
        if ScenaristCaptions.looksLikeIt(start) { return .scenarist }
        if SynchronizedMedia.looksLikeIt(start) { return .sami }
        if ChatTranscript.looksLikeIt(start) { return .chat }
        if start.hasPrefix("<") {
            if head.contains("<ANNOTATION_DOCUMENT") { return .elan }
            if YouTubeCaptions.looksLikeIt(head) { return .youTubeXML }
            if head.contains("<smil") || head.contains(":smil") { return .smil }
            if head.contains("<map>"), head.contains("<fragment") { return .fragments }
            if head.contains("<tt") || head.contains(":tt") { return .ttml }
            let isPointed = PocketSphinxWords.looksLikeIt(source)
            return ending == "eaf"
                ? .elan : ["ttml", "dfxp", "itt", "xml"].contains(ending) ? .ttml : isPointed ? .pocketSphinx : nil
        }
        if start.hasPrefix("File type") && head.contains("ooTextFile") || ending == "textgrid" { return .textGrid }
        if start.hasPrefix("[Script Info]") || head.contains("\nDialogue:") || start.hasPrefix("Dialogue:") {
            return .subStationAlpha
        }
        if start.hasPrefix("{"), let second = start.dropFirst().first,
            second.isNumber || second == "}" || ending == "sub"
        {
            return .microDVD
        }
        if start.hasPrefix("{") || start.hasPrefix("[{") || start.hasPrefix("[\n") || start.hasPrefix("[ ") {
            if ending == "jsonl" || ending == "ndjson" { return .jsonLines }
            return JSONNode.isOneToALine(source) ? .jsonLines : .transcriptJSON
        }
        if ending != "lrc", ending != "srt" {
            if start.hasPrefix("[INFORMATION]"), SubRip.looksLikeSubViewer(source) { return .subRip }
            if start.hasPrefix("["), SubViewerScript.looksLikeIt(source) { return .subViewer }
            if start.hasPrefix("["), SpeakerParagraphs.looksLikeIt(source) { return .paragraphs }
        }
        if let named = byName(source, ending, start) { return named }
        if start.hasPrefix("["), ending == "lrc" || Lyrics.looksLikeIt(source) { return .lyrics }
        if !["srt", "csv"].contains(ending), !head.contains("-->"), let plain = plainText(source, start) {
            return plain
        }
        if ending != "srt", let rows = NISTTables.recognise(source, ending: ending) { return rows }
        switch ending {
        case "srt", "sbv": return .subRip
        case "vtt": return .webVTT
        case "ass", "ssa": return .subStationAlpha
        case "sub": return SubRip.looksLikeSubViewer(source) ? .subRip : .microDVD
        case "lrc": return .lyrics
        case "align": return .gridAlign
        case "json": return .transcriptJSON
        case "jsonl", "ndjson": return .jsonLines
        case "csv", "tsv": return .table
        default: break
        }
        if head.contains("-->") { return .subRip }
        if CueArrow.hasCue(source) { return .subRip }
        if AudacityLabels.looksLikeIt(source) { return .audacityLabels }
        if DelimitedTable.looksLikeIt(source) { return .table }
        return nil
    }

    /// Formats recognised by extension only.
    private static func byName(_ source: EncodedText, _ ending: String, _ start: Substring) -> TimedTextFormat? {
        switch ending {
        case "scc": .scenarist
        case "smi", "sami": start.hasPrefix("{") ? .microDVD : .sami
        case "cha": .chat
        case "wrd", "phn": .sampleLabels
        default: FragmentTable.looksLikeIt(source) ? .fragments : nil
        }
    }

    /// Plain text with times, recognised by its lines.
    private static func plainText(_ source: EncodedText, _ start: Substring) -> TimedTextFormat? {
        if LipReadingWords.looksLikeIt(source, start) { return .lipReading }
        if PocketSphinxWords.looksLikeIt(source) { return .pocketSphinx }
        return SpeakerParagraphs.looksLikeIt(source) ? .paragraphs : nil
    }
}
