import Foundation
import Testing

/// A running `scan - --stream`, fed and read line by line.
private final class Stream {
    private let process = Process()
    private let rows = Pipe()
    private let answers = Pipe()
    private var buffer = Data()

    init(_ arguments: [String] = [], workers: String = "idle") throws {
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["scan", "-", "--stream", "--jobs", "2"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(Program.workers(workers)) { $1 }
        process.standardInput = rows
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    func send(_ line: String) throws { try rows.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// The next answer; nil: there will be none.
    func next() throws -> [String: Any]? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = Data(buffer[(end + 1)...]) }
                return try JSONSerialization.jsonObject(with: buffer[..<end]) as? [String: Any]
            }
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            buffer += more
        }
    }

    /// The status, after no more rows come.
    func end() throws -> Int32 {
        try rows.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Stops reading; whether the program ends by itself.
    func endsUnheard() throws -> Bool {
        try answers.fileHandleForReading.close()
        for _ in 0..<200 where process.isRunning { usleep(50_000) }
        return !process.isRunning
    }
}

struct StreamTests {
    private let scratch = Scratch()

    private func clip(_ name: String) -> String { scratch.write(name, Data("no media, but a file".utf8)) }

    @Test("a row is answered while others are still to come, and in its turn")
    func answersAsTheyCome() throws {
        let stream = try Stream()
        for name in ["a.mp4", "b.mp4", "c.mp4"] {
            try stream.send("{\"media\": \"\(clip(name))\"}")
            let answer = try #require(try stream.next())
            #expect((answer["clip"] as? String)?.hasSuffix(name) == true)
        }
        try stream.send("")
        try stream.send(clip("d.mp4"))
        #expect((try stream.next()?["clip"] as? String)?.hasSuffix("d.mp4") == true)
        #expect([0, 1].contains(try stream.end()))
    }

    @Test("a row that cannot be used is answered in its turn, with its number")
    func badRows() throws {
        let stream = try Stream()
        try stream.send("{\"media\": \"\(clip("a.mp4"))\"}")
        try stream.send("{\"camera\": \"A\"}")
        try stream.send("{\"media\": \"\(clip("b.mp4"))\"}")
        #expect((try stream.next()?["clip"] as? String)?.hasSuffix("a.mp4") == true)
        let bad = try #require(try stream.next())
        #expect(bad["verdict"] as? String == "failed")
        #expect((bad["error"] as? [String: String])?["message"]?.contains("row 2") == true)
        #expect((try stream.next()?["clip"] as? String)?.hasSuffix("b.mp4") == true)
        #expect([1, 2].contains(try stream.end()))
    }

    @Test("a copy that is not there is asked for once, and its answer is kept under the name of its source")
    func copies() throws {
        let store = scratch.path("clips.sqlite")
        let row = "\"media\": \"s3://corpus/a.mp4\", \"copy_version\": \"1\", \"local_copy\": "
        let stream = try Stream(["--store", store])
        try stream.send("{\(row)\"\(scratch.path("none"))\"}")
        #expect(try stream.next()?["wanted"] as? Int == 0)
        try stream.send("{\"again\": 0, \(row)\"\(clip("copy.mp4"))\"}")
        let first = try #require(try stream.next())
        #expect(first["clip"] as? String == "s3://corpus/a.mp4")
        _ = try stream.end()

        let again = try Stream(["--store", store])
        try again.send("{\(row)\"\(scratch.path("none"))\"}")
        let kept = try #require(try again.next())
        #expect(kept["wanted"] == nil)
        #expect(kept["clip"] as? String == "s3://corpus/a.mp4")
        // Another state of the same source.
        let other = row.replacingOccurrences(of: "\"1\"", with: "\"2\"")
        try again.send("{\(other)\"\(scratch.path("none"))\"}")
        #expect(try again.next()?["wanted"] as? Int == 1)
        let failure = "\"failure\": {\"message\": \"the server is away\", \"remedy\": \"try again\"}"
        try again.send("{\"again\": 1, \(other)\"\(scratch.path("none"))\", \(failure)}")
        let failed = try #require(try again.next())
        #expect((failed["error"] as? [String: String])?["code"] == "not-fetched")
        #expect((failed["error"] as? [String: String])?["remedy"] == "try again")
        _ = try again.end()
    }

    @Test("when nobody reads the answers any more, the program ends")
    func unheard() throws {
        let stream = try Stream()
        try stream.send(clip("a.mp4"))
        _ = try stream.next()
        #expect(try stream.endsUnheard())
    }

    @Test("it goes with rows on standard input alone")
    func usage() throws {
        #expect(try Program(["scan", Program.testMedia, "--stream"]).status == 64)
        #expect(try Program(["scan", "-", "--stream", "--shard", "1/2"]).status == 64)
    }
}
