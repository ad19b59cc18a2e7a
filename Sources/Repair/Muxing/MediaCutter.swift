import CFFmpeg
import Foundation
import MediaIO
public import SyncModel

/// The result of cutting a recording.
public struct CutMedia: Sendable, Hashable {
    /// Whether the audio was re-encoded; else every packet is unchanged.
    public let isSoundAnew: Bool
    /// Seconds before the cut that stay in the file, hidden: the video must be decoded from a keyframe on.
    public let hiddenSeconds: Double
    /// Streams that the output cannot store.
    public let leftOut: [String]
}

/// Cuts a recording to a span of its own time, exact to the sample and the frame, without re-encoding its video.
///
/// Packets are copied from the keyframe before the cut on; what precedes the cut is hidden by the edit list of
/// QuickTime-like files (mp4, mov, m4a), as players and decoders follow it. Audio in other files is decoded and cut by
/// samples.
public struct MediaCutter {
    /// Seconds of the recording's own timeline.
    public let span: TimeSpan
    /// Seconds of the new timeline per own second; if not 1, the audio is resampled and the video's timestamps are
    /// scaled.
    public let rate: Double

    public init(span: TimeSpan, rate: Double = 1) {
        self.span = span
        self.rate = rate
    }

    private static let quickTimeEndings: Set<String> = ["mp4", "mov", "m4v", "m4a"]

    /// The extension of a file that a recording can be cut into; nil: its own.
    ///
    /// - Throws: `MediaError`.
    public static func ending(for path: String) throws -> String? {
        if quickTimeEndings.contains(path.endingOfPath.lowercased()) { return nil }
        let file = try MediaFile(path: path)
        if file.hasPicture {
            // QuickTime holds PCM and old codecs, MP4 newer ones such as Opus, which QuickTime's muxer rejects.
            let codecs = file.streams.filter { $0.kind == .video || $0.kind == .audio }.map { file.codec($0.index) }
            let holding = ["mp4", "mov"].first { name in
                guard let format = av_guess_format(name, nil, nil) else { return false }
                return codecs.allSatisfy { avformat_query_codec(format, $0, FF_COMPLIANCE_EXPERIMENTAL) == 1 }
            }
            return holding ?? "mov"
        }
        return file.audioStreams.allSatisfy { ContainerAbility.isLossless(file.codec($0.index)) } ? nil : "wav"
    }

    /// Writes the span of `input` to a place's partial file; the caller finishes it.
    ///
    /// - Throws: `FixError`, `MediaError`.
    public func cut(_ input: String, into place: StagedOutput) throws -> CutMedia {
        let ranges = try PacketRange.of(try MediaFile(path: input), span)
        let copy = try CutCopy(
            try MediaFile(path: input), try MediaWriter(path: place.partial, shown: place.path), cutter: self,
            ranges: ranges)
        try copy.run()
        let written = try MediaFile(path: place.partial)
        let length = (span.end - span.start) * rate
        // Reference frames after the span may stay at the end: a few frames.
        guard let found = written.durationSeconds, abs(found - length) < 0.5 else {
            throw FixError.cannotHold(
                place.path,
                """
                the result is \(written.durationSeconds.map { String(format: "%.2f", $0) } ?? "?") s long instead of \
                \(String(format: "%.2f", length)) s
                """
            )
        }
        return CutMedia(
            isSoundAnew: copy.isSoundAnew, hiddenSeconds: ranges.values.map(\.lead).max() ?? 0, leftOut: copy.leftOut)
    }
}

extension MediaFile {
    var hasPicture: Bool { streams.contains { $0.kind == .video && !$0.isAttachedPicture } }

    func codec(_ index: Int) -> AVCodecID {
        context.pointee.streams[index]?.pointee.codecpar.pointee.codec_id ?? AV_CODEC_ID_NONE
    }
}

/// The packets of one stream that a span needs, numbered in file order.
struct PacketRange {
    fileprivate(set) var first: Int?
    fileprivate(set) var last = -1
    /// Seconds from the first packet to the start of the span.
    fileprivate(set) var lead = 0.0
    /// The frame shown at the start of the span: the last one presented until then.
    fileprivate(set) var shown: (number: Int, seconds: Double)?

    /// Decoder pre-roll for audio before the cut, in seconds (80 ms for Opus, RFC 7845).
    private static let stride = 0.08

    func contains(_ number: Int) -> Bool { first.map { $0...max($0, last) ~= number } ?? false }

    /// Reads the file once.
    static func of(_ file: MediaFile, _ span: TimeSpan) throws -> [Int: PacketRange] {
        var ranges: [Int: PacketRange] = [:]
        var counts: [Int: Int] = [:]
        try PacketSource(file).each { packet in
            let index = Int(packet.pointee.stream_index)
            guard file.streams.indices.contains(index), let stream = file.context.pointee.streams[index] else { return }
            let number = counts[index, default: 0]
            counts[index] = number + 1
            let base = stream.pointee.time_base
            let time = PacketSource.seconds(packet, base) - file.originSeconds
            guard time.isFinite else { return }
            let length = Double(packet.pointee.duration) * Double(base.num) / Double(max(1, base.den))
            var range = ranges[index] ?? PacketRange()
            defer { ranges[index] = range }
            if file.streams[index].kind == .video, time <= span.start + 1e-6, time > range.shown?.seconds ?? -.infinity
            {
                range.shown = (number, time)
            }
            switch file.streams[index].kind {
            case .video
            where packet.pointee.flags & AV_PKT_FLAG_KEY != 0 && (time <= span.start + 1e-6 || range.first == nil):
                range.first = number
                range.lead = max(0, span.start - time)
            case .audio where range.first == nil && time + length > span.start - stride: range.first = number
            case .video, .audio: break
            default: if range.first == nil, time >= span.start { range.first = number }
            }
            if time < span.end { range.last = number }
        }
        return ranges
    }
}

