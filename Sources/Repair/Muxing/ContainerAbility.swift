import CFFmpeg
import MediaIO

/// What a container can store.
struct ContainerAbility {
    let writer: MediaWriter

    /// Containers without timestamps for audio: it starts where the file starts. Only samples can be moved in them.
    private static let withoutStamps: Set<String> = [
        "avi", "mxf", "mxf_d10", "mxf_opatom", "wav", "w64", "aiff", "au", "caf", "flac", "mp3", "adts",
    ]

    var holdsStamps: Bool { !ContainerAbility.withoutStamps.contains(writer.format) }

    /// Whether it can store such a stream.
    func holds(_ parameters: AVCodecParameters) -> Bool {
        if parameters.codec_type == AVMEDIA_TYPE_ATTACHMENT { return ["matroska", "webm"].contains(writer.format) }
        if parameters.codec_id == AV_CODEC_ID_NONE || parameters.codec_type == AVMEDIA_TYPE_UNKNOWN { return false }
        // 1: yes, 0: no, negative: the muxer cannot say.
        let known = avformat_query_codec(
            writer.context.pointee.oformat, parameters.codec_id, FF_COMPLIANCE_EXPERIMENTAL)
        if parameters.codec_type == AVMEDIA_TYPE_DATA {
            let kept: Set<String> = ["gpmd", "rtmd"]
            if writer.isQuickTime { return kept.contains(ContainerAbility.name(of: parameters.codec_tag)) }
            return known == 1 || writer.format == "mpegts" && parameters.codec_id == AV_CODEC_ID_SMPTE_KLV
        }
        return known != 0
    }

    /// A timecode track, which QuickTime's muxer regenerates from the video's metadata.
    func makesAnew(_ parameters: AVCodecParameters) -> Bool {
        ContainerAbility.name(of: parameters.codec_tag) == "tmcd" && writer.isQuickTime
    }

    /// The four-character code.
    static func name(of tag: UInt32) -> String {
        String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) }, as: UTF8.self)
    }

    /// Whether samples can be moved without loss: decoding and encoding are lossless.
    static func isLossless(_ codec: AVCodecID) -> Bool {
        let name = String(cString: avcodec_get_name(codec))
        return name.hasPrefix("pcm_") && !["pcm_alaw", "pcm_mulaw"].contains(name)
            || ["flac", "alac", "wavpack", "tta"].contains(name)
    }
}
