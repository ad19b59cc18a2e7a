import Foundation
import GRDB
import SyncModel
import Testing

@testable import Storage

@Suite("Stores are put together without loss, repetition or older rows")
struct MergeTests {
    private func store(_ path: String, _ keys: String...) throws {
        let store = try ScanStore(path: path, parameters: "{}")
        for key in keys { store.add(Records.record(key), identity: "1") }
        try store.close()
    }

    private func decide(_ path: String, _ milliseconds: Double, by person: String = "anna") throws -> Int64 {
        let store = try DecisionStore(path: path)
        let seen = try store.all().first?.id ?? 0
        let decision = Decision(
            key: "k", choice: .correct, offsetMilliseconds: milliseconds, comment: "", by: person)
        guard case .kept(let kept) = try store.keep(decision, seen: seen) else { return -1 }
        return kept.id
    }

    private func rows(_ path: String, _ sql: String) throws -> [Row] {
        try DatabaseQueue(path: path).read { try Row.fetchAll($0, sql: sql) }
    }

    @Test("a decision that is taken back in one of two stores is one row, taken back, whichever is merged first")
    func takenBack() throws {
        for order in [["a", "b"], ["b", "a"]] {
            let folder = Folder()
            try store(folder("a"), "k")
            _ = try decide(folder("a"), 10)
            try FileManager.default.copyItem(atPath: folder("a"), toPath: folder("b"))
            #expect(try DecisionStore(path: folder("b")).takeBack(by: "anna") != nil)
            for _ in 0..<2 { _ = try StoreMerge.merge(order.map { folder($0) }, into: folder("all")) }
            #expect(try StoreReader(path: folder("all")).decisions().isEmpty)
            let kept = try rows(folder("all"), "SELECT taken_back_at FROM decision")
            #expect(kept.count == 1 && kept.first?[0] != nil)
        }
    }

    @Test("decisions keep their numbers in the store that others are merged into, and the later one counts")
    func later() throws {
        let folder = Folder()
        for name in ["a", "b"] { try store(folder(name), "k") }
        _ = try decide(folder("b"), 10, by: "ben")
        let own = try decide(folder("a"), 20)
        _ = try StoreMerge.merge([folder("b")], into: folder("a"))
        let latest = try #require(try StoreReader(path: folder("a")).decision(key: "k"))
        #expect(latest.id == own && latest.offsetMilliseconds == 20)
        #expect(try StoreReader(path: folder("a")).decisions().map(\.id) == [own])
        // Whoever had the page open goes on from what they saw.
        let store = try DecisionStore(path: folder("a"))
        let next = Decision(key: "k", choice: .cannotTell, offsetMilliseconds: nil, comment: "", by: "anna")
        guard case .kept = try store.keep(next, seen: own) else {
            Issue.record("the decision that was seen counts as overtaken")
            return
        }
        _ = try decide(folder("b"), 30, by: "ben")
        _ = try StoreMerge.merge([folder("b")], into: folder("a"))
        #expect(try StoreReader(path: folder("a")).decision(key: "k")?.offsetMilliseconds == 30)
        #expect(try rows(folder("a"), "SELECT id FROM decision").count == 4)
        // What is taken back is the person's own latest, not the one with the highest number.
        #expect(try DecisionStore(path: folder("a")).takeBack(by: "anna")?.choice == .cannotTell)
    }

    @Test("the scans of a store that is merged again are not counted again, and one that has ended since has its end")
    func scans() throws {
        let folder = Folder()
        let running = try ScanStore(path: folder("a"), parameters: "{}")
        running.add(Records.record("k"), identity: "1")
        try running.commit()
        for _ in 0..<2 { _ = try StoreMerge.merge([folder("a")], into: folder("all")) }
        #expect(try rows(folder("all"), "SELECT ended_at FROM scan").map { $0[0] as String? } == [nil])
        try running.close()
        for _ in 0..<2 { _ = try StoreMerge.merge([folder("a")], into: folder("all")) }
        let scans = try rows(folder("all"), "SELECT ended_at, measured FROM scan")
        #expect(scans.count == 1)
        #expect(scans.first?[0] != nil && scans.first?[1] == 1)
    }

