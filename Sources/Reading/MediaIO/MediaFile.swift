package import CFFmpeg
import Files
import Foundation
import SyncModel

/// An opened media file: its streams, and the origin of its timeline.
///
/// Not shared between threads. Closes the file on deinitialisation.
///
/// ```swift
/// let file = try MediaFile(path: "take3.mov")
/// let selection = MediaSelection(video: file.videoStream?.index, audio: nil)
/// let tally = try file.decode(selection, onPicture: { print($0.seconds) })
/// ```
public final class MediaFile {
    public let path: String
    /// The position of the file's bytes, if inside another file.
    public let region: MediaRegion?
    public let streams: [StreamDescription]
    /// FFmpeg's name of the container format.
    public let format: String
    /// Declared length in seconds; nil if not declared.
    public let durationSeconds: Double?
    /// Origin of the timeline on the file's own clock, in seconds: all delivered times count from here.
    public let originSeconds: Double

    package let context: UnsafeMutablePointer<AVFormatContext>
    /// Reader for a playlist's segments; nil: a file.
    private let segments: SegmentReader?
    /// Whether something was read since it was opened, so that it is no longer at its start.
    public internal(set) var wasRead = false

    /// Opens a file and reads enough of it to know its streams.
    ///
    /// - Parameter region: the bytes to read, if inside another file; `path` is then only a name.
    /// - Throws: `MediaError` with the file; only local files are opened, whatever the name or a playlist contains.
    public init(path: String, region: MediaRegion? = nil) throws(MediaError) {
        self.path = path
        self.region = region
        _ = FFmpegLibrary.isQuiet
        let place = try FilePreflight.place(of: path, region)
        let call = FFmpegCall(file: path)

        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // Playlists are resolved here and never by FFmpeg, which then opens nothing itself.
        let parts = region == nil ? try Playlist.segments(of: place) : nil
        if let region, Playlist.isOne(place, at: region.start) {
            throw MediaError(.badPlaylist, file: path, detail: "it is inside another file")
        }
        let reader: SegmentReader?
        if let parts { reader = try SegmentReader(parts, file: path) } else { reader = nil }
        segments = reader
        let protocols = reader != nil ? "none" : region == nil ? "file" : "file,subfile"
        av_dict_set(&options, "protocol_whitelist", protocols, 0)
        // A name such as "%03d.png" or "a*.png" is the file of that name, not a sequence.
        av_dict_set(&options, "pattern_type", "none", 0)

        var opened: UnsafeMutablePointer<AVFormatContext>?
        if let reader {
            opened = try call.pointer("avformat_alloc_context", avformat_alloc_context())
            opened?.pointee.pb = reader.context
            opened?.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        }
        let part = region.map { "subfile,,start,\($0.start),end,\($0.start + $0.length),,:" } ?? ""
        let name = reader == nil ? part + "file:" + place : ""
        let code = avformat_open_input(&opened, name, nil, &options)
        guard code >= 0, let opened else {
            let kind: MediaError.Kind =
                region == nil && FilePreflight.looksLikeUnfinishedMP4(path) ? .noIndex : FFmpegCall.kind(of: code)
            throw MediaError(kind, file: path, detail: FFmpegCall.text(of: code))
        }
        context = opened
        var owned: UnsafeMutablePointer<AVFormatContext>? = opened
        do throws(MediaError) {
            try call("avformat_find_stream_info", avformat_find_stream_info(opened, nil))
            format = String(cString: opened.pointee.iformat.pointee.name)
            let descriptions = (0..<Int(opened.pointee.nb_streams)).compactMap { index -> StreamDescription? in
                opened.pointee.streams[index].map { MediaFile.describe($0.pointee) }
            }
            guard descriptions.contains(where: { $0.kind != .other }) else { throw MediaError(.noStreams, file: path) }
            streams = descriptions
        } catch {
            avformat_close_input(&owned)
            throw error
        }
        let start = opened.pointee.start_time
        originSeconds = start == genlock_nopts ? 0 : Double(start) / Double(genlock_time_base)
        let duration = opened.pointee.duration
        let seconds = duration == genlock_nopts || duration <= 0 ? nil : Double(duration) / Double(genlock_time_base)
        durationSeconds = seconds.flatMap { $0 < MediaFile.longest ? $0 : nil }
        MediaWatch.opened?(durationSeconds)
    }

    /// Maximum credible declared length in seconds: three years.
    static let longest = 1e8

    /// Maximum credible gap between decoded audio or video, in seconds: a gap of a day, filled with silence, would take
    /// gigabytes.
    static let longestGap = 4.0 * 3600

