import Foundation
import Testing

@testable import MediaIO

@Suite("Edit lists of files that make no sense")
struct EditListTests {
    /// A box of an MP4: length, name, content.
    private func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let length = UInt32(8 + content.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + Array(name.utf8) + content
    }

    @Test(
        "a box that claims to be longer than any file is the last one",
        arguments: [UInt64.max - 40, 1 << 63, UInt64(Int64.max), UInt64(Int64.max) - 20, 1 << 62])
    func beyond(length: UInt64) throws {
        let folder = NSTemporaryDirectory() + "genlock-edits-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let long = (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * UInt64($0))) }
        let bytes = box("ftyp", Array("isom".utf8) + [0, 0, 0, 0]) + [0, 0, 0, 1] + Array("mdat".utf8) + long
        let path = folder + "/a.mp4"
        try Data(bytes + box("moov", [])).write(to: URL(fileURLWithPath: path))
        #expect(EditLists(path: path).pieces.isEmpty)
        #expect(FilePreflight.looksLikeUnfinishedMP4(path), "no index is reached")
    }
}
