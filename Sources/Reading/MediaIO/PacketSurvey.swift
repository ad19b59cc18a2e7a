import CFFmpeg
public import SyncModel

extension MediaFile {
    /// Collects the timestamps of all packets of a video and an audio stream; decodes only the first frames, whose
    /// headers may state a frame rate.
    ///
    /// Reads from the current position: use it on a newly opened file. Damage ends the survey early and is recorded.
    ///
    /// - Parameter onSound: receives the decoded, unconverted audio; nil: it is not decoded.
    public func survey(
        video: Int?, audio: Int?, onSound: ((NativeSound) -> Void)? = nil
    ) throws -> ContainerFacts {
        let survey = PacketSurvey(video: video, audio: audio, onSound: onSound)
        _ = try decode(MediaSelection(video: nil, audio: nil), survey: survey)
        return survey.facts
    }
}

/// Collects the packet timestamps of a video and an audio stream while a file is decoded for other purposes, from start
/// to end.
public final class PacketSurvey {
    /// The result, after the pass.
    public private(set) var facts = ContainerFacts(format: "", declaredSeconds: nil)
    private let video: Int?
    private let audio: Int?
    private let onSound: ((NativeSound) -> Void)?
    private var pictures: StreamSurvey?
    private var sound: StreamSurvey?
    private var ear: NativeEar?

    /// - Parameters:
    ///   - video: the video stream; nil: none.
    ///   - audio: the audio stream; nil: none.
    ///   - onSound: receives the decoded, unconverted audio; nil: it is not decoded.
    public init(video: Int?, audio: Int?, onSound: ((NativeSound) -> Void)? = nil) {
        self.video = video
        self.audio = audio
        self.onSound = onSound
    }

    /// - Parameters:
    ///   - picture: decodes the video in this pass; nil: not decoded.
    ///   - sound: decodes the audio; nil: not decoded.
    func begin(_ file: MediaFile, picture: PictureReader?, sound: SoundReader?) {
        facts = ContainerFacts(format: file.format, declaredSeconds: file.durationSeconds)
        let edits = file.format.hasPrefix("mov,") ? EditLists(path: file.path, region: file.region) : nil
        pictures = StreamSurvey(file: file, index: video, edits: edits, decoder: picture?.decoder)
        self.sound = StreamSurvey(file: file, index: audio, edits: edits, decoder: nil)
        ear = onSound.flatMap { NativeEar(file: file, index: audio, isDecoded: sound != nil, onSound: $0) }
        if let ear { sound?.onFrame = { ear.hear($0) } }
    }

    /// Whether a stream's packets are needed.
    func wants(_ index: Int) -> Bool { index == video || index == audio }

    /// Records a packet, after it was decoded.
    func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        let index = Int(packet.pointee.stream_index)
        if index == video { pictures?.note(packet) }
        if index == audio {
            sound?.note(packet)
            ear?.decode(packet)
        }
    }

    func finish(stoppedBy: String?) {
        ear?.decode(nil)
        ear = nil
        facts.stoppedBy = stoppedBy
        facts.video = pictures?.finish()
        facts.audio = sound?.finish()
    }
}

/// Collects the packet facts of one stream.
private struct StreamSurvey {
    private let stream: UnsafeMutablePointer<AVStream>
    private let format: String
    private let base: TimeBase
    private var facts: StreamFacts
    /// For the first frames only.
    private var decoder: StreamDecoder?
    /// Whether it is fed elsewhere.
    private let isShared: Bool
    /// Maximum number of frames decoded until a frame rate is stated.
    private var tries = 4
    private var latest = -Double.infinity
    /// Delay from decoding to presentation of the last packet with both, in ticks.
    private var reordering: Int64 = 0
    /// Syntax rules for coded frames.
    private let rules: CodedPictureRules?
    /// Codecs with their own frame rate, which may differ from the container's.
    private static let rated: Set<String> = ["h264", "hevc", "mpeg1video", "mpeg2video"]

    init?(file: MediaFile, index: Int?, edits: EditLists?, decoder: StreamDecoder?) {
        guard let index, let stream = file.context.pointee.streams[index], let parameters = stream.pointee.codecpar,
            let described = file.streams.first(where: { $0.index == index })
        else { return nil }
        self.stream = stream
        format = file.format
        base = described.timeBase
        facts = StreamFacts(codec: described.codec, declaredSeconds: described.duration?.seconds, stamps: [])
        rules = CodedPictureRules(parameters)
        isShared = decoder != nil
        facts.edits = edits?.pieces[Int(stream.pointee.id)]
        if described.kind == .audio {
            facts.sampleRate = described.sampleRate
            facts.packetSamples = Int(max(0, parameters.pointee.frame_size))
            facts.skippedSamples = Int(max(0, parameters.pointee.initial_padding))
        } else if StreamSurvey.rated.contains(described.codec) {
            self.decoder = decoder ?? (try? StreamDecoder(stream: stream, file: file.path, threads: 1))
        }
    }

    mutating func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        if let decoder, tries > 0 {
            tries -= 1
            if !isShared { try? decoder.decode(packet) { _ in } }
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
            // Same delay from decoding to presentation as the previous one.
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

    mutating func finish() -> StreamFacts {
        // Headers of these formats state a frame rate that their timestamps need not match.
        let headers = ["matroska,webm": "the Matroska header", "flv": "the FLV header", "avi": "the AVI header"]
        let rate = stream.pointee.avg_frame_rate
        if facts.sampleRate == 0, let source = headers[format], rate.num > 0, rate.den > 0 {
            facts.rateTags.append(RateTag(source: source, numerator: Int(rate.num), denominator: Int(rate.den)))
        }
        return facts
    }
}