    @Test("results that are still in a journal are read with the rest")
    func journal() throws {
        let folder = Folder()
        try store(folder("a"), "old")
        let running = try ScanStore(path: folder("a"), parameters: "{}")
        running.add(Records.record("new"), identity: "1")
        try running.commit()
        // As a scan leaves it that was killed.
        for name in ["a", "a-wal"] {
            try FileManager.default.copyItem(atPath: folder(name), toPath: folder("killed" + name.dropFirst()))
        }
        try running.close()
        #expect(try StoreMerge.merge([folder("killed")], into: folder("all")) == 2)
    }

    @Test("an attribute, a group and a language that are said anew are kept; what was measured stays")
    func described() throws {
        let folder = Folder()
        try store(folder("a"), "k", "other")
        let before = try StoreReader.records(of: [folder("a")], curves: true)
        let store = try ScanStore(path: folder("a"), parameters: "{}")
        var record = try #require(try store.result(key: "k", identity: "1"))
        record.attributes = [.init("camera", "Canon"), .init("site", "north")]
        (record.group, record.language) = ("h", "de")
        store.describe(record)
        try store.close()
        let after = try StoreReader.records(of: [folder("a")], curves: true)
        #expect(after.map(\.key) == ["k", "other"])
        #expect(after[0].attributes == record.attributes && after[0].group == "h" && after[0].language == "de")
        #expect(after[0].document == before[0].document)
        #expect(after[1] == before[1])
        let scans = try rows(folder("a"), "SELECT measured FROM scan ORDER BY id").map { $0[0] as Int }
        #expect(scans == [2, 0])
    }

    @Test("a reason of several lines comes back as it was, beside others and by itself")
    func reasons() throws {
        let folder = Folder()
        let reasons = ["one\ntwo", "three\r", "", "four\n"]
        var finding = try #require(Records.record("k").findings.first)
        finding.because = reasons.map { Reason($0) }
        var record = Records.record("k")
        record.findings = [finding, finding]
        let store = try ScanStore(path: folder("a"), parameters: "{}")
        store.add(record, identity: "1")
        try store.close()
        let back = try #require(try StoreReader.records(of: [folder("a")], documents: false).first?.findings.first)
        #expect(back.because.map(\.description) == reasons)
    }
}

@Suite("The right to write a store")
struct LockTests {
    private func refused(_ code: Int32) -> StoreError? {
        let folder = Folder()
        return #expect(throws: StoreError.self) {
            _ = try StoreLock(
                store: folder("s"), waiting: 0.01,
                lock: { _, _ in
                    errno = code
                    return -1
                }, onWait: { _ in Issue.record("waits for nobody") })
        }
    }

    @Test("a file system without locks is told as that, with what to do, and is not waited for")
    func withoutLocks() throws {
        for code in [ENOLCK, ENOSYS, EOPNOTSUPP] {
            let error = try #require(refused(code))
            #expect(error.message.contains("file system without file locks"), "\(error.message)")
            #expect(error.remedy.contains("local disk"))
            #expect(!error.message.contains("another scan"))
        }
        #expect(refused(EIO)?.message.contains("cannot be locked") == true)
    }

    @Test("a lock that a signal interrupts is asked for again")
    func interrupted() throws {
        let folder = Folder()
        var tries = 0
        let lock = try StoreLock(
            store: folder("s"), waiting: nil,
            lock: { descriptor, operation in
                tries += 1
                guard tries > 2 else {
                    errno = EINTR
                    return -1
                }
                return flock(descriptor, operation)
            }, onWait: { _ in })
        withExtendedLifetime(lock) { #expect(tries == 3) }
    }
}
