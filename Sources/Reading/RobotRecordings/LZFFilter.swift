import Foundation

/// LZF, the compression of h5py that libhdf5 does not have: its filter 32000, decoding only.
///
/// The format is that of LibLZF: a byte below 32 stands before as many bytes plus one; any other holds a length in its
/// upper three bits and the upper bits of a distance in its lower five.
enum LZFFilter {
    private typealias Filter =
        @convention(c) (
            UInt32, Int, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<Int>?,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int

    /// H5Z_class2_t.
    private struct Class {
        var version: Int32 = 1
        var id: Int32 = 32000
        var hasEncoder: UInt32 = 0
        var hasDecoder: UInt32 = 1
        var name: UnsafePointer<CChar>?
        var canApply: UnsafeRawPointer?
        var setLocal: UnsafeRawPointer?
        var filter: Filter
    }

    private static let name: StaticString = "lzf"
    private static let isReverse: UInt32 = 0x0100
    /// Maximum size of a chunk, in bytes.
    private static let largest = 1 << 30

    /// - Parameter register: H5Zregister, which keeps a copy.
    static func register(_ register: @convention(c) (UnsafeRawPointer?) -> Int32) {
        var kind = Class(
            name: UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), canApply: nil, setLocal: nil,
            filter: { flags, valueCount, values, count, size, buffer in
                guard flags & LZFFilter.isReverse != 0, let size, let buffer, let packed = buffer.pointee, count >= 0
                else { return 0 }
                // The third value is the size of a chunk.
                let room = valueCount >= 3 ? values.map { Int($0[2]) } ?? 0 : size.pointee
                guard (1...LZFFilter.largest).contains(room), let unpacked = malloc(room) else { return 0 }
                guard
                    let made = LZFFilter.unpack(
                        UnsafeRawBufferPointer(start: packed, count: count),
                        into: UnsafeMutableRawBufferPointer(start: unpacked, count: room))
                else {
                    free(unpacked)
                    return 0
                }
                free(packed)
                buffer.pointee = unpacked
                size.pointee = room
                return made
            })
        _ = register(&kind)
    }

    /// - Returns: the number of bytes; nil: damaged, or more than there is room for.
    static func unpack(_ packed: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        var (read, written) = (0, 0)
        func next() -> Int? {
            guard read < packed.count else { return nil }
            defer { read += 1 }
            return Int(packed[read])
        }
        while let control = next() {
            if control < 32 {
                let count = control + 1
                guard count <= packed.count - read, count <= room.count - written else { return nil }
                UnsafeMutableRawBufferPointer(rebasing: room[written..<written + count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[read..<read + count]))
                read += count
                written += count
                continue
            }
            var count = control >> 5
            if count == 7 {
                guard let more = next() else { return nil }
                count += more
            }
            guard let low = next() else { return nil }
            let from = written - ((control & 31) << 8 | low) - 1
            count += 2
            guard from >= 0, count <= room.count - written else { return nil }
            // The two may overlap: what is copied first is copied again.
            for place in 0..<count { room[written + place] = room[from + place] }
            written += count
        }
        return written
    }
}
