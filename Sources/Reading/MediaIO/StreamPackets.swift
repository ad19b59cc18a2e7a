import CFFmpeg

extension MediaFile {
    /// Makes the demuxer skip other streams.
    func keepOnly(_ isWanted: (Int) -> Bool) {
        for index in 0..<Int(context.pointee.nb_streams) {
            context.pointee.streams[index]?.pointee.discard = isWanted(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// Passes on the packets of one stream from the current position to the end of the file, each valid only during the
    /// call. Stops after more than ten consecutive unreadable ones.
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
