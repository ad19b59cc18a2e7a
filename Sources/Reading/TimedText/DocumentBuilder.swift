/// Collects the items and faults of a file for a reader.
struct DocumentBuilder {
    let source: EncodedText
    let format: TimedTextFormat
    var tiers: [TextTier] = []
    var items: [TimedItem] = []
    var faults: [TextFault] = []
    var guesses: [String] = []
    var fields: [TimeField] = []
    var language: String?
    /// Why the file cannot be written with new times.
    private var refusal: TimedTextError?
    var sequence: MarkSequence?
    var codes: ScenaristCodes?

    /// Maximum number of faults kept: a file with more is something else.
    private static let mostFaults = 10_000
    private var tierIndices: [String: Int] = [:]
    private let lineIndex: LineIndex

    init(_ source: EncodedText, _ format: TimedTextFormat) {
        self.source = source
        self.format = format
        lineIndex = LineIndex(source)
        guard source.isGuessed else { return }
        let name = source.encoding.rawValue.uppercased()
        guesses.append(
            source.encoding == .utf8
                ? "read as UTF-8, although some bytes are not valid UTF-8; set another with --encoding"
                : "read as \(name), guessed from the bytes; set another with --encoding")
    }

    /// The line, from 1, of an offset.
    func line(at offset: Int) -> Int { lineIndex.line(at: offset) }

    /// The tier of a name, added if new.
    mutating func tier(_ name: String, language: String? = nil) -> Int {
        if let known = tierIndices[name] { return known }
        tiers.append(TextTier(name: name, language: language))
        tierIndices[name] = tiers.count - 1
        return tiers.count - 1
    }

    /// A new tier, even if the name exists.
    mutating func newTier(_ name: String, language: String? = nil) -> Int {
        tiers.append(TextTier(name: name, language: language))
        if tierIndices[name] == nil { tierIndices[name] = tiers.count - 1 }
        return tiers.count - 1
    }

    /// Reports an assumption once.
    mutating func guess(_ message: String) {
        if !guesses.contains(message) { guesses.append(message) }
    }

    mutating func fault(_ line: Int, _ message: String) {
        if faults.count < DocumentBuilder.mostFaults { faults.append(TextFault(line: line, message: message)) }
    }

    /// Records why the file cannot be written with new times; the first reason counts.
    mutating func refuse(line: Int, message: String, remedy: String) {
        guard refusal == nil else { return }
        refusal = TimedTextError(
            code: "unwritable-time", message: "cannot be written with new times: line \(line) \(message)",
            remedy: remedy)
    }

    /// Adds an item with a start and an end time.
    ///
    /// - Parameters:
    ///   - text: the range of its text.
    ///   - block: what else belongs to it.
    ///   - bias: seconds to add to its written times.
    mutating func add(
        _ item: TimedItem, from start: WrittenTime, to end: WrittenTime, text: TextPlace? = nil,
        block: BlockPlace? = nil, bias: Double = 0
    ) {
        let from = start.field(anchor: item.start, bias: bias)
        add(item, from, end.field(anchor: item.start, bias: bias), text, block)
    }

    /// Adds an item with a start and a duration, to which `bias` seconds are added.
    mutating func add(
        _ item: TimedItem, from start: WrittenTime, lasting duration: WrittenTime, text: TextPlace? = nil,
        block: BlockPlace? = nil, bias: Double = 0
    ) {
        let length = duration.field(anchor: item.start, base: item.start, bias: bias)
        add(item, start.field(anchor: item.start), length, text, block)
    }

    private mutating func add(
        _ item: TimedItem, _ start: TimeField, _ end: TimeField, _ text: TextPlace?, _ block: BlockPlace?
    ) {
        var item = item
        item.place = ItemPlace(
            start: start, end: end, endsByDuration: end.base != nil, text: text, block: block)
        items.append(item)
        fields += [start, end]
    }

    func document() -> TimedTextDocument {
        TimedTextDocument(
            format: format, encoding: source.encoding, tiers: tiers.isEmpty ? [TextTier(name: "")] : tiers,
            items: items, faults: faults,
            guesses: guesses, language: language, source: source, fields: fields, refusal: refusal,
            sequence: sequence, codes: codes)
    }
}
