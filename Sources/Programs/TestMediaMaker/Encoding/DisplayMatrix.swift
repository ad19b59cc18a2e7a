import Foundation

/// The display matrix of an MP4 or MOV file's video (ISO/IEC 14496-12, track header box).
enum DisplayMatrix {
    /// Sets the file's display matrix to a clockwise rotation by 90 degrees.
    ///
    /// The bytes are changed in place; versions of ffmpeg have different options for it.
    static func turnClockwise(_ file: URL) throws {
        var bytes = [UInt8](try Data(contentsOf: file))
        guard let movie = boxes(in: bytes, 0..<bytes.count).first(where: { $0.type == "moov" }) else {
            throw TestMediaError.damaged(file: file.path, reason: "it has no movie box")
        }
        for track in boxes(in: bytes, movie.content) where track.type == "trak" {
            guard let header = boxes(in: bytes, track.content).first(where: { $0.type == "tkhd" }) else { continue }
            // The matrix, width and height end the box: 36 + 4 + 4 bytes. Audio has no width.
            let matrix = header.content.upperBound - 44
            guard bytes[(matrix + 36)..<(matrix + 40)].contains(where: { $0 != 0 }) else { continue }
            let one: UInt32 = 0x0001_0000
            let minusOne: UInt32 = 0xFFFF_0000
            let storedHeight = UInt32(bytes[matrix + 40]) << 24 | UInt32(bytes[matrix + 41]) << 16
            let values: [UInt32] = [0, one, 0, minusOne, 0, 0, storedHeight, 0, 0x4000_0000]
            for (index, value) in values.enumerated() {
                for byte in 0..<4 {
                    bytes[matrix + index * 4 + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(byte)))
                }
            }
            try Data(bytes).write(to: file)
            return
        }
        throw TestMediaError.damaged(file: file.path, reason: "it has no video track")
    }

    private struct Box {
        var type: String
        var content: Range<Int>
    }

    /// The boxes in a range, in order; reading stops at an invalid size.
    private static func boxes(in bytes: [UInt8], _ range: Range<Int>) -> [Box] {
        var found: [Box] = []
        var start = range.lowerBound
        while start + 8 <= range.upperBound {
            let size = bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8, start + size <= range.upperBound else { break }
            let type = String(decoding: bytes[(start + 4)..<(start + 8)], as: UTF8.self)
            found.append(Box(type: type, content: (start + 8)..<(start + size)))
            start += size
        }
        return found
    }
}
