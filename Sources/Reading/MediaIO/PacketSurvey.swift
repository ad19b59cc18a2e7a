import CFFmpeg
public import SyncModel

extension MediaFile {
    /// Reads all packets of a picture and a sound stream and notes what they say of time; decodes nothing but the first
    /// pictures, whose headers may state a frame rate.
    ///
    /// Reads from where the file stands: give it a file that was just opened. Damage ends the survey early and is
    /// noted.
    ///
    /// - Parameter onSound: handed all of the sound, decoded, as it is stored; nil: it is not decoded.
    public func survey(
        video: Int?, audio: Int?, onSound: ((NativeSound) -> Void)? = nil
    ) throws(MediaError) -> ContainerFacts {
        for index in 0..<Int(context.pointee.nb_streams) {
            context.pointee.streams[index]?.pointee.discard =
                index == video || index == audio ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
        let edits = format.hasPrefix("mov,") ? EditLists(path: path, region: region) : nil
        var pictures = StreamSurvey(file: self, index: video, edits: edits)
        var sound = StreamSurvey(file: self, index: audio, edits: edits)
        let ear = onSound.flatMap { NativeEar(file: self, index: audio, onSound: $0) }
        var facts = ContainerFacts(format: format, declaredSeconds: durationSeconds)

        var packet: UnsafeMutablePointer<AVPacket>? = try FFmpegCall(file: path).pointer(
            "av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var failures = 0
        while let packet, failures <= 10 {
            let code = av_read_frame(context, packet)
            if code == genlock_averror_eof { break }
            if code < 0 {
                failures += 1
                if code != genlock_averror_eagain { facts.stoppedBy = FFmpegCall.text(of: code) }
                continue
            }
            failures = 0
            if Int(packet.pointee.stream_index) == video { pictures?.note(packet) }
            if Int(packet.pointee.stream_index) == audio {
                sound?.note(packet)
                ear?.hear(packet)
            }
            av_packet_unref(packet)
        }
        ear?.hear(nil)
        facts.video = pictures?.finish()
        facts.audio = sound?.finish()
        return facts
    }
}

/// Gathers what the packets of one stream say.
private struct StreamSurvey {
    private let stream: UnsafeMutablePointer<AVStream>
    private let format: String
    private let base: TimeBase
    private var facts: StreamFacts
    /// Opened for the first pictures only.
    private var decoder: StreamDecoder?
    /// Pictures that are decoded at most until a frame rate is stated.
    private var tries = 4
    private var latest = -Double.infinity
    /// From decoding to presentation of the last packet that says both, in ticks.
    private var reordering: Int64 = 0
    /// What coded pictures must keep to.
    private let rules: CodedPictureRules?
    /// Codecs that carry a frame rate of their own which need not be the container's.
    private static let rated: Set<String> = ["h264", "hevc", "mpeg1video", "mpeg2video"]

    init?(file: MediaFile, index: Int?, edits: EditLists?) {
        guard let index, let stream = file.context.pointee.streams[index], let parameters = stream.pointee.codecpar,
            let described = file.streams.first(where: { $0.index == index })
        else { return nil }
        self.stream = stream
        format = file.format
        base = described.timeBase
        facts = StreamFacts(codec: described.codec, declaredSeconds: described.duration?.seconds, stamps: [])
        rules = CodedPictureRules(parameters)
        facts.edits = edits?.pieces[Int(stream.pointee.id)]
        if described.kind == .audio {
            facts.sampleRate = described.sampleRate
            facts.packetSamples = Int(max(0, parameters.pointee.frame_size))
            facts.skippedSamples = Int(max(0, parameters.pointee.initial_padding))
        } else if StreamSurvey.rated.contains(described.codec) {
            decoder = try? StreamDecoder(stream: stream, file: file.path, threads: 1)
        }
    }

    mutating func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        if let decoder, tries > 0 {
            tries -= 1
            try? decoder.decode(packet) { _ in }
            if let rate = decoder.statedRate {
                facts.rateTags.append(
                    RateTag(source: "the \(facts.codec) stream", numerator: Int(rate.num), denominator: Int(rate.den)))
                tries = 0
            }
            if tries == 0 { self.decoder = nil }
        }
        if packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0 {
            facts.hiddenPackets += 1
            return
        }
        var stamp = packet.pointee.pts
        if stamp == genlock_nopts, packet.pointee.dts != genlock_nopts {
            // Shown as long after its decoding as the last one.
            stamp = packet.pointee.dts &+ reordering
        } else if stamp != genlock_nopts, packet.pointee.dts != genlock_nopts {
            reordering = stamp &- packet.pointee.dts
        }
        guard stamp != genlock_nopts else {
            facts.missingStamps += 1
            return
        }
        let seconds = MediaTime(ticks: stamp, base: base).seconds
        if facts.stamps.isEmpty {
            var size = 0
            if let data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 4 {
                let skipped = (0..<4).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
                facts.skippedSamples = max(facts.skippedSamples, skipped)
            }
        }
        facts.stamps.append(seconds)
        if facts.sampleRate == 0 {
            facts.packets.append(
                PacketFacts(
                    bytes: packet.pointee.size, isKey: packet.pointee.flags & AV_PKT_FLAG_KEY != 0,
                    isBroken: packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
                        || rules?.isBroken(packet.pointee.data, Int(packet.pointee.size)) ?? false))
        }
        if seconds >= latest {
            latest = seconds
            facts.lastSeconds = MediaTime(ticks: max(0, packet.pointee.duration), base: base).seconds
        }
    }

    consuming func finish() -> StreamFacts {
        // Headers of these formats state a frame rate that their timestamps need not follow.
        let headers = ["matroska,webm": "the Matroska header", "flv": "the FLV header", "avi": "the AVI header"]
        let rate = stream.pointee.avg_frame_rate
        if facts.sampleRate == 0, let source = headers[format], rate.num > 0, rate.den > 0 {
            facts.rateTags.append(RateTag(source: source, numerator: Int(rate.num), denominator: Int(rate.den)))
        }
        return facts
    }
}