/// Copies a span of one file into another.
private final class CutCopy {
    private let file: MediaFile
    private let writer: MediaWriter
    private let cutter: MediaCutter
    private let ranges: [Int: PacketRange]
    private var streams: [Int: UnsafeMutablePointer<AVStream>] = [:]
    private var rewriters: [Int: SoundRewriter] = [:]
    private(set) var leftOut: [String] = []
    var isSoundAnew: Bool { !rewriters.isEmpty }

    init(_ file: MediaFile, _ writer: MediaWriter, cutter: MediaCutter, ranges: [Int: PacketRange]) throws {
        self.file = file
        self.writer = writer
        self.cutter = cutter
        self.ranges = ranges
        let ability = ContainerAbility(writer: writer)
        guard writer.isQuickTime || !file.hasPicture else {
            throw FixError(
                "container-cannot-hold",
                "\(writer.file.printable) cannot start its video anywhere but at a keyframe",
                remedy: "give it the extension .mov or .mp4: these hide what is before the cut")
        }
        let length = (cutter.span.end - cutter.span.start) * cutter.rate
        for index in 0..<Int(file.context.pointee.nb_streams) {
            guard let source = file.context.pointee.streams[index], source.pointee.discard != AVDISCARD_ALL else {
                continue
            }
            let parameters = source.pointee.codecpar.pointee
            if ability.makesAnew(parameters) { continue }
            if parameters.codec_type == AVMEDIA_TYPE_AUDIO, cutter.rate != 1 || !writer.isQuickTime {
                let piece = SoundMove.Piece(start: 0, end: length, from: cutter.span.start, rate: cutter.rate)
                let isWave = writer.format == "wav" && !ContainerAbility.isLossless(parameters.codec_id)
                let rewriter = try SoundRewriter(
                    source, into: writer, pieces: [piece], origin: file.originSeconds, newOrigin: 0,
                    coding: isWave ? AV_CODEC_ID_PCM_S16LE : nil)
                rewriters[index] = rewriter
                streams[index] = rewriter.target
            } else if ability.holds(parameters) {
                streams[index] = try writer.addCopy(of: source)
            } else {
                leftOut.append("stream \(index) (\(String(cString: avcodec_get_name(parameters.codec_id))))")
            }
        }
        try writer.describe(
            as: file.context, chaptersLater: -cutter.span.start, streams: streams.mapValues { Int($0.pointee.index) })
        // A timecode is the start of the whole recording.
        av_dict_set(&writer.context.pointee.metadata, "timecode", nil, 0)
        for stream in streams.values { av_dict_set(&stream.pointee.metadata, "timecode", nil, 0) }
        try writer.begin()
    }

    func run() throws {
        var counts: [Int: Int] = [:]
        try PacketSource(file).each { packet in
            let index = Int(packet.pointee.stream_index)
            let number = counts[index, default: 0]
            counts[index] = number + 1
            guard let source = file.context.pointee.streams[index], let target = streams[index] else { return }
            if let rewriter = rewriters[index] { return try rewriter.push(packet) { try writer.write($0) } }
            let isPicture = source.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
            guard isPicture || ranges[index]?.contains(number) == true else { return }
            if isPicture {
                av_packet_rescale_ts(packet, source.pointee.time_base, target.pointee.time_base)
            } else {
                packet.pointee.pts = stamp(packet.pointee.pts, source.pointee.time_base, target.pointee.time_base)
                packet.pointee.dts = stamp(packet.pointee.dts, source.pointee.time_base, target.pointee.time_base)
                // The frame shown at the cut starts there: readers of edit lists place only whole frames.
                if ranges[index]?.shown?.number == number, packet.pointee.pts != genlock_nopts {
                    packet.pointee.pts = max(0, packet.pointee.pts)
                }
                packet.pointee.duration = av_rescale_q(
                    packet.pointee.duration, source.pointee.time_base, target.pointee.time_base)
            }
            packet.pointee.stream_index = target.pointee.index
            packet.pointee.pos = -1
            try writer.write(packet)
        }
        for rewriter in rewriters.values { try rewriter.push(nil) { try writer.write($0) } }
        try writer.finish()
    }

    /// A timestamp on the new timeline.
    private func stamp(_ ticks: Int64, _ old: AVRational, _ new: AVRational) -> Int64 {
        guard ticks != genlock_nopts else { return ticks }
        let seconds = Double(ticks) * Double(old.num) / Double(max(1, old.den)) - file.originSeconds - cutter.span.start
        return Int64((seconds * cutter.rate * Double(new.den) / Double(max(1, new.num))).rounded())
    }
}
