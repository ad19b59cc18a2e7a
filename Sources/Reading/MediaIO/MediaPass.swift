import CFFmpeg
import SyncModel

/// What to decode in one pass over a file.
public struct MediaSelection: Sendable {
    /// Stream index; nil: none.
    public var video: Int?
    public var audio: Int?
    /// Decoder threads for video. One needs the least CPU time.
    public var threads: Int

    public init(video: Int?, audio: Int?, threads: Int = DecoderThreads.count) {
        self.video = video
        self.audio = audio
        self.threads = threads
    }
}

/// Decoding statistics.
public struct MediaTally: Sendable, Hashable {
    public var pictures = 0
    /// Frames that the decoder concealed, completely or partly.
    public var concealedPictures = 0
    /// Samples per channel at `SoundBlock.rate`.
    public var samples = 0
    public var damagedVideoPackets = 0
    public var damagedAudioPackets = 0
    /// Jumps of the audio timestamps, forwards or backwards.
    public var soundGaps = 0
    public var soundOverlaps = 0
    /// Frames dropped because their time was not after the previous one's.
    public var unorderedPictures = 0
    /// Frames without a timestamp.
    public var guessedPictureTimes = 0
    /// Presentation time of the first and the last frame, and of the audio's first sample and end, in seconds.
    public var firstPicture: Double?
    public var lastPicture: Double?
    public var soundStart: Double?
    public var soundEnd: Double?
    /// The demuxer's message if it stopped before the end of the file; nil if it read everything.
    public var stoppedBy: String?

    public init() {}
}

extension MediaFile {
    /// Decodes the chosen streams once from start to end, and delivers frames and audio in order.
    ///
    /// Memory does not grow with the length of the file. Damaged packets are counted, not fatal.
    /// - Parameter survey: collects packet timestamps, also of streams that are not decoded; nil: none.
    /// - Throws: `MediaError`, and what the closures throw.
    public func decode(
        _ selection: MediaSelection, survey: PacketSurvey? = nil, onPicture: (Picture) throws -> Void = { _ in },
        onSound: (SoundBlock) throws -> Void = { _ in }
    ) throws -> MediaTally {
        wasRead = true
        keepOnly { $0 == selection.video || $0 == selection.audio || survey?.wants($0) == true }
        let pictures = try selection.video.flatMap { context.pointee.streams[$0] }
            .map { try PictureReader(file: self, stream: $0, threads: selection.threads) }
        let sounds = try selection.audio.flatMap { context.pointee.streams[$0] }
            .map { try SoundReader(file: self, stream: $0) }
        survey?.begin(self, picture: pictures, sound: sounds)

        var stoppedBy: String?
        var packet: UnsafeMutablePointer<AVPacket>? = try FFmpegCall(file: path).pointer(
            "av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var failures = 0
        reading: while let packet {
            let code = av_read_frame(context, packet)
            switch code {
            case 0...: failures = 0
            case genlock_averror_eof: break reading
            case genlock_averror_eagain where failures < 100:
                failures += 1
                continue
            default:
                // One damaged position need not be the end; the same error repeatedly is.
                failures += 1
                stoppedBy = FFmpegCall.text(of: code)
                if failures > 10 { break reading }
                continue
            }
            defer { av_packet_unref(packet) }
            let index = packet.pointee.stream_index
            if let pictures, index == pictures.decoder.streamIndex {
                try pictures.decode(packet, onPicture)
            } else if let sounds, index == sounds.decoder.streamIndex {
                try sounds.decode(packet, onSound)
            }
            survey?.note(packet)
        }
        try pictures?.decode(nil, onPicture)
        try sounds?.decode(nil, onSound)
        try sounds?.finish(onSound)
        survey?.finish(stoppedBy: stoppedBy)

        var tally = MediaTally()
        pictures?.report(into: &tally)
        sounds?.report(into: &tally)
        tally.stoppedBy = stoppedBy
        return tally
    }

    /// A stream's timestamp in seconds from the file's origin; nil: none.
    func seconds(_ stamp: Int64, _ stream: UnsafeMutablePointer<AVStream>) -> Double? {
        guard stamp != genlock_nopts else { return nil }
        let base = TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den)
        return MediaTime(ticks: stamp, base: base).seconds - originSeconds
    }
}

/// The frames of one stream, with their times.
final class PictureReader {
    let decoder: StreamDecoder
    private let file: MediaFile
    private let scaler: PictureScaler
    private let matrix: (a: Double, b: Double, c: Double, d: Double)
    private var geometry: PictureGeometry?
    private var knownAspect = 0.0
    private var clock: PictureClock
    private var count = 0
    private var first: Double?
    private var concealed = 0

