import Foundation
import SensorLogs
import SyncModel
import Testing

@testable import RobotRecordings

/// Files that h5py wrote (`Fixtures/make_fixtures.py`): what each row says follows from its number.
@Suite("Episodes in HDF5 are read in the layouts of ALOHA, robomimic and DROID", .enabled(if: HDF5Library() != nil))
struct HDF5Tests {
    private func read(_ name: String) throws -> (
        times: [String: [Double]], kinds: [String: TopicReader.Kind], end: RecordingEnd
    ) {
        var times: [String: [Double]] = [:]
        var kinds: [String: TopicReader.Kind] = [:]
        var readers: [RecordedTopic: TopicReader] = [:]
        let end = try RecordingFile(try RecordingTests.fixture(name)).read { message in
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            readers[message.topic] = reader
            #expect(reader.read(message))
            kinds[message.topic.name] = reader.kind
            times[message.topic.name, default: []].append(Double(message.logNanoseconds) * 1e-9)
        }
        return (times, kinds, end)
    }

    private func values(_ name: String, _ column: String) throws -> [Double]? {
        try RecordingLog.table(try RecordingTests.fixture(name)).columns.first { $0.name == column }?.values
    }

    @Test("ALOHA: rows are counted at 50 a second, and that is told; actions are no log of what moved")
    func aloha() throws {
        let (times, kinds, end) = try read("aloha.hdf5")
        #expect(
            kinds == ["/observations/qpos": .log, "/observations/qvel": .log, "/observations/images/top": .rawPictures])
        for (row, time) in try #require(times["/observations/qpos"]).enumerated() {
            #expect(abs(time - Double(row) * 0.02) < 1e-6)
        }
        #expect(end.damages.count == 1 && end.messages == 36)
        #expect(try values("aloha.hdf5#/observations/qpos", "qpos[0]") == (0..<12).map { Double($0) * 0.5 })
        #expect(try values("aloha.hdf5#/observations/qvel", "qvel[0]") == (0..<12).map { Double($0) * 2 })
    }

    @Test("LZF of h5py is unpacked; other filters that are not installed are named, and nothing is called damaged")
    func filters() throws {
        let table = try RecordingLog.table(try RecordingTests.fixture("packed-lzf.hdf5"))
        #expect(table.columns.first { $0.name == "qpos[0]" }?.values == (0..<120).map { Double($0 % 7) })
        #expect(table.columns.first { $0.name == "qpos[1]" }?.values == (0..<120).map { -Double($0) })
        let error = #expect(throws: ClipFailure.self) {
            try RecordingFile(try RecordingTests.fixture("packed-blosc.hdf5")).read { _ in }
        }
        #expect(error?.code == "no-filter" && error?.message.contains("filter blosc") == true)
    }

    @Test("LZF that is damaged is refused, whatever its bytes are")
    func damagedLZF() {
        func unpack(_ bytes: [UInt8], _ room: Int) -> [UInt8]? {
            var unpacked = [UInt8](repeating: 0, count: room)
            let count = bytes.withUnsafeBytes { bytes in
                unpacked.withUnsafeMutableBytes { LZFFilter.unpack(bytes, into: $0) }
            }
            return count.map { Array(unpacked.prefix($0)) }
        }
        // Two bytes as they are, then five from two before.
        #expect(unpack([1, 7, 9, 3 << 5, 1], 7) == [7, 9, 7, 9, 7, 9, 7])
        // A long one: nine and three more.
        #expect(unpack([0, 5, 7 << 5, 3, 0], 13) == [UInt8](repeating: 5, count: 13))
        for bytes: [UInt8] in [[1, 7], [3 << 5, 0], [0, 5, 1 << 5], [0, 5, 7 << 5], [0, 5, 1 << 5, 1]] {
            #expect(unpack(bytes, 100) == nil)
        }
        #expect(unpack([1, 7, 9], 1) == nil && unpack([0, 5, 2 << 5, 0], 4) == nil)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(unpack(bytes, 64).map { $0.count <= 64 } ?? true)
        }
    }

    @Test("a small file that states gigabytes is refused before they are asked for")
    func overstated() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try RecordingTests.fixture("aloha.hdf5"))))
        // The sizes of arrays of twelve rows stand as numbers of eight bytes: two thousand million rows instead.
        let twelve = withUnsafeBytes(of: UInt64(12).littleEndian, Array.init)
        let many = withUnsafeBytes(of: UInt64(2_000_000_000).littleEndian, Array.init)
        var changed = bytes
        var count = 0
        for place in 0..<bytes.count - 8 where Array(bytes[place..<place + 8]) == twelve {
            changed.replaceSubrange(place..<place + 8, with: many)
            count += 1
        }
        try #require(count > 3)
        let path = NSTemporaryDirectory() + "overstated-\(UUID().uuidString).hdf5"
        try Data(changed).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try RecordingFile(path).read { _ in }
            Issue.record("it was read")
        } catch {
            #expect(error.code == "not-hdf5" && error.message.contains("more than the file can hold"), "\(error)")
        }
    }

    @Test("lists whose places lead nowhere are refused, not followed for ever", .timeLimit(.minutes(2)))
    func endlessLists() throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try RecordingTests.fixture("aloha-coded.hdf5"))))
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        let signature = try #require(text.range(of: "GCOL"))
        let heap = text.unicodeScalars.distance(from: text.startIndex, to: signature.lowerBound)
        // The first object: its index, its references, four zeros, its length. Free space of no length has no end.
        for place in [0, 1, 8, 9, 10, 11, 12, 13, 14, 15] { bytes[heap + 16 + place] = 0 }
        let path = NSTemporaryDirectory() + "endless-\(UUID().uuidString).hdf5"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(HDF5Heaps(try RecordingTests.fixture("aloha-coded.hdf5"))?.areSound() == true)
        #expect(HDF5Heaps(path)?.areSound() == false)
        // The same within another that is sound: its one object, from 48 bytes before, is as long as all that follows.
        var outer = Array("GCOL".utf8) + [1, 0, 0, 0] + withUnsafeBytes(of: UInt64(48 + 4096).littleEndian, Array.init)
        outer += [1, 0, 1, 0, 0, 0, 0, 0] + withUnsafeBytes(of: UInt64(4096).littleEndian, Array.init)
        bytes.insert(contentsOf: outer + [UInt8](repeating: 0, count: 48 - outer.count), at: heap)
        let within = path + ".hdf5"
        try Data(bytes).write(to: URL(fileURLWithPath: within))
        defer { try? FileManager.default.removeItem(atPath: within) }
        #expect(HDF5Heaps(within)?.areSound() == false)
        // Lengths of four bytes, which the superblock may state.
        bytes[14] = 4
        try Data(bytes).write(to: URL(fileURLWithPath: within))
        #expect(HDF5Heaps(within)?.areSound() == false)
        do {
            _ = try RecordingFile(path).read { _ in }
            Issue.record("it was read")
        } catch {
            #expect(error.code == "not-hdf5" && error.message.contains(path), "\(error)")
        }
    }

    @Test("pictures that are coded as JPEG, padded to one length or in lists of their own, begin as JPEG does")
    func coded() throws {
        var begun: [String: Int] = [:]
        var readers: [RecordedTopic: TopicReader] = [:]
        _ = try RecordingFile(try RecordingTests.fixture("aloha-coded.hdf5")).read { message in
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            readers[message.topic] = reader
            _ = reader.read(message)
            let isJPEG = reader.withPixels(of: message) { pixels in
                guard case .coded(_, let bytes) = pixels else { return false }
                return bytes.count > 100 && bytes[0] == 0xFF && bytes[1] == 0xD8
            }
            if isJPEG == true { begun[message.topic.name, default: 0] += 1 }
        }
        #expect(begun == ["/observations/images/top": 12, "/observations/images/wrist": 12])
    }

    @Test("robomimic: demos in the order of their numbers, at the rate that the file states, with a pause between")
    func robomimic() throws {
        let (times, kinds, end) = try read("robomimic.hdf5")
        #expect(kinds == ["/obs/robot0_eef_pos": .log, "/obs/agentview_image": .rawPictures])
        let own = try #require(times["/obs/robot0_eef_pos"])
        #expect(own.count == 14 && end.damages.isEmpty)
        // demo_2 has eight rows of 40 ms, and demo_10 comes behind it.
        #expect(abs(own[7] - 0.28) < 1e-6 && own[8] - own[7] > 1)
        #expect(
            try values("robomimic.hdf5#/obs/robot0_eef_pos", "position[0]")
                == (0..<8).map { Double($0) * 0.5 } + (0..<6).map { Double($0) * 0.5 })
    }

    @Test("DROID: times are those that the robot measured, with the hole that is in them")
    func droid() throws {
        let (times, kinds, _) = try read("droid.h5")
        #expect(kinds == ["/observation/robot_state/joint_positions": .log])
        for (row, time) in try #require(times.values.first).enumerated() {
            #expect(abs(time - Double(row) * 0.066 - (row >= 20 ? 0.1 : 0)) < 1e-6)
        }
    }

    @Test("a file of another layout is named, with what is known")
    func other() throws {
        let path = NSTemporaryDirectory() + "none-\(UUID().uuidString).h5"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("no HDF5".utf8).write(to: URL(fileURLWithPath: path))
        let failure = #expect(throws: ClipFailure.self) { try RecordingFile(path).read { _ in } }
        #expect(failure?.code == "not-hdf5")
    }
}
