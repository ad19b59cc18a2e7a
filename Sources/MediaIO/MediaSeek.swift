import CFFmpeg
import SyncModel

extension MediaFile {
    /// Whether the file can be entered in its midst.
    public var isSeekable: Bool {
        guard let io = context.pointee.pb else { return false }
        return io.pointee.seekable & AVIO_SEEKABLE_NORMAL != 0 && durationSeconds != nil
            && context.pointee.iformat.pointee.flags & AVFMT_NOTIMESTAMPS == 0
    }

    /// Decodes the pictures of a stretch of time and nothing else.
    ///
    /// Enters the file at the last key picture before the stretch. What comes between is decoded anyhow, since the rest is
    /// predicted from it, and handed out as far as it is not before `earliest`.
    /// - Returns: nil where the file could not be entered there.
    public func decodePictures(
        video: Int, seconds: Range<Double>, earliest: Double, threads: Int = 1, onPicture: (Picture) throws -> Void
    ) throws -> MediaTally? {
        guard let stream = context.pointee.streams[video] else { return nil }
        let base = TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den)
        let stamp = Int64(((seconds.lowerBound + originSeconds) / base.seconds).rounded(.down))
        guard av_seek_frame(context, Int32(video), stamp, AVSEEK_FLAG_BACKWARD) >= 0 else { return nil }
        for index in 0..<Int(context.pointee.nb_streams) {
            context.pointee.streams[index]?.pointee.discard = index == video ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
        let pictures = try PictureReader(file: self, stream: stream, threads: threads)
        var isPast = false
        let handOut = { (picture: Picture) in
            if picture.seconds >= seconds.upperBound { isPast = true }
            if picture.seconds >= earliest, picture.seconds < seconds.upperBound { try onPicture(picture) }
        }
        var packet: UnsafeMutablePointer<AVPacket>? = try FFmpegCall(file: path).pointer("av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var failures = 0
        while let packet, !isPast, failures <= 10 {
            let code = av_read_frame(context, packet)
            if code == genlock_averror_eof { break }
            if code < 0 {
                failures += 1
                continue
            }
            failures = 0
            defer { av_packet_unref(packet) }
            if packet.pointee.stream_index == Int32(video) { try pictures.decode(packet, handOut) }
        }
        if !isPast { try pictures.decode(nil, handOut) }
        var tally = MediaTally()
        pictures.report(into: &tally)
        return tally
    }
}
