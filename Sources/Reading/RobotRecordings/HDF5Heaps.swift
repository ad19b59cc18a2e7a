import Files
import Foundation
import SyncModel

/// The collections of an HDF5 file in which its lists lie ("global heaps", HDF5 File Format Specification 3.0, III.E).
///
/// libhdf5 goes through a collection object by object, and never ends where one states no length: files with lists are
/// checked first.
struct HDF5Heaps {
    private let handle: FileHandle
    private let size: Int

    private static let header = 16
    private static let block = 1 << 20
    private static let mostOverlap = 16
    private static let superblock: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let signature = Array("GCOL".utf8)

    init?(_ file: String) {
        guard let handle = BoundedFile.open(FetchedFiles.place(file)), let size = try? handle.seekToEnd() else {
            return nil
        }
        (self.handle, self.size) = (handle, Int(size))
    }

    /// Whether each object of each collection leads to the next one, within its collection.
    ///
    /// - Parameter most: how many bytes of the file are looked through; collections that begin in them are followed.
    func areSound(within most: Int = .max) -> Bool {
        guard lengthBytes == 8 else { return false }
        var (place, walked) = (0, 0)
        while place + HDF5Heaps.header <= min(size, most) {
            guard let bytes = bytes(place, HDF5Heaps.block), bytes.count >= HDF5Heaps.header else { return true }
            var searched = 0
            // One may begin within another: whatever looks like one can be referred to.
            while let found = HDF5Heaps.find(bytes, from: searched) {
                let start = place + found
                if let end = end(ofCollectionAt: start) {
                    walked += end - start
                    // Those of a file that was written lie one after the other.
                    guard walked <= HDF5Heaps.mostOverlap * size, isSound(start + HDF5Heaps.header..<end) else {
                        return false
                    }
                }
                searched = found + HDF5Heaps.signature.count
            }
            place += max(searched, bytes.count - HDF5Heaps.signature.count + 1)
        }
        return true
    }

    /// The size of lengths in the file, in bytes, by its superblock (II.A), which begins at 0, 512, 1024 and so on.
    ///
    /// Every known writer has 8; libhdf5 also follows collections with others.
    private var lengthBytes: Int? {
        var place = 0
        while let head = bytes(place, HDF5Heaps.header), head.count == HDF5Heaps.header {
            if head.starts(with: HDF5Heaps.superblock) { return Int(head[8] < 2 ? head[14] : head[10]) }
            place = place == 0 ? 512 : place * 2
        }
        return nil
    }

    /// Where a collection ends; nil: libhdf5 refuses it.
    private func end(ofCollectionAt place: Int) -> Int? {
        // Signature, version, three zeros, length.
        guard let head = bytes(place, HDF5Heaps.header), head.count == HDF5Heaps.header, head[4] == 1,
            let length = Int(exactly: HDF5Heaps.number(head, 8)), (HDF5Heaps.header...size - place).contains(length)
        else { return nil }
        return place + length
    }

    private func isSound(_ collection: Range<Int>) -> Bool {
        var place = collection.lowerBound
        var (held, start): ([UInt8], Int) = ([], place)
        while place + HDF5Heaps.header <= collection.upperBound {
            if place + HDF5Heaps.header > start + held.count {
                guard let next = bytes(place, min(HDF5Heaps.block, collection.upperBound - place)),
                    next.count >= HDF5Heaps.header
                else { return false }
                (held, start) = (next, place)
            }
            // Index, references, four zeros, length; the length of index 0, the free space, is with its header.
            let isFree = held[place - start] == 0 && held[place - start + 1] == 0
            let left = collection.upperBound - place
            guard let length = Int(exactly: HDF5Heaps.number(held, place - start + 8)), length <= left else {
                return false
            }
            let step = isFree ? length : HDF5Heaps.header + (length + 7) / 8 * 8
            guard step > 0, step <= left else { return false }
            place += step
        }
        return true
    }

    private func bytes(_ place: Int, _ count: Int) -> [UInt8]? {
        var filled = 0
        let result = [UInt8](unsafeUninitializedCapacity: count) { room, initialised in
            while filled < count {
                let got = pread(
                    handle.fileDescriptor, room.baseAddress! + filled, count - filled, off_t(place + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
            initialised = filled
        }
        return filled > 0 ? result : nil
    }

    private static func find(_ bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var place = start
            while place + signature.count <= bytes.count,
                let found = memchr(bytes.baseAddress! + place, Int32(signature[0]), bytes.count - place)
            {
                place = UnsafeRawPointer(found) - bytes.baseAddress!
                if bytes[place...].starts(with: signature) { return place }
                place += 1
            }
            return nil
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
    }
}
