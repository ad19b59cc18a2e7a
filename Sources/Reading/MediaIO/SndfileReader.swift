import CFFmpeg
import CSndfile
import Files

/// Reads audio files with libsndfile: WAV, FLAC, AIFF, CAF and Ogg.
final class SndfileReader {
    static var libraryVersion: String { String(cString: sf_version_string()).replacing("libsndfile-", with: "") }

    let rate: Int32
    let channels: Int
    /// Samples per channel, from the header.
    let count: Int64
    private let handle: OpaquePointer

    /// Opens the file, or returns nil if libsndfile does not support it.
    init?(path: String) {
        guard SndfileReader.isCandidate(path) else { return nil }
        var info = SF_INFO()
        // For libsndfile a bare "-" is standard input.
        guard let handle = sf_open(path == "-" ? "./-" : FetchedFiles.place(path), Int32(SFM_READ), &info) else {
            return nil
        }
        // An incomplete header states 0 samples: FFmpeg reads to the end of the file.
        guard info.channels > 0, info.channels <= 64, info.samplerate > 0, info.frames > 0 else {
            sf_close(handle)
            return nil
        }
        self.handle = handle
        rate = info.samplerate
        channels = Int(info.channels)
        count = info.frames
    }

    deinit { sf_close(handle) }

    /// Reads the whole file in blocks of interleaved floats; `body` gets them with the index of the first.
    func read(_ body: (UnsafePointer<Float>, _ count: Int, _ first: Int64) throws -> Void) throws {
        let size = 8192
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: size * channels)
        defer { buffer.deallocate() }
        var first: Int64 = 0
        while true {
            let count = sf_readf_float(handle, buffer, sf_count_t(size))
            if count <= 0 { return }
            try body(buffer, Int(count), first)
            first += Int64(count)
        }
    }

    /// Whether the first bytes are of a format that libsndfile reads with sample-exact timing.
    private static func isCandidate(_ path: String) -> Bool {
        guard let head = FileHead(path: path, count: 12) else { return false }
        switch head.text(0, 4) {
        case "RIFF", "RF64": return head.text(8, 4) == "WAVE"
        case "FORM": return head.text(8, 4) == "AIFF" || head.text(8, 4) == "AIFC"
        case "fLaC", "caff", "OggS": return true
        default: return false
        }
    }
}
