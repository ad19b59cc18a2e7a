import CFFmpeg

/// Checks FFmpeg's return codes in one place, with the call's name and the file.
package struct FFmpegCall {
    let file: String

    package init(file: String) { self.file = file }

    /// Returns codes of 0 or more and throws for others.
    @discardableResult
    package func callAsFunction(_ name: String, _ code: Int32) throws(MediaError) -> Int32 {
        if code >= 0 { return code }
        throw MediaError(FFmpegCall.kind(of: code), file: file, detail: "\(name): \(FFmpegCall.text(of: code))")
    }

    /// Returns a pointer and throws if it is null (out of memory).
    package func pointer<T>(_ name: String, _ pointer: UnsafeMutablePointer<T>?) throws(MediaError)
        -> UnsafeMutablePointer<T>
    {
        guard let pointer else { throw MediaError(.outOfMemory, file: file, detail: name) }
        return pointer
    }

    package static func kind(of code: Int32) -> MediaError.Kind {
        switch code {
        case genlock_averror_enomem: .outOfMemory
        case genlock_averror_decoder_not_found: .noDecoder
        case genlock_averror_invaliddata: .notMedia
        default: .library
        }
    }

    package static func text(of code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress else { return "error \(code)" }
            genlock_error_text(code, start, buffer.count)
            return String(cString: start)
        }
    }
}

/// One-time settings of the FFmpeg libraries.
package enum FFmpegLibrary {
    /// Silences FFmpeg's own messages; what matters is reported as errors and counts. Evaluated once.
    package static let isQuiet: Bool = {
        av_log_set_level(AV_LOG_QUIET)
        return true
    }()

    /// Version numbers of the linked libraries, for `genlock doctor`.
    static func version(_ number: UInt32) -> String {
        "\(number >> 16).\((number >> 8) & 0xff).\(number & 0xff)"
    }
}

/// The versions of the media libraries in use.
public enum MediaLibraries {
    public static var versions: [(name: String, version: String)] {
        [
            ("FFmpeg", String(cString: av_version_info())),
            ("libavformat", FFmpegLibrary.version(avformat_version())),
            ("libavcodec", FFmpegLibrary.version(avcodec_version())),
            ("libsndfile", SndfileReader.libraryVersion),
        ]
    }
}