    init(file: MediaFile, stream: UnsafeMutablePointer<AVStream>, threads: Int) throws(MediaError) {
        self.file = file
        decoder = try StreamDecoder(stream: stream, file: file.path, threads: threads)
        scaler = PictureScaler(file: file.path)
        clock = PictureClock(frameRate: file.streams.first { $0.index == Int(stream.pointee.index) }?.frameRate)
        if let raw = genlock_display_matrix(stream) {
            matrix = (Double(raw[0]), Double(raw[1]), Double(raw[3]), Double(raw[4]))
        } else {
            matrix = (1, 0, 0, 1)
        }
    }

    func decode(_ packet: UnsafeMutablePointer<AVPacket>?, _ body: (Picture) throws -> Void) throws {
        try decoder.decode(packet) { frame in
            guard frame.pointee.width > 0, frame.pointee.height > 0 else { return }
            let last = clock.last
            guard let time = clock.place(file.seconds(frame.pointee.best_effort_timestamp, decoder.stream)) else {
                return
            }
            try MediaFile.refuseJump(from: last, to: time, of: "video", file: file.path)
            count += 1
            let picture = Picture(frame: frame, seconds: time, geometry: shape(of: frame), scaler: scaler)
            if picture.isConcealed { concealed += 1 }
            if first == nil { first = time }
            try body(picture)
        }
    }

    private func shape(of frame: UnsafeMutablePointer<AVFrame>) -> PictureGeometry {
        let ratio = av_guess_sample_aspect_ratio(file.context, decoder.stream, frame)
        let aspect = ratio.num > 0 && ratio.den > 0 ? Double(ratio.num) / Double(ratio.den) : 1
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        if let geometry, geometry.codedWidth == width, geometry.codedHeight == height, knownAspect == aspect {
            return geometry
        }
        knownAspect = aspect
        let made = PictureGeometry(
            codedWidth: width, codedHeight: height, aspect: min(max(aspect, 0.1), 10), matrix: matrix)
        geometry = made
        return made
    }

    func report(into tally: inout MediaTally) {
        tally.pictures = count
        tally.concealedPictures = concealed
        tally.damagedVideoPackets = decoder.damagedPackets
        tally.unorderedPictures = clock.dropped
        tally.guessedPictureTimes = clock.guessed
        tally.firstPicture = first
        tally.lastPicture = clock.last
    }
}

/// The audio of one stream, placed on the timeline.
final class SoundReader {
    let decoder: StreamDecoder
    private let file: MediaFile
    private let track: SoundTrack
    /// Receives every decoded frame before conversion.
    var onFrame: ((UnsafeMutablePointer<AVFrame>) -> Void)?
    private var start: Double?
    private var end: Double?

    init(file: MediaFile, stream: UnsafeMutablePointer<AVStream>) throws(MediaError) {
        self.file = file
        decoder = try StreamDecoder(stream: stream, file: file.path, threads: 1)
        track = SoundTrack(
            file: file.path, tick: TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den).seconds)
    }

    func decode(_ packet: UnsafeMutablePointer<AVPacket>?, _ body: (SoundBlock) throws -> Void) throws {
        let damaged = decoder.damagedPackets
        defer { if decoder.damagedPackets > damaged { track.expectLoss() } }
        try decoder.decode(packet) { frame in
            onFrame?(frame)
            guard let planes = frame.pointee.extended_data else { return }
            try UnsafePointer(planes).withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 1) { data in
                try track.push(
                    data, count: Int(frame.pointee.nb_samples),
                    stamp: file.seconds(frame.pointee.best_effort_timestamp, decoder.stream),
                    format: AVSampleFormat(frame.pointee.format), rate: frame.pointee.sample_rate,
                    channels: Int(frame.pointee.ch_layout.nb_channels)
                ) { try note($0, body) }
            }
        }
    }

    func finish(_ body: (SoundBlock) throws -> Void) throws {
        try track.finish { try note($0, body) }
    }

    private func note(_ block: SoundBlock, _ body: (SoundBlock) throws -> Void) rethrows {
        if start == nil { start = Double(block.start) / Double(SoundBlock.rate) }
        end = Double(block.start + block.count) / Double(SoundBlock.rate)
        try body(block)
    }

    func report(into tally: inout MediaTally) {
        tally.samples = track.delivered
        tally.damagedAudioPackets = decoder.damagedPackets
        tally.soundGaps = track.gaps
        tally.soundOverlaps = track.overlaps
        tally.soundStart = start
        tally.soundEnd = end
    }
}
