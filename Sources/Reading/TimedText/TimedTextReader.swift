/// Reads timed text of any supported format.
///
/// ```swift
/// let text = "1\n00:00:01,000 --> 00:00:02,500\nGood morning.\n"
/// let document = try TimedTextReader().read(Array(text.utf8), name: "take3.srt")
/// print(document.items[0].start, document.items[0].text)  // 1.0 Good morning.
/// ```
public struct TimedTextReader: Sendable {
    /// The media's frame rate, for formats that count frames; nil: unknown.
    public var frameRate: Double?
    /// Returns, if a format needs it, the time of the media's transport stream clock that counts as 0, in seconds; nil:
    /// no such clock, or unknown.
    public var mediaStart: @Sendable () -> Double? = { nil }
    /// The encoding, if known; nil: recognised.
    public var encoding: TextEncoding?
    /// The format, if known; nil: recognised.
    public var format: TimedTextFormat?

    public init(frameRate: Double? = nil, encoding: TextEncoding? = nil, format: TimedTextFormat? = nil) {
        self.frameRate = frameRate
        self.encoding = encoding
        self.format = format
    }

    /// Maximum file size in bytes: larger files are not text made by people.
    static let mostBytes = 256 << 20

    /// Reads a file's bytes. A broken cue becomes a fault of the document, and the rest is read.
    ///
    /// - Parameter name: the file's name, whose extension is used if the content is ambiguous.
    /// - Throws: `TimedTextError` if nothing can be read.
    public func read(_ bytes: [UInt8], name: String) throws(TimedTextError) -> TimedTextDocument {
        guard !bytes.isEmpty else {
            throw TimedTextError(code: "empty-file", message: "is empty (0 bytes)", remedy: "save or copy it again")
        }
        guard bytes.count <= TimedTextReader.mostBytes else {
            throw TimedTextError(
                code: "too-large", message: "is larger than 256 MB",
                remedy: "check that it is text; if so, split it")
        }
        if format == .ebuSTL || format == nil && EBUSubtitles.looksLikeIt(bytes) {
            return try TimedTextReader.checked(try EBUSubtitles.read(bytes))
        }
        if encoding == nil, let name = EncodingRecognition.escapedEncoding(of: bytes) {
            throw TimedTextError(
                code: "unread-encoding", message: "is encoded in \(name), which is not supported",
                remedy: "convert it: iconv -f \(name) -t UTF-8")
        }
        let source = text(of: bytes)
        guard let format = format ?? TimedTextFormat.recognise(source, name: name) else {
            throw TimedTextError(
                code: "unknown-format", message: "is not timed text in a supported format",
                remedy:
                    """
                    convert it to SRT, WebVTT, ASS, TTML, SCC, SAMI, EBU-STL, MicroDVD, LRC, CTM, STM, RTTM, Audacity \
                    labels, TextGrid, EAF, CHAT, recogniser JSON, a table with named columns or another format of \
                    docs/formats.md
                    """)
        }
        return try TimedTextReader.checked(try read(source, format, name: name))
    }

    private func text(of bytes: [UInt8]) -> EncodedText {
        if let encoding { return EncodedText(bytes, encoding: encoding) }
        let recognised = EncodingRecognition.encoding(of: bytes)
        if recognised.converterName != nil, let declared = XMLScanner.declaredEncoding(bytes) {
            return EncodedText(bytes, encoding: declared)
        }
        return EncodedText(bytes, encoding: recognised, isGuessed: EncodingRecognition.isGuess(recognised, bytes))
    }

    /// - Throws: if there was content, but nothing could be read.
    private static func checked(_ document: TimedTextDocument) throws(TimedTextError) -> TimedTextDocument {
        guard document.items.isEmpty, let fault = document.faults.first else { return document }
        let place = document.format == .ebuSTL ? "block" : "line"
        let others = document.faults.count > 1 ? " (and \(document.faults.count - 1) more)" : ""
        throw TimedTextError(
            code: "nothing-read",
            message: """
                was recognised as \(document.format.name), but no part of it can be read: \(place) \
                \(fault.line): \(fault.message)\(others)
                """,
            remedy: "fix it there, export it again, or give it the extension of its actual format")
    }

    private func read(_ source: EncodedText, _ format: TimedTextFormat, name: String) throws(TimedTextError)
        -> TimedTextDocument
    {
        switch format {
        case .subRip: SubRip.read(source, mediaRate: frameRate)
        case .webVTT: WebVTT.read(source, mediaStart: mediaStart)
        case .subStationAlpha: SubStationAlpha.read(source)
        case .ttml: try TimedTextMarkup.read(source, mediaRate: frameRate)
        case .ebuSTL: try EBUSubtitles.read(source.bytes)
        case .microDVD: MicroDVD.read(source, mediaRate: frameRate)
        case .lyrics: Lyrics.read(source)
        case .conversationTimes, .segmentTimes, .speakerTurns: NISTTables.read(source, format)
        case .audacityLabels: AudacityLabels.read(source)
        case .textGrid: try TextGrid.read(source)
        case .elan: try ElanAnnotation.read(source)
        case .gridAlign: GridAlign.read(source)
        case .transcriptJSON: try TranscriptJSON.read(source)
        case .jsonLines: JSONLines.read(source)
        case .table: try DelimitedTable.read(source, mediaRate: frameRate)
        case .scenarist: ScenaristCaptions.read(source, mediaRate: frameRate)
        case .sami: SynchronizedMedia.read(source)
        case .subViewer: SubViewerScript.read(source)
        case .youTubeXML: try YouTubeCaptions.read(source)
        case .smil: try SMILOverlay.read(source)
        case .fragments: try FragmentTable.readAny(source)
        case .lipReading: try LipReadingWords.read(source)
        case .sampleLabels: SampleLabels.read(source, name: name)
        case .pocketSphinx: PocketSphinxWords.read(source)
        case .chat: ChatTranscript.read(source)
        case .paragraphs: SpeakerParagraphs.read(source)
        }
    }
}