    /// - Throws: `MediaError` (`timestamps-jump`) if a stream continues more than `longestGap` after its last end.
    static func refuseJump(from last: Double?, to time: Double, of stream: String, file: String) throws(MediaError) {
        guard let last, time - last > longestGap else { return }
        let (end, start) = (String(format: "%.3f", last), String(format: "%.3f", time))
        throw MediaError(.timestampsJump, file: file, detail: "\(stream) jumps from \(end) s to \(start) s")
    }

    deinit {
        var owned: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&owned)
    }

    /// Whether it is a still image: a single-image format, or one declared frame.
    public var isStillPicture: Bool { format.hasSuffix("_pipe") || format == "image2" || videoStream?.frameCount == 1 }

    /// The video to analyse: the default video stream, never a cover.
    public var videoStream: StreamDescription? {
        let candidates = streams.filter { $0.kind == .video && !$0.isAttachedPicture }
        return candidates.first(where: \.isDefault) ?? candidates.first
    }

    public var audioStreams: [StreamDescription] { streams.filter { $0.kind == .audio } }

    /// The audio to analyse: the default stream, or the `number`th audio stream counted from 0.
    ///
    /// - Throws: `MediaError.Kind.noSuchStream` if the file has fewer.
    public func audioStream(number: Int?) throws(MediaError) -> StreamDescription? {
        let candidates = audioStreams
        if let number {
            guard candidates.indices.contains(number) else {
                throw MediaError(
                    .noSuchStream, file: path,
                    detail: "audio stream \(number) was requested; it has \(candidates.count), counted from 0")
            }
            return candidates[number]
        }
        return candidates.first(where: \.isDefault) ?? candidates.first
    }

    /// The number, counted from 0 among the audio streams, of the only one with the wanted language; nil: none or
    /// several, or the default stream has it.
    ///
    /// - Parameter language: an ISO 639 code or a BCP 47 tag.
    public func audioStreamNumber(in language: String) -> Int? {
        let streams = audioStreams
        let same = streams.indices.filter { LanguageCode.isSame(streams[$0].language, language) }
        guard same.count == 1, let usual = try? audioStream(number: nil), streams[same[0]].index != usual.index else {
            return nil
        }
        return same[0]
    }

    private static func describe(_ stream: AVStream) -> StreamDescription {
        let parameters = stream.codecpar.pointee
        let base = TimeBase(stream.time_base.num, stream.time_base.den)
        let kind: StreamDescription.Kind =
            switch parameters.codec_type {
            case AVMEDIA_TYPE_VIDEO: .video
            case AVMEDIA_TYPE_AUDIO: .audio
            default: .other
            }
        let rate = stream.avg_frame_rate.num > 0 ? stream.avg_frame_rate : stream.r_frame_rate
        return StreamDescription(
            index: Int(stream.index), kind: kind, codec: String(cString: avcodec_get_name(parameters.codec_id)),
            timeBase: base,
            start: stream.start_time == genlock_nopts ? nil : MediaTime(ticks: stream.start_time, base: base),
            duration: stream.duration == genlock_nopts || stream.duration <= 0
                ? nil : MediaTime(ticks: stream.duration, base: base),
            isAttachedPicture: stream.disposition & AV_DISPOSITION_ATTACHED_PIC != 0,
            isDefault: stream.disposition & AV_DISPOSITION_DEFAULT != 0,
            language: tag("language", stream.metadata),
            width: Int(parameters.width), height: Int(parameters.height),
            frameRate: kind == .video && rate.num > 0 && rate.den > 0 ? Double(rate.num) / Double(rate.den) : nil,
            frameCount: kind == .video && stream.nb_frames > 0 ? Int(stream.nb_frames) : nil,
            sampleRate: Int(parameters.sample_rate), channels: Int(parameters.ch_layout.nb_channels),
            profile: avcodec_profile_name(parameters.codec_id, parameters.profile).map { String(cString: $0) })
    }

    /// The metadata of this name: the container's, else that of its streams in order.
    public func tag(_ name: String) -> String? {
        if let found = MediaFile.tag(name, context.pointee.metadata) { return found }
        return (0..<Int(context.pointee.nb_streams)).lazy.compactMap { self.context.pointee.streams[$0] }
            .compactMap { MediaFile.tag(name, $0.pointee.metadata) }.first
    }

    private static func tag(_ name: String, _ metadata: OpaquePointer?) -> String? {
        guard let entry = av_dict_get(metadata, name, nil, 0) else { return nil }
        return String(cString: entry.pointee.value)
    }
}
