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
    ) throws -> ContainerFacts {
        let survey = PacketSurvey(video: video, audio: audio, onSound: onSound)
        _ = try decode(MediaSelection(video: nil, audio: nil), survey: survey)
        return survey.facts
    }
}

/// Notes what the packets of a picture and a sound stream say of time while a file is decoded, for whatever else, from
/// its beginning to its end.
public final class PacketSurvey {
    /// What was noted, once the pass has ended.
    public private(set) var facts = ContainerFacts(format: "", declaredSeconds: nil)
    private let video: Int?
    private let audio: Int?
    private let onSound: ((NativeSound) -> Void)?
    private var pictures: StreamSurvey?
    private var sound: StreamSurvey?
    private var ear: NativeEar?

    /// - Parameters:
    ///   - video: the picture's stream; nil: there is none.
    ///   - audio: the sound's, likewise.
    ///   - onSound: handed all of the sound, decoded, as it is stored; nil: it is not decoded.
    public init(video: Int?, audio: Int?, onSound: ((NativeSound) -> Void)? = nil) {
        self.video = video
        self.audio = audio
        self.onSound = onSound
    }

    /// - Parameters:
    ///   - picture: decodes the pictures in this pass; nil: nothing does.
    ///   - sound: decodes the sound, likewise.
    func begin(_ file: MediaFile, picture: PictureReader?, sound: SoundReader?) {
        facts = ContainerFacts(format: file.format, declaredSeconds: file.durationSeconds)
        let edits = file.format.hasPrefix("mov,") ? EditLists(path: file.path, region: file.region) : nil
        pictures = StreamSurvey(file: file, index: video, edits: edits, decoder: picture?.decoder)
        self.sound = StreamSurvey(file: file, index: audio, edits: edits, decoder: nil)
        ear = onSound.flatMap { NativeEar(file: file, index: audio, isDecoded: sound != nil, onSound: $0) }
        if let ear { sound?.onFrame = { ear.hear($0) } }
    }

    /// Whether packets of a stream are to be read.
    func wants(_ index: Int) -> Bool { index == video || index == audio }

    /// Takes a packet, after whoever decodes it.
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

/// Gathers what the packets of one stream say.
private struct StreamSurvey {
    private let stream: UnsafeMutablePointer<AVStream>
    private let format: String
    private let base: TimeBase
    private var facts: StreamFacts
    /// For the first pictures only.
    private var decoder: StreamDecoder?
    /// Whether somebody else feeds it.
    private let isShared: Bool
    /// Pictures that are decoded at most until a frame rate is stated.
    private var tries = 4
    private var latest = -Double.infinity
    /// From decoding to presentation of the last packet that says both, in ticks.
    private var reordering: Int64 = 0
    /// What coded pictures must keep to.
    private let rules: CodedPictureRules?
    /// Codecs that carry a frame rate of their own which need not be the container's.
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

    mutating func finish() -> StreamFacts {
        // Headers of these formats state a frame rate that their timestamps need not follow.
        let headers = ["matroska,webm": "the Matroska header", "flv": "the FLV header", "avi": "the AVI header"]
        let rate = stream.pointee.avg_frame_rate
        if facts.sampleRate == 0, let source = headers[format], rate.num > 0, rate.den > 0 {
            facts.rateTags.append(RateTag(source: source, numerator: Int(rate.num), denominator: Int(rate.den)))
        }
        return facts
    }
}
