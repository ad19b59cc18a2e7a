import Foundation
import GRDB
import Reporting
import SyncModel
import Testing

@testable import Storage

/// A folder that goes away with the value.
final class Folder {
    let path = NSTemporaryDirectory() + "genlock-store-" + UUID().uuidString
    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit {
        chmod(path, 0o755)
        try? FileManager.default.removeItem(atPath: path)
    }
    func callAsFunction(_ name: String) -> String { path + "/" + name }
}

enum Records {
    static func record(_ key: String, milliseconds: Double = -62.4) -> ClipRecord {
        let curve = (-75...75).map {
            CurvePoint(offset: Offset(milliseconds: Double($0) * 20), height: Double($0) / 10)
        }
        let finding = Finding(
            check: .lips, subject: .audio, reference: .video,
            judgement: Judgement(
                .marginal, offset: Offset(milliseconds: milliseconds),
                interval: OffsetInterval(centre: Offset(milliseconds: milliseconds), halfWidthSeconds: 0.02),
                confidence: 0.98, tolerance: .standard), because: [Reason("one"), Reason("two")], curve: curve,
            method: "lips-1")
        var record = ClipReport(clip: key, durationSeconds: 3.25, outcome: .measured([finding, finding])).record(
            key: key)
        record.attributes = [.init("camera", "Nikon"), .init("z", "1")]
        record.group = "g"
        return record
    }

    static func failed(_ key: String) -> ClipRecord {
        ClipReport(clip: key, durationSeconds: nil, outcome: .failed(ClipFailure(code: "c", message: "m", remedy: "r")))
            .record(key: key)
    }
}

