import Foundation
import Testing

/// The page of `genlock review` on a disk that fails once or a machine that goes down: a decision that was answered for
/// is in the store, once; one that was not may be made again.
///
/// See `Faults` for how many are tried.
@Suite("Decisions on a disk that fails", .serialized)
struct FaultyReviewTests {
    private static let library = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("libFaultyDisk.so").path
    private static let names = (0..<4).map { "clip-\($0).mp4" }

    private static let scratch = Scratch()
    private static let clips: [String] = names.map { name in
        try? FileManager.default.createDirectory(atPath: scratch.path("clips"), withIntermediateDirectories: true)
        return scratch.write("clips/" + name, Data(name.utf8))
    }

    /// A store of all clips, none of which is decided.
    private static let store: Data? = {
        let store = scratch.path("s.sqlite")
        _ = try? Program(["scan"] + clips + ["--store", store, "--quiet"], environment: Program.workers("idle"))
        return FileManager.default.contents(atPath: store)
    }()

    /// Opens the page and decides every clip that is named, one after the other: a line for each with the answer's
    /// status and text, "gone" where there is none.
    private static let client = """
        import http.client, json, sys, urllib.parse
        url = urllib.parse.urlsplit(sys.argv[1])
        def ask(method, path, body, headers):
            http_ = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
            http_.request(method, path, body, headers)
            answer = http_.getresponse()
            return answer, answer.read().decode()
        cookie = None
        for key in sys.argv[2:]:
            try:
                if cookie is None:
                    answer, _ = ask("GET", url.path + "?" + url.query, None, {})
                    cookie = answer.getheader("Set-Cookie").split(";")[0]
                name = {"check": "lips", "subject": "audio", "reference": "video"}
                body = json.dumps({"key": key, "choice": "correct", "finding": name, "offset_ms": -50, "seen": 0})
                origin = f"http://{url.hostname}:{url.port}"
                answer, text = ask("POST", url.path + "api/decide", body, {"Cookie": cookie, "Origin": origin})
                print(answer.status, " ".join(text.split())[:300])
            except (OSError, http.client.HTTPException, AttributeError):
                print("gone")
        """

    private final class Stage: Sendable {
        let scratch = Scratch()
        var store: String { scratch.path("out/s.sqlite") }

        init() throws {
            try FileManager.default.createDirectory(atPath: scratch.path("out"), withIntermediateDirectories: true)
            try #require(FaultyReviewTests.store != nil)
            _ = scratch.write("out/s.sqlite", FaultyReviewTests.store ?? Data())
        }

        var log: String { (try? String(contentsOfFile: scratch.path("log"), encoding: .utf8)) ?? "" }

        /// Serves the page, decides, and closes it. No answers: the page was not served, and `words` say why.
        func decide(_ keys: [String], _ fault: String? = nil, at call: Int = 0) throws -> (
            answers: [String], words: String
        ) {
            let server = Process()
            server.executableURL = URL(fileURLWithPath: Program.path)
            server.arguments = ["review", store, "--as", "ann"]
            var environment = ProcessInfo.processInfo.environment
            if let fault {
                environment["LD_PRELOAD"] = FaultyReviewTests.library
                environment["GENLOCK_FAULT_LOG"] = scratch.path("log")
                environment["GENLOCK_FAULT"] = "\(fault):\(call):\(scratch.path("out"))"
            }
            server.environment = environment
            for name in ["address", "words", "answers"] { _ = scratch.write(name, Data()) }
            server.standardOutput = FileHandle(forWritingAtPath: scratch.path("address"))
            server.standardError = FileHandle(forWritingAtPath: scratch.path("words"))
            server.standardInput = FileHandle.nullDevice
            try server.run()
            func text(_ name: String) -> String {
                String(decoding: FileManager.default.contents(atPath: scratch.path(name)) ?? Data(), as: UTF8.self)
            }
            let deadline = Date().addingTimeInterval(60)
            while !text("address").hasSuffix("\n"), server.isRunning, Date() < deadline { usleep(10_000) }
            let address = text("address").trimmingCharacters(in: .whitespacesAndNewlines)
            if !address.isEmpty {
                let client = Process()
                client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                client.arguments = ["python3", "-c", FaultyReviewTests.client, address] + keys
                client.standardOutput = FileHandle(forWritingAtPath: scratch.path("answers"))
                try client.run()
                client.waitUntilExit()
            }
            // As Ctrl-C does.
            if server.isRunning { kill(server.processIdentifier, SIGINT) }
            server.waitUntilExit()
            return (text("answers").split(separator: "\n").map(String.init), text("words"))
        }

