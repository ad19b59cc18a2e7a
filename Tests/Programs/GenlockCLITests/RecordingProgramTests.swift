import Foundation
import MadeFiles
import Testing

/// Files with a camera and joints in one, made byte by byte: a square moves, and the joints tell where it is.
@Suite("Recordings of robots")
struct RecordingProgramTests {
    private func finding(_ program: Program) throws -> [String: Any] {
        let document = try #require(program.documents.first)
        return try #require((document["findings"] as? [[String: Any]])?.first)
    }

    @Test("joints that are stamped 120 ms late are told 120 ms late, by check, by scan and beside the camera's file")
    func late() throws {
        let scratch = Scratch()
        let path = scratch.write("drive.mcap", MadeRecording.square(seconds: 40, late: 0.12, seed: 3))
        for arguments in [["check", path], ["scan", scratch.folder]] {
            let program = try Program(arguments + ["--format", "jsonl"])
            #expect(program.status == 1)
            let finding = try finding(program)
            #expect(finding["check"] as? String == "sensor" && finding["verdict"] as? String == "misaligned")
            #expect(abs(try #require(finding["offset_ms"] as? Double) + 120) < 20)
            #expect(finding["against"] as? String == "/camera/image_raw")
            let evidence = try #require(finding["evidence"] as? [String: Any])
            #expect(evidence["log"] as? String == "/joint_states")
        }
    }

    @Test("a file that ends in the midst is answered as far as it goes, and says so")
    func cut() throws {
        let scratch = Scratch()
        let whole = MadeRecording.square(seconds: 60, late: 0, seed: 5)
        let path = scratch.write("cut.mcap", whole.prefix(whole.count * 3 / 4))
        let finding = try finding(try Program(["scan", path, "--format", "jsonl"]))
        #expect(abs(try #require(finding["offset_ms"] as? Double)) < 20)
        let because = try #require(finding["because"] as? [String])
        #expect(because.contains { $0.contains("truncated or damaged") })
    }

    @Test("joints of another drive get no offset")
    func other() throws {
        let scratch = Scratch()
        let path = scratch.write("other.mcap", MadeRecording.square(seconds: 40, late: 0, seed: 7, logOf: 8))
        let finding = try finding(try Program(["scan", path, "--format", "jsonl"]))
        #expect(finding["offset_ms"] is NSNull)
    }

    @Test(
        "HDF5 files are read by every verb",
        arguments: ["aloha.hdf5", "aloha-coded.hdf5", "robomimic.hdf5", "droid.h5"]
    )
    func everyVerb(name: String) throws {
        let path = Program.root + "/Tests/Reading/RobotRecordingsTests/Fixtures/" + name
        for verb in ["scan", "check"] {
            let run = try Program([verb, path, "--format", "jsonl"])
            let document = try #require(run.documents.first, "\(run.errors)")
            #expect(run.status == 0 && document["verdict"] as? String != "failed", "\(verb): \(run.output)")
            #expect((document["findings"] as? [Any])?.isEmpty == false)
        }
    }

    @Test("HDF5 that is cut off or changed anywhere ends in an answer or a named failure, and ends no scan")
    func hostile() throws {
        let scratch = Scratch()
        var random = SystemRandomNumberGenerator()
        let fixtures = Program.root + "/Tests/Reading/RobotRecordingsTests/Fixtures/"
        var count = 0
        for name in ["aloha.hdf5", "aloha-coded.hdf5", "robomimic.hdf5", "droid.h5"] {
            let whole = [UInt8](try #require(FileManager.default.contents(atPath: fixtures + name)))
            for round in 0..<8 {
                var bytes = whole
                if round % 4 == 0 { bytes.removeLast(bytes.count * (round + 4) / 16) }
                for _ in 0..<round * 2 {
                    bytes[Int.random(in: 8..<bytes.count, using: &random)] = [0, 0xFF, 0x7F, 0x80][round % 4]
                }
                _ = scratch.write("\(round)-\(name)", Data(bytes))
                count += 1
            }
        }
        let program = try Program(["scan", scratch.folder, "--format", "jsonl", "--clip-timeout", "30"])
        #expect(program.documents.count == count)
        for document in program.documents where document["verdict"] as? String == "failed" {
            let error = try #require(document["error"] as? [String: Any])
            #expect((error["remedy"] as? String)?.isEmpty == false)
        }
    }

    @Test("files that are none and empty ones fail by name, and other checks leave recordings alone")
    func none() throws {
        let scratch = Scratch()
        let empty = scratch.write("empty.mcap", Data())
        let other = scratch.write("other.mcap", Data("no recording".utf8))
        let program = try Program(["scan", empty, other, "--format", "jsonl"])
        #expect(program.status == 2)
        let codes = program.documents.compactMap { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(Set(codes) == ["empty-file", "not-mcap"])
        let lips = try Program(["scan", other, "--checks", "lips", "--format", "jsonl"])
        #expect(lips.status == 0)
    }
}