@Suite("The store keeps what it was given, and says what is wrong")
struct StoreTests {
    @Test("a record comes back as it was, its document byte for byte, also through the view for plain SQL")
    func roundTrip() throws {
        let folder = Folder()
        let store = try ScanStore(path: folder("s.sqlite"), parameters: "{}")
        let records = [Records.record("a/b 口型\n.mp4"), Records.failed("x.mp4")]
        for record in records { store.add(record, identity: "1") }
        try store.close()
        let back = try StoreReader.records(of: [folder("s.sqlite")], curves: true)
        #expect(back.map(\.document) == records.map(\.document))
        #expect(back.map(\.attributes) == records.map(\.attributes))
        #expect(back.map(\.failure) == records.map(\.failure))
        let (kept, given) = (try #require(back.first?.findings.first), try #require(records.first?.findings.first))
        #expect(
            (kept.offset?.milliseconds, kept.because, kept.verdict) == (
                given.offset?.milliseconds, given.because, given.verdict
            ))
        #expect(kept.curve.count == given.curve.count)
        for (one, other) in zip(kept.curve, given.curve) {
            #expect(
                abs(one.offset.milliseconds - other.offset.milliseconds) < 0.01
                    && abs(one.height - other.height) < 0.006)
        }
        let lines = try DatabaseQueue(path: folder("s.sqlite")).read {
            try String.fetchAll($0, sql: "SELECT document FROM report ORDER BY key")
        }
        #expect(lines == back.map(\.document))
        let beside = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(beside == ["s.sqlite"], "\(beside)")
    }

    @Test("a result stands for the same content and parameters, and for no others")
    func results() throws {
        let folder = Folder()
        let first = try ScanStore(path: folder("s"), parameters: "{\"a\":1}")
        first.add(Records.record("k"), identity: "old")
        try first.close()
        let same = try ScanStore(path: folder("s"), parameters: "{\"a\":1}")
        #expect(try same.result(key: "k", identity: "old")?.document == Records.record("k").document)
        #expect(try same.result(key: "k", identity: "new") == nil)
        #expect(try same.result(key: "other", identity: "old") == nil)
        same.add(Records.record("k", milliseconds: 10), identity: "new")
        try same.close()
        let other = try ScanStore(path: folder("s"), parameters: "{\"a\":2}")
        #expect(try other.result(key: "k", identity: "new") == nil)
        try other.close()
        let kept = try StoreReader.records(of: [folder("s")])
        #expect(kept.count == 1)
        #expect(kept.first?.findings.count == 2)
        #expect(kept.first?.decisive?.offset?.milliseconds == 10)
    }

    @Test("one writes at a time; the second is told who holds the store, and a reader reads meanwhile")
    func holding() throws {
        let folder = Folder()
        let store = try ScanStore(path: folder("s"), parameters: "{}")
        store.add(Records.record("k"), identity: "1")
        try store.commit()
        let error = #expect(throws: StoreError.self) { try ScanStore(path: folder("s"), parameters: "{}") }
        #expect(error?.message.contains("process \(getpid())") == true)
        #expect(try StoreReader.records(of: [folder("s")]).count == 1)
        try store.close()
        withExtendedLifetime(store) {}
    }

    @Test("another's database, a text, a newer store and one that is missing are left alone and told apart")
    func foreign() throws {
        let folder = Folder()
        try DatabaseQueue(path: folder("other")).write { try $0.execute(sql: "CREATE TABLE mine(x)") }
        try Data("hello, this is a text and no database at all".utf8).write(to: URL(fileURLWithPath: folder("text")))
        for name in ["other", "text"] {
            let before = try Data(contentsOf: URL(fileURLWithPath: folder(name)))
            let error = #expect(throws: StoreError.self) { try ScanStore(path: folder(name), parameters: "{}") }
            #expect(error?.message.contains("is not a genlock store") == true)
            #expect(throws: StoreError.self) { try StoreReader(path: folder(name)) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder(name))) == before)
        }
        try ScanStore(path: folder("newer"), parameters: "{}").close()
        try DatabaseQueue(path: folder("newer")).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')")
        }
        for open in [
            { _ = try ScanStore(path: folder("newer"), parameters: "{}") },
            { _ = try StoreReader(path: folder("newer")) },
        ] {
            #expect(#expect(throws: StoreError.self, performing: open)?.message.contains("newer version") == true)
        }
        #expect(
            #expect(throws: StoreError.self) { try StoreReader(path: folder("none")) }?.message.contains(
                "does not exist") == true)
        #expect(
            #expect(throws: StoreError.self) { try ScanStore(path: folder("no/such/s"), parameters: "{}") }?.remedy
                .contains("folder") == true)
    }

    @Test("a full disk is told, and what was kept before is still there")
    func fullDisk() throws {
        let folder = Folder()
        try ScanStore(path: folder("s"), parameters: "{}").close()
        let queue = try StoreFile.writer(folder("s"))
        // SQLite's own limit on pages gives the error that a full disk gives.
        let error = #expect(throws: (any Error).self) {
            try queue.writeWithoutTransaction { db in
                try db.inTransaction {
                    try RecordRow.insert(Records.record("first"), identity: "1", 1, db)
                    return .commit
                }
                try db.execute(sql: "PRAGMA max_page_count = \(try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0)")
                try db.inTransaction {
                    for index in 0..<1000 { try RecordRow.insert(Records.record("k\(index)"), identity: "1", 1, db) }
                    return .commit
                }
            }
        }
        let told = StoreError(try #require(error), folder("s"))
        #expect(told.message.contains("is full"))
        #expect(told.remedy.contains("completed work is kept"))
        try queue.close()
        #expect(try StoreReader.records(of: [folder("s")]).map(\.key) == ["first"])
    }

    /// Root may write everywhere; `ReadOnlyStoreTests` let the program read such a store as somebody else.
    @Test(
        "a store in a folder that may not be written can be read",
        .enabled(if: geteuid() != 0, "root may write in any folder"))
    func readOnly() throws {
        let folder = Folder()
        let store = try ScanStore(path: folder("s"), parameters: "{}")
        store.add(Records.record("k"), identity: "1")
        try store.close()
        chmod(folder("s"), 0o444)
        chmod(folder.path, 0o555)
        #expect(access(folder.path, W_OK) != 0)
        #expect(try StoreReader.records(of: [folder("s")]).count == 1)
    }

    @Test("merged, and read together, stores give each clip once with its latest result")
    func merging() throws {
        let folder = Folder()
        for (name, offset) in [("a", 10.0), ("b", 20.0)] {
            let store = try ScanStore(path: folder(name), parameters: "{\"from\":\"\(name)\"}")
            store.add(Records.record("both", milliseconds: offset), identity: "1")
            store.add(Records.record("only-\(name)"), identity: "1")
            try store.close()
        }
        let together = try StoreReader.records(of: [folder("b"), folder("a")])
        #expect(together.map(\.key) == ["both", "only-a", "only-b"])
        #expect(together.first?.decisive?.offset?.milliseconds == 20)
        #expect(try StoreMerge.merge([folder("b"), folder("a")], into: folder("all")) == 3)
        #expect(try StoreMerge.merge([folder("a")], into: folder("all")) == 3)
        let merged = try StoreReader.records(of: [folder("all")], curves: true)
        #expect(merged.map(\.document) == together.map(\.document))
        #expect(merged.map(\.attributes) == together.map(\.attributes))
        // What was measured elsewhere need not be measured here.
        let store = try ScanStore(path: folder("all"), parameters: "{\"from\":\"b\"}")
        #expect(try store.result(key: "both", identity: "1") != nil)
        try store.close()
    }

    @Test("network mounts are told by their kind, the innermost mount counts")
    func mounts() {
        let table =
            """
            /dev/vda / ext4 rw 0 0\nserver:/x /mnt/data nfs4 rw 0 0\n/dev/vdb /mnt/data/local ext4 rw 0 0\nfoo \
            /home/me/b\\040c fuse.s3fs rw 0 0\n
            """
        #expect(StoreFile.isOnNetwork("/mnt/data/s.sqlite", mounts: table))
        #expect(!StoreFile.isOnNetwork("/mnt/data/local/s.sqlite", mounts: table))
        #expect(!StoreFile.isOnNetwork("/mnt/database/s.sqlite", mounts: table))
        #expect(StoreFile.isOnNetwork("/home/me/b c/s.sqlite", mounts: table))
    }
}
