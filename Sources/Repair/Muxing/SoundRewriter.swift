import CFFmpeg
import MediaIO
import SyncModel

/// Decodes one audio stream, retimes it, and re-encodes it with its own codec.
final class SoundRewriter {
    let source: UnsafeMutablePointer<AVStream>
    let target: UnsafeMutablePointer<AVStream>
    private var decoder: UnsafeMutablePointer<AVCodecContext>?
    private var encoder: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    private var toFloat: OpaquePointer?
    private var fromFloat: OpaquePointer?
    private var reshaper: SoundReshaper?
    /// Samples that wait for a complete encoder frame.
    private var waiting: [[Float]] = []
    private var encoded: Int64 = 0
    private let pieces: [SoundMove.Piece]
    /// New time 0 on the file's own clock, in seconds.
    private let origin: Double
    /// New time 0 on the output's clock, in seconds.
    private let newOrigin: Double
    private let rate: Int
    private let channels: Int
    private let call: FFmpegCall
    /// All packets, and those that cannot be decoded, which become silence.
    private(set) var packets = 0
    private(set) var damaged = 0
    /// The maximum number of damaged packets; more are refused.
    var mostDamaged: Int { max(2, packets / 100) }

    /// Where the first packet belongs on the output's clock, in seconds: the encoder's delay comes before the audio.
    var firstPacket: Double { newOrigin - Double(encoder?.pointee.initial_padding ?? 0) / Double(rate) }

    /// Whether the audio is padded with silence to its old end: containers of whole edit units lose frames beyond it.
    private let keepsLength: Bool

