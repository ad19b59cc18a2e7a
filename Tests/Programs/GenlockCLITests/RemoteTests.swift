import Foundation
import MadeFiles
import Testing

/// Clips and manifests at addresses, from a real server.
struct RemoteTests {
    private let scratch = Scratch()

    private static func media(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: Program.testMedia + "/" + name))
    }

    private func run(_ arguments: [String], idle: Bool = false) async throws -> Program {
        var environment = ["GENLOCK_CACHE": scratch.path("cache")]
        if idle { environment.merge(Program.workers("idle")) { $1 } }
        let all = environment
        return try await aside { try Program(arguments, environment: all) }
    }

    private func fields(_ document: [String: Any]?) -> [String: String] {
        var result: [String: String] = [:]
        for finding in document?["findings"] as? [[String: Any]] ?? [] {
            result[finding["check"] as? String ?? ""] = "\(finding["verdict"] ?? "") \(finding["offset_ms"] ?? "")"
        }
        return result
    }

    @Test("a clip at an address is answered like the file itself, and keeps its address as its name")
    func checks() async throws {
        let server = try FileServer(["late clip.mp4": RemoteTests.media("sound-early-180ms.mp4")])
        let local = try await run(["check", Program.testMedia + "/sound-early-180ms.mp4", "--format", "jsonl"])
        let remote = try await run(["check", server.address("late clip.mp4?nohead"), "--format", "jsonl"])
        #expect(remote.status == local.status && local.status == 1, "\(remote.errors)")
        #expect(remote.documents.first?["clip"] as? String == server.address("late clip.mp4?nohead"))
        #expect(fields(remote.documents.first) == fields(local.documents.first))
        #expect(!fields(local.documents.first).isEmpty)
    }

    @Test(
        "servers that break off, are busy, know no ranges or lengths, or send elsewhere are coped with",
        arguments: ["drop", "busy", "norange", "nolength", "away"])
    func copes(_ fault: String) async throws {
        let server = try FileServer(["clip.mp4": RemoteTests.media("no-face.mp4")])
        let ran = try await run([
            "check", server.address("clip.mp4?\(fault)"), "--checks", "container", "--format", "jsonl",
        ])
        #expect(ran.status == 0, "\(ran.errors)")
        let length = ran.documents.first?["duration_s"] as? Double
        #expect(length.map { abs($0 - 6.4) < 2 } == true, "\(ran.output)")
        // What broke off went on where it was.
        if fault == "drop" { #expect(server.log.contains { $0.hasPrefix("GET clip.mp4 bytes=") }) }
    }

    @Test("a server that leads to a file of this machine is not followed, and one that refuses is told")
    func refuses() async throws {
        let server = try FileServer(["clip.mp4": Data()])
        for (name, words) in [
            ("clip.mp4?local", "cannot be fetched"), ("clip.mp4?secret", "the server answers 403"),
            ("none.mp4", "the server answers 404"),
        ] {
            let ran = try await run(["check", server.address(name)])
            #expect(ran.status == 2 && ran.output.isEmpty)
            #expect(ran.errors.contains(server.address(name)) && ran.errors.contains(words), "\(ran.errors)")
            #expect(!ran.errors.contains("root:"))
        }
        let login = try await run(["check", "http://me:hush@127.0.0.1:\(server.port)/clip.mp4"])
        #expect(login.status == 2 && login.errors.contains("~/.netrc"))
    }

    @Test(
        "a manifest at an address names what lies beside it; nothing is fetched twice but what changed"
    )
    func scansManifest() async throws {
        let media = try RemoteTests.media("no-face.mp4")
        let manifest = "media,take\none.mp4,1\ntwo.mp4,2\nnone.mp4,3\n"
        let server = try FileServer(["d.csv": Data(manifest.utf8), "one.mp4": media, "two.mp4": media])
        let command = ["scan", server.address("d.csv"), "--store", scratch.path("s"), "--format", "jsonl"]
        let first = try await run(command)
        #expect(first.status == 2, "\(first.errors)")
        #expect(
            first.documents.map { $0["clip"] as? String } == ["one", "two", "none"].map { server.address("\($0).mp4") })
        #expect(first.documents.map { $0["verdict"] as? String } == ["not-applicable", "not-applicable", "failed"])
        let gets = { server.log.count { $0.hasPrefix("GET one") || $0.hasPrefix("GET two") } }
        #expect(gets() == 2)
        // Even where the copies are gone.
        try FileManager.default.removeItem(atPath: scratch.path("cache"))
        let second = try await run(command)
        #expect(second.output == first.output && gets() == 2)
        server.change()
        _ = try await run(command)
        #expect(gets() == 4)
    }

    @Test("a thousand clips go through a cache that holds few of them")
    func boundsCache() async throws {
        let count = 1000
        var files: [String: Data] = [:]
        for number in 0..<count { files["\(number).mp4"] = Data(repeating: UInt8(number & 255), count: 50_000) }
        let server = try FileServer(files)
        let list = scratch.write(
            "list.csv", Data(("media\n" + (0..<count).map { server.address("\($0).mp4") }.joined(separator: "\n")).utf8)
        )
        let ran = try await run(
            ["scan", list, "--cache-size", "2", "--format", "jsonl", "--jobs", "2", "--progress", "none"], idle: true)
        #expect(ran.documents.map { $0["clip"] as? String } == (0..<count).map { server.address("\($0).mp4") })
        #expect(!ran.documents.contains { $0["verdict"] as? String == "failed" })
        #expect(server.log.count { $0.hasPrefix("GET") } == count)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("cache"))
        let bytes = try names.reduce(0) { sum, name in
            let found = try FileManager.default.attributesOfItem(atPath: scratch.path("cache") + "/" + name)
            return sum + (found[.size] as? Int ?? 0)
        }
        #expect(bytes <= 2 << 20 && !names.contains { $0.hasPrefix(".part-") })
    }

    @Test("a clip that is larger than the cache is named, and the others are measured")
    func namesTooLarge() async throws {
        let server = try FileServer([
            "large.mp4": Data(count: 3 << 20), "small.mp4": try RemoteTests.media("no-face.mp4"),
        ])
        let ran = try await run([
            "scan", server.address("large.mp4"), server.address("small.mp4"), server.address("large.mp4?nolength"),
            "--cache-size", "2", "--format", "jsonl",
        ])
        #expect(
            ran.documents.map { $0["verdict"] as? String } == ["failed", "not-applicable", "failed"], "\(ran.output)")
        #expect(ran.output.contains("raise --cache-size"))
    }

    @Test("views, compare, transcript and fix take addresses")
    func verbs() async throws {
        let clip = try RemoteTests.media("sound-early-180ms.mp4")
        let server = try FileServer(["a.mp4": clip, "b.mp4": clip])
        let (a, b) = (server.address("a.mp4"), server.address("b.mp4"))
        let views = try await run(["views", a, b, "--no-lips"])
        #expect(views.status == 0 && views.output.contains(b), "\(views.errors)")
        let fixed = scratch.path("fixed.mp4")
        let fix = try await run(["fix", a, "-o", fixed])
        #expect(fix.status == 0 && FileManager.default.fileExists(atPath: fixed), "\(fix.errors)")
    }
}
