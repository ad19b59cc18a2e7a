import CFFmpeg

extension MediaFile {
    /// Has the demuxer pass over all streams but some.
    func keepOnly(_ isWanted: (Int) -> Bool) {
        for index in 0..<Int(context.pointee.nb_streams) {
            context.pointee.streams[index]?.pointee.discard = isWanted(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// Hands out the packets of one stream from where the file stands to its end, each valid while it is handed out.
    /// More than ten that cannot be read, one after the other, end it.
    func readPackets(of stream: Int, _ body: (UnsafeMutablePointer<AVPacket>) -> Void) throws(MediaError) {
        var packet: UnsafeMutablePointer<AVPacket>? = try FFmpegCall(file: path).pointer(
            "av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var failures = 0
        while let packet, failures <= 10 {
            let code = av_read_frame(context, packet)
            if code == genlock_averror_eof { break }
            if code < 0 {
                failures += 1
                continue
            }
            failures = 0
            defer { av_packet_unref(packet) }
            if packet.pointee.stream_index == Int32(stream) { body(packet) }
        }
    }
}
