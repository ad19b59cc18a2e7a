import Foundation
import Masters
import SyncModel
import Views

/// A reduced master, as the bytes in a store.
extension MasterInput {
    private static let head = "genlock master \(CompareMeasurement.method.rawValue)"

    var packed: Data {
        var writer = PackedWriter()
        writer.append(MasterInput.head)
        writer.append(durationSeconds ?? -1)
        writer.append(hasPicture)
        writer.append(hasSound)
        writer.append(notes.count)
        for note in notes { writer.append(note.description) }
        writer.append(picture != nil)
        picture?.pack(into: &writer)
        writer.append(sound != nil)
        sound?.pack(into: &writer)
        return Data(writer.bytes)
    }

    /// - Throws: if the bytes are not of a master of this version.
    init(path: String, packed: Data) throws(PackedReader.Damaged) {
        var reader = PackedReader([UInt8](packed))
        guard try reader.text() == MasterInput.head else { throw PackedReader.Damaged() }
        let duration = try reader.double()
        self.init(path: path, durationSeconds: duration >= 0 && duration.isFinite ? duration : nil)
        hasPicture = try reader.flag()
        hasSound = try reader.flag()
        let count = try reader.integer()
        guard (0..<1000).contains(count) else { throw PackedReader.Damaged() }
        for _ in 0..<count { notes.append(Reason(try reader.text())) }
        if try reader.flag() { picture = try FrameSequence(from: &reader) }
        if try reader.flag() { sound = try SoundSignal(from: &reader) }
        guard reader.isAtEnd else { throw PackedReader.Damaged() }
    }
}