        /// Clips that are decided, as the store says.
        func decided() throws -> [String] {
            let file = scratch.path("decisions.jsonl")
            let run = try Program(["review", store, "--export", file])
            try #require(run.status == 0, "\(run.errors)")
            return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").compactMap {
                (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["key"] as? String
            }
        }
    }

    @Test("what was answered for is kept, once; the rest can be decided again; what was measured stays")
    func faults() async throws {
        try #require(FileManager.default.fileExists(atPath: Self.library), "the library is built with the tests")
        let report = try await aside { () -> String in
            let stage = try Stage()
            let run = try Program(["report", stage.store, "--format", "jsonl"])
            try #require(run.documents.count == Self.clips.count)
            let right = try stage.decide(Self.clips, "none")
            try #require(right.answers.allSatisfy { $0.hasPrefix("200") }, "\(right)")
            try #require(try stage.decided().sorted() == Self.clips.sorted())
            return run.output + "\n" + stage.log
        }
        let lines = report.split(separator: "\n").map(String.init)
        let total = try #require(lines.compactMap { Int($0) }.max())
        let measured = lines.filter { $0.hasPrefix("{") }
        let isWhole = Faults.isWhole
        let calls = isWhole ? Array(1...total) : Array(Set([1, 2, total / 3, total / 2, total - 1, total])).sorted()
        var fired: [String: Int] = [:]
        for kind in Faults.kinds {
            for call in calls where isWhole || kind == "enospc" || kind == "kill" {
                let place = "\(kind) at call \(call) of \(total)"
                let hasFired = try await aside { () -> Bool in
                    let stage = try Stage()
                    let run = try stage.decide(Self.clips, kind, at: call)
                    guard stage.log.contains("fired") else { return false }
                    let kept = try stage.decided()
                    #expect(Set(kept).count == kept.count, "\(place): \(kept)")
                    for (key, answer) in zip(Self.clips, run.answers) {
                        if answer.hasPrefix("200") {
                            #expect(kept.contains(key), "\(place): \(key) was answered for and is not there")
                        } else if answer != "gone" {
                            // Where only the last synchronising failed it may be there all the same.
                            #expect(answer.hasPrefix("500") && answer.contains("s.sqlite"), "\(place): \(answer)")
                        } else {
                            #expect(kind == "kill", "\(place): no answer")
                        }
                    }
                    if run.answers.isEmpty, kind != "kill" {
                        #expect(run.words.contains("s.sqlite"), "\(place): \(run.words)")
                    }
                    #expect(!run.words.contains("Fatal error"), "\(place): \(run.words)")
                    let rest = Self.clips.filter { !kept.contains($0) }
                    let again = try stage.decide(rest)
                    #expect(again.answers.allSatisfy { $0.hasPrefix("200") }, "\(place): \(again)")
                    #expect(try stage.decided().sorted() == Self.clips.sorted(), "\(place)")
                    let after = try Program(["report", stage.store, "--format", "jsonl"])
                    #expect(after.output.split(separator: "\n").map(String.init) == measured, "\(place)")
                    return true
                }
                if hasFired { fired[kind, default: 0] += 1 }
            }
        }
        for kind in Faults.kinds.prefix(2) { #expect((fired[kind] ?? 0) > 0) }
        if isWhole { print("faults: review: \(total) calls, \(fired.sorted { $0.key < $1.key })") }
    }
}
