import CFFmpeg

/// Decodes frames that come one by one, each with its time, without a container: JPEG and PNG images, and H.264, H.265
/// and AV1 from robot messages.
public final class PictureDecoder {
    /// The codec.
    public enum Coding: String, Sendable {
        case jpeg, png, webp, h264, h265, av1, vp9

        var codec: AVCodecID {
            switch self {
            case .jpeg: AV_CODEC_ID_MJPEG
            case .png: AV_CODEC_ID_PNG
            case .webp: AV_CODEC_ID_WEBP
            case .h264: AV_CODEC_ID_H264
            case .h265: AV_CODEC_ID_HEVC
            case .av1: AV_CODEC_ID_AV1
            case .vp9: AV_CODEC_ID_VP9
            }
        }

        /// From the message's format, such as `jpeg`, `bgr8; jpeg compressed bgr8` or `h264`; if unknown, from the
        /// first bytes of images.
        public init?(format: String, begins bytes: UnsafeRawBufferPointer) {
            if bytes.count > 3, bytes[0] == 0xFF, bytes[1] == 0xD8 {
                self = .jpeg
                return
            }
            if bytes.count > 8, bytes[0] == 0x89, bytes[1] == 0x50, bytes[2] == 0x4E, bytes[3] == 0x47 {
                self = .png
                return
            }
            let format = format.lowercased()
            let known: [(String, Coding)] = [
                ("h264", .h264), ("h265", .h265), ("hevc", .h265), ("av1", .av1), ("vp9", .vp9), ("webp", .webp),
            ]
            guard let found = known.first(where: { format.contains($0.0) }) else { return nil }
            self = found.1
        }
    }

    /// Damaged packets.
    public private(set) var damaged = 0
    private let file: String
    private let call: FFmpegCall
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    private let scaler: PictureScaler
    /// Packet times by frame number; those of missing frames are dropped.
    private var times: [Int64: Double] = [:]
    private var number: Int64 = 0

    /// Maximum number of pixels.
    private static let mostPixels: Int64 = 1 << 26
    private static let mostWaiting = 64

    /// - Parameter file: the name for messages.
    public init(_ coding: Coding, file: String) throws(MediaError) {
        _ = FFmpegLibrary.isQuiet
        self.file = file
        call = FFmpegCall(file: file)
        scaler = PictureScaler(file: file)
        guard let codec = avcodec_find_decoder(coding.codec) else {
            throw MediaError(.noDecoder, file: file, detail: coding.rawValue)
        }
        let opened = try call.pointer("avcodec_alloc_context3", avcodec_alloc_context3(codec))
        context = opened
        opened.pointee.thread_count = 1
        opened.pointee.max_pixels = PictureDecoder.mostPixels
        opened.pointee.pkt_timebase = AVRational(num: 1, den: 1000)
        try call("avcodec_open2", avcodec_open2(opened, codec, nil))
        frame = try call.pointer("av_frame_alloc", av_frame_alloc())
        packet = try call.pointer("av_packet_alloc", av_packet_alloc())
    }

    deinit {
        avcodec_free_context(&context)
        av_frame_free(&frame)
        av_packet_free(&packet)
    }

    /// Decodes the bytes of one frame and delivers the decoded frames, usually one.
    public func decode(
        _ bytes: UnsafeRawBufferPointer, seconds: Double, _ body: (Picture) throws -> Void
    ) throws {
        guard let context, let packet else { return }
        guard bytes.count > 0, bytes.count < 1 << 28, let start = bytes.baseAddress else {
            damaged += 1
            return
        }
        // With the zero padding that decoders read beyond the end.
        try call("av_new_packet", av_new_packet(packet, Int32(bytes.count)))
        defer { av_packet_unref(packet) }
        memcpy(packet.pointee.data, start, bytes.count)
        packet.pointee.pts = number
        packet.pointee.dts = number
        packet.pointee.flags |= AV_PKT_FLAG_KEY
        times[number] = seconds
        times[number - Int64(PictureDecoder.mostWaiting)] = nil
        number += 1
        var code = avcodec_send_packet(context, packet)
        if code == genlock_averror_eagain {
            try receive(body)
            code = avcodec_send_packet(context, packet)
        }
        if code < 0 && code != genlock_averror_eof { damaged += 1 }
        try receive(body)
    }

    /// Delivers the frames still in the decoder.
    public func finish(_ body: (Picture) throws -> Void) throws {
        guard let context else { return }
        _ = avcodec_send_packet(context, nil)
        try receive(body)
    }

    private func receive(_ body: (Picture) throws -> Void) throws {
        guard let context, let frame else { return }
        while true {
            let code = avcodec_receive_frame(context, frame)
            if code == genlock_averror_eagain || code == genlock_averror_eof { return }
            if code < 0 {
                damaged += 1
                return
            }
            defer { av_frame_unref(frame) }
            guard let seconds = times.removeValue(forKey: frame.pointee.pts), frame.pointee.width > 0,
                frame.pointee.height > 0
            else { continue }
            try body(Picture(upright: frame, seconds: seconds, scaler: scaler))
        }
    }
}

extension Picture {
    /// A frame as coded, with square pixels.
    convenience init(upright frame: UnsafeMutablePointer<AVFrame>, seconds: Double, scaler: PictureScaler) {
        self.init(
            frame: frame, seconds: seconds,
            geometry: PictureGeometry(
                codedWidth: Int(frame.pointee.width), codedHeight: Int(frame.pointee.height), aspect: 1,
                matrix: (1, 0, 0, 1)), scaler: scaler)
    }
}
