/// What a media file declares about its audio and video, read without decoding.
///
/// All times are seconds on the file's own clock.
public struct ContainerFacts: Sendable, Hashable {
    /// FFmpeg's container name, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    /// The file's length in its header; nil if not stated.
    public var declaredSeconds: Double?
    public var video: StreamFacts?
    public var audio: StreamFacts?
    /// The demuxer's message if it stopped before the end.
    public var stoppedBy: String?

    public init(
        format: String, declaredSeconds: Double? = nil, video: StreamFacts? = nil, audio: StreamFacts? = nil,
        stoppedBy: String? = nil
    ) {
        self.format = format
        self.declaredSeconds = declaredSeconds
        self.video = video
        self.audio = audio
        self.stoppedBy = stoppedBy
    }
}

/// What a file declares about one stream: its header, and the timestamps of its packets.
public struct StreamFacts: Sendable, Hashable {
    public var codec: String
    /// Its length in the header; nil if not stated.
    public var declaredSeconds: Double?
    /// Presentation times of the visible packets, in file order.
    public var stamps: [Double]
    /// Facts about the packets of `stamps`, in the same order; empty if not collected.
    public var packets: [PacketFacts] = []
    /// Packets that an edit list hides.
    public var hiddenPackets = 0
    /// Packets without any timestamp.
    public var missingStamps = 0
    /// Duration of the last packet.
    public var lastSeconds = 0.0
    /// Its edit list; nil: none.
    public var edits: [EditPiece]?

    /// Declared sample rate in Hz; 0 for video.
    public var sampleRate = 0
    /// Samples per packet if fixed by the codec; 0: not fixed or unknown.
    public var packetSamples = 0
    /// Declared encoder priming samples at the start.
    public var skippedSamples = 0

    /// Frame rates declared by the bitstream or the header; empty for audio.
    public var rateTags: [RateTag] = []

    public init(codec: String, declaredSeconds: Double? = nil, stamps: [Double]) {
        self.codec = codec
        self.declaredSeconds = declaredSeconds
        self.stamps = stamps
    }
}

/// What a packet shows without decoding.
public struct PacketFacts: Sendable, Hashable {
    public let bytes: Int32
    /// Whether it can be decoded without others.
    public let isKey: Bool
    /// Whether its bytes violate its format, or the demuxer calls it corrupt.
    public let isBroken: Bool

    public init(bytes: Int32, isKey: Bool, isBroken: Bool) {
        self.bytes = bytes
        self.isKey = isKey
        self.isBroken = isBroken
    }
}

/// A frame rate that is declared in addition to the timestamps.
public struct RateTag: Sendable, Hashable {
    /// Where it is declared, in words: "the H.264 stream", "the Matroska header".
    public let source: String
    public let numerator: Int
    public let denominator: Int

    /// `numerator / denominator` fps, both positive.
    public init(source: String, numerator: Int, denominator: Int) {
        self.source = source
        self.numerator = max(1, numerator)
        self.denominator = max(1, denominator)
    }

    public var framesPerSecond: Double { Double(numerator) / Double(denominator) }
}

/// One entry of an edit list (ISO/IEC 14496-12, 8.6.6).
public struct EditPiece: Sendable, Hashable {
    /// Its duration on the presentation timeline, in seconds; 0: to the end.
    public let seconds: Double
    /// Its start in the stream's own time, in seconds; nil: nothing is shown (an empty edit).
    public let mediaSeconds: Double?

    public init(seconds: Double, mediaSeconds: Double?) {
        self.seconds = seconds
        self.mediaSeconds = mediaSeconds
    }
}
