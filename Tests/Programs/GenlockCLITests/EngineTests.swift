import Foundation
import Testing

/// Quick answers made of the clips' names, so that the machinery can be tested without decoding.
private let idle = Program.workers("idle")

/// Clips that exist and hold one byte, or links to a real one.
private func clips(_ count: Int, in scratch: Scratch) -> [String] {
    (0..<count).map { scratch.write("clip-\($0 + 1000).mp4", Data("x".utf8)) }
}

/// What the kernel that the tests run on offers, asked without the program that is tested.
private enum Kernel {
    /// Landlock by its own question for the version, through Python, as Swift cannot make system calls by number; and
    /// filters of system calls.
    static let confines: Bool = {
        let question = "import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", question]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil, let data = try? pipe.fileHandleForReading.readToEnd() else { return false }
        process.waitUntilExit()
        let version = Int(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        return version >= 1 && FileManager.default.fileExists(atPath: "/proc/sys/kernel/seccomp/actions_avail")
    }()
}

/// Asks again and again until the answer is yes; whether it came within so many seconds.
private func comes(within seconds: Double, _ answer: () throws -> Bool) rethrows -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while try !answer() {
        if Date() > deadline { return false }
        usleep(5_000)
    }
    return true
}

@Suite("The engine: workers, store, resuming, gates")
struct EngineTests {
    @Test(
        """
        a clip that crashes its worker and one that hangs are named, the others answered, whatever the number of workers
        """
    )
    func hostile() throws {
        let scratch = Scratch()
        for name in ["a.mp4", "b.mp4", "x.crash.mp4", "x.hang.mp4", "z.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        }
        let arguments = ["scan", scratch.folder, "--format", "jsonl", "--quiet", "--clip-timeout", "5"]
        var outputs: [String] = []
        for jobs in ["1", "2"] {
            let run = try Program(arguments + ["--jobs", jobs], environment: Program.workers("faults"))
            #expect(run.status == 2)
            #expect(codes(run) == ["not-applicable", "not-applicable", "worker-died", "timed-out", "not-applicable"])
            outputs.append(run.output)
        }
        #expect(outputs[0] == outputs[1])
    }

    @Test(
        "a clip that takes memory without end, or too much at once, is stopped at its limit, and named",
        arguments: ["hog", "gulp"])
    func memory(how: String) throws {
        let scratch = Scratch()
        for name in ["a.mp4", "x.\(how).mp4", "z.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        }
        let run = try Program(
            ["scan", scratch.folder, "--format", "jsonl", "--quiet", "--clip-memory", "300"],
            environment: Program.workers("faults"))
        #expect(codes(run) == ["not-applicable", "too-much-memory", "not-applicable"])
    }

    /// What a worker said of everything that it is kept from, and whether the scan claimed that workers are.
    ///
    /// - Parameter landlock: the version of Landlock that the kernel is taken for; nil: its own.
    private func reach(_ scratch: Scratch, landlock: Int? = nil) throws -> (words: String, isClaimed: Bool) {
        let clip = scratch.write("x.reach.mp4", Data("x".utf8))
        let before = try attributes(clip)
        var environment = Program.workers("faults")
        environment["GENLOCK_TEST_LANDLOCK"] = landlock.map(String.init)
        let run = try Program(["scan", clip, "--format", "jsonl", "--progress", "lines"], environment: environment)
        let words = try #require((run.documents.first?["error"] as? [String: Any])?["message"] as? String)
        if words == "allowed: " {
            #expect(try attributes(clip) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == ["x.reach.mp4"])
        }
        return (words, !run.errors.contains("cannot keep the workers from writing"))
    }

    private func attributes(_ path: String) throws -> [String] {
        let found = try FileManager.default.attributesOfItem(atPath: path)
        return [FileAttributeKey.size, .modificationDate, .posixPermissions].map { "\(found[$0] ?? "")" }
    }

    @Test(
        "a worker cannot change files, use the network, start programs or touch others, whatever Landlock knows",
        .enabled(if: Kernel.confines, "this kernel offers no Landlock or no filter of system calls"),
        arguments: [nil, 0, 1, 2, 3])
    func confined(landlock: Int?) throws {
        let (words, isClaimed) = try reach(Scratch(), landlock: landlock)
        #expect(isClaimed, "the kernel offers it, and the scan says that it does not")
        #expect(words == "allowed: ")
    }

    @Test(
        "where the kernel does not let workers give up their rights, the scan does not claim that they did",
        .enabled(if: !Kernel.confines, "this kernel offers Landlock and a filter of system calls"))
    func unconfined() throws {
        let (words, isClaimed) = try reach(Scratch())
        #expect(!isClaimed || words == "allowed: ", "\(words)")
    }

    /// The error's code of each clip, else its verdict.
    private func codes(_ run: Program) -> [String] {
        run.documents.map { (($0["error"] as? [String: Any])?["code"] as? String) ?? ($0["verdict"] as? String ?? "") }
    }

    @Test(
        "a scan that is killed goes on where it was, every clip once, and the report has the bytes of one that was not")
    func killed() throws {
        let scratch = Scratch()
        _ = clips(400, in: scratch)
        let calm = scratch.path("calm.sqlite")
        let harried = scratch.path("harried.sqlite")
        let whole = try Program(
            ["scan", scratch.folder, "--store", calm, "--format", "jsonl", "--quiet"], environment: idle)
        /// Bytes of the store and of the journal beside it: more where something was written.
        func written() -> [Int] {
            ["", "-wal"].map {
                (try? FileManager.default.attributesOfItem(atPath: harried + $0))?[.size] as? Int ?? 0
            }
        }
        var kept: [Int] = []
        for _ in 0..<6 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [
                "-c", "exec \(Program.quoted) scan '\(scratch.folder)' --store '\(harried)' --quiet >/dev/null 2>&1",
            ]
            process.environment = ProcessInfo.processInfo.environment.merging(idle) { $1 }
            let before = written()
            try process.run()
            #expect(comes(within: 20) { written() != before || !process.isRunning })
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if FileManager.default.fileExists(atPath: harried),
                let report = try? Program(["report", harried, "--format", "jsonl"])
            {
                kept.append(report.documents.count)
            }
        }
        #expect(kept.contains { $0 < 400 }, "a kill came in the midst: \(kept)")
        #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 <= $1 }, "nothing that was kept is lost: \(kept)")
        let last = try Program(
            ["scan", scratch.folder, "--store", harried, "--format", "jsonl", "--quiet"], environment: idle)
        #expect(last.output == whole.output)
        let report = try Program(["report", harried, "--format", "jsonl"])
        #expect(report.output == whole.output)
        #expect(report.documents.count == 400)
    }

    @Test("unchanged clips are kept, changed ones and new ones measured, --force measures all")
    func resuming() throws {
        let scratch = Scratch()
        let paths = clips(5, in: scratch)
        let store = scratch.path("s.sqlite")
        func measured(_ more: [String] = []) throws -> Int {
            let run = try Program(
                ["scan", scratch.folder, "--store", store, "--progress", "json"] + more, environment: idle)
            let last = run.errors.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
            let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
            return object?["measured"] as? Int ?? -1
        }
        #expect(try measured() == 5)
        #expect(try measured() == 0)
        try Data("changed".utf8).write(to: URL(fileURLWithPath: paths[0]))
        _ = scratch.write("new.mp4", Data("n".utf8))
        #expect(try measured() == 2)
        #expect(try measured(["--tolerance", "30,60"]) == 6)
        #expect(try measured(["--tolerance", "30,60", "--force"]) == 6)
    }

    @Test(
        "Ctrl-C and a termination request keep what is done, say how to go on, and end with 130",
        arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        let scratch = Scratch()
        for name in ["a.mp4", "b.hang.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        }
        let store = scratch.path("s.sqlite")
        let text = scratch.path("err")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "exec \(Program.quoted) scan '\(scratch.folder)' --jobs 1 --store '\(store)' >/dev/null 2>'\(text)'",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(Program.workers("faults")) { $1 }
        try process.run()
        let isKept = comes(within: 60) {
            guard FileManager.default.fileExists(atPath: store),
                let kept = try? Program(["report", store, "--format", "jsonl"])
            else { return false }
            return !kept.output.isEmpty
        }
        #expect(isKept, "the first clip is in the store")
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let errors = try String(contentsOfFile: text, encoding: .utf8)
        #expect(errors.contains("1 of 2 clips are done and saved in"))
        #expect(errors.contains("run the same command again"))
        #expect(!FileManager.default.fileExists(atPath: store + "-lock"))
    }

    @Test("shards of a manifest, merged or reported together, are the scan of the whole")
    func shards() throws {
        let scratch = Scratch()
        let rows = clips(11, in: scratch).map { $0.split(separator: "/").last ?? "" }
        let manifest = scratch.write(
            "m.csv", Data(("media,camera\n" + rows.map { "\($0),c\($0.count)" }.joined(separator: "\n") + "\n").utf8))
        let whole = scratch.path("whole")
        let merged = scratch.path("merged")
        let parts = (1...3).map { scratch.path("part-\($0)") }
        try Program(["scan", manifest, "--store", whole, "--quiet"], environment: idle)
        for (index, part) in parts.enumerated() {
            try Program(["scan", manifest, "--shard", "\(index + 1)/3", "--store", part, "--quiet"], environment: idle)
        }
        #expect(try Program(["merge"] + parts + ["--output", merged]).status == 0)
        for format in ["jsonl", "csv", "json", "markdown", "junit", "text"] {
            let expected = try Program(["report", whole, "--format", format, "--group-by", "camera"]).output
            #expect(!expected.isEmpty)
            #expect(try Program(["report", merged, "--format", format, "--group-by", "camera"]).output == expected)
            #expect(
                try Program(["report"] + parts.reversed() + ["--format", format, "--group-by", "camera"]).output
                    == expected)
        }
    }

    @Test("a gate: --fail-on decides alone, --baseline tells better, worse, new and gone")
    func gate() throws {
        let scratch = Scratch()
        let good = Program.testMedia + "/in-sync.mp4"
        let late = Program.testMedia + "/sound-late-120ms.mp4"
        func link(_ name: String, _ target: String) throws {
            try? FileManager.default.removeItem(atPath: scratch.path("clips/" + name))
            try FileManager.default.createDirectory(atPath: scratch.path("clips"), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path("clips/" + name), withDestinationPath: target)
        }
        try link("a.mp4", good)
        try link("b.mp4", late)
        try link("c.mp4", Program.testMedia + "/no-audio.mp4")
        let before = scratch.path("before")
        let now = scratch.path("now")
        let scan = ["scan", scratch.path("clips"), "--quiet", "--store"]
        #expect(try Program(scan + [before]).status == 1)
        #expect(try Program(scan + [before, "--fail-on", "misaligned>50%"]).status == 0)
        #expect(try Program(scan + [before, "--fail-on", "failed>0,misaligned>=1"]).status == 1)
        // Known faults do not fail against the baseline; one that got worse does.
        #expect(try Program(scan + [before, "--baseline", before]).status == 0)
        try link("a.mp4", late)
        try link("b.mp4", good)
        try FileManager.default.removeItem(atPath: scratch.path("clips/c.mp4"))
        try link("d.mp4", late)
        try Program(scan + [now])
        let compared = try Program(["report", now, "--baseline", before])
        #expect(compared.status == 1)
        #expect(compared.errors.contains("1 worse, 1 better, 1 new (1 of them faulty), 1 gone"))
        #expect(compared.errors.contains("a.mp4: in-sync -> misaligned"))
    }

    @Test("a tar shard is measured in place like the files in it")
    func shard() throws {
        let scratch = Scratch()
        let names = ["in-sync.mp4", "sound-late-120ms.mov"]
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-cf", scratch.path("s.tar"), "-C", Program.testMedia] + names
        try tar.run()
        tar.waitUntilExit()
        func offsets(_ documents: [[String: Any]]) -> [Double?] {
            documents.map { (($0["findings"] as? [[String: Any]])?.first)?["offset_ms"] as? Double }
        }
        let packed = try Program(["scan", scratch.path("s.tar"), "--format", "jsonl", "--quiet"])
        let plain = try Program(["scan", "--format", "jsonl", "--quiet"] + names.map { Program.testMedia + "/" + $0 })
        #expect(packed.documents.map { $0["clip"] as? String } == names.map { scratch.path("s.tar") + "/" + $0 })
        #expect(offsets(packed.documents) == offsets(plain.documents))
        func findings(_ run: Program) -> [Substring] {
            run.output.split(separator: "\n").compactMap { $0.split(separator: "\"findings\":").last }
        }
        #expect(findings(packed) == findings(plain))
        #expect(offsets(plain.documents).count { $0 != nil } == 2)
    }

    @Test("a dry run tells what would be done, what does not pair up and what is done already, and does nothing")
    func dryRun() throws {
        let scratch = Scratch()
        _ = clips(3, in: scratch)
        _ = scratch.write("clip-1000.srt", Data("1".utf8))
        _ = scratch.write("nobody.srt", Data("1".utf8))
        let store = scratch.path("s.sqlite")
        try Program(["scan", scratch.path("clip-1001.mp4"), "--store", store, "--quiet"], environment: idle)
        let run = try Program(["scan", scratch.folder, "--store", store, "--dry-run"], environment: idle)
        #expect(run.status == 0)
        #expect(run.output.contains("3 clips would be scanned"))
        #expect(run.output.contains("1 with a transcript"))
        #expect(run.output.contains("matches no clip: \(scratch.path("nobody.srt"))"))
        #expect(run.output.contains("1 are already in \(store)"))
    }

    @Test("two scans on one store: the second says who holds it, or waits")
    func twoScans() throws {
        let scratch = Scratch()
        _ = clips(2, in: scratch)
        let store = scratch.path("s.sqlite")
        // Holds the store until its input ends.
        let holder = Process()
        let held = Pipe()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        holder.arguments = ["flock", store + "-lock", "cat"]
        holder.standardInput = held
        try holder.run()
        let isHeld = try comes(within: 20) {
            let attempt = Process()
            attempt.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            attempt.arguments = ["flock", "--nonblock", store + "-lock", "true"]
            try attempt.run()
            attempt.waitUntilExit()
            return attempt.terminationStatus != 0
        }
        #expect(isHeld)
        let refused = try Program(["scan", scratch.folder, "--store", store], environment: idle)
        #expect(refused.status == 2)
        #expect(refused.errors.contains("is being written by another scan"))
        let (output, errors) = (scratch.path("out.txt"), scratch.path("err.txt"))
        let waiting = Process()
        waiting.executableURL = URL(fileURLWithPath: "/bin/sh")
        waiting.arguments = [
            "-c",
            "exec \(Program.quoted) scan '\(scratch.folder)' --store '\(store)' --wait >'\(output)' 2>'\(errors)'",
        ]
        waiting.environment = ProcessInfo.processInfo.environment.merging(idle) { $1 }
        try waiting.run()
        func said(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        #expect(comes(within: 20) { said(errors).contains("waiting for another scan") })
        #expect(waiting.isRunning && !said(output).contains("2 clips"))
        try held.fileHandleForWriting.close()
        holder.waitUntilExit()
        waiting.waitUntilExit()
        #expect(said(output).contains("2 clips"))
    }
}

@Suite("The page on machines as they are")
struct ReviewProgramTests {
    @Test("it opens where the folder for temporary files has a long name")
    func longFolder() throws {
        let scratch = Scratch()
        let long = scratch.path(String(repeating: "job-", count: 40))
        try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
        let store = scratch.path("s.sqlite")
        _ = try Program(["scan", Program.testMedia + "/no-audio.mp4", "--store", store, "--quiet"])
        let told = scratch.path("told")
        // It is asked for its page as soon as it says where that is.
        try shell(
            """
            TMPDIR='\(long)' \(Program.quoted) review '\(store)' >'\(told)' 2>&1 & server=$!
            for i in $(seq 200); do grep -q token= '\(told)' && break; sleep 0.1; done
            address=$(grep -o 'http://[^ ]*' '\(told)' | head -n 1); rest=${address#http://}; host=${rest%%/*}
            status=$(python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).status)' "$address")
            kill $server; wait $server 2>/dev/null; echo "$host: $status"; test "$status" = 200
            """)
    }
}
