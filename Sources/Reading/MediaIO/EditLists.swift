import Files
import Foundation
import SyncModel

/// Edit lists of an MP4 or MOV, read from its boxes: FFmpeg applies them without exposing them.
///
/// Layout by ISO/IEC 14496-12: `moov/mvhd`, `moov/trak/tkhd`, `trak/edts/elst`, `trak/mdia/mdhd`. Truncated or invalid
/// data is skipped; nothing is thrown.
struct EditLists {
    /// By track number, as in FFmpeg's stream id.
    private(set) var pieces: [Int: [EditPiece]] = [:]

    /// Maximum size in bytes of the index, which is read into memory.
    private static let largestIndex: UInt64 = 256 << 20
    /// Maximum number of entries read per list.
    private static let mostPieces = 10_000

    /// - Parameter region: the bytes to read, if inside another file.
    init(path: String, region: MediaRegion? = nil) {
        guard
            let index = EditLists.index(
                of: region?.file ?? path, from: region?.start ?? 0, to: region.map { $0.start + $0.length })
        else { return }
        let bytes = [UInt8](index)
        var movieScale = 0
        for box in Box.list(bytes, 0..<bytes.count) where box.name == "mvhd" {
            movieScale = EditLists.timescale(bytes, box.content)
        }
        guard movieScale > 0 else { return }
        for track in Box.list(bytes, 0..<bytes.count) where track.name == "trak" {
            read(bytes, track.content, movieScale: movieScale)
        }
    }

    private mutating func read(_ bytes: [UInt8], _ track: Range<Int>, movieScale: Int) {
        let boxes = Box.list(bytes, track)
        guard let header = boxes.first(where: { $0.name == "tkhd" }),
            let media = boxes.first(where: { $0.name == "mdia" }),
            let mediaHeader = Box.list(bytes, media.content).first(where: { $0.name == "mdhd" })
        else { return }
        let mediaScale = EditLists.timescale(bytes, mediaHeader.content)
        let isLong = bytes[safe: header.content.lowerBound] == 1
        guard mediaScale > 0,
            let number = bytes.unsigned(
                at: header.content.lowerBound + (isLong ? 20 : 12), bytes: 4, before: header.content.upperBound)
        else { return }
        guard let edits = boxes.first(where: { $0.name == "edts" }),
            let list = Box.list(bytes, edits.content).first(where: { $0.name == "elst" })
        else { return }
        pieces[Int(truncatingIfNeeded: number)] = EditLists.entries(
            bytes, list.content, movieScale: movieScale, mediaScale: mediaScale)
    }

    private static func entries(_ bytes: [UInt8], _ content: Range<Int>, movieScale: Int, mediaScale: Int)
        -> [EditPiece]
    {
        guard let version = bytes[safe: content.lowerBound],
            let count = bytes.unsigned(at: content.lowerBound + 4, bytes: 4, before: content.upperBound)
        else { return [] }
        let width = version == 1 ? 8 : 4
        var result: [EditPiece] = []
        var position = content.lowerBound + 8
        for _ in 0..<min(Int(count), mostPieces) {
            guard let length = bytes.unsigned(at: position, bytes: width, before: content.upperBound),
                let start = bytes.unsigned(at: position + width, bytes: width, before: content.upperBound)
            else { break }
            let media =
                width == 8 ? Int64(bitPattern: start) : Int64(Int32(bitPattern: UInt32(truncatingIfNeeded: start)))
            result.append(
                EditPiece(
                    seconds: Double(length) / Double(movieScale),
                    mediaSeconds: media < 0 ? nil : Double(media) / Double(mediaScale)))
            position += 2 * width + 4
        }
        return result
    }

    /// The time scale in an `mvhd` or `mdhd`, after the two dates.
    private static func timescale(_ bytes: [UInt8], _ content: Range<Int>) -> Int {
        let isLong = bytes[safe: content.lowerBound] == 1
        return Int(
            bytes.unsigned(at: content.lowerBound + (isLong ? 20 : 12), bytes: 4, before: content.upperBound) ?? 0)
    }

    /// The content of the file's `moov` box.
    private static func index(of path: String, from start: Int, to end: Int?) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: FetchedFiles.place(path)) else { return nil }
        defer { try? handle.close() }
        var position = UInt64(start)
        for _ in 0..<4096 {
            if let end, position >= UInt64(end) { return nil }
            guard (try? handle.seek(toOffset: position)) != nil, let read = try? handle.read(upToCount: 16),
                read.count >= 8
            else { return nil }
            let header = [UInt8](read)
            var length = header.unsigned(at: 0, bytes: 4, before: 8) ?? 0
            var skipped: UInt64 = 8
            if length == 1 {
                guard let long = header.unsigned(at: 8, bytes: 8, before: header.count) else { return nil }
                (length, skipped) = (long, 16)
            }
            if String(decoding: header[4..<8], as: UTF8.self) == "moov" {
                guard length > skipped, length - skipped <= largestIndex,
                    (try? handle.seek(toOffset: position + skipped)) != nil
                else { return nil }
                return try? handle.read(upToCount: Int(length - skipped))
            }
            let (next, overflow) = position.addingReportingOverflow(length)
            // No file is longer, and a seek beyond would crash.
            guard length >= skipped, !overflow, next <= UInt64(Int64.max) else { return nil }
            position = next
        }
        return nil
    }
}

/// A box of an MP4: its name, and the range of its content.
private struct Box {
    let name: String
    let content: Range<Int>

    /// The boxes in a range of bytes, up to the first invalid one.
    static func list(_ bytes: [UInt8], _ range: Range<Int>) -> [Box] {
        var result: [Box] = []
        var position = range.lowerBound
        while let length = bytes.unsigned(at: position, bytes: 4, before: range.upperBound),
            position + 8 <= range.upperBound
        {
            var size = length
            var skipped = 8
            if size == 1 {
                guard let long = bytes.unsigned(at: position + 8, bytes: 8, before: range.upperBound) else { break }
                (size, skipped) = (long, 16)
            }
            guard size >= UInt64(skipped), size <= UInt64(range.upperBound - position) else { break }
            let end = position + Int(size)
            result.append(
                Box(
                    name: String(decoding: bytes[position + 4..<position + 8], as: UTF8.self),
                    content: position + skipped..<end))
            position = end
        }
        return result
    }
}

extension [UInt8] {
    fileprivate subscript(safe index: Int) -> UInt8? { indices.contains(index) ? self[index] : nil }

    /// A big-endian number; nil if it is not entirely before `end`.
    fileprivate func unsigned(at position: Int, bytes width: Int, before end: Int) -> UInt64? {
        guard position >= 0, position + width <= Swift.min(end, count) else { return nil }
        return self[position..<position + width].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
