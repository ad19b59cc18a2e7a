import CFFmpeg
import SyncModel

/// Subtitles inside a media file.
public struct SubtitleTrack: Sendable {
    public struct Cue: Sendable, Hashable {
        /// Seconds on the presentation timeline.
        public let start: Double
        public let end: Double
        /// Empty for bitmap subtitles.
        public let text: String

        public init(start: Double, end: Double, text: String) {
            (self.start, self.end, self.text) = (start, end, text)
        }
    }

    /// Stream index, as in `ffprobe`; for captions inside the video that of the video.
    public let index: Int
    /// The channel of captions inside the video, such as `cc1` or `service1`; nil: a separate stream.
    public let channel: String?
    public let codec: String
    public let language: String?
    public let cues: [Cue]
    /// Unreadable packets.
    public let damaged: Int

    public init(
        index: Int, channel: String? = nil, codec: String, language: String?, cues: [Cue], damaged: Int = 0
    ) {
        (self.index, self.channel, self.codec) = (index, channel, codec)
        (self.language, self.cues, self.damaged) = (language, cues, damaged)
    }

    /// The name after `#`: `2`, `cc1`.
    public var name: String { channel ?? String(index) }
}

extension MediaFile {
    /// Indices of the subtitle streams.
    public var subtitleStreams: [Int] {
        (0..<Int(context.pointee.nb_streams)).filter {
            context.pointee.streams[$0]?.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE
        }
    }

    /// Reads a subtitle stream from start to end.
    ///
    /// - Throws: `MediaError` if this FFmpeg cannot decode it.
    public func subtitles(stream index: Int) throws(MediaError) -> SubtitleTrack {
        let call = FFmpegCall(file: path)
        guard subtitleStreams.contains(index), let stream = context.pointee.streams[index] else {
            throw MediaError(.noSuchStream, file: path, detail: "stream \(index) has no subtitles")
        }
        let parameters = stream.pointee.codecpar
        let codecName = String(cString: avcodec_get_name(parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE))
        guard let codec = avcodec_find_decoder(parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE) else {
            throw MediaError(.noDecoder, file: path, detail: codecName)
        }
        var decoder: UnsafeMutablePointer<AVCodecContext>? = try call.pointer(
            "avcodec_alloc_context3", avcodec_alloc_context3(codec))
        defer { avcodec_free_context(&decoder) }
        try call("avcodec_parameters_to_context", avcodec_parameters_to_context(decoder, parameters))
        decoder?.pointee.pkt_timebase = stream.pointee.time_base
        try call("avcodec_open2", avcodec_open2(decoder, codec, nil))
        keepOnly { $0 == index }
        if isSeekable { av_seek_frame(context, Int32(index), 0, AVSEEK_FLAG_BACKWARD) }
        var cues: [SubtitleTrack.Cue] = []
        var damaged = 0
        // A CEA-608 caption is complete when the next one comes: it has its own start time, and the last one must be
        // flushed.
        let isLineTwentyOne = parameters?.pointee.codec_id == AV_CODEC_ID_EIA_608
        try readPackets(of: index) { packet in
            guard let start = seconds(packet.pointee.pts, stream) else { return }
            var subtitle = AVSubtitle()
            var isWhole: Int32 = 0
            guard avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, packet) >= 0 else {
                damaged += 1
                return
            }
            defer { avsubtitle_free(&subtitle) }
            guard isWhole != 0 else { return }
            if isLineTwentyOne {
                if let cue = closedCaption(subtitle, stream) { cues.append(cue) }
                return
            }
            let from = start + Double(subtitle.start_display_time) / 1000
            // Bitmap subtitles stay until an empty one clears them.
            if subtitle.num_rects == 0 {
                if let last = cues.last, last.end.isInfinite {
                    cues[cues.count - 1] = SubtitleTrack.Cue(start: last.start, end: from, text: last.text)
                }
                return
            }
            var length =
                Double(packet.pointee.duration)
                * TimeBase(stream.pointee.time_base.num, stream.pointee.time_base.den).seconds
            if length <= 0, subtitle.end_display_time != UInt32.max {
                length = Double(subtitle.end_display_time) / 1000
            }
            if let last = cues.last, last.end.isInfinite {
                cues[cues.count - 1] = SubtitleTrack.Cue(start: last.start, end: from, text: last.text)
            }
            cues.append(
                SubtitleTrack.Cue(
                    start: from, end: length > 0 ? from + length : .infinity, text: MediaFile.text(of: subtitle)))
        }
        if isLineTwentyOne {
            // An empty packet flushes the decoder.
            var nothing: UnsafeMutablePointer<AVPacket>? = try call.pointer("av_packet_alloc", av_packet_alloc())
            defer { av_packet_free(&nothing) }
            for _ in 0..<MediaFile.mostHeldBack {
                var subtitle = AVSubtitle()
                var isWhole: Int32 = 0
                guard avcodec_decode_subtitle2(decoder, &subtitle, &isWhole, nothing) >= 0, isWhole != 0 else { break }
                if let cue = closedCaption(subtitle, stream) { cues.append(cue) }
                avsubtitle_free(&subtitle)
            }
        }
        if let last = cues.last, last.end.isInfinite {
            cues[cues.count - 1] = SubtitleTrack.Cue(start: last.start, end: last.start + 3, text: last.text)
        }
        return SubtitleTrack(
            index: index, codec: codecName, language: streams.first { $0.index == index }?.language, cues: cues,
            damaged: damaged)
    }

    /// Maximum number of captions that the decoder holds back at the end.
    private static let mostHeldBack = 4

    /// A CEA-608 caption on the presentation timeline; nil: nothing is shown.
    private func closedCaption(_ subtitle: AVSubtitle, _ stream: UnsafeMutablePointer<AVStream>) -> SubtitleTrack.Cue? {
        let microseconds = AVRational(num: 1, den: 1_000_000)
        guard subtitle.num_rects > 0, subtitle.pts != genlock_nopts,
            let start = seconds(av_rescale_q(subtitle.pts, microseconds, stream.pointee.time_base), stream)
        else { return nil }
        let text = MediaFile.text(of: subtitle)
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        let length =
            subtitle.end_display_time == 0 || subtitle.end_display_time == UInt32.max
            ? .infinity : Double(subtitle.end_display_time) / 1000
        return SubtitleTrack.Cue(
            start: start + Double(subtitle.start_display_time) / 1000, end: start + length, text: text)
    }

    /// The text of a decoded subtitle, without the other fields of an ASS event.
    private static func text(of subtitle: AVSubtitle) -> String {
        var lines: [String] = []
        for place in 0..<Int(subtitle.num_rects) {
            guard let rect = subtitle.rects[place] else { continue }
            if let ass = rect.pointee.ass {
                let event = String(cString: ass)
                // ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect, Text.
                let parts = event.split(separator: ",", maxSplits: 8, omittingEmptySubsequences: false)
                var (text, depth) = ("", 0)
                for character in parts.count == 9 ? parts[8] : event[...] {
                    if character == "{" {
                        depth += 1
                    } else if character == "}", depth > 0 {
                        depth -= 1
                    } else if depth == 0 {
                        text.append(character)
                    }
                }
                lines.append(text.replacing("\\N", with: "\n").replacing("\\n", with: "\n").replacing("\\h", with: " "))
            } else if let plain = rect.pointee.text {
                lines.append(String(cString: plain))
            }
        }
        return lines.joined(separator: "\n")
    }
}
