/// What a media file says of its sound and its picture, read without decoding either.
///
/// All times are seconds on the file's own clock.
public struct ContainerFacts: Sendable, Hashable {
    /// The container's name as FFmpeg has it, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    /// The file's length as its header states it; nil where it does not.
    public var declaredSeconds: Double?
    public var video: StreamFacts?
    public var audio: StreamFacts?
    /// What the demuxer said where it stopped before the end.
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

/// What a file says of one of its streams: its header, and the timestamps of its packets.
public struct StreamFacts: Sendable, Hashable {
    public var codec: String
    /// Its length as the header states it; nil where it does not.
    public var declaredSeconds: Double?
    /// Presentation times of the packets that are shown, in the order of the file.
    public var stamps: [Double]
    /// What each of `stamps`' packets is, in the same order; empty where nobody looked.
    public var packets: [PacketFacts] = []
    /// Packets that an edit list hides.
    public var hiddenPackets = 0
    /// Packets without any timestamp.
    public var missingStamps = 0
    /// How long the last packet lasts.
    public var lastSeconds = 0.0
    /// Pieces of its edit list; nil: it has none.
    public var edits: [EditPiece]?

    /// Samples a second as the header states it; 0 for pictures.
    public var sampleRate = 0
    /// Samples in each packet, where the codec fixes it; 0: it does not, or it is not known.
    public var packetSamples = 0
    /// Samples at the start that the file says are the encoder's and not to be heard.
    public var skippedSamples = 0

    /// Frames a second as the coded pictures or the header state it; empty for sound.
    public var rateTags: [RateTag] = []

    public init(codec: String, declaredSeconds: Double? = nil, stamps: [Double]) {
        self.codec = codec
        self.declaredSeconds = declaredSeconds
        self.stamps = stamps
    }
}

/// What a packet shows without being decoded.
public struct PacketFacts: Sendable, Hashable {
    public let bytes: Int32
    /// Whether it can be decoded without others.
    public let isKey: Bool
    /// Whether its bytes break the rules of its own format, or the demuxer calls it corrupt.
    public let isBroken: Bool

    public init(bytes: Int32, isKey: Bool, isBroken: Bool) {
        self.bytes = bytes
        self.isKey = isKey
        self.isBroken = isBroken
    }
}

/// A frame rate that is written down somewhere, beside the timestamps.
public struct RateTag: Sendable, Hashable {
    /// Where it stands, in words: "the H.264 stream", "the Matroska header".
    public let source: String
    public let numerator: Int
    public let denominator: Int

    /// `numerator / denominator` frames a second, both positive.
    public init(source: String, numerator: Int, denominator: Int) {
        self.source = source
        self.numerator = max(1, numerator)
        self.denominator = max(1, denominator)
    }

    public var framesPerSecond: Double { Double(numerator) / Double(denominator) }
}

/// A piece of an edit list (ISO/IEC 14496-12, 8.6.6).
public struct EditPiece: Sendable, Hashable {
    /// How long it lasts on the presentation's timeline, in seconds; 0: to the end.
    public let seconds: Double
    /// Where in the stream it begins, in seconds of the stream's own time; nil: nothing is shown (an empty edit).
    public let mediaSeconds: Double?

    public init(seconds: Double, mediaSeconds: Double?) {
        self.seconds = seconds
        self.mediaSeconds = mediaSeconds
    }
}
