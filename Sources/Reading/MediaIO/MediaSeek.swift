import CFFmpeg
import SyncModel

extension MediaFile {
    /// Whether the file is seekable.
    public var isSeekable: Bool {
        guard let io = context.pointee.pb else { return false }
        return io.pointee.seekable & AVIO_SEEKABLE_NORMAL != 0 && durationSeconds != nil
            && context.pointee.iformat.pointee.flags & AVFMT_NOTIMESTAMPS == 0
    }

    /// Keyframe times in seconds from the file's own index, ascending; they may precede presentation by the decoder's
    /// delay. Empty without a complete index.
    public func keyPictures(video: Int) -> [Double] {
        guard let stream = context.pointee.streams[video], let length = durationSeconds else { return [] }
        let base = TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den)
        var result: [Double] = []
        for index in 0..<avformat_index_get_entries_count(stream) {
            guard let entry = avformat_index_get_entry(stream, index), entry.pointee.flags & AVINDEX_KEYFRAME != 0
            else { continue }
            result.append(max(0, Double(entry.pointee.timestamp) * base.seconds - originSeconds))
        }
        // An index that grows during reading does not cover what follows.
        guard result.count > 1, let last = result.last, last > 0.5 * length,
            zip(result, result.dropFirst()).allSatisfy({ $0 < $1 })
        else { return [] }
        return result
    }

    /// Decodes the frames of an interval only.
    ///
    /// Seeks to the last keyframe before the interval. Frames in between must be decoded for prediction, and are
    /// delivered if not before `earliest`.
    /// - Returns: nil if the file is not seekable there.
    public func decodePictures(
        video: Int, seconds: Range<Double>, earliest: Double, threads: Int = DecoderThreads.count,
        onPicture: (Picture) throws -> Void
    ) throws -> MediaTally? {
        var selection = MediaSelection(video: video, audio: nil)
        selection.threads = threads
        return try decodeStretch(
            selection, pictures: seconds, sound: seconds.lowerBound..<seconds.lowerBound, earliest: earliest,
            onPicture: onPicture,
            onSound: { _ in })
    }

    /// Decodes the frames of an interval, and the audio of another one around it.
    ///
    /// Seeks to the last keyframe before both; frames are decoded from the last keyframe before them on. Frames on the
    /// way are delivered if not before `earliest`; audio blocks if any part is within `sound`.
    /// - Parameter earliest: in seconds; nil: the start of `pictures`.
    /// - Returns: nil if the file is not seekable there, or no video is selected.
    public func decodeStretch(
        _ selection: MediaSelection, pictures seconds: Range<Double>, sound: Range<Double>, earliest: Double? = nil,
        onPicture: (Picture) throws -> Void, onSound: (SoundBlock) throws -> Void
    ) throws -> MediaTally? {
        guard let video = selection.video, let stream = context.pointee.streams[video] else { return nil }
        let base = TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den)
        let entry = sound.isEmpty ? seconds.lowerBound : min(seconds.lowerBound, max(0, sound.lowerBound))
        func stamp(_ seconds: Double) -> Int64 {
            Int64(saturating: ((seconds + originSeconds) / base.seconds + 1e-3).rounded(.down))
        }
        let firstKey = avformat_index_get_entry_from_timestamp(stream, stamp(seconds.lowerBound), AVSEEK_FLAG_BACKWARD)
            .flatMap { $0.pointee.flags & AVINDEX_KEYFRAME != 0 ? $0.pointee.timestamp : nil }
        wasRead = true
        guard av_seek_frame(context, Int32(video), stamp(entry), AVSEEK_FLAG_BACKWARD) >= 0 else { return nil }
        keepOnly { $0 == video || $0 == selection.audio }
        let pictures = try PictureReader(file: self, stream: stream, threads: selection.threads)
        let sounds = try selection.audio.flatMap { context.pointee.streams[$0] }.map {
            try SoundReader(file: self, stream: $0)
        }
        var isPast = false
        var isEntered = firstKey == nil
        var isHeard = sounds == nil
        let from = earliest ?? seconds.lowerBound
        let show = { (picture: Picture) in
            if picture.seconds >= seconds.upperBound { isPast = true }
            if picture.seconds >= from, picture.seconds < seconds.upperBound { try onPicture(picture) }
        }
        let play = { (block: SoundBlock) in
            let start = Double(block.start) / Double(SoundBlock.rate)
            let end = start + Double(block.count) / Double(SoundBlock.rate)
            if end >= sound.upperBound { isHeard = true }
            if end > sound.lowerBound, start < sound.upperBound { try onSound(block) }
        }
        var packet: UnsafeMutablePointer<AVPacket>? = try FFmpegCall(file: path).pointer(
            "av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var failures = 0
        var hasEnded = false
        while let packet, !(isPast && isHeard), failures <= 10 {
            let code = av_read_frame(context, packet)
            if code == genlock_averror_eof {
                hasEnded = true
                break
            }
            if code < 0 {
                failures += 1
                continue
            }
            failures = 0
            defer { av_packet_unref(packet) }
            if packet.pointee.stream_index == Int32(video) {
                if let firstKey, !isEntered, packet.pointee.flags & AV_PKT_FLAG_KEY != 0 {
                    isEntered = max(packet.pointee.dts, packet.pointee.pts) >= firstKey
                }
                if isEntered, !isPast { try pictures.decode(packet, show) }
            } else if let sounds, packet.pointee.stream_index == sounds.decoder.streamIndex, !isHeard {
                try sounds.decode(packet, play)
            }
        }
        guard isEntered else { return nil }
        if !isPast { try pictures.decode(nil, show) }
        if hasEnded, let sounds, !isHeard {
            try sounds.decode(nil, play)
            try sounds.finish(play)
        }
        var tally = MediaTally()
        pictures.report(into: &tally)
        sounds?.report(into: &tally)
        return tally
    }
}
