import CFFmpeg
import Foundation
import SyncModel

/// Presents byte ranges of files to FFmpeg as one file; FFmpeg opens nothing itself.
final class SegmentReader {
    private let parts: [(path: String, start: Int, length: Int, place: Int)]
    private let total: Int
    private var position = 0
    private var open: (index: Int, descriptor: Int32)?
    /// FFmpeg's context; freed by `release`.
    private(set) var context: UnsafeMutablePointer<AVIOContext>?

    private static let bufferBytes = 1 << 16

    /// - Throws: `MediaError` if a segment is missing or shorter than the playlist states.
    init(_ segments: [Playlist.Segment], file: String) throws(MediaError) {
        var made: [(path: String, start: Int, length: Int, place: Int)] = []
        var place = 0
        for segment in segments {
            try FilePreflight.check(segment.path, named: segment.path)
            var status = stat()
            guard stat(segment.path, &status) == 0 else { throw MediaError(.noSuchFile, file: segment.path) }
            let size = Int(status.st_size)
            let length = segment.length ?? max(0, size - segment.start)
            guard segment.start <= size, length <= size - segment.start else {
                throw MediaError(
                    .badPlaylist, file: file, detail: "\(segment.path.printable) ends before its byte range")
            }
            made.append((segment.path, segment.start, length, place))
            place += length
        }
        parts = made
        total = place
        guard let buffer = av_malloc(Self.bufferBytes) else {
            throw MediaError(.outOfMemory, file: file, detail: "av_malloc")
        }
        let own = Unmanaged.passUnretained(self).toOpaque()
        context = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferBytes), 0, own,
            { own, bytes, count in
                guard let own, let bytes else { return genlock_averror_eof }
                return Unmanaged<SegmentReader>.fromOpaque(own).takeUnretainedValue().read(bytes, Int(count))
            }, nil,
            { own, offset, whence in
                guard let own else { return -1 }
                return Unmanaged<SegmentReader>.fromOpaque(own).takeUnretainedValue().seek(offset, whence)
            })
        if context == nil {
            av_free(buffer)
            throw MediaError(.outOfMemory, file: file, detail: "avio_alloc_context")
        }
    }

    deinit {
        if let open { close(open.descriptor) }
        release()
    }

    /// Frees FFmpeg's context, once nothing reads from it.
    func release() {
        guard context != nil else { return }
        if let buffer = context?.pointee.buffer { av_free(buffer) }
        avio_context_free(&context)
    }

    private func read(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int32 {
        while position < total {
            let index = part(at: position)
            let one = parts[index]
            let inside = position - one.place
            let wanted = min(count, one.length - inside)
            guard let descriptor = descriptor(of: index) else { return -EIO }
            let got = pread(descriptor, bytes, wanted, off_t(one.start + inside))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return -EIO }
            position += got
            return Int32(got)
        }
        return genlock_averror_eof
    }

    private func descriptor(of index: Int) -> Int32? {
        if let open, open.index == index { return open.descriptor }
        if let open { close(open.descriptor) }
        open = nil
        let descriptor = Foundation.open(parts[index].path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        open = (index, descriptor)
        return descriptor
    }

    /// The last part that starts at or before a position and is not empty there.
    private func part(at position: Int) -> Int {
        var (low, high) = (0, parts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if parts[middle].place <= position { low = middle } else { high = middle }
        }
        return low
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        if whence & 0x10000 != 0 { return Int64(total) }
        let base: Int
        switch whence & 0xFF {
        case SEEK_SET: base = 0
        case SEEK_CUR: base = position
        case SEEK_END: base = total
        default: return -1
        }
        let target = Int64(base).addingReportingOverflow(offset)
        guard !target.overflow, target.partialValue >= 0, target.partialValue <= Int64(total) else { return -1 }
        position = Int(target.partialValue)
        return target.partialValue
    }
}
