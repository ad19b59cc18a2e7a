import CFFmpeg

/// The decoder of one stream.
///
/// Damaged packets are counted and skipped; only a lack of memory or a missing decoder is an error.
final class StreamDecoder {
    /// Minimum number of pixels of a large frame.
    private static let largePicture = 1280 * 720

    let streamIndex: Int32
    let stream: UnsafeMutablePointer<AVStream>
    private(set) var damagedPackets = 0
    private(set) var packets = 0
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    private let call: FFmpegCall

    /// Opens the decoder of a stream with this many threads.
    init(stream: UnsafeMutablePointer<AVStream>, file: String, threads: Int) throws(MediaError) {
        call = FFmpegCall(file: file)
        self.stream = stream
        streamIndex = stream.pointee.index
        let parameters = stream.pointee.codecpar
        let name = String(cString: avcodec_get_name(parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE))
        guard let parameters, let codec = avcodec_find_decoder(parameters.pointee.codec_id) else {
            throw MediaError(.noDecoder, file: file, detail: name)
        }
        var opened: UnsafeMutablePointer<AVCodecContext>? = try call.pointer(
            "avcodec_alloc_context3", avcodec_alloc_context3(codec))
        do throws(MediaError) {
            try call("avcodec_parameters_to_context", avcodec_parameters_to_context(opened, parameters))
            // The decoder needs the time base to place samples that it trims (encoder delay).
            opened?.pointee.pkt_timebase = stream.pointee.time_base
            opened?.pointee.thread_count = Int32(threads)
            if Int(parameters.pointee.width) * Int(parameters.pointee.height) >= StreamDecoder.largePicture {
                // Deblocking B frames is a quarter of the decoding, and no P frame is predicted from them, so that
                // nothing accumulates. In a large frame block edges are small compared with a mouth.
                opened?.pointee.skip_loop_filter = AVDISCARD_BIDIR
            }
            let code = avcodec_open2(opened, codec, nil)
            if code < 0 { throw MediaError(.noDecoder, file: file, detail: "\(name): \(FFmpegCall.text(of: code))") }
            context = try call.pointer("avcodec_open2", opened)
            frame = try call.pointer("av_frame_alloc", av_frame_alloc())
        } catch {
            avcodec_free_context(&opened)
            throw error
        }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Decodes one packet (nil: the end of the stream) and passes every frame to `body`.
    func decode(_ packet: UnsafeMutablePointer<AVPacket>?, _ body: (UnsafeMutablePointer<AVFrame>) throws -> Void)
        throws
    {
        if let packet {
            packets += 1
            if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { damagedPackets += 1 }
        }
        var code = avcodec_send_packet(context, packet)
        if code == genlock_averror_eagain {
            try receive(body)
            code = avcodec_send_packet(context, packet)
        }
        if code == genlock_averror_enomem {
            throw MediaError(.outOfMemory, file: call.file, detail: "avcodec_send_packet")
        }
        if code < 0 && code != genlock_averror_eof { damagedPackets += 1 }
        try receive(body)
    }

    /// Frame rate stated by the bitstream, once a frame was decoded; nil if not stated.
    var statedRate: (num: Int32, den: Int32)? {
        let rate = context.pointee.framerate
        return rate.num > 0 && rate.den > 0 ? (rate.num, rate.den) : nil
    }

    /// Drops pending data, after a seek.
    func flush() { avcodec_flush_buffers(context) }

    private func receive(_ body: (UnsafeMutablePointer<AVFrame>) throws -> Void) throws {
        while true {
            let code = avcodec_receive_frame(context, frame)
            if code == genlock_averror_eagain || code == genlock_averror_eof { return }
            if code == genlock_averror_enomem {
                throw MediaError(.outOfMemory, file: call.file, detail: "avcodec_receive_frame")
            }
            if code < 0 {
                damagedPackets += 1
                return
            }
            defer { av_frame_unref(frame) }
            try body(frame)
        }
    }
}
