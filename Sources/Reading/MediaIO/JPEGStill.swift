import CFFmpeg

/// Encodes small images as JPEG, with FFmpeg's encoder.
public enum JPEGStill {
    /// Encodes red, green, blue triples (0...255, row by row) with chroma at half the size.
    ///
    /// - Parameter quality: FFmpeg's quantiser, 2 (best) to 31.
    /// - Throws: `MediaError`.
    public static func encode(pixels: [UInt8], width: Int, height: Int, quality: Int = 4) throws -> [UInt8] {
        precondition(pixels.count == width * height * 3 && width > 1 && height > 1, "three values per pixel")
        let call = FFmpegCall(file: "a still frame")
        guard let codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw MediaError(.noDecoder, file: "a still frame", detail: "no JPEG encoder")
        }
        var context: UnsafeMutablePointer<AVCodecContext>? = try call.pointer(
            "avcodec_alloc_context3", avcodec_alloc_context3(codec))
        defer { avcodec_free_context(&context) }
        var frame: UnsafeMutablePointer<AVFrame>? = try call.pointer("av_frame_alloc", av_frame_alloc())
        defer { av_frame_free(&frame) }
        var packet: UnsafeMutablePointer<AVPacket>? = try call.pointer("av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        guard let context, let frame, let packet else { return [] }
        context.pointee.width = Int32(width)
        context.pointee.height = Int32(height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.color_range = AVCOL_RANGE_JPEG
        context.pointee.strict_std_compliance = -1
        context.pointee.time_base = AVRational(num: 1, den: 25)
        context.pointee.flags |= 1 << 1  // AV_CODEC_FLAG_QSCALE
        context.pointee.global_quality = Int32(quality * 118)  // FF_QP2LAMBDA
        context.pointee.thread_count = 1
        try call("avcodec_open2", avcodec_open2(context, codec, nil))
        frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        frame.pointee.width = Int32(width)
        frame.pointee.height = Int32(height)
        frame.pointee.color_range = AVCOL_RANGE_JPEG
        frame.pointee.quality = context.pointee.global_quality
        try call("av_frame_get_buffer", av_frame_get_buffer(frame, 0))
        fill(frame, pixels, width, height)
        try call("avcodec_send_frame", avcodec_send_frame(context, frame))
        try call("avcodec_send_frame", avcodec_send_frame(context, nil))
        try call("avcodec_receive_packet", avcodec_receive_packet(context, packet))
        return Array(UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
    }

    /// Full-range luma and chroma by ITU-R BT.601, as in JFIF.
    private static func fill(_ frame: UnsafeMutablePointer<AVFrame>, _ pixels: [UInt8], _ width: Int, _ height: Int) {
        guard let luma = frame.pointee.data.0, let blue = frame.pointee.data.1, let red = frame.pointee.data.2 else {
            return
        }
        let (lumaStride, blueStride, redStride) = (
            Int(frame.pointee.linesize.0), Int(frame.pointee.linesize.1), Int(frame.pointee.linesize.2)
        )
        func byte(_ value: Double) -> UInt8 { UInt8(max(0, min(255, value.rounded()))) }
        func pixel(_ x: Int, _ y: Int) -> (r: Double, g: Double, b: Double) {
            let at = (min(y, height - 1) * width + min(x, width - 1)) * 3
            return (Double(pixels[at]), Double(pixels[at + 1]), Double(pixels[at + 2]))
        }
        for y in 0..<height {
            for x in 0..<width {
                let p = pixel(x, y)
                luma[y * lumaStride + x] = byte(0.299 * p.r + 0.587 * p.g + 0.114 * p.b)
            }
        }
        for y in 0..<(height + 1) / 2 {
            for x in 0..<(width + 1) / 2 {
                let four = [
                    pixel(2 * x, 2 * y), pixel(2 * x + 1, 2 * y), pixel(2 * x, 2 * y + 1), pixel(2 * x + 1, 2 * y + 1),
                ]
                let (r, g, b) = (
                    four.reduce(0) { $0 + $1.r } / 4, four.reduce(0) { $0 + $1.g } / 4, four.reduce(0) { $0 + $1.b } / 4
                )
                blue[y * blueStride + x] = byte(128 - 0.168736 * r - 0.331264 * g + 0.5 * b)
                red[y * redStride + x] = byte(128 + 0.5 * r - 0.418688 * g - 0.081312 * b)
            }
        }
    }
}