    /// - Parameters:
    ///   - pieces: in seconds from `origin` on.
    ///   - newOrigin: new time 0 in the output, in seconds; nil: unchanged.
    init(
        _ source: UnsafeMutablePointer<AVStream>, into writer: MediaWriter, pieces: [SoundMove.Piece], origin: Double,
        newOrigin: Double? = nil,
        coding wanted: AVCodecID? = nil, keepsLength: Bool = false
    ) throws {
        self.keepsLength = keepsLength
        self.newOrigin = newOrigin ?? origin
        call = FFmpegCall(file: writer.file)
        self.source = source
        self.pieces = pieces
        self.origin = origin
        let parameters = source.pointee.codecpar.pointee
        rate = Int(parameters.sample_rate)
        channels = Int(parameters.ch_layout.nb_channels)
        let name = String(cString: avcodec_get_name(parameters.codec_id))
        guard let coding = avcodec_find_decoder(parameters.codec_id),
            let coder = avcodec_find_encoder(wanted ?? parameters.codec_id)
        else {
            throw FixError(
                "no-encoder", "the audio must be re-encoded, but this FFmpeg cannot encode \(name)",
                remedy: "convert the audio first, for example with: ffmpeg -i IN -map 0 -c copy -c:a pcm_s16le OUT.mkv")
        }
        guard rate > 0, channels > 0, channels <= 64 else {
            throw FixError(
                "bad-sound", "the audio states \(channels) channels at \(rate) Hz", remedy: "check it with 'ffprobe'")
        }
        target = try call.pointer("avformat_new_stream", avformat_new_stream(writer.context, nil))
        try writer.describe(target, as: source)
        target.pointee.avg_frame_rate = AVRational(num: 0, den: 1)
        frame = try call.pointer("av_frame_alloc", av_frame_alloc())
        packet = try call.pointer("av_packet_alloc", av_packet_alloc())

        let decoder = try call.pointer("avcodec_alloc_context3", avcodec_alloc_context3(coding))
        self.decoder = decoder
        try call("avcodec_parameters_to_context", avcodec_parameters_to_context(decoder, source.pointee.codecpar))
        decoder.pointee.pkt_timebase = source.pointee.time_base
        try call("avcodec_open2", avcodec_open2(decoder, coding, nil))

        let encoder = try call.pointer("avcodec_alloc_context3", avcodec_alloc_context3(coder))
        self.encoder = encoder
        encoder.pointee.sample_rate = Int32(rate)
        try call(
            "av_channel_layout_copy",
            av_channel_layout_copy(&encoder.pointee.ch_layout, &source.pointee.codecpar.pointee.ch_layout))
        if encoder.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&encoder.pointee.ch_layout, Int32(channels))
        }
        encoder.pointee.sample_fmt = SoundRewriter.format(coder, like: decoder.pointee.sample_fmt)
        encoder.pointee.bit_rate = parameters.bit_rate > 0 ? parameters.bit_rate : Int64(96_000 * channels)
        encoder.pointee.bits_per_raw_sample = parameters.bits_per_raw_sample
        encoder.pointee.time_base = AVRational(num: 1, den: Int32(rate))
        encoder.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
        if writer.context.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 {
            encoder.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        }
        let code = avcodec_open2(encoder, coder, nil)
        guard code >= 0 else {
            throw FixError(
                "no-encoder",
                """
                the audio must be re-encoded, but \(name) cannot be encoded as it was (\(FFmpegCall.text(of: code)))
                """,
                remedy: "convert the audio first, for example with: ffmpeg -i IN -map 0 -c copy -c:a pcm_s16le OUT.mkv")
        }
        try call("avcodec_parameters_from_context", avcodec_parameters_from_context(target.pointee.codecpar, encoder))
        target.pointee.time_base = encoder.pointee.time_base
        waiting = Array(repeating: [], count: channels)
    }

    deinit {
        avcodec_free_context(&decoder)
        avcodec_free_context(&encoder)
        av_frame_free(&frame)
        av_packet_free(&packet)
        swr_free(&toFloat)
        swr_free(&fromFloat)
    }

    /// The encoder's sample format that is closest to the decoder's.
    private static func format(_ coder: UnsafePointer<AVCodec>, like wanted: AVSampleFormat) -> AVSampleFormat {
        guard let list = genlock_sample_formats(coder) else { return wanted }
        var formats: [AVSampleFormat] = []
        while list[formats.count] != AV_SAMPLE_FMT_NONE { formats.append(list[formats.count]) }
        let packed = av_get_packed_sample_fmt(wanted)
        return formats.first { $0 == wanted } ?? formats.first { av_get_packed_sample_fmt($0) == packed }
            ?? formats.first { av_get_bytes_per_sample($0) >= av_get_bytes_per_sample(wanted) } ?? formats.first
            ?? wanted
    }

    /// Takes a packet of the source (nil: its end) and passes on output packets.
    func push(_ input: UnsafeMutablePointer<AVPacket>?, _ write: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws
    {
        if input != nil { packets += 1 }
        if avcodec_send_packet(decoder, input) < 0, input != nil { damaged += 1 }
        while let frame {
            let code = avcodec_receive_frame(decoder, frame)
            if code < 0 {
                if code != genlock_averror_eagain, code != genlock_averror_eof { damaged += 1 }
                break
            }
            defer { av_frame_unref(frame) }
            try take(frame, write)
        }
        guard input == nil else { return }
        if var shaper = reshaper {
            reshaper = nil
            try shaper.finish { try self.encode($0, isLast: false, write) }
            while keepsLength, Int(encoded) + waiting[0].count < nextSample {
                let count = min(4096, nextSample - Int(encoded) - waiting[0].count)
                try encode(Array(repeating: [Float](repeating: 0, count: count), count: channels), isLast: false, write)
            }
        }
        try encode(Array(repeating: [], count: channels), isLast: true, write)
        try send(nil, write)
    }

    private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ write: (UnsafeMutablePointer<AVPacket>) throws -> Void)
        throws
    {
        let count = Int(frame.pointee.nb_samples)
        guard count > 0, Int(frame.pointee.sample_rate) == rate, Int(frame.pointee.ch_layout.nb_channels) == channels
        else {
            if count > 0 {
                throw FixError(
                    "changing-sound", "the audio changes its sample rate or channels within the file",
                    remedy: "convert it to one sample rate and channel layout first")
            }
            return
        }
        if toFloat == nil {
            let format = AVSampleFormat(frame.pointee.format)
            toFloat = try SoundRewriter.converter(
                from: format, to: AV_SAMPLE_FMT_FLTP, channels: channels, rate: rate, call)
        }
        var block = Array(repeating: [Float](repeating: 0, count: count), count: channels)
        let converter = toFloat
        try SoundRewriter.withPlanes(&block) { planes in
            let input = UnsafeMutableRawPointer(frame.pointee.extended_data).assumingMemoryBound(
                to: UnsafePointer<UInt8>?.self)
            try call("swr_convert", swr_convert(converter, planes, Int32(count), input, Int32(count)))
        }
        let stamp = frame.pointee.best_effort_timestamp
        let base = source.pointee.time_base
        var shaper = reshaper ?? SoundReshaper(pieces: pieces, rate: rate, channels: channels)
        let place =
            stamp == genlock_nopts
            ? nil : Int(((Double(stamp) * Double(base.num) / Double(base.den) - origin) * Double(rate)).rounded())
        nextSample = place ?? nextSample
        reshaper = nil
        try shaper.append(block, at: nextSample) { try self.encode($0, isLast: false, write) }
        reshaper = shaper
        nextSample += count
    }

    private var nextSample = 0

    private func encode(_ block: [[Float]], isLast: Bool, _ write: (UnsafeMutablePointer<AVPacket>) throws -> Void)
        throws
    {
        guard let encoder else { return }
        for channel in 0..<channels { waiting[channel] += block[channel] }
        let size = encoder.pointee.frame_size > 0 ? Int(encoder.pointee.frame_size) : 2048
        var start = 0
        while waiting[0].count - start >= size || isLast && waiting[0].count > start {
            let count = min(size, waiting[0].count - start)
            try send((0..<channels).map { Array(waiting[$0][start..<start + count]) }, write)
            start += count
        }
        for channel in 0..<channels { waiting[channel].removeFirst(start) }
    }

    private func send(_ block: [[Float]]?, _ write: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        guard let encoder, let packet else { return }
        var made: UnsafeMutablePointer<AVFrame>?
        defer { av_frame_free(&made) }
        if var block, let count = block.first?.count {
            let frame = try call.pointer("av_frame_alloc", av_frame_alloc())
            made = frame
            frame.pointee.nb_samples = Int32(count)
            frame.pointee.format = encoder.pointee.sample_fmt.rawValue
            frame.pointee.sample_rate = Int32(rate)
            frame.pointee.pts = encoded
            try call(
                "av_channel_layout_copy", av_channel_layout_copy(&frame.pointee.ch_layout, &encoder.pointee.ch_layout))
            try call("av_frame_get_buffer", av_frame_get_buffer(frame, 0))
            if fromFloat == nil {
                fromFloat = try SoundRewriter.converter(
                    from: AV_SAMPLE_FMT_FLTP, to: encoder.pointee.sample_fmt, channels: channels, rate: rate, call)
            }
            let converter = fromFloat
            try SoundRewriter.withPlanes(&block) { planes in
                let input = UnsafeMutableRawPointer(planes).assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
                try call(
                    "swr_convert",
                    swr_convert(converter, frame.pointee.extended_data, Int32(count), input, Int32(count)))
            }
            encoded += Int64(count)
        }
        try call("avcodec_send_frame", avcodec_send_frame(encoder, made))
        while avcodec_receive_packet(encoder, packet) >= 0 {
            defer { av_packet_unref(packet) }
            let later = Int64((newOrigin * Double(rate)).rounded())
            packet.pointee.pts += later
            packet.pointee.dts += later
            packet.pointee.stream_index = target.pointee.index
            av_packet_rescale_ts(packet, encoder.pointee.time_base, target.pointee.time_base)
            try write(packet)
        }
    }

    private static func converter(
        from: AVSampleFormat, to: AVSampleFormat, channels: Int, rate: Int, _ call: FFmpegCall
    ) throws -> OpaquePointer? {
        var layout = AVChannelLayout()
        layout.order = AV_CHANNEL_ORDER_UNSPEC
        layout.nb_channels = Int32(channels)
        var other = layout
        var context: OpaquePointer?
        try call(
            "swr_alloc_set_opts2",
            swr_alloc_set_opts2(&context, &other, to, Int32(rate), &layout, from, Int32(rate), 0, nil))
        try call("swr_init", swr_init(context))
        return context
    }

    /// Pointers to each channel's samples.
    private static func withPlanes(
        _ block: inout [[Float]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) throws -> Void
    ) throws {
        let count = block.first?.count ?? 0
        let all = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, count * block.count))
        defer { all.deallocate() }
        guard let start = all.baseAddress else { return }
        for (channel, samples) in block.enumerated() {
            for (index, sample) in samples.enumerated() { all[channel * count + index] = sample }
        }
        var planes: [UnsafeMutablePointer<UInt8>?] = block.indices.map {
            UnsafeMutableRawPointer(start + $0 * count).assumingMemoryBound(to: UInt8.self)
        }
        try planes.withUnsafeMutableBufferPointer { if let first = $0.baseAddress { try body(first) } }
        for channel in block.indices { block[channel] = Array(all[channel * count..<(channel + 1) * count]) }
    }
}
