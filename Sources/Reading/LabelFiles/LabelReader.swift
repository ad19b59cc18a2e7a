import Foundation
public import SyncModel

/// Reads label files of any supported kind into one collector.
public struct LabelReader {
    /// A file's path and bytes.
    public struct Source {
        public let path: String
        public let bytes: [UInt8]

        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// Extensions of label files; explicitly given files are read whatever their name.
    public static let endings: Set<String> = [
        "csv", "tsv", "txt", "json", "jsonl", "xml", "boris", "eaf", "textgrid", "vtt", "srt", "lab", "gt", "tab",
    ]

    private let options: LabelOptions
    private let collector: LabelCollector

    public init(options: LabelOptions) {
        self.options = options
        collector = LabelCollector(options: options)
    }

    /// Reads one file; `names` has session, view and annotator from its path.
    public func read(_ source: Source, named names: FileNames) {
        collector.open(source.path, session: names.session, view: names.view, annotator: names.annotator)
        defer { collector.close() }
        guard !source.bytes.isEmpty else {
            return collector.problem("empty-file", row: nil, "is empty (0 bytes)", "export it again or omit it")
        }
        let text = TextBytes(source.bytes)
        if let (name, remedy) = LabelReader.container(source) {
            return collector.problem("unreadable", row: nil, "is \(name)", remedy)
        }
        if text.bytes.prefix(4096).contains(0) {
            return collector.problem(
                "unreadable", row: nil, "is not text", "give a label file (CSV, TSV, JSON and others: docs/actions.md)")
        }
        if let encoding = text.encoding, encoding != "UTF-16" {
            collector.problem(
                isLoss: false, "encoding", row: nil, "is not valid UTF-8 and was read as \(encoding)",
                "save it as UTF-8 if names look wrong")
        }
        dispatch(text, source.path)
    }

    private func dispatch(_ text: TextBytes, _ path: String) {
        guard let first = text.bytes.first(where: { $0 > 0x20 }) else {
            return collector.problem(
                "empty-file", row: nil, "has only blank characters", "export it again or omit it")
        }
        let beginning = String(decoding: text.bytes.prefix(8192), as: UTF8.self)
        if let format = TimedTextLabels.format(beginning, path: path) {
            return TimedTextLabels(options: options).read(text.bytes, format, path: path, into: collector)
        }
        if CVATXMLReader.isHeader(beginning) {
            return CVATXMLReader(options: options).read(text.bytes, into: collector)
        }
        if let (name, remedy) = LabelReader.foreignXML(beginning) {
            return collector.problem("unknown-format", row: nil, "is \(name)", remedy)
        }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return JSONLabels(options: options).read(text, into: collector)
        }
        let table = LabelTable(bytes: text.bytes)
        let names = table.firstRow.map { $0.lowercased() }
        if CharadesReader.isHeader(names), CharadesReader().read(table, into: collector) { return }
        if TableReader(options: options).read(table, into: collector) { return }
        // Frame-wise files never exceed some hundred megabytes: larger files are something else.
        if text.bytes.count < 1 << 28, FramewiseReader(options: options).read(text.string, into: collector) { return }
        if HeaderlessReader(options: options).read(table, into: collector) { return }
        let head =
            String(decoding: text.bytes.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).first.map(
                String.init) ?? ""
        collector.problem(
            "unknown-columns", row: 1,
            """
            has no known columns for the start and end of actions; its first line is \
            '\(head.prefix(80).description.printable)'
            """,
            "specify them: --column start=NAME --column end=NAME --column label=NAME")
    }

    /// The type of a binary file of another program, and what to export instead; nil: not a known one.
    private static func container(_ source: Source) -> (name: String, remedy: String)? {
        let ending = URL(fileURLWithPath: source.path).pathExtension.lowercased()
        if source.bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            switch ending {
            case "xlsx", "ods": return ("a spreadsheet", "save it as CSV")
            case "opf": return ("a Datavyu project", "export it there as CSV")
            default: return ("a ZIP archive", "unpack it and give the label files in it")
            }
        }
        if source.bytes.starts(with: Array("SQLite format 3".utf8)) {
            return ("a SQLite database", "export its labels as CSV")
        }
        if source.bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return ("an old Office file", "save it as CSV") }
        if source.bytes.starts(with: Array("PAR1".utf8)) {
            return ("Parquet", "convert it to CSV: duckdb -c \"COPY (FROM 'FILE') TO 'labels.csv'\"")
        }
        return ending == "antb" || ending == "odx"
            ? ("an annotation program's project", "export it there as an event table, CSV or text") : nil
    }

    /// The type of unsupported XML, and what to export instead; nil: not XML.
    private static func foreignXML(_ beginning: String) -> (name: String, remedy: String)? {
        let start = beginning.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        let kinds: [(mark: String, name: String, remedy: String)] = [
            ("<annotation>", "an annotation of one image (Pascal VOC)", "export the labels of the video as CSV"),
            ("<annotation ", "an ANVIL file", "export it from ANVIL as a table or to ELAN (.eaf)"),
            ("<TIER_", "part of an ELAN file", "save the whole annotation document (.eaf)"),
            ("<xmeml", "a Final Cut or Premiere sequence", "export its markers as CSV"),
            ("<fcpxml", "a Final Cut sequence", "export its markers as CSV"),
            ("<Noldus", "an Observer file", "export it there as an event table"),
            ("<!DOCTYPE html", "a web page", "save the labels themselves instead of the page"),
            ("<html", "a web page", "save the labels themselves instead of the page"),
        ]
        if let found = kinds.first(where: { beginning.contains($0.mark) && start.hasPrefix("<") }) {
            return (found.name, found.remedy)
        }
        guard start.hasPrefix("<?xml") || start.hasPrefix("<!") else { return nil }
        return (
            "XML of an unsupported kind",
            "export it as CSV with start, end and label, as ELAN (.eaf), or from CVAT as 'CVAT for video'"
        )
    }

    /// Reports a file that cannot be opened.
    public func failed(_ path: String, _ reason: String, _ remedy: String) {
        collector.open(path, session: "", view: "", annotator: "")
        collector.problem("unreadable", row: nil, reason, remedy)
        collector.close()
    }

    /// The collected labels.
    public func corpus() -> LabelCorpus { collector.corpus() }
}
