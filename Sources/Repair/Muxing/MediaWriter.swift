import CFFmpeg
import Files
import Foundation
import MediaIO
import SyncModel

/// A media file that is being written.
final class MediaWriter {
    let context: UnsafeMutablePointer<AVFormatContext>
    let file: String
    private let call: FFmpegCall
    private var isOpen = false
    private var descriptor: Int32 = -1

    /// - Parameter shown: the name for messages; its extension, like that of `path`, selects the container.
    init(path: String, shown: String) throws {
        _ = FFmpegLibrary.isQuiet
        file = shown
        call = FFmpegCall(file: shown)
        var made: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_alloc_output_context2(&made, nil, nil, path) >= 0, let made else {
            throw FixError(
                "unknown-container", "the extension of \(shown.printable) is not a container that FFmpeg writes",
                remedy: "use .mkv, .mov, .mp4 or the original's extension")
        }
        context = made
        context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
        // As in the ffmpeg program: without it, program streams report buffer underflows.
        context.pointee.max_delay = 700_000
        // Containers of several files open them themselves, which is not supported here.
        guard context.pointee.oformat.pointee.flags & AVFMT_NOFILE == 0 else { return }
        descriptor = FileDoor.open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        let code = errno
        if descriptor >= 0 { context.pointee.pb = genlock_output_begin(descriptor) }
        if context.pointee.pb == nil {
            // `deinit` frees the context, but runs only if the initialiser has set everything.
            throw FixError(
                "not-written", "\(shown.printable) cannot be written (\(String(cString: strerror(code))))",
                remedy: "check the folder and its permissions", isRefusal: false)
        }
        context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
    }

    deinit {
        _ = closed()
        avformat_free_context(context)
    }

    /// Returns 0, or an FFmpeg error code.
    private func closed() -> Int32 {
        genlock_output_end(&context.pointee.pb)
        guard descriptor >= 0 else { return 0 }
        defer { descriptor = -1 }
        return close(descriptor) == 0 || errno == EINTR ? 0 : -errno
    }

    /// FFmpeg's short name of the container.
    var format: String { String(cString: context.pointee.oformat.pointee.name) }

    /// Whether the container is QuickTime-like.
    var isQuickTime: Bool { ["mov", "mp4", "ipod", "3gp", "3g2", "psp", "ismv", "f4v"].contains(format) }

    /// Adds a stream with all properties of the input's.
    func addCopy(of source: UnsafeMutablePointer<AVStream>) throws -> UnsafeMutablePointer<AVStream> {
        let stream = try call.pointer("avformat_new_stream", avformat_new_stream(context, nil))
        try call("avcodec_parameters_copy", avcodec_parameters_copy(stream.pointee.codecpar, source.pointee.codecpar))
        stream.pointee.codecpar.pointee.codec_tag = tag(source.pointee.codecpar.pointee)
        stream.pointee.time_base = source.pointee.time_base
        try describe(stream, as: source)
        return stream
    }

    /// Copies a stream's metadata: language, title, disposition, rotation, rates.
    func describe(_ stream: UnsafeMutablePointer<AVStream>, as source: UnsafeMutablePointer<AVStream>) throws {
        stream.pointee.id = source.pointee.id
        stream.pointee.disposition = source.pointee.disposition
        stream.pointee.avg_frame_rate = source.pointee.avg_frame_rate
        stream.pointee.r_frame_rate = source.pointee.r_frame_rate
        stream.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
        try call("av_dict_copy", av_dict_copy(&stream.pointee.metadata, source.pointee.metadata, 0))
        try call("side data", genlock_copy_side_data(stream, source))
    }

    /// The container's tag for a codec: the input's own if it is valid there, else the container's choice.
    private func tag(_ parameters: AVCodecParameters) -> UInt32 {
        guard let table = context.pointee.oformat.pointee.codec_tag else { return parameters.codec_tag }
        var other: UInt32 = 0
        let isOwn = av_codec_get_id(table, parameters.codec_tag) == parameters.codec_id
        return isOwn || av_codec_get_tag2(table, parameters.codec_id, &other) == 0 ? parameters.codec_tag : 0
    }

    /// Copies the input's metadata, chapters and programmes.
    ///
    /// - Parameters:
    ///   - seconds: shift of the chapters.
    ///   - streams: the output stream of each input stream.
    func describe(as source: UnsafeMutablePointer<AVFormatContext>, chaptersLater seconds: Double, streams: [Int: Int])
        throws
    {
        try call("av_dict_copy", av_dict_copy(&context.pointee.metadata, source.pointee.metadata, 0))
        try call("chapters", genlock_copy_chapters(context, source, Int64((seconds * 1e6).rounded())))
        for index in 0..<Int(source.pointee.nb_programs) {
            guard let program = source.pointee.programs[index] else { continue }
            guard let made = av_new_program(context, program.pointee.id) else { continue }
            try call("av_dict_copy", av_dict_copy(&made.pointee.metadata, program.pointee.metadata, 0))
            for place in 0..<Int(program.pointee.nb_stream_indexes) {
                guard let stream = streams[Int(program.pointee.stream_index[place])] else { continue }
                av_program_add_stream_index(context, program.pointee.id, UInt32(stream))
            }
        }
    }

    /// Writes the header.
    func begin() throws {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        if isQuickTime, hasForeignKeys { av_dict_set(&options, "movflags", "use_metadata_tags", 0) }
        let code = avformat_write_header(context, &options)
        guard code >= 0 else {
            throw FixError.cannotHold(file, "the container rejects its streams (\(FFmpegCall.text(of: code)))")
        }
        isOpen = true
    }

    /// Keys such as `com.apple.quicktime.location`, which QuickTime files keep only in a separate table.
    private var hasForeignKeys: Bool {
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(context.pointee.metadata, "", entry, AV_DICT_IGNORE_SUFFIX) {
            if String(cString: next.pointee.key).hasPrefix("com.") { return true }
            entry = next
        }
        return false
    }

    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws {
        let code = av_interleaved_write_frame(context, packet)
        if code >= 0 { return }
        if code == -ENOSPC {
            throw FixError(
                "disk-full", "the disk of \(file.printable) is full",
                remedy: "free some space; the output was removed", isRefusal: false)
        }
        throw FixError.cannotHold(file, "the container rejects a packet (\(FFmpegCall.text(of: code)))")
    }

    /// Writes the trailer; afterwards everything is written.
    func finish() throws {
        var code = av_write_trailer(context)
        avio_flush(context.pointee.pb)
        if code >= 0 { code = context.pointee.pb?.pointee.error ?? 0 }
        let closed = closed()
        if code >= 0 { code = closed }
        guard code < 0 else { return }
        throw FixError(
            "not-written", "\(file.printable) cannot be written completely (\(FFmpegCall.text(of: code)))",
            remedy: "check that its disk has space; the output was removed", isRefusal: false)
    }
}
