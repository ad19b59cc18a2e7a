/// The formats of timed text that are read and written.
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

    /// File names that end so are taken for timed text when folders are searched.
    public static let extensions: Set<String> = [
        "srt", "vtt", "ass", "ssa", "ttml", "dfxp", "itt", "stl", "sub", "lrc", "ctm", "stm", "rttm", "textgrid", "eaf",
        "align",
    ]

    /// What people call it.
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
        }
    }

    /// Told from the beginning of the content first, from the name where that leaves it open; nil: neither tells.
    static func recognise(_ source: EncodedText, name: String) -> TimedTextFormat? {
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let head = source.string(0..<min(source.utf8.count, 8192))
        let start = head.drop { $0.isWhitespace }
        if start.hasPrefix("WEBVTT") { return .webVTT }
        if start.hasPrefix("<") {
            if head.contains("<ANNOTATION_DOCUMENT") { return .elan }
            if head.contains("<tt") || head.contains(":tt") { return .ttml }
            return ending == "eaf" ? .elan : ["ttml", "dfxp", "itt", "xml"].contains(ending) ? .ttml : nil
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
        if start.hasPrefix("["), ending == "lrc" || Lyrics.looksLikeIt(source) { return .lyrics }
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
        if AudacityLabels.looksLikeIt(source) { return .audacityLabels }
        if DelimitedTable.looksLikeIt(source) { return .table }
        return nil
    }
}
